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
MOST_NAMED: Final = 1_000
"""Rows that could not be used which a result names; the rest is counted."""
_ENCODINGS: Final = ("utf-8-sig", "cp949", "utf-16")
_UTF_16_MARKS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_PIECE: Final = 1 << 20
_TOLD_EVERY: Final = 5_000
_YEARS: Final = range(1900, 2101)
"""Another one is a slip of the hand: 0206 for 2026."""
_REMEMBERED: Final = 10_000
"""Different cells of a column whose values are not made twice: a district or a day stands in many rows."""

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
    """Makes a value of a cell's text, or raises :class:`RowFault`. The same text always gives the same."""
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
    values: _Values | None = None
    done = 0
    for line, cells in _cells(path):
        if values is None:
            header = [] if isinstance(cells, Skipped) else cells
            values = _Values(columns, _places(path, header, columns))
            continue
        if isinstance(cells, Skipped):
            yield line, cells
        else:
            try:
                yield line, values.of(cells)
            except RowFault as fault:
                if not any(cell.strip() for cell in cells):
                    continue
                yield line, Skipped(line, str(fault))
        done += 1
        if done > MOST_ROWS:
            raise InputError(f"{path}: more than {MOST_ROWS} rows", remedy="split the file")
    if values is None:
        raise InputError(f"{path}: is empty", remedy=f"its first line names {_names(columns)}")


class Rows:
    """The usable rows of a table, one after the other, for who keeps none of them: iterate it once, then ask
    what was left out.

    Args:
        path, columns: as :func:`read_rows`.
        progress: told every some thousand rows, and at the end.
    """

    def __init__(self, path: Path, columns: Sequence[Column], progress: Progress = lambda rows: None) -> None:
        self.file = path.name
        self.read = 0
        """Rows so far."""
        self.left_out = 0
        """Of these the ones that cannot be used."""
        self.skipped: list[Skipped] = []
        """The first :data:`MOST_NAMED` of them."""
        self._rows = read_rows(path, columns)
        self._progress = progress

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for _, row in self._rows:
            self.read += 1
            if self.read % _TOLD_EVERY == 0:
                self._progress(self.read)
            if not isinstance(row, Skipped):
                yield row
                continue
            self.left_out += 1
            if len(self.skipped) < MOST_NAMED:
                self.skipped.append(row)
        self._progress(self.read)


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
            found = datetime.strptime(plain, form).date()  # noqa: DTZ007  a day has no zone
        except ValueError:
            continue
        if found.year in _YEARS:
            return found
    raise RowFault(f"날짜가 아니에요: {cell[:20]!r} (2026-11-23처럼 적어 주세요)")


YES_NO: Final = one_of(
    {"예": True, "아니오": False, "아니요": False, "y": True, "n": False, "1": True, "0": False}
)
"""Reads a yes or no."""


class _Values:
    """Makes values of rows' cells, each different cell of a column once."""

    def __init__(self, columns: Sequence[Column], places: Mapping[str, int]) -> None:
        self._columns = [
            (column.name, places.get(column.name, -1), column.read, column.required, dict[str, Any]())
            for column in columns
        ]

    def of(self, cells: Sequence[str]) -> dict[str, Any]:
        """The values of a row by their columns' names.

        Raises:
            RowFault: a cell cannot be used.
        """
        found: dict[str, Any] = {}
        wide = len(cells)
        for name, place, read, required, known in self._columns:
            cell = cells[place].strip() if 0 <= place < wide else ""
            if not cell:
                if required:
                    raise RowFault(f"{name}: 비어 있어요")
                found[name] = None
            elif cell in known:
                found[name] = known[cell]
            else:
                try:
                    found[name] = value = read(cell)
                except RowFault as fault:
                    raise RowFault(f"{name}: {fault}") from None
                if len(known) < _REMEMBERED:
                    known[cell] = value
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


def _cells(path: Path) -> Iterator[tuple[int, list[str] | Skipped]]:
    """Lines with their cells, or why they are no row."""
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


def _of_book(path: Path) -> Iterator[tuple[int, list[str] | Skipped]]:
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


def _of_text(path: Path) -> Iterator[tuple[int, list[str] | Skipped]]:
    encoding = encoding_of(path)
    with path.open(encoding=encoding, newline="") as lines:
        first = lines.readline()
        lines.seek(0)
        reader = csv.reader(lines, delimiter="\t" if "\t" in first else ",")
        while True:
            begins = reader.line_num + 1
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error:
                ends = reader.line_num
                yield begins, Skipped(begins, f"{begins}줄부터 {ends}줄까지 읽을 수 없어요 (안 닫힌 따옴표)")
                continue
            yield reader.line_num, row


def encoding_of(path: Path) -> str:
    """In which of the known encodings the whole of a text file is.

    Raises:
        InputError: in none; it says up to which line it is UTF-8.
    """
    with path.open("rb") as raw:
        marked = raw.read(2) in _UTF_16_MARKS
    # Two bytes of nearly anything are a letter in UTF-16: without its mark nothing would be told from it.
    for encoding in _ENCODINGS if marked else _ENCODINGS[:2]:
        if _broken_at(path, encoding) is None:
            return encoding
    line = _broken_at(path, _ENCODINGS[0])
    raise InputError(
        f"{path}: is not text in UTF-8, CP949 or UTF-16: line {line} is broken", remedy="save it as UTF-8"
    )


def _broken_at(path: Path, encoding: str) -> int | None:
    """The first line that cannot be read in an encoding."""
    decoder = codecs.getincrementaldecoder(encoding)()
    line = 1
    try:
        with path.open("rb") as raw:
            while piece := raw.read(_PIECE):
                if "\x00" in decoder.decode(piece):
                    return line + piece[: piece.index(b"\x00")].count(b"\n")
                line += piece.count(b"\n")
            piece = b""
            decoder.decode(piece, final=True)
    except UnicodeDecodeError as error:
        # What the decoder kept of the piece before stands ahead of this one and holds no whole line.
        return line + error.object[: error.start].count(b"\n")
    return None
