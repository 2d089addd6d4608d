"""Supplied HWPX forms, filled by the labels that stand in them.

A label is a cell whose words are the label's, or a line ``성명: ____``; what is filled is the empty
cell to its right, else below it. Where a label stands twice nothing is guessed: ``신청인 > 성명`` says which.
Every part of the package that is not filled stays byte for byte.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from donghaeng.errors import DocumentRefused
from donghaeng.knowledge.documents.kinds import FileKind, kind_of
from donghaeng.knowledge.documents.limits import LIMITS, Limits, check_archive, check_size

_ASIDE: Final = re.compile(r"\([^)]*\)|\[[^\]]*\]|（[^）]*）")
_NOISE: Final = re.compile(r"[\s:：*※·ㆍ]+")
_BLANK: Final = re.compile(
    r"^(?P<lead>\s*[○□◦\-•]?\s*(?P<label>[^:：]{1,40}?)\s*[:：]\s*)[_\s.…]*(?P<rest>\(인\)|\(서명\))?\s*$"
)
_EMPTY: Final = re.compile(r"[\s_.…]*")
_PATH: Final = ">"
T = TypeVar("T")
LONGEST_LABEL: Final = 60
"""Characters of a label that is offered."""
DEEPEST: Final = 4
"""Tables within tables that are looked into."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A form that was filled."""

    data: bytes
    applied: tuple[str, ...]
    """Labels whose values stand in it now."""
    missing: tuple[str, ...]
    """Labels that it has not, has twice, or has with something written beside them."""


@dataclass(frozen=True, slots=True)
class _Cell:
    table: Any
    row: int
    column: int
    rows: int
    columns: int
    text: str


@dataclass(frozen=True, slots=True)
class Blank:
    """A blank that a form wants filled."""

    label: str
    """By which :func:`fill_form` finds it: ``outer > label`` where the label alone stands several times."""


def blanks_of(name: str, data: bytes, limits: Limits = LIMITS) -> tuple[Blank, ...]:
    """The labels of a form that have an empty cell or line, in the order of the form; a label that cannot be
    told from another one is left out.

    Raises:
        DocumentRefused: as :func:`fill_form`.
    """
    return _opened(name, data, limits, _blanks)


def fill_form(name: str, data: bytes, values: Mapping[str, str], limits: Limits = LIMITS) -> Filled:
    """Fill a form.

    Args:
        name: of the file, for messages.
        data: an HWPX file.
        values: by label; ``outer > label`` for one of several.
        limits: what the file may cost.

    Raises:
        DocumentRefused: it is no HWPX, broken, encrypted, a bomb, or cannot be changed without touching
            other parts.
    """

    def work(document: Any) -> Filled:
        applied, missing = _fill(document, values)
        made: bytes = document.to_bytes(mode="patch", fallback="error") if applied else data
        others = _changed(data, made)
        if strange := [part for part in others if not part.startswith("Contents/section")]:
            message = f"{name}: filling it would change {strange[0]}"
            raise DocumentRefused("damaged", message, remedy="open it, save it again, and try once more")
        return Filled(made, tuple(applied), tuple(missing))

    return _opened(name, data, limits, work)


def serve(
    name: str, data: bytes, limits: Limits, values: Mapping[str, str] | None
) -> tuple[Blank, ...] | Filled:
    """What the process apart does: list the blanks, or fill them (:mod:`donghaeng.office.forms_apart`)."""
    return blanks_of(name, data, limits) if values is None else fill_form(name, data, values, limits)


def _opened(name: str, data: bytes, limits: Limits, work: Callable[[Any], T]) -> T:
    """Do something with an opened form; whatever a library says of a broken file is told as one error."""
    from hwpx import HwpxDocument  # noqa: PLC0415  a third of a second that only forms pay

    check_size(name, len(data), limits)
    if kind_of(name, data) is not FileKind.HWPX:
        raise DocumentRefused("unknown_kind", f"{name}: no HWPX form", remedy="save it as HWPX")
    try:
        check_archive(data, limits)
        return work(HwpxDocument.open(data))
    except DocumentRefused:
        raise
    except Exception as error:  # a library over files of anybody raises whatever it likes
        message = f"{name}: the form is damaged ({type(error).__name__})"
        raise DocumentRefused(
            "damaged", message, remedy="open it, save it again, and try once more"
        ) from error


