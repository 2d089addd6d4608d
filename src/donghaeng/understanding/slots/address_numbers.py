"""The numbers of a dictated address: which of "사십오 백이 호" is the building and which the flat.

People say the numbers of an address one after the other, and a recogniser puts spaces where it likes. A run
of number words is therefore cut into as many numbers as the words after it call for, preferably at spaces.
Cuts that are equally good are all returned: the caller asks which was meant.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Final

from donghaeng.korean.numerals import parse, parse_digits

NUMERAL: Final = "[0-9공영빵일이삼사오육륙칠팔구십백천]"
LARGEST: Final = 9_999
"""No building, lot or unit of Seoul has a larger number."""
MOST_READINGS: Final = 3

_ONE = "[일이삼사오육륙칠팔구]"
_PLACE_VALUE = re.compile(rf"(?=.)(?:{_ONE}?천)?(?:{_ONE}?백)?(?:{_ONE}?십)?{_ONE}?")
_ONE_BY_ONE = re.compile("[일이삼사오육륙칠팔구][공영빵일이삼사오육륙칠팔구]{1,3}")
_DIGITS = re.compile("[1-9][0-9]{0,3}")
_DIGITS_AND_UNITS = re.compile(
    "[1-9][0-9]{0,2}[천백십][0-9일이삼사오육륙칠팔구십백]*|[일이삼사오육칠팔구]?[천백십][0-9]+"
)


@lru_cache(maxsize=4096)
def number(words: str) -> int | None:
    """What words without spaces are worth as one number from 1 to :data:`LARGEST`; else ``None``."""
    if _DIGITS.fullmatch(words):
        return int(words)
    if _PLACE_VALUE.fullmatch(words):
        value = parse(words)
    elif _ONE_BY_ONE.fullmatch(words):
        digits = parse_digits(words)
        value = int(digits) if digits is not None else None
    elif _DIGITS_AND_UNITS.fullmatch(words):
        value = parse(words)
    else:
        return None
    return value if isinstance(value, int) and 0 < value <= LARGEST else None


@dataclass(frozen=True, slots=True)
class Run:
    """Number words that stand together, as they were spaced, and what follows them."""

    chunks: tuple[str, ...]
    after: str
    """``dash``, ``weak`` (에, 의), ``lot``, ``block``, ``floor``, ``unit``, ``foreign`` (a counter that no
    address has), ``copula`` or ``end``."""
    said_after: str = ""
    below: bool = False
    """Whether 지하 stands before it."""
    letter: str = ""
    """The letter of a unit (B102호)."""

    def numbers(self, count: int) -> list[tuple[int, ...]]:
        """The best ways to read the run as ``count`` numbers: those that cut fewest words."""
        found = _cuts(self.chunks, count)
        return list(dict.fromkeys(values for _, values in found))

    def at_spaces(self, count: int) -> list[tuple[int, ...]]:
        """The readings as ``count`` numbers that cut no word."""
        return list(dict.fromkeys(values for cut, values in _cuts(self.chunks, count) if not cut))

    def one(self) -> list[tuple[int, ...]]:
        """The ways to read it as one number, the copula's 이 left out (오십삼이요) where it may be one."""
        whole = self.numbers(1)
        if self.after != "copula" or not self.chunks[-1].endswith("이"):
            return whole
        shorter = _without_last(self.chunks)
        bare = Run(shorter, "end").numbers(1) if shorter else []
        if self.said_after.startswith("에") and bare and self.chunks[-1][-2:-1] in _FINAL_CONSONANT:
            return bare
        return list(dict.fromkeys([*bare, *whole]))


_FINAL_CONSONANT: Final = frozenset("십백천일삼육칠팔")
"""Number syllables after which the copula is 이에요: "백십이에요" says 110, "백십이예요" 112 or 110."""


def _without_last(chunks: Sequence[str]) -> tuple[str, ...]:
    last = chunks[-1][:-1]
    return (*chunks[:-1], last) if last else tuple(chunks[:-1])


LONGEST_RUN: Final = 24
"""Syllables of a run that are looked at; three numbers in words have fewer."""


def _cuts(chunks: Sequence[str], count: int) -> list[tuple[int, tuple[int, ...]]]:
    """``(words cut, numbers)`` of every reading that cuts fewest words."""
    text = "".join(chunks)
    gaps = frozenset(accumulate(len(chunk) for chunk in chunks[:-1]))
    if not text or len(text) > LONGEST_RUN:
        return []
    found = _readings(text, gaps, count, 0)
    fewest = min((cut for cut, _ in found), default=0)
    return [one for one in found if one[0] == fewest]


def _readings(text: str, gaps: frozenset[int], count: int, start: int) -> list[tuple[int, tuple[int, ...]]]:
    if count == 1:
        value = _value(text, gaps, start, len(text))
        return [] if value is None else [(0, (value,))]
    found: list[tuple[int, tuple[int, ...]]] = []
    for end in range(start + 1, len(text)):
        value = _value(text, gaps, start, end)
        inside = end not in gaps
        if value is None or (inside and text[end - 1].isdigit() and text[end].isdigit()):
            continue
        found += [(inside + cut, (value, *values)) for cut, values in _readings(text, gaps, count - 1, end)]
    return found


def _value(text: str, gaps: frozenset[int], start: int, end: int) -> int | None:
    if any(start < gap < end and text[gap - 1].isdigit() and text[gap].isdigit() for gap in gaps):
        return None
    return number(text[start:end])
