"""Chains of digits in Korean text, written or spoken.

A *unit* is one digit: ``7``, ``７``, ``⑦``, ``⁷``, ``七``, ``칠`` or ``일곱``. Units without anything
between them are a *group*; groups with only blanks, hyphens and filler words ("다시", "에", "그리고") between
them are a *chain*: "구공공일공일 다시 1234567" is one chain of two groups, of thirteen units. Pure; linear.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

_SPOKEN = {
    "하나": "1", "둘": "2", "셋": "3", "넷": "4", "다섯": "5",
    "여섯": "6", "일곱": "7", "여덟": "8", "아홉": "9", "제로": "0",
    "공": "0", "영": "0", "빵": "0", "일": "1", "이": "2", "삼": "3", "사": "4",
    "오": "5", "육": "6", "륙": "6", "칠": "7", "팔": "8", "구": "9",
}  # fmt: skip

_FILLERS = (
    "그리고", "그다음에는", "그다음에", "그다음", "다음에", "다음은", "다음", "뒷자리는", "뒷자리가",
    "뒷자리", "뒤에는", "뒤에", "뒤는", "하이픈", "하이폰", "대시", "짝대기", "작대기", "빼기", "마이너스",
    "다시", "에다가", "에다", "에요", "예요", "에", "의", "고요", "구요", "고", "하고", "또", "요", "음",
    "어", "그", "저", "아", "네", "예", "쉬고", "띄고", "줄",
)  # fmt: skip

_JOINERS = r"\-‐‑‒–—―−﹣－ー_/·・,，、.．…"
_BLANKS = (
    r"\s\u00ad\u0300-\u036f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u20d0-\u20f0"
    r"\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e01ef"
)
"""Blanks and what is not seen between two characters: joiners, marks (the frame of 9️⃣), fillers."""

OTHER_DIGITS = "²³¹⁰⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉①②③④⑤⑥⑦⑧⑨⑴⑵⑶⑷⑸⑹⑺⑻⑼⒈⒉⒊⒋⒌⒍⒎⒏⒐⓪⓵⓶⓷⓸⓹⓺⓻⓼⓽⓿❶❷❸❹❺❻❼❽❾➀➁➂➃➄➅➆➇➈➊➋➌➍➎➏➐➑➒"
"""Digits that are no decimal digits (Unicode's Numeric_Type=Digit), as keyboards and documents have them."""
HANJA = dict(zip("零〇一二三四五六七八九", "00123456789", strict=True))

_UNIT_PATTERN = rf"{'|'.join(sorted(_SPOKEN, key=len, reverse=True))}|[\d{OTHER_DIGITS}{''.join(HANJA)}]"
_UNIT = re.compile(_UNIT_PATTERN)
_TOKEN = re.compile(
    rf"(?P<unit>{_UNIT_PATTERN})"
    rf"|(?P<filler>{'|'.join(sorted(_FILLERS, key=len, reverse=True))})"
    rf"|(?P<blank>[{_BLANKS}]+)"
    rf"|(?P<joiner>[{_JOINERS}]+)"
    rf"|(?P<other>.)",
    re.DOTALL,
)

_CODE = re.compile(r"[A-Za-z][-/_ ]?$")

_MAX_GAP = 24
"""Characters of blanks and fillers between two groups of one chain."""

_SOFT_TAILS = ("이", "이구", "이오")
"""Endings of a group that may be a copula or particle ("칠이에요", "팔이구요") instead of digits."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One digit and where it stands."""

    digit: str
    start: int
    end: int
    spoken: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Units without anything between them."""

    units: tuple[Unit, ...]
    gap: str
    """The text between this group and the one before it; empty for the first."""

    @property
    def digits(self) -> str:
        """The digits, ASCII."""
        return "".join(unit.digit for unit in self.units)


@dataclass(frozen=True, slots=True)
class Chain:
    """Groups with only blanks, joiners and fillers between them."""

    groups: tuple[Group, ...]
    after_code: bool = False
    """Whether it follows a Latin letter, as in a receipt number (SEL-261123-1234)."""

    @property
    def start(self) -> int:
        """Where its first unit starts."""
        return self.groups[0].units[0].start

    @property
    def end(self) -> int:
        """Where its last unit ends."""
        return self.groups[-1].units[-1].end

    def readings(self, text: str) -> list[Chain]:
        """What the chain may be: as it stands; with an ending such as "이" in "칠이에요" taken for a copula
        at its end, before filler words too, and after every group."""
        everywhere = [self._shortened(group, text) for group in self.groups]
        gaps = [group.gap for group in self.groups[1:]] + ["."]
        at_ends = [
            short if gap.strip() else group
            for group, short, gap in zip(self.groups, everywhere, gaps, strict=True)
        ]
        found = [self]
        for groups in ([*self.groups[:-1], everywhere[-1]], at_ends, everywhere):
            kept = tuple(group for group in groups if group.units)
            if kept and all(kept != chain.groups for chain in found):
                found.append(replace(self, groups=kept))
        return found

    @staticmethod
    def _shortened(group: Group, text: str) -> Group:
        return Group(_without_soft_tail(group.units, text), group.gap)


def has_digits(text: str, least: int) -> bool:
    """Whether at least so many units are in the text: a quick look before :func:`chains`."""
    return sum(1 for _ in islice(_UNIT.finditer(text), least)) == least


def chains(text: str) -> Iterator[Chain]:
    """All chains of ``text``, in order. Positions are those of ``text``, which should be in NFC."""
    groups: list[Group] = []
    units: list[Unit] = []
    gap_from = 0
    for token in _TOKEN.finditer(text):
        if token.lastgroup == "unit":
            if units and units[-1].end == token.start():
                units.append(_unit(token))
                continue
            if units:
                groups.append(_group(units, gap_from, text))
                gap_from = units[-1].end
            if groups and token.start() - gap_from > _MAX_GAP:
                yield _chain(groups, text)
                groups = []
            if not groups:
                gap_from = token.start()
            units = [_unit(token)]
        elif token.lastgroup == "other" and (units or groups):
            if units:
                groups.append(_group(units, gap_from, text))
            yield _chain(groups, text)
            groups, units = [], []
    if units:
        groups.append(_group(units, gap_from, text))
    if groups:
        yield _chain(groups, text)


def _chain(groups: list[Group], text: str) -> Chain:
    start = groups[0].units[0].start
    return Chain(tuple(groups), after_code=_CODE.search(text, max(0, start - 3), start) is not None)


def _group(units: list[Unit], gap_from: int, text: str) -> Group:
    return Group(tuple(units), text[gap_from : units[0].start])


def _unit(token: re.Match[str]) -> Unit:
    word = token.group()
    spoken = _SPOKEN.get(word)
    return Unit(
        digit=spoken or HANJA.get(word) or str(unicodedata.digit(word)),
        start=token.start(),
        end=token.end(),
        spoken=spoken is not None,
    )


def _without_soft_tail(units: tuple[Unit, ...], text: str) -> tuple[Unit, ...]:
    if len(units) == 1 and units[0].spoken and text[units[0].start : units[0].end] == "이":
        return ()
    tail = text[units[max(0, len(units) - 2)].start : units[-1].end]
    for soft in _SOFT_TAILS:
        if tail.endswith(soft) and all(unit.spoken for unit in units[-len(soft) :]):
            return units[: -len(soft)] if len(units) > len(soft) else units
    return units
