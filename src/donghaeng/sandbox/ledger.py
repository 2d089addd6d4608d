"""What the sandbox city's gateway has accepted, kept in SQLite: in memory, or in a file."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any

from donghaeng.errors import StoreError

ACCEPTED, CANCELLED = "accepted", "cancelled"

_TABLE = """CREATE TABLE IF NOT EXISTS request (
    number INTEGER PRIMARY KEY, receipt TEXT UNIQUE NOT NULL, service TEXT NOT NULL, day TEXT NOT NULL,
    key_hash TEXT UNIQUE NOT NULL, body_hash TEXT NOT NULL, sealed BLOB NOT NULL,
    made_at TEXT NOT NULL, state TEXT NOT NULL)"""


@dataclass(frozen=True, slots=True)
class Entry:
    """One accepted request."""

    receipt: str
    service: str
    arguments: Mapping[str, Any]
    made_at: str
    state: str


class KeyReusedError(Exception):
    """An idempotency key came again with another request."""


class Ledger:
    """Accepted requests by receipt and idempotency key.

    Args:
        path: the file; in memory when ``None``.
        prefix: what receipts begin with.
        seal, unseal: applied to the arguments, which hold personal data, before they are stored.
    """

    def __init__(
        self,
        path: Path | None = None,
        *,
        prefix: str = "SEL",
        seal: Callable[[bytes], bytes] = bytes,
        unseal: Callable[[bytes], bytes] = bytes,
    ) -> None:
        self._prefix = prefix
        self._seal = seal
        self._unseal = unseal
        self._lock = Lock()
        try:
            self._db = sqlite3.connect(str(path) if path else ":memory:", check_same_thread=False)
            self._db.execute(_TABLE)
        except sqlite3.Error as error:
            raise StoreError(f"the sandbox city's ledger cannot be opened ({error})") from None

    def known(self, service: str, arguments: Mapping[str, Any], key: str) -> Entry | None:
        """The request that this key made before.

        Raises:
            KeyReusedError: the key made another request.
        """
        with self._lock:
            row = self._db.execute(
                "SELECT receipt, body_hash FROM request WHERE key_hash = ?", (_hash(key.encode()),)
            ).fetchone()
            if row is None:
                return None
            if row[1] != _body_hash(service, arguments):
                raise KeyReusedError
            return self._entry(row[0])

    def accept(self, service: str, arguments: Mapping[str, Any], key: str, now: datetime) -> Entry:
        """Store a request under a key that is new.

        Raises:
            KeyReusedError: the key is not new.
        """
        day = f"{now:%y%m%d}"
        sealed = self._seal(json.dumps(dict(arguments), ensure_ascii=False).encode())
        with self._lock, self._db:
            (used,) = self._db.execute("SELECT count(*) FROM request WHERE day = ?", (day,)).fetchone()
            receipt = f"{self._prefix}-{day}-{used + 1:04d}"
            try:
                self._db.execute(
                    "INSERT INTO request"
                    " (receipt, service, day, key_hash, body_hash, sealed, made_at, state)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    (
                        receipt,
                        service,
                        day,
                        _hash(key.encode()),
                        _body_hash(service, arguments),
                        sealed,
                        now.isoformat(timespec="seconds"),
                        ACCEPTED,
                    ),
                )
            except sqlite3.IntegrityError:
                raise KeyReusedError from None
            return self._entry(receipt)

    def cancel(self, receipt: str) -> Entry:
        """Mark a request, which must be there, as cancelled; again if it was."""
        with self._lock, self._db:
            self._db.execute("UPDATE request SET state = ? WHERE receipt = ?", (CANCELLED, receipt))
            return self._entry(receipt)

    def find(self, receipt: str) -> Entry | None:
        """The request with this receipt."""
        with self._lock:
            row = self._db.execute("SELECT 1 FROM request WHERE receipt = ?", (receipt,)).fetchone()
            return self._entry(receipt) if row else None

    def entries(self) -> list[Entry]:
        """Every request, oldest first."""
        with self._lock:
            rows = self._db.execute("SELECT receipt FROM request ORDER BY number").fetchall()
            return [self._entry(row[0]) for row in rows]

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def _entry(self, receipt: str) -> Entry:
        row = self._db.execute(
            "SELECT service, sealed, made_at, state FROM request WHERE receipt = ?", (receipt,)
        ).fetchone()
        return Entry(receipt, row[0], json.loads(self._unseal(row[1])), row[2], row[3])


def _hash(value: bytes) -> str:
    return hashlib.blake2b(value, digest_size=16).hexdigest()


def _body_hash(service: str, arguments: Mapping[str, Any]) -> str:
    return _hash(json.dumps([service, dict(arguments)], ensure_ascii=False, sort_keys=True).encode())
