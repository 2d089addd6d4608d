"""Telephone numbers and the numbers of receipts and customers."""

from __future__ import annotations

import re
from typing import Final

from donghaeng.city.services.definition import SlotSpec
from donghaeng.korean.endings import AFTER_I
from donghaeng.korean.numerals import parse_digits
from donghaeng.korean.phones import PartialPhone, Phone, find_phones
from donghaeng.understanding.acts import SlotFill
from donghaeng.understanding.slots.base import Scene

FEWEST_DIGITS: Final = 8
"""Digits of a number at which a citizen can be called; 119 and 120 are none."""
LONGEST_RECEIPT: Final = 40

_ZEROS: Final = "0공영빵령"
_NUMERAL = "[공영빵일이삼사오육륙칠팔구0-9]"
_LETTERS: Final = {
    **{
        "에이": "A",
        "비": "B",
        "씨": "C",
        "디": "D",
        "이": "E",
        "에프": "F",
        "지": "G",
        "에이치": "H",
        "아이": "I",
    },
    **{"제이": "J", "케이": "K", "엘": "L", "엠": "M", "엔": "N", "오": "O", "피": "P", "큐": "Q", "알": "R"},
    **{"에스": "S", "애스": "S", "티": "T", "유": "U", "브이": "V", "더블유": "W", "엑스": "X", "와이": "Y"},
    **{"제트": "Z"},
}
_SPELT = "|".join(sorted(_LETTERS, key=len, reverse=True))
_CUE = re.compile(r"(?:접수|신청|예약|고객|수용가|민원|영수증)\s?번호(?:는|가|이|요)?|번호(?:는|가)")
_PREFIX = re.compile(
    rf"(?P<latin>(?<![A-Za-z])[A-Za-z]{{2,5}}(?=[\s-]*{_NUMERAL}))"
    rf"|(?P<spelt>(?<![가-힣])(?:(?:{_SPELT})\s?){{2,5}}?)(?=[\s-]*(?:{_NUMERAL}|다시|하이픈))"
)
_GROUPS = re.compile(rf"{_NUMERAL}(?:[\s-]?(?:(?:다시|하이픈|대시|에)\s?)?{_NUMERAL}){{4,24}}")
_SEPARATOR = re.compile(r"\s?(?:-|다시|하이픈|대시)\s?")
_COPULA_AFTER = re.compile(AFTER_I)
_CLAUSE_OVER = re.compile(r"(?:요|유|예)?(?![가-힣])")
_COPULA_OF_DIGITS: Final = ("이구", "이오")
"""Copulas that are digits too."""
_PRACTICE = re.compile(r"연습\s?-?\s?$")
"""Marks a receipt of the practice city."""
RUNNING_DIGITS: Final = 4
"""Digits of the running number that ends a receipt of the city gateway (SEL-261123-0001)."""


_SAID_ANEW = re.compile(
    r"(?:^|(?<=[\s에]))[가-힣\d]{1,4}[\s,.…~]*아\s?니\s?(?:요|오|야|지|다|고|그게)?[\s,.…]+"
)
"""A group of digits and the 아니 that takes it back."""


def phone(utterance: str, spec: SlotSpec, scene: Scene) -> SlotFill | None:
    """A telephone number with hyphens; an incomplete one is a problem, not a value."""
    del spec
    found = find_phones(utterance, expected=scene.asked)
    for match in found:
        if isinstance(match.value, Phone) and _can_be_called(match.value, scene):
            return SlotFill(str(match.value), words=utterance[match.start : match.end])
    amended = _SAID_ANEW.sub(" ", utterance, count=1)
    for match in find_phones(amended, expected=scene.asked) if amended != utterance else ():
        if isinstance(match.value, Phone) and _can_be_called(match.value, scene):
            return SlotFill(str(match.value), words=utterance)
    for match in found:
        if scene.asked or (isinstance(match.value, PartialPhone) and utterance[match.start] in _ZEROS):
            return SlotFill(None, problem="incomplete", words=utterance[match.start : match.end])
    return None


def _can_be_called(number: Phone, scene: Scene) -> bool:
    """Whether it is a citizen's number: no special one (119), and a company's (1588-…) only as an answer."""
    return len(number.digits) >= FEWEST_DIGITS and (scene.asked or number.digits.startswith("0"))


def receipt(utterance: str, spec: SlotSpec, scene: Scene) -> SlotFill | None:
    """A receipt or customer number: letters and digits, said one by one or written, in groups or without.

    ``SEL-20261123-0001`` is put together from "에스 이 엘 이공이육일일이삼 다시 공공공일"; of digits said
    without a break after letters the last four are the running number. Unasked it needs its letters or its
    name ("접수번호"). Where the slot says how many digits there are, an 이 at the end that is one too many is
    the copula, fewer are the beginning of the number (``incomplete``) and more are none (``impossible``).
    """
    named = _CUE.search(utterance)
    prefix = _PREFIX.search(utterance) if spec.digits is None else None
    groups = _GROUPS.search(utterance, prefix.end() if prefix is not None else named.end() if named else 0)
    if groups is None or not (scene.asked or named or (prefix is not None and prefix["spelt"] is None)):
        return None
    said = _without_copula(groups.group(), utterance, groups.end(), spec.digits)
    if spec.digits is not None and (many := _digits_in(said)) != spec.digits:
        problem = "incomplete" if many < spec.digits else "impossible"
        return SlotFill(None, problem=problem, words=groups.group())
    head, start = "", groups.start()
    if prefix is not None and not _SEPARATOR.sub("", utterance[prefix.end() : start]).strip():
        head, start = _head(prefix), prefix.start()
    parts = [parse_digits(re.sub(r"\s|에", "", part)) or "" for part in _SEPARATOR.split(said)]
    if head and len(parts) == 1 and len(parts[0]) > 2 * RUNNING_DIGITS:
        parts = [parts[0][:-RUNNING_DIGITS], parts[0][-RUNNING_DIGITS:]]
    practice = _PRACTICE.search(utterance[:start])
    start = practice.start() if practice is not None else start
    value = "-".join(part for part in ["연습" if practice else "", head, *parts] if part)
    return SlotFill(value[:LONGEST_RECEIPT], words=utterance[start : groups.end()])


def _digits_in(said: str) -> int:
    return len(re.findall(_NUMERAL, said))


def _without_copula(said: str, utterance: str, end: int, digits: int | None) -> str:
    """The digits without a copula that is written as one of them (팔이요, 팔이구유): by their number where
    that is fixed, else by what follows."""
    if digits is not None:
        for copula in _COPULA_OF_DIGITS:
            if said.endswith(copula) and _digits_in(said) == digits + len(copula):
                return said[: -len(copula)] if _CLAUSE_OVER.match(utterance, end) else said
    if said[-1] != "이" or not _COPULA_AFTER.match(utterance, end) or _digits_in(said) == digits:
        return said
    return said[:-1].rstrip(" -")


def _head(prefix: re.Match[str]) -> str:
    """The letters before the digits."""
    if prefix["spelt"] is None:
        return prefix.group().upper()
    return "".join(_LETTERS[name] for name in re.findall(_SPELT, prefix["spelt"]))
