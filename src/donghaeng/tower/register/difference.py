"""What changed between two versions of a record, in Korean that can be read. Pure."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from donghaeng.tower.register.checking import Values
from donghaeng.tower.register.schema import Schema, Spec

Sort = Literal["added", "removed", "changed"]
SORTS: Final[Mapping[Sort, str]] = {"added": "더함", "removed": "뺌", "changed": "바꿈"}
YES_NO: Final = {True: "예", False: "아니요"}


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text: as it was, taken away or put in."""

    sort: Literal["same", "removed", "added"]
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """One field, or one row of a repeatable field, that is not what it was."""

    title: str
    sort: Sort
    before: str
    after: str

    @property
    def sentence(self) -> str:
        """The change on one line."""
        match self.sort:
            case "added":
                return f'{self.title}: 새로 적음 "{self.after}"'
            case "removed":
                return f'{self.title}: 지움 "{self.before}"'
            case "changed":
                return f'{self.title}: "{self.before}" → "{self.after}"'

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """Old and new as one text, word by word."""
        return tuple(_pieces(self.before, self.after))


def difference(schema: Schema, before: Values, after: Values) -> tuple[Change, ...]:
    """Every change, in the order of the form. Rows are held against each other by their first field, so that
    a row which moved is no change."""
    return tuple(_changes(schema, before, after))


def shown(spec: Spec, value: Any) -> str:
    """A value as a person reads it; the parts of a row on one line."""
    match spec.type:
        case "flag":
            return YES_NO[bool(value)]
        case "choice":
            return spec.choices.get(value, str(value))
        case "choices":
            return ", ".join(spec.choices.get(one, str(one)) for one in value)
        case "group":
            return _row(spec, value)
        case "rows":
            return " / ".join(_row(spec, row) for row in value)
        case _:
            return str(value)


def _row(spec: Spec, row: Mapping[str, Any]) -> str:
    parts = [f"{part.title} {shown(part, row[part.name])}" for part in spec.fields if part.name in row]
    return ", ".join(parts)


def _changes(schema: Schema, before: Values, after: Values) -> Iterator[Change]:
    for spec in schema:
        old, new = before.get(spec.name), after.get(spec.name)
        if old == new:
            continue
        if spec.type == "rows":
            yield from _row_changes(spec, old or (), new or ())
        elif spec.type == "group":
            yield from _part_changes(spec.title, spec, old or {}, new or {})
        else:
            yield _change(spec.title, spec, old, new)


def _row_changes(
    spec: Spec, before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]
) -> Iterator[Change]:
    old, new = _keyed(spec, before), _keyed(spec, after)
    for key in [*old, *(key for key in new if key not in old)]:
        name = f"{spec.title} · {_name_of(spec, key)}"
        if key not in new:
            yield Change(name, "removed", _row(spec, old[key]), "")
        elif key not in old:
            yield Change(name, "added", "", _row(spec, new[key]))
        else:
            yield from _part_changes(name, spec, old[key], new[key])


def _part_changes(
    title: str, spec: Spec, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[Change]:
    for part in spec.fields:
        old, new = before.get(part.name), after.get(part.name)
        if old != new:
            yield _change(f"{title} · {part.title}", part, old, new)


def _change(title: str, spec: Spec, old: Any, new: Any) -> Change:
    if old is None:
        return Change(title, "added", "", shown(spec, new))
    if new is None:
        return Change(title, "removed", shown(spec, old), "")
    return Change(title, "changed", shown(spec, old), shown(spec, new))


def _keyed(spec: Spec, rows: Sequence[Mapping[str, Any]]) -> dict[tuple[str, int], Mapping[str, Any]]:
    """Rows by what their first field says; rows that say the same are counted through."""
    found: dict[tuple[str, int], Mapping[str, Any]] = {}
    for row in rows:
        name, number = str(row.get(spec.fields[0].name, "")), 0
        while (name, number) in found:
            number += 1
        found[name, number] = row
    return found


def _name_of(spec: Spec, key: tuple[str, int]) -> str:
    name, number = key
    first = spec.fields[0]
    said = first.choices.get(name, name) or "이름 없음"
    return said if number == 0 else f"{said} ({number + 1}번째)"


def _pieces(before: str, after: str) -> Iterator[Piece]:
    old, new = re.findall(r"\s+|\S+", before), re.findall(r"\s+|\S+", after)
    matcher = difflib.SequenceMatcher(a=old, b=new, autojunk=False)
    for sort, begin, end, new_begin, new_end in matcher.get_opcodes():
        if sort == "equal":
            yield Piece("same", "".join(old[begin:end]))
            continue
        if begin < end:
            yield Piece("removed", "".join(old[begin:end]))
        if new_begin < new_end:
            yield Piece("added", "".join(new[new_begin:new_end]))
