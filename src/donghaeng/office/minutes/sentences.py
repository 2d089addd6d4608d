"""A turn cut into sentences, and what the end of each one does. Pure.

The kind of an ending follows the Sejong tags: a request ends in 세요 or 바랍니다, a promise in 겠 + 습니다 or
ᆯ게요. Recognised speech often lacks full stops, so that a final ending closes a sentence as well.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from typing import Final

from donghaeng.korean.morphemes import Place, Placed
from donghaeng.office.minutes.words import MinutesWords

_VERBS: Final = ("VV", "VA", "XSV", "XSA", "VCP", "VCN")
_REQUESTS: Final = ("세요", "십시오", "시오", "세요요", "라", "어라")
_PROMISES: Final = ("ᆯ게요", "을게요", "ᆯ게", "을게", "ᆯ께요", "을께요")
_PROPOSALS: Final = ("ᆸ시다", "읍시다", "죠", "지요", "자", "자고요")
_ASKED: Final = ("ᆯ까요", "을까요", "ᆸ니까", "습니까", "나요", "는가요", "ᆫ가요", "은가요", "ᆯ까", "을까", "니")
_ASKS: Final = re.compile(
    r"(?:바랍니다|바라겠습니다|부탁(?:드립니다|합니다|드리겠습니다|드려요|해요|드릴게요)"
    r"|주시면 됩니다|주셔야 합니다|주셔야 하겠습니다|주셔야겠습니다|주시겠습니까|주시겠어요|주실래요|주십시요"
    r"|주실 수 있(?:습니까|나요|을까요|어요)|주실까요|주시면 (?:감사하겠습니다|고맙겠습니다)"
    r"|시고요|시구요|주시죠|주시지요|도록 하세요|도록 하십시오)$"
)
_INTENDS: Final = re.compile(r"(?:려고 합니다|려고 해요|도록 할게요)$")
_ASIDE: Final = re.compile(r"(?<=고)(?:요)?[,.]?\s+|(?<=고요)[,.]?\s+|(?<=며)\s+")


class Force(Enum):
    """What a sentence does by its ending."""

    REQUEST = "request"
    """해 주세요, 바랍니다, 부탁드립니다."""
    PROMISE = "promise"
    """하겠습니다, 할게요, 하려고 합니다."""
    PROPOSAL = "proposal"
    """합시다, 하죠."""
    QUESTION = "question"
    STATEMENT = "statement"
    PAST = "past"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with its morphemes and its verb."""

    text: str
    morphemes: tuple[Placed, ...]
    """Places count within :attr:`text`."""
    force: Force
    verb: int
    """Place among the morphemes of what is done (올리 in 올려 주세요); −1 where there is no verb."""
    negated: bool

    @property
    def stem(self) -> str:
        """The verb's stem; of 하다-verbs the noun before it."""
        if self.verb < 0:
            return ""
        one = self.morphemes[self.verb]
        if one.tag.startswith("XS") and self.verb:
            return self.morphemes[self.verb - 1].form
        return one.form

    @property
    def phrase(self) -> str:
        """The text up to and with the verb's stem, as it was said."""
        if self.verb < 0:
            return self.text
        one = self.morphemes[self.verb]
        return self.text[: one.start]

    def says(self, words: Sequence[str]) -> bool:
        """Whether one of ``words`` stands in it."""
        return any(word in self.text for word in words)


def sentences(text: str, place: Place, words: MinutesWords) -> list[Sentence]:
    """The sentences of a turn, in order; clauses that ask different people stand apart."""
    found: list[Sentence] = []
    for piece in _pieces(text, place):
        found += [_sentence(clause, place) for clause in _clauses(piece, words)]
    return [one for one in found if one.text]


def _pieces(text: str, place: Place) -> list[str]:
    cuts = [0]
    morphemes = place(text)
    for at, one in enumerate(morphemes):
        after = morphemes[at + 1] if at + 1 < len(morphemes) else None
        if one.tag == "SF" or (one.tag == "EF" and after is not None and after.tag not in ("SF", "JX", "SP")):
            end = after.start if after is not None else len(text)
            if end > cuts[-1]:
                cuts.append(end)
    cuts.append(len(text))
    return [text[start:end].strip() for start, end in pairwise(cuts) if text[start:end].strip()]


