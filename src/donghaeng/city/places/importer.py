"""Official tables of places into the city's own: which table a file is, and a report row by row.

The file is recognised by its header, not by its name. Rows that are no place are skipped with their line
and reason; the others are kept. Nothing is stored when a file is not a table at all.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from donghaeng.city.places.formats import (
    TABLES,
    RowError,
    Table,
    area_place,
    english_names,
    outlines,
)
from donghaeng.city.places.model import Kind, Place
from donghaeng.city.places.naming import join_lines
from donghaeng.city.places.table import PlaceTable
from donghaeng.errors import CatalogueError

Progress = Callable[[Path, int, int], None]
"""Called with the file, rows done and rows in all."""

_PROGRESS_EVERY = 500
"""Rows between two calls of the progress callback."""
_MAX_BYTES = 200_000_000
"""Largest file that is read; Seoul's largest table of places is about 1.2 MB."""
_AREAS, _ENGLISH, _OUTLINES = "names of areas", "English station names", "outlines of districts"
_RANKS = {_OUTLINES: 2, _AREAS: 9, _ENGLISH: 10}
_NO_PLACES = 99
_EXPECTED = "a CSV, TSV, JSON or GeoJSON table with the columns that docs and `places import --help` name"


class PlaceStore(Protocol):
    """Where imported places live between runs."""

    def save(self, rows: Sequence[Place]) -> None:
        """Add places; one with a known identity replaces it. All or none.

        Raises:
            StoreError: nothing was stored.
        """
        ...

    def load(self) -> tuple[Place, ...]:
        """Every imported place, in the order of import."""
        ...


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that was left out."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class FileReport:
    """What one file gave."""

    file: Path
    table: str
    """Which table the file was recognised as."""
    rows: int
    """Rows read, header not counted."""
    skipped: tuple[Skipped, ...]
    places: tuple[Place, ...] = field(repr=False)
    """The places of the accepted rows; several rows of a station are one place."""

    @property
    def accepted(self) -> int:
        """Rows that became places."""
        return self.rows - len(self.skipped)


@dataclass(frozen=True, slots=True)
class _Opened:
    file: Path
    table: str
    rank: int
    kind: Table | None
    text: str
    document: Any = None


def read_files(
    files: Iterable[Path], known: PlaceTable, progress: Progress | None = None
) -> list[FileReport]:
    """Read tables, districts first, so that each may use what the earlier ones brought.

    Args:
        files: tables in any order.
        known: the places known so far; taken for positions that a table lacks.
        progress: told every few hundred rows.

    Returns:
        A report for each file, in the order of reading.

    Raises:
        CatalogueError: a file cannot be read or is no known table; names file, line and remedy.
    """
    opened = sorted((_open(file) for file in files), key=lambda item: item.rank)
    reports = []
    for item in opened:
        report = _read(item, known, progress)
        reports.append(report)
        if report.places:
            known = known.with_places(report.places)
    return reports


def import_files(
    files: Iterable[Path], store: PlaceStore, known: PlaceTable, progress: Progress | None = None
) -> list[FileReport]:
    """Read tables and store their places; see :func:`read_files` for arguments and errors."""
    reports = read_files(files, known, progress)
    store.save([place for report in reports for place in report.places])
    return reports


def _open(file: Path) -> _Opened:
    text = _decode(file)
    if file.suffix.lower() in {".json", ".geojson"}:
        return _open_json(file, text)
    header = _header(text)
    for table in TABLES:
        if table.columns <= set(header):
            return _Opened(file, table.name, table.rank, table, text)
    if file.suffix.lower() == ".txt" and "," not in text.split("\n", 1)[0]:
        return _Opened(file, _AREAS, _RANKS[_AREAS], None, text)
    if file.stem.upper().startswith("README"):
        return _Opened(file, "notes, not a table", _NO_PLACES, None, "")
    found = ", ".join(sorted(header)[:6])[:80]
    raise CatalogueError(file, 1, f"no known table has these columns: {found}", remedy=f"give {_EXPECTED}")


