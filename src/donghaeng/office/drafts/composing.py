"""Facts and passages → a draft, by a template. Pure.

Dates, times and amounts are written as 행정업무규정 제7조 says; outlines are numbered 1. 가. 1) 가), a lone
point has no sign; the body ends with two spaces and ``끝.``
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from types import MappingProxyType
from typing import Any, Final

from donghaeng.errors import DraftIncomplete
from donghaeng.korean.particles import resolve
from donghaeng.office.drafts.model import About, Draft, Extract, Grid, Item, Line
from donghaeng.office.drafts.template import FactField, Kind, Part, Template
from donghaeng.office.lint.amounts import formal
from donghaeng.office.lint.outline import sign

END: Final = "  끝."
MOST_LINES: Final = 500
"""Points or lines of one fact; more is no draft that anybody reads."""
MOST_WON: Final = 10**16
"""Won; what cannot be told in 조 is a slip."""
LONGEST: Final = 4_000
"""Characters of one line."""
_REPORT_SIGNS: Final = ("○", "-", "·")
_RIGHT: Final = {
    "text": "글",
    "date": "2026-11-21 같은 날짜",
    "time": "15:30 같은 시각",
    "money": "원 단위의 숫자",
    "lines": "글의 목록",
    "points": "글의 목록(아래 항목은 {글: [아래 글]}로)",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """What keeps a template from being filled."""

    field: str
    """Name of the fact; of one that the template has not too; empty where passages are missing."""
    words: str
    """Korean, with what would be right."""


def compose(template: Template, facts: Mapping[str, Any], passages: Sequence[Extract], about: About) -> Draft:
    """Fill a template.

    Args:
        template: the kind of document.
        facts: by field; dates are ISO 8601, money is won, points are texts or ``{text: [points below]}``.
        passages: extracts that the official chose, in their order.
        about: what the file tells about itself.

    Raises:
        DraftIncomplete: a fact is missing, unknown, or of another kind; all of them are told at once.
    """
    faults = gaps(template, facts, passages)
    if faults:
        told = tuple(fault.words for fault in faults)
        message = f"the draft {template.id} cannot be filled: {len(told)} facts"
        raise DraftIncomplete(message, faults=told, remedy=" ".join(told))
    return _made(template, _read(template, facts)[0], passages, about)


def gaps(template: Template, facts: Mapping[str, Any], passages: Sequence[Extract]) -> list[Fault]:
    """All that keeps a template from being filled; see :func:`compose`."""
    faults = _read(template, facts)[1]
    if not passages and any(part.passages and part.when is None for part in template.parts):
        faults.append(Fault("", "근거로 삼을 글을 하나 넘게 골라 주세요."))
    return faults


def preview(template: Template, facts: Mapping[str, Any], passages: Sequence[Extract], about: About) -> Draft:
    """What :func:`compose` will make, with ``［label］`` where a fact is missing or of another kind."""
    held, faults = _read(template, facts)
    for one in template.fields:
        if any(fault.field == one.name for fault in faults):
            mark = f"［{one.label}］"
            held[one.name] = {"lines": (mark,), "points": (Item(mark),)}.get(one.kind, mark)
    return _made(template, held, passages, about)


def _made(template: Template, held: Mapping[str, Any], passages: Sequence[Extract], about: About) -> Draft:
    blocks: list[Line | Grid] = []
    body: list[int] = []
    for part in template.parts:
        made = list(_part(part, held, passages))
        if part.body:
            body += range(len(blocks), len(blocks) + len(made))
        blocks += made
    if body:
        last = blocks[body[-1]]
        if isinstance(last, Line):
            blocks[body[-1]] = Line(last.text + END, last.look, last.level)
    title = str(held.get("title") or template.title)
    span = (body[0], body[-1] + 1) if body else (0, 0)
    return Draft(template.id, title, tuple(blocks), about, span)


def written_date(day: date) -> str:
    """``2026. 11. 21.``"""
    return f"{day.year}. {day.month}. {day.day}."


def written_amount(won: int) -> str:
    """``금113,560원(금일십일만삼천오백육십원)``"""
    return f"금{won:,}원(금{formal(won)}원)"


def _read(template: Template, facts: Mapping[str, Any]) -> tuple[dict[str, Any], list[Fault]]:
    """Facts in the form that lines want, and what is wrong with them."""
    known = {one.name for one in template.fields}
    faults = [
        _fault(name, f"'{name}'은(는) 이 서식에 없는 항목이에요.") for name in facts if name not in known
    ]
    held: dict[str, Any] = {}
    for one in template.fields:
        value = facts.get(one.name)
        if value is None or value in ("", []):
            if one.required:
                words = f"'{one.label}'이(가) 비었어요. {_RIGHT[one.kind]}(으)로 채워 주세요."
                faults.append(_fault(one.name, words))
            held[one.name] = "" if one.kind not in ("lines", "points") else ()
            continue
        read = _value(one, value)
        if read is None:
            faults.append(_fault(one.name, f"'{one.label}'은(는) {_RIGHT[one.kind]}이어야 해요."))
            held[one.name] = "" if one.kind not in ("lines", "points") else ()
        else:
            held[one.name] = read
    return held, faults


def _fault(field: str, words: str) -> Fault:
    return Fault(field, resolve(words))


def _value(one: FactField, value: Any) -> Any:
    """A fact as it is written; None where it is of another kind."""
    try:
        return _READERS[one.kind](value)
    except (TypeError, ValueError, AttributeError):
        return None


def _date(value: Any) -> str:
    return written_date(value if isinstance(value, date) else date.fromisoformat(value))


def _time(value: Any) -> str:
    return f"{time.fromisoformat(value):%H:%M}"


def _money(value: Any) -> str | None:
    whole = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < MOST_WON
    return written_amount(value) if whole else None


def _lines(value: Any) -> tuple[str, ...] | None:
    if not isinstance(value, list) or len(value) > MOST_LINES:
        return None
    lines = [line for one in value if (line := _line(one)) is not None]
    return tuple(lines) if len(lines) == len(value) else None


def _outlined(value: Any) -> tuple[Item, ...] | None:
    points = _points(value, 0)
    return points if points and _count(points) <= MOST_LINES else None


def _line(value: Any) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or len(value) > LONGEST:
        return None
    # A file format breaks on control characters, an outline on lines within a line.
    kept = "".join(char if char.isprintable() else " " for char in value)
    return " ".join(kept.split()) or None


def _points(value: Any, depth: int) -> tuple[Item, ...] | None:
    if not isinstance(value, list) or depth > 7:
        return None
    items: list[Item] = []
    for one in value:
        text, below = next(iter(one.items())) if isinstance(one, dict) and len(one) == 1 else (one, None)
        line = _line(text)
        under = _points(below, depth + 1) if below else ()
        if line is None or under is None:
            return None
        items.append(Item(line, under))
    return tuple(items)


def _count(items: Sequence[Item]) -> int:
    return sum(1 + _count(item.items) for item in items)


_READERS: Final[Mapping[Kind, Callable[[Any], Any]]] = MappingProxyType(
    {"text": _line, "date": _date, "time": _time, "money": _money, "lines": _lines, "points": _outlined}
)
"""How a fact of each kind is read; None, or an error of types and values, where it is of another kind."""


def _part(part: Part, held: Mapping[str, Any], passages: Sequence[Extract]) -> Iterator[Line | Grid]:
    if part.when is not None and not held[part.when]:
        return
    if part.text is not None:
        yield Line(part.text.format(**held).strip(), part.look, part.level)
    elif part.points is not None:
        yield from _outline(held[part.points], part)
    elif part.lines is not None:
        for line in held[part.lines]:
            yield Line(line, part.look, part.level)
    elif part.passages:
        yield from _outline([Item(extract.cited) for extract in passages], part)
    elif part.attachments is not None:
        yield from _attached(held[part.attachments])
    elif part.grid is not None:
        yield Grid(tuple(tuple(cell.format(**held) for cell in row) for row in part.grid))


def _outline(items: Sequence[Item], part: Part, depth: int = 0) -> Iterator[Line]:
    for place, item in enumerate(items, start=1):
        if part.signs == "report":
            mark = f"{_REPORT_SIGNS[min(depth, len(_REPORT_SIGNS) - 1)]} "
        else:
            mark = f"{sign(depth, place)} " if len(items) > 1 else ""
        yield Line(mark + item.text, part.look, part.level + depth)
        yield from _outline(item.items, part, depth + 1)


def _attached(names: Sequence[str]) -> Iterator[Line]:
    if len(names) == 1:
        yield Line(f"붙임  {_full(names[0])}")
        return
    for place, name in enumerate(names, start=1):
        lead = "붙임  " if place == 1 else ""
        yield Line(f"{lead}{place}. {_full(name)}", level=0 if place == 1 else 2)


def _full(name: str) -> str:
    """With the number of copies and a dot."""
    return name if name.endswith(".") else f"{name}." if name.endswith("부") else f"{name} 1부."
