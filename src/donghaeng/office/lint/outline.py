"""Outlines: 1. 가. 1) 가) (1) (가) ① ㉮ (행정업무규정 시행규칙 제2조 제1항). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from donghaeng.office.lint.finding import Found

_ORDER: Final = "가나다라마바사아자차카타파하"
_CIRCLED: Final = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮"
_CIRCLED_LETTERS: Final = "㉮㉯㉰㉱㉲㉳㉴㉵㉶㉷㉸㉹㉺㉻"
_SIGN: Final = re.compile(
    rf"[ \t]*(?:붙임[ \t]+(?=1\.))?(?P<sign>(?P<number>\d{{1,2}})\.(?!\d)|(?P<letter>[{_ORDER}])\.|"
    rf"(?P<number2>\d{{1,2}})\)|(?P<letter2>[{_ORDER}])\)|\((?P<number3>\d{{1,2}})\)|"
    rf"\((?P<letter3>[{_ORDER}])\)|(?P<ring>[{_CIRCLED}])|(?P<ring2>[{_CIRCLED_LETTERS}]))"
    r"(?P<space>[ \t]*)(?=\S)"
)
_FOREIGN: Final = re.compile(r"[ \t]*(?P<sign>(?:[A-Z]|[IVX]{1,4})\.)[ \t]*(?=[가-힣])")
_BLOTS: Final = {"●": "○", "•": "○", "◦": "○", "■": "□", "▪": "□", "◆": "□", "▶": "○"}
_BLOT: Final = re.compile(rf"[ \t]*(?P<sign>[{''.join(_BLOTS)}])(?=[ \t])")
_KINDS: Final = ("number", "letter", "number2", "letter2", "number3", "letter3", "ring", "ring2")
_FORMS: Final = ("{}.", "{}.", "{})", "{})", "({})", "({})", "{}", "{}")


@dataclass(frozen=True, slots=True)
class _Item:
    start: int
    sign: str
    level: int
    """From 0: 1., 가., …"""
    place: int
    """From 1 among its sisters."""
    spaced: bool
    attached: bool
    """It begins a list of attachments."""


def outline(text: str) -> Iterator[Found]:
    """Signs that are none of an outline's, out of order, or without a space after them."""
    lines = list(_lines(text))
    items = [item for start, line in lines if (item := _item(start, line)) is not None]
    if len(items) > 1:
        yield from _spaces(items)
        yield from _order(items)
    foreign = [(start, found) for start, line in lines if (found := _FOREIGN.match(line))]
    if len(foreign) > 1:
        for start, found in foreign:
            yield Found("numbering.symbol", start + found.start("sign"), start + found.end("sign"))
    for start, line in lines:
        if blot := _BLOT.match(line):
            place = start + blot.start("sign")
            yield Found("numbering.symbol", place, place + 1, (_BLOTS[blot["sign"]],))


def _lines(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    for line in text.splitlines(keepends=True):
        yield start, line.rstrip("\r\n")
        start += len(line)


def _item(start: int, line: str) -> _Item | None:
    found = _SIGN.match(line)
    if found is None:
        return None
    level = next(level for level, kind in enumerate(_KINDS) if found[kind])
    return _Item(
        start + found.start("sign"),
        found["sign"],
        level,
        _place(found[_KINDS[level]]),
        bool(found["space"]),
        line.lstrip().startswith("붙임"),
    )


def _place(sign: str) -> int:
    if sign.isascii():
        return int(sign)
    return next(signs.index(sign) + 1 for signs in (_ORDER, _CIRCLED, _CIRCLED_LETTERS) if sign in signs)


def _spaces(items: list[_Item]) -> Iterator[Found]:
    for item in items:
        if not item.spaced:
            end = item.start + len(item.sign)
            yield Found("numbering.space", item.start, end, (f"{item.sign} ",))


def _order(items: list[_Item]) -> Iterator[Found]:
    """What is due after each item; a sign out of order is taken as it is for what follows."""
    open_items: list[_Item] = []
    for item in items:
        if item.attached or not open_items:
            open_items = [item]
            continue
        sisters = [other for other in open_items if other.level == item.level]
        if sisters:
            due = (item.level, sisters[-1].place + 1)
        elif item.level < open_items[0].level:
            due = (item.level, item.place)
        else:
            above = max(other.level for other in open_items if other.level < item.level)
            due = (above + 1, 1)
        # A list of its own may begin again with 1.
        begins_again = item.place == 1 and item.level == open_items[0].level
        if (item.level, item.place) != due and not begins_again:
            yield Found("numbering.order", item.start, item.start + len(item.sign), (sign(*due),))
        open_items = [other for other in open_items if other.level < item.level] + [item]


def sign(level: int, place: int) -> str:
    """The sign of an item.

    Args:
        level: from 0: 1., 가., 1), 가), (1), (가), ①, ㉮; deeper ones are as the deepest.
        place: from 1 among its sisters.
    """
    level = min(level, len(_KINDS) - 1)
    kind = _KINDS[level]
    signs = {
        "letter": _ORDER,
        "letter2": _ORDER,
        "letter3": _ORDER,
        "ring": _CIRCLED,
        "ring2": _CIRCLED_LETTERS,
    }
    row = signs.get(kind)
    name = str(place) if row is None else row[min(place, len(row)) - 1]
    return _FORMS[level].format(name)