def _decode(file: Path) -> str:
    """UTF-8, or CP949 as older official files have it."""
    try:
        if file.stat().st_size > _MAX_BYTES:
            raise CatalogueError(file, 1, "the file is larger than 200 MB", remedy="split it")
        raw = file.read_bytes()
    except OSError as error:
        raise CatalogueError(
            file, 1, f"cannot be read: {error.strerror}", remedy=f"give {_EXPECTED}"
        ) from None
    for encoding in ("utf-8-sig", "cp949"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text.replace("\r\n", "\n").replace("\r", "\n")
        break
    raise CatalogueError(file, 1, "is not text in UTF-8 or CP949", remedy="save it as UTF-8")


def _open_json(file: Path, text: str) -> _Opened:
    try:
        document = json.loads(text)
    except ValueError as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else 1
        raise CatalogueError(file, line, "is not JSON", remedy="give the file as it was published") from None
    except RecursionError:
        raise CatalogueError(file, 1, "is nested too deeply", remedy=f"give {_EXPECTED}") from None
    if isinstance(document, dict):
        if isinstance(document.get("features"), list):
            return _Opened(file, _OUTLINES, _RANKS[_OUTLINES], None, text, document)
        if isinstance(document.get("englishToKorean"), dict):
            return _Opened(file, _ENGLISH, _RANKS[_ENGLISH], None, text, document)
        if "lifeArray" in document:
            return _Opened(file, "welfare codes, no places", _NO_PLACES, None, "")
    raise CatalogueError(file, 1, "no known table has this shape", remedy=f"give {_EXPECTED}")


def _delimiter(text: str) -> str:
    first = text.split("\n", 1)[0]
    return "\t" if "\t" in first else ","


def _header(text: str) -> tuple[str, ...]:
    """Column names of the first line; none where it is no line of a table."""
    try:
        first = next(csv.reader(io.StringIO(text), delimiter=_delimiter(text)), [])
    except csv.Error:
        return ()
    return tuple(column.strip() for column in first)


def _read(item: _Opened, known: PlaceTable, progress: Progress | None) -> FileReport:
    places: list[Place] = []
    skipped: list[Skipped] = []
    total = max(item.text.count("\n"), 1)
    rows = 0
    for rows, (line, made) in enumerate(_rows(item, known), start=1):
        if isinstance(made, RowError):
            skipped.append(Skipped(line, str(made)))
        else:
            places.append(made)
        if progress and rows % _PROGRESS_EVERY == 0:
            progress(item.file, rows, max(total, rows))
    if progress:
        progress(item.file, rows, rows)
    stations = join_lines(place for place in places if place.kind is Kind.STATION)
    kept = (*(place for place in places if place.kind is not Kind.STATION), *stations)
    return FileReport(item.file, item.table, rows, tuple(skipped), kept)


def _rows(item: _Opened, known: PlaceTable) -> Iterator[tuple[int, Place | RowError]]:
    if item.kind is not None:
        yield from _table_rows(item, item.kind, known)
    elif item.table == _OUTLINES:
        yield from enumerate(outlines(item.document, known), start=1)
    elif item.table == _ENGLISH:
        yield from enumerate(english_names(item.document, known), start=1)
    elif item.table == _AREAS:
        for line, name in enumerate(item.text.splitlines(), start=1):
            if name.strip():
                yield line, _made(lambda name=name: area_place(name.strip(), known))  # type: ignore[misc]


def _table_rows(item: _Opened, table: Table, known: PlaceTable) -> Iterator[tuple[int, Place | RowError]]:
    names = _header(item.text)
    reader = csv.DictReader(io.StringIO(item.text), names, delimiter=_delimiter(item.text))
    next(reader)
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield reader.line_num, RowError(f"is not a row: {error}")
            continue
        yield reader.line_num, _made(lambda row=row: table.read(row, known))  # type: ignore[misc]


def _made(make: Callable[[], Place]) -> Place | RowError:
    try:
        return make()
    except RowError as error:
        return error