def _blanks(document: Any) -> tuple[Blank, ...]:
    cells = list(_cells(document))
    found: list[Blank] = []
    for cell in cells:
        words = " ".join(cell.text.split())
        if not key(words) or _EMPTY.fullmatch(words) or _target(cells, cell) is None:
            continue
        heads = (
            " ".join(head.text.split())
            for head in cells
            if _under(cell, head) and key(head.text) and len(head.text) <= LONGEST_LABEL
        )
        ways = (words, *(f"{head} {_PATH} {words}" for head in heads))
        # A label is offered only by a way that finds this blank and no other.
        way = next((way for way in ways if _found(cells, way) == [cell]), None)
        if way is not None and len(words) <= LONGEST_LABEL:
            found.append(Blank(way))
    for paragraphs in (section.paragraphs for section in document.sections):
        for paragraph in paragraphs:
            blank = _BLANK.match(paragraph.text or "")
            if blank and len(_lines_of(document, blank["label"])) == 1:
                found.append(Blank(blank["label"].strip()))
    return tuple(dict.fromkeys(found))


def _fill(document: Any, values: Mapping[str, str]) -> tuple[list[str], list[str]]:
    applied: list[str] = []
    missing: list[str] = []
    for label, value in values.items():
        cells = list(_cells(document))
        if _in_table(cells, label, value) or _in_line(document, label, value):
            applied.append(label)
        else:
            missing.append(label)
    return applied, missing


def key(label: str) -> str:
    """A label without spaces, colons, signs of duty and what stands in brackets, capitals
    as small letters: ``성  명 (한글)*`` is 성명."""
    label = label.casefold()
    plain = _NOISE.sub("", label)
    return _NOISE.sub("", _ASIDE.sub("", label)) or plain


def _cells(document: Any) -> Iterator[_Cell]:
    for section in document.sections:
        for paragraph in section.paragraphs:
            for table in paragraph.tables:
                yield from _table(table, 0)


def _table(table: Any, depth: int) -> Iterator[_Cell]:
    for place in table.iter_grid():
        if place.anchor != (place.row, place.column):
            continue
        rows, columns = place.span
        yield _Cell(table, place.row, place.column, rows, columns, place.cell.text or "")
        if depth < DEEPEST:
            for inner in place.cell.tables:
                yield from _table(inner, depth + 1)


def _in_table(cells: list[_Cell], label: str, value: str) -> bool:
    found = _found(cells, label)
    targets = [target for cell in found if (target := _target(cells, cell)) is not None]
    if len(found) != 1 or len(targets) != 1:
        return False
    target = targets[0]
    target.table.set_cell_text(target.row, target.column, value, logical=True)
    return True


def _found(cells: list[_Cell], label: str) -> list[_Cell]:
    """The cells that a label names."""
    outer, _, inner = label.rpartition(_PATH)
    found = [cell for cell in cells if key(cell.text) == key(inner)]
    if outer:
        heads = [cell for cell in cells if key(cell.text) == key(outer)]
        found = [cell for cell in found if any(_under(cell, head) for head in heads)]
    return found


def _under(cell: _Cell, head: _Cell) -> bool:
    """Whether a cell stands to the right of a head that spans its row, or below one that spans its column."""
    if cell.table.element is not head.table.element or cell == head:
        return False
    beside = head.column < cell.column and head.row <= cell.row < head.row + head.rows
    below = head.row < cell.row and head.column <= cell.column < head.column + head.columns
    return beside or below


def _target(cells: list[_Cell], label: _Cell) -> _Cell | None:
    """The empty cell to the right of a label, else below it."""
    same = [cell for cell in cells if cell.table.element is label.table.element]
    right = (label.row, label.column + label.columns)
    below = (label.row + label.rows, label.column)
    for row, column in (right, below):
        for cell in same:
            covers = (
                cell.row <= row < cell.row + cell.rows and cell.column <= column < cell.column + cell.columns
            )
            if covers and _EMPTY.fullmatch(cell.text):
                return cell
    return None


def _in_line(document: Any, label: str, value: str) -> bool:
    if _PATH in label:
        return False
    found = _lines_of(document, label)
    if len(found) != 1:
        return False
    paragraph, blank = found[0]
    rest = f" {blank['rest']}" if blank["rest"] else ""
    paragraph.set_text_preserving_runs(f"{blank['lead'].rstrip()} {value}{rest}")
    return True


def _lines_of(document: Any, label: str) -> list[tuple[Any, re.Match[str]]]:
    """The lines with a blank that a label names."""
    found = []
    for section in document.sections:
        for paragraph in section.paragraphs:
            blank = _BLANK.match(paragraph.text or "")
            if blank and key(blank["label"]) == key(label):
                found.append((paragraph, blank))
    return found


def _changed(before: bytes, after: bytes) -> list[str]:
    """Parts of the package that differ, those that came or went too."""
    with zipfile.ZipFile(io.BytesIO(before)) as old, zipfile.ZipFile(io.BytesIO(after)) as new:
        names = dict.fromkeys((*old.namelist(), *new.namelist()))
        held, made = set(old.namelist()), set(new.namelist())
        return [
            name for name in names if name not in held or name not in made or old.read(name) != new.read(name)
        ]
