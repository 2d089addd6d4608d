"""What was settled: said in words that settle, or by the chair's agreement to a proposal. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from donghaeng.korean.morphemes import Join
from donghaeng.office.minutes.heard import Heard
from donghaeng.office.minutes.model import Decision
from donghaeng.office.minutes.sentences import Force, Sentence
from donghaeng.office.minutes.wording import line
from donghaeng.office.minutes.words import MinutesWords

_FINAL: Final = r"(?:하겠습니다|합니다|하죠|하지요|합시다|하시죠|하시지요|할게요|하겠어요|해요|하자)"
_AGREED: Final = re.compile(
    rf"(?:[는은ㄴ한된인]|[가-힣])\s(?:것|걸|거|방향|쪽|방안)(?:으)?로\s(?:정리|합의|결정|확정|정)?{_FINAL}"
    rf"|기로\s(?:정|결정|합의|의결)?{_FINAL}"
    r"|(?:으로|로)\s(?:정하겠습니다|정합니다|정합시다|정하죠|정하지요|갑시다|가겠습니다|가죠|가시죠)"
)
_CLOSED: Final = (
    "(?:하겠습니다|합니다|하죠|하지요|합시다|되었습니다|됐습니다|할게요"
    "|(?:되었음|하였음|됐음|했음)을 선포합니다)"
)
_SHUT: Final = "(?:겠습니다|죠|지요)"
_SHORT: Final = 16
"""Characters of an agreement that names no matter of its own."""
_LATER: Final = re.compile(r"다음 (?:회의|위원회|모임|모임은|회의는)")
_PROCEEDING: Final = re.compile(r"순서로|차례로|말씀|이야기|안건부터|부터 (?:하|보|시작)|회의를|오늘은 여기")


def decisions(
    heard: Sequence[Heard], chair: str, words: MinutesWords, join: Join, assigned: frozenset[int]
) -> list[Decision]:
    """Every decision with its moment.

    Args:
        heard: the turns.
        chair: who leads the meeting.
        words: the lists of words.
        join: inflects verbs.
        assigned: turns whose settling words give somebody a task; they are actions.
    """
    found: list[Decision] = []
    for turn, one in enumerate(heard):
        if turn in assigned:
            continue
        what = _settled(turn, heard, chair, words, join)
        if not what:
            continue
        last = found[-1] if found else None
        if last is not None and turn - last.turn == 1 and heard[last.turn].who == one.who:
            continue
        if last is not None and turn - last.turn == 1 and one.who == chair and _is_echo(one, words):
            found[-1] = Decision(last.what, one.at, turn)
            continue
        found.append(Decision(what, one.at, turn))
    return found


def _is_echo(one: Heard, words: MinutesWords) -> bool:
    return one.says(("그렇게",)) and one.begins((*words.agreeing, "그렇게"))


def _settled(turn: int, heard: Sequence[Heard], chair: str, words: MinutesWords, join: Join) -> str:
    one = heard[turn]
    for sentence in one.sentences:
        bare = sentence.text.rstrip(" .?!")
        if sentence.force in (Force.QUESTION, Force.REQUEST) or sentence.says(words.wishing):
            continue
        if sentence.negated:
            if one.who == chair and sentence.force is Force.PROMISE and not sentence.says(words.undecided):
                return _not(one, sentence)
            continue
        if bare.endswith(words.agreeing) and len(bare) < _SHORT:
            if "그렇게" in bare or "그럽" in bare or "그대로" in bare or "그러" in bare:
                proposal = _proposal(turn, heard)
                if proposal and one.who == chair and _moves(heard[turn - 1]):
                    return line(proposal, join, (), "기로 함")
            continue
        if _names(sentence, words) or (_AGREED.search(bare) and not _PROCEEDING.search(bare)):
            if "그렇게" in bare:
                proposal = _proposal(turn, heard)
                return line(proposal or sentence, join, (), "기로 함")
            return line(sentence, join, (), "기로 함")
        if one.who == chair and _chairs(sentence, words):
            return line(sentence, join, (), "기로 함")
    return ""


def _not(one: Heard, sentence: Sentence) -> str:
    """하지 않겠습니다 with the sentence before it, which says what."""
    place = one.sentences.index(sentence)
    before = one.sentences[place - 1].text.rstrip(" .") + ". " if place else ""
    return f"{before}{sentence.text.rstrip(' .')}"


def _names(sentence: Sentence, words: MinutesWords) -> bool:
    """의결하겠습니다, 확정합니다, 가결되었음을 선포합니다."""
    if sentence.force is Force.PAST and not sentence.text.rstrip(" .").endswith(("되었습니다", "됐습니다")):
        return False
    bare = sentence.text.rstrip(" .?!")
    verbs = "|".join(word for word in words.deciding if word.endswith("하"))
    return re.search(rf"(?:{'|'.join(words.deciding)}){_CLOSED}$|(?:{verbs}){_SHUT}$", bare) is not None


def _chairs(sentence: Sentence, words: MinutesWords) -> bool:
    """A chair's 합시다 or 하죠 about a matter, and the day of the next meeting."""
    if _PROCEEDING.search(sentence.text):
        return False
    if sentence.force is Force.PROPOSAL:
        return sentence.stem not in words.procedural and len(sentence.text) > 8
    return sentence.force is Force.PROMISE and _LATER.search(sentence.text) is not None


def _moves(one: Heard) -> bool:
    """Whether a turn proposes or promises something that can be agreed to."""
    return any(
        sentence.force in (Force.PROMISE, Force.PROPOSAL, Force.QUESTION) for sentence in one.sentences
    )


def _proposal(turn: int, heard: Sequence[Heard]) -> Sentence | None:
    """The sentence that 그렇게 points to."""
    for before in reversed(heard[max(0, turn - 2) : turn]):
        if before.sentences:
            return before.sentences[-1]
    return None
