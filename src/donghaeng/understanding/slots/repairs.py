"""Repairs inside one utterance.

"삼백이 호가 아니라 삼백삼 호", "아니 토요일 말고 일요일", "와니 삼백삼 호" (a misheard 아니).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from donghaeng.korean.sounds import sound_distance

SOUNDS_LIKE_NO: Final = 0.16
"""Sound distance up to which a first word is a misheard 아니."""
LONGEST_NO: Final = 4

_INSTEAD = re.compile(
    r"(?P<denied>.*?)\s?(?:(?:이|가|은|는)\s?)?(?:아\s?니\s?(?:라|고|구|여|에요|요)|아이고|아이라|말\s?고요?|말\s?구)"
    r"(?:는|요)?[\s,]+(?P<meant>\S.*)$"
)
_NO: Final = "아니"
_NO_INSIDE = re.compile(
    r"(?P<denied>^.*?)(?:^|\s)(?:아\s?니\s?(?:요|오|여|야|지|다|그게)?|아뇨|아녀|아이다|아참|참)[\s,]+(?P<meant>\S.*)$"
)
_FIRST = re.compile(r"(?P<first>\S{1,4}(?:\s\S)?)\s+(?P<meant>\S.*)$")
_NOT_NO: Final = frozenset(
    ["하나", "어디", "언니", "하니", "안이", "아침", "오늘", "아마", "안", "나", "네", "예"]
)


@dataclass(frozen=True, slots=True)
class Repair:
    """What was taken back and what is meant instead."""

    denied: str
    """Empty where the words before were said in another utterance."""
    meant: str


def repair_in(utterance: str) -> Repair | None:
    """The last repair of an utterance; ``None`` where nothing is taken back."""
    for pattern in (_INSTEAD, _NO_INSIDE):
        match = pattern.match(utterance)
        if match is not None:
            later = repair_in(match["meant"])
            denied = _without_no(match["denied"]).strip(" ,")
            return later or Repair(denied, match["meant"].strip())
    match = _FIRST.match(utterance)
    if match is not None and _sounds_like_no(match["first"].replace(" ", "")):
        return Repair("", match["meant"].strip())
    return None


def takes_of(utterance: str) -> tuple[str, ...]:
    """The utterance cut where something is taken back, in order: ("토요일", "일요일 두 명", "세 명이요").

    One piece where nothing is.
    """
    match = next((found for pattern in (_INSTEAD, _NO_INSIDE) if (found := pattern.match(utterance))), None)
    if match is None:
        return (utterance,)
    return (*takes_of(_without_no(match["denied"])), *takes_of(match["meant"]))


def _without_no(denied: str) -> str:
    """What is denied, without a 아니 of its own ("아니 토요일" of "아니 토요일 말고 일요일")."""
    return re.sub(r"^\s*(?:아\s?니\s?(?:요|오|여)?|아뇨|아녀)(?:\s+|$)", "", denied)


@lru_cache(maxsize=512)
def _sounds_like_no(word: str) -> bool:
    if word in _NOT_NO or not 2 <= len(word) <= LONGEST_NO:
        return False
    return min(sound_distance(word, no) for no in (_NO, "아니요", "아뇨")) <= SOUNDS_LIKE_NO
