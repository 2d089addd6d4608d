"""Tables that somebody supplies (CSV, TSV, XLSX), read row by row.

A row that cannot be used is left out with its line and the reason; the others are kept. CSV is read as it
streams by (:func:`read_rows`), so that a file of 200 MB needs no memory; UTF-8 (with or without a mark),
CP949 and UTF-16, as Korean offices save them. Tables that we write: :mod:`donghaeng.tower.csv_files`.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from donghaeng.errors import InputError
from donghaeng.knowledge.documents.limits import LIMITS, MEGABYTE, check_archive

MOST_BYTES: Final = 300 * MEGABYTE
MOST_ROWS: Final = 5_000_000
MOST_SHEET_BYTES: Final = LIMITS.file_bytes
_ENCODINGS: Final = ("utf-8-sig", "cp949", "utf-16")
_PIECE: Final = 1 << 20
_TOLD_EVERY: Final = 5_000

Progress = Callable[[int], None]
"""Called with the number of rows read so far."""


class RowFault(ValueError):
    """A row cannot be used; the message is the reason, in Korean for the office whose table it is."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    name: str
    """Its heading."""
    read: Callable[[str], Any]
    """Makes a value of a cell's text, or raises :class:`RowFault`."""
    required: bool = True
    """Whether a cell may be empty, or the column be absent; its value is None then."""
    also: tuple[str, ...] = ()
    """Other headings under which offices have it."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that was left out."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a file gave."""

    file: str
    rows: tuple[dict[str, Any], ...] = field(repr=False)
    lines: tuple[int, ...] = field(repr=False)
    """The line of each row."""
    skipped: tuple[Skipped, ...]

    @property
    def read(self) -> int:
        """Rows in all."""
        return len(self.rows) + len(self.skipped)


def read_rows(path: Path, columns: Sequence[Column]) -> Iterator[tuple[int, dict[str, Any] | Skipped]]:
    """The rows of a table as they stream by, each with its line; what cannot be used as :class:`Skipped`.

    Args:
        path: ``.csv``, ``.tsv``, ``.txt`` or ``.xlsx``.
        columns: those that are wanted; others are ignored.

    Raises:
        InputError: the file is absent, too large, of unknown letters, or lacks a column.
    """
    places: Mapping[str, int] | None = None
    done = 0
    for line, cells in _cells(path):
        if places is None:
            places = _places(path, cells or [], columns)
            continue
        if cells is None:
            yield line, Skipped(line, "읽을 수 없는 줄이에요")
        elif any(cell.strip() for cell in cells):
            try:
                yield line, _values(cells, columns, places)
            except RowFault as fault:
                yield line, Skipped(line, str(fault))
        else:
            continue
        done += 1
        if done > MOST_ROWS:
            raise InputError(f"{path}: more than {MOST_ROWS} rows", remedy="split the file")
    if places is None:
        raise InputError(f"{path}: is empty", remedy=f"its first line names {_names(columns)}")


def read_sheet(path: Path, columns: Sequence[Column], progress: Progress = lambda rows: None) -> Sheet:
    """Read a whole table; ``progress`` is told every some thousand rows. See :func:`read_rows`."""
    rows: list[dict[str, Any]] = []
    lines: list[int] = []
    skipped: list[Skipped] = []
    for line, row in read_rows(path, columns):
        if isinstance(row, Skipped):
            skipped.append(row)
        else:
            rows.append(row)
            lines.append(line)
        if (len(rows) + len(skipped)) % _TOLD_EVERY == 0:
            progress(len(rows) + len(skipped))
    progress(len(rows) + len(skipped))
    return Sheet(path.name, tuple(rows), tuple(lines), tuple(skipped))


def text(most: int = 200) -> Callable[[str], str]:
    """A text of at most ``most`` letters, spaces tidied."""

    def read(cell: str) -> str:
        tidied = " ".join(cell.split())
        if len(tidied) > most:
            raise RowFault(f"{most}글자보다 길어요")
        return tidied

    return read


def number(low: float, high: float, *, whole: bool = False) -> Callable[[str], float]:
    """A number between two bounds; commas between thousands are allowed."""

    def read(cell: str) -> float:
        try:
            value = float(cell.replace(",", ""))
        except ValueError:
            raise RowFault(f"수가 아니에요: {cell[:20]!r}") from None
        if not low <= value <= high:
            raise RowFault(f"{low:g}에서 {high:g} 사이가 아니에요: {value:g}")
        if whole and not value.is_integer():
            raise RowFault(f"정수가 아니에요: {value:g}")
        return value

    return read