def _clauses(text: str, words: MinutesWords) -> list[str]:
    """Cut where another person is addressed: 오 주무관은 …하고, 배 주무관은 …."""
    named = re.compile(rf"[가-힣]{{0,4}}\s?(?:{words.title_pattern})님?(?:은|는|께서는|이|께서)\s")
    cuts = [0]
    for gap in _ASIDE.finditer(text):
        if named.match(text, gap.end()) and named.search(text, cuts[-1], gap.start()):
            cuts.append(gap.end())
    cuts.append(len(text))
    return [text[start:end].strip(" ,") for start, end in pairwise(cuts)]


def _sentence(text: str, place: Place) -> Sentence:
    morphemes = tuple(place(text))
    force = _force(text, morphemes)
    verb = _verb(morphemes)
    tail = "".join(one.form for one in morphemes[verb:]) if verb >= 0 else ""
    negated = "지않" in tail.replace("ᆫ", "") or "지못" in tail or "지말" in tail
    before = morphemes[verb - 1] if verb > 0 else None
    if before is not None and before.tag == "MAG" and before.form in ("안", "못"):
        negated = True
    return Sentence(text, morphemes, force, verb, negated)


def _force(text: str, morphemes: Sequence[Placed]) -> Force:
    last = next((one.form for one in reversed(morphemes) if one.tag in ("EF", "EC")), "")
    bare = text.rstrip(" .?!,")
    future = any(one.form == "겠" and one.tag == "EP" for one in morphemes[-5:])
    past = any(one.tag == "EP" and one.form in ("었", "았", "였") for one in morphemes[-4:])
    if _ASKS.search(bare) or last in _REQUESTS or bare.endswith(("세요", "십시오")):
        return Force.REQUEST
    if text.rstrip().endswith("?") or last in _ASKED:
        return Force.QUESTION
    if past and not future:
        return Force.PAST
    wished = future and re.search(r"[면서]\s?(?:좋|감사|고맙)", bare[-8:])
    if last in _PROMISES or (future and not wished) or _INTENDS.search(bare) or _planned(bare):
        return Force.PROMISE
    return Force.PROPOSAL if last in _PROPOSALS else Force.STATEMENT


def _planned(bare: str) -> bool:
    """할 예정입니다, 낼 계획입니다: a verb with a final ᆯ before the noun."""
    match = re.search(r"([가-힣]) (?:예정|계획)(?:입니다|이에요|이고요)$", bare)
    return match is not None and (ord(match[1]) - 0xAC00) % 28 == 8


def _verb(morphemes: Sequence[Placed]) -> int:
    """What is done: the last verb that does not only help another one."""
    at = len(morphemes) - 1
    while at >= 0:
        one = morphemes[at]
        if one.tag.partition("-")[0] in _VERBS and not _only_helps(morphemes, at):
            return at
        at -= 1
    return next((at for at, one in enumerate(morphemes) if one.tag.startswith("V")), -1)


def _only_helps(morphemes: Sequence[Placed], at: int) -> bool:
    one = morphemes[at]
    before = morphemes[at - 1] if at else None
    if before is None:
        return False
    if one.form in ("바라", "부탁") or (one.tag.startswith("XS") and before.form == "부탁"):
        return True
    if one.form == "드리" and before.form == "부탁":
        return True
    # 늘리는 걸로 하다, 시작하는 것으로 정리하다.
    if at >= 2 and before.tag == "JKB" and before.form.endswith("로") and one.form == "하":
        noun = morphemes[at - 2]
        if noun.tag == "NNB" and noun.form in ("거", "것", "쪽"):
            return True
    # 보내도록 하다, 하기로 하다, 보내려고 하다, 내시면 되다.
    if before.tag in ("EC", "ETN", "JX", "JKB") and one.form in ("하", "되"):
        return before.form in ("도록", "려고", "으려고", "면", "으면", "어야") or (
            at >= 2 and before.form == "로" and morphemes[at - 2].tag == "ETN"
        )
    # 제출해서 드리다, 녹음해서 드리다: what is given is what was made.
    return one.form in ("드리", "주") and before.form in ("어서", "아서", "어", "아")
