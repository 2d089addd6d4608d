"""Plays a simulated citizen against what a trainee types, turn by turn. Pure: its state is handed in.

The rules are those of voice design that the agent itself keeps: short sentences, one question a turn, easy
words, nothing asked twice, never a secret. Each turn says what happened, so that the score can be explained.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

from donghaeng.city.services.speaking import sentences, syllables
from donghaeng.korean.reading import read_aloud
from donghaeng.learning.easy_words import hard_words_in
from donghaeng.learning.elder import Elder, occurs

MOST_TURNS: Final = 30
SECRETS: Final = (
    "/(?:주민|외국인)\\s*등록\\s*번호|주민\\s*번호|비밀\\s*번호|카드\\s*번호|계좌\\s*번호|인증\\s*번호|OTP|CVC/",
)
_WARNS: Final = (
    "/묻지|안 물|물어보지 않|알려 ?주지 마|말씀하지 마|누르지 마|불러 주지 마|불러 ?달라고 하면"
    "|필요 ?없|가리고|가리시|안 볼게|안 보겠/"
)
"""A sentence that warns of a secret, or says that it is not wanted, does not ask for it."""
_FAREWELL: Final = "/안녕히|끊겠습니다|끊을게요|들어가세요|좋은 하루|살펴 가세요/"
_RUDE: Final = "/빨리 말씀|못 알아듣|아까 말했잖|몇 번을 말|할머니|할아버지|어르신이 잘못/"
"""Hurrying, blaming, and the forms of address that nobody chose."""
Fault = Literal[
    "secret", "rude", "forbidden", "not_heard", "hard_word", "two_questions", "asked_again", "at_a_loss"
]
_COSTS: Final[Mapping[Fault, int]] = {
    "secret": 2, "rude": 2, "forbidden": 2, "not_heard": 1, "hard_word": 1, "asked_again": 1,
    "two_questions": 0, "at_a_loss": 0,
}  # fmt: skip

_TAKEN_ILL: Final[Mapping[Fault, str]] = {
    "secret": "그런 걸 왜 물어요? 그런 건 아무한테도 말하지 말라던데.",
    "rude": "왜 그렇게 말씀하세요. 저도 답답해서 전화한 거예요.",
    "not_heard": "예? 뭐라고요? 길어서 뒤엣말을 못 들었어요.",
    "hard_word": "그게 무슨 말이에요? 어려운 말은 잘 몰라요.",
}
"""What is said to a fault, the gravest first; whatever else the reply held is lost by it."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What a trainee said, what the citizen answered, and which rules were broken."""

    trainee: str
    citizen: str
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """How far a practice call is."""

    patience: int
    turns: tuple[Turn, ...] = ()
    told: frozenset[str] = frozenset()
    """Facts that the citizen has told."""
    lost: int = 0
    """Replies that did not help, so far."""
    ended: bool = False
    gave_up: bool = False

    @property
    def said(self) -> str:
        """All that the trainee said."""
        return "\n".join(turn.trainee for turn in self.turns)


def begin(elder: Elder) -> tuple[Call, str]:
    """A new call, and the citizen's first words."""
    return Call(elder.patience), elder.opening


def answer(elder: Elder, call: Call, trainee: str, hard_words: Mapping[str, str]) -> Call:
    """The call after something that the trainee typed; an ended call stays as it is.

    Args:
        elder: whom it is with.
        call: so far.
        trainee: what was typed.
        hard_words: words of offices with the easy word that must stand beside each.
    """
    if call.ended:
        return call
    words = " ".join(trainee.split())
    faults = _faults(elder, call, words, hard_words)
    reply, told = _reply(elder, call, words, faults)
    if not told and reply in elder.at_a_loss:
        faults = (*faults, "at_a_loss")
    lost = call.lost + ("at_a_loss" in faults)
    costs = sum(_COSTS[fault] for fault in faults) + _reaction_cost(elder, words, faults)
    # Patience is not lost by one reply that misses, but by going on like that.
    costs += int("at_a_loss" in faults and lost % 2 == 0)
    patience = max(call.patience - costs, 0)
    gave_up = patience == 0
    ended = gave_up or occurs(_FAREWELL, words) or len(call.turns) + 1 >= MOST_TURNS
    if gave_up:
        reply = elder.gives_up
    elif ended:
        reply = elder.content if not _open_duties(elder, f"{call.said}\n{words}") else elder.at_a_loss[-1]
    turn = Turn(words, reply, faults)
    return replace(
        call,
        patience=patience,
        turns=(*call.turns, turn),
        told=call.told | told,
        lost=lost,
        ended=ended,
        gave_up=gave_up,
    )


def play(elder: Elder, replies: tuple[str, ...], hard_words: Mapping[str, str]) -> Call:
    """A whole call with replies that are known before, as tests have them."""
    call, _ = begin(elder)
    for reply in replies:
        call = answer(elder, call, reply, hard_words)
    return call


def _faults(elder: Elder, call: Call, words: str, hard_words: Mapping[str, str]) -> tuple[Fault, ...]:
    found: list[Fault] = []
    parts = sentences(words)
    if any(occurs(secret, part) and not occurs(_WARNS, part) for part in parts for secret in SECRETS):
        found.append("secret")
    if occurs(_RUDE, words):
        found.append("rude")
    if any(occurs(pattern, words) for pattern in elder.never):
        found.append("forbidden")
    if len(parts) > elder.hearing.sentences or any(
        syllables(read_aloud(part)) > elder.hearing.syllables for part in parts
    ):
        found.append("not_heard")
    if hard_words_in(words, call.said, hard_words):
        found.append("hard_word")
    if words.count("?") > 1:
        found.append("two_questions")
    asked = _asked(elder, words)
    if asked is not None and (elder.facts[asked].known or asked in call.told):
        found.append("asked_again")
    return tuple(found)


def _asked(elder: Elder, words: str) -> str | None:
    """The fact that is asked for: the first question's, for only that is answered."""
    questions = [
        part for part in sentences(words) if part.endswith("?") or occurs("/말씀해|알려|불러/", part)
    ]
    for part in questions:
        for name, fact in elder.facts.items():
            if any(occurs(pattern, part) for pattern in fact.asked):
                return name
    return None


def _reply(elder: Elder, call: Call, words: str, faults: tuple[Fault, ...]) -> tuple[str, frozenset[str]]:
    """What the citizen says, and which fact that tells."""
    for fault, says in _TAKEN_ILL.items():
        if fault in faults:
            return says, frozenset()
    asked = _asked(elder, words)
    if asked is not None:
        fact = elder.facts[asked]
        before = "아까 말했는데요. " if "asked_again" in faults else ""
        return before + fact.says, frozenset({asked})
    for reaction in elder.reactions:
        if any(occurs(pattern, words) for pattern in reaction.to):
            return reaction.says, frozenset()
    still_open = _open_duties(elder, f"{call.said}\n{words}")
    if len(still_open) < len(_open_duties(elder, call.said)):
        return elder.agrees, frozenset()
    return elder.at_a_loss[call.lost % len(elder.at_a_loss)], frozenset()


def _reaction_cost(elder: Elder, words: str, faults: tuple[Fault, ...]) -> int:
    if set(faults) & set(_TAKEN_ILL) or _asked(elder, words) is not None:
        return 0
    for reaction in elder.reactions:
        if any(occurs(pattern, words) for pattern in reaction.to):
            return reaction.costs
    return 0


def _open_duties(elder: Elder, said: str) -> tuple[str, ...]:
    return tuple(
        duty.name for duty in elder.duties if not any(occurs(pattern, said) for pattern in duty.said)
    )
