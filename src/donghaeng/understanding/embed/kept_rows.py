"""Derived rows of bytes by key, in a file of the cache that is written row by row.

What cannot be read or written costs time, nothing else: no error leaves here. Several processes may read and
write beside each other.
"""

from __future__ import annotations

import hashlib
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

BUSY_S: Final = 5.0
"""How long one process waits for another that writes."""
_ASKED_AT_ONCE: Final = 500
_TABLE: Final = (
    "CREATE TABLE IF NOT EXISTS checked (key TEXT PRIMARY KEY, row BLOB NOT NULL, crc INTEGER NOT NULL)"
)
"""``crc``: CRC-32 of the row. SQLite notices where its own structure is hurt, not where a value is."""


def key_of(text: str) -> str:
    """The key under which what is derived from a text is kept."""
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:24]


class KeptRows:
    """Rows in one file; in none, where ``file`` is None.

    Args:
        file: made with its folder when the first row is written.
    """

    def __init__(self, file: Path | None) -> None:
        self._file = file

    def read(self, keys: Iterable[str]) -> dict[str, bytes]:
        """Those of some rows that are there."""
        found: dict[str, bytes] = {}

        def work(database: sqlite3.Connection) -> None:
            for some in _parts(keys):
                marks = ",".join("?" * len(some))
                query = f"SELECT key, row, crc FROM checked WHERE key IN ({marks})"  # noqa: S608  marks alone
                rows = database.execute(query, some)
                found.update((key, row) for key, row, crc in rows if zlib.crc32(row) == crc)

        self._try(work)
        return found

    def write(self, rows: Mapping[str, bytes]) -> None:
        """Keep rows."""

        def work(database: sqlite3.Connection) -> None:
            with database:
                checked = [(key, row, zlib.crc32(row)) for key, row in rows.items()]
                database.executemany("INSERT OR REPLACE INTO checked VALUES (?, ?, ?)", checked)

        if rows:
            self._try(work)

    def _try(self, work: Callable[[sqlite3.Connection], None]) -> None:
        if self._file is None:
            return
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self._file, timeout=BUSY_S)) as database:
                database.execute(_TABLE)
                work(database)
        except (OSError, sqlite3.OperationalError):
            return  # a folder that takes no file, or another process that writes for long
        except sqlite3.DatabaseError:
            with suppress(OSError):
                self._file.unlink(missing_ok=True)


def _parts(keys: Iterable[str]) -> Iterator[list[str]]:
    every = list(dict.fromkeys(keys))
    for begin in range(0, len(every), _ASKED_AT_ONCE):
        yield every[begin : begin + _ASKED_AT_ONCE]