def one_of(values: Mapping[str, Any]) -> Callable[[str], Any]:
    """One of some words, spaces and letter case aside."""
    known = {"".join(word.split()).lower(): value for word, value in values.items()}

    def read(cell: str) -> Any:
        key = "".join(cell.split()).lower()
        if key not in known:
            raise RowFault(f"이 가운데 하나가 아니에요 ({', '.join(values)}): {cell[:20]!r}")
        return known[key]

    return read


def day(cell: str) -> date:
    """A date such as 2026-11-23, 2026.11.23, 20261123 or a spreadsheet's own."""
    plain = cell.strip().replace(". ", "-").replace(".", "-").replace("/", "-").rstrip("-")
    for form in ("%Y-%m-%d", "%Y%m%d", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"):
        try:
            return datetime.strptime(plain, form).date()  # noqa: DTZ007  a day has no zone
        except ValueError:
            continue
    raise RowFault(f"날짜가 아니에요: {cell[:20]!r} (2026-11-23처럼 적어 주세요)")


YES_NO: Final = one_of(
    {"예": True, "아니오": False, "아니요": False, "y": True, "n": False, "1": True, "0": False}
)
"""Reads a yes or no."""


def _values(cells: Sequence[str], columns: Sequence[Column], places: Mapping[str, int]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for column in columns:
        place = places.get(column.name)
        cell = cells[place].strip() if place is not None and place < len(cells) else ""
        if not cell:
            if column.required:
                raise RowFault(f"{column.name}: 비어 있어요")
            found[column.name] = None
            continue
        try:
            found[column.name] = column.read(cell)
        except RowFault as fault:
            raise RowFault(f"{column.name}: {fault}") from None
    return found


def _places(path: Path, header: Sequence[str], columns: Sequence[Column]) -> dict[str, int]:
    heads = {"".join(cell.split()): place for place, cell in reversed(list(enumerate(header)))}
    places: dict[str, int] = {}
    for column in columns:
        for name in (column.name, *column.also):
            if "".join(name.split()) in heads:
                places[column.name] = heads["".join(name.split())]
                break
        else:
            if column.required:
                raise InputError(
                    f"{path}: the first line has no column {column.name}",
                    remedy=f"it names {_names(columns)}",
                )
    return places


def _names(columns: Sequence[Column]) -> str:
    return ", ".join(column.name for column in columns)


def _cells(path: Path) -> Iterator[tuple[int, list[str] | None]]:
    """Lines with their cells; None where a line is no row."""
    try:
        size = path.stat().st_size
        if path.suffix.lower() == ".xlsx":
            if size > MOST_SHEET_BYTES:
                remedy = "save it as CSV, of which more is read"
                raise InputError(f"{path}: {size // MEGABYTE} MB of XLSX are too many", remedy=remedy)
            yield from _of_book(path)
            return
        if size > MOST_BYTES:
            raise InputError(f"{path}: is larger than {MOST_BYTES // MEGABYTE} MB", remedy="split the file")
        yield from _of_text(path)
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None


def _of_book(path: Path) -> Iterator[tuple[int, list[str] | None]]:
    data = path.read_bytes()
    try:
        check_archive(data, LIMITS)
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except InputError:
        raise
    except (InvalidFileException, KeyError, ValueError, OSError, EOFError, ArithmeticError) as error:
        raise InputError(f"{path}: is no XLSX file", remedy="save it anew, or as CSV") from error
    except Exception as error:  # the library raises whatever its parser does
        raise InputError(f"{path}: is no XLSX file", remedy="save it anew, or as CSV") from error
    try:
        for line, row in enumerate(book.worksheets[0].iter_rows(values_only=True), start=1):
            yield line, [_written(value) for value in row]
    finally:
        book.close()


def _written(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(" ")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _of_text(path: Path) -> Iterator[tuple[int, list[str] | None]]:
    encoding = encoding_of(path)
    with path.open(encoding=encoding, newline="") as lines:
        first = lines.readline()
        lines.seek(0)
        reader = csv.reader(lines, delimiter="\t" if "\t" in first else ",")
        while True:
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error:
                yield reader.line_num, None
                continue
            yield reader.line_num, row


def encoding_of(path: Path) -> str:
    """In which of the known encodings the whole of a text file is.

    Raises:
        InputError: in none.
    """
    for encoding in _ENCODINGS:
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            with path.open("rb") as raw:
                while piece := raw.read(_PIECE):
                    if "\x00" in decoder.decode(piece):
                        raise UnicodeError
                decoder.decode(b"", final=True)
        except UnicodeError:
            continue
        return encoding
    raise InputError(f"{path}: is not text in UTF-8, CP949 or UTF-16", remedy="save it as UTF-8")
