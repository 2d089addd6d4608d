"""A recording at rest: pieces of 64 KiB, each under AES-256-GCM with the file's own key.

The key lies in the meeting's sealed row, not here. A piece is bound to the meeting and its place, so that
none can be left out, moved or taken from another file; any part is read without the rest, as a player asks.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from donghaeng.errors import AudioError, StoreError

PIECE: Final = 64 * 1024
_TAG: Final = 16
FOLDER: Final = Path("recordings/minutes")
"""Below the data folder; under the rule of retention for recordings."""


def new_key() -> bytes:
    """The key of one file."""
    return AESGCM.generate_key(256)


def sealed_path(data: Path, name: str) -> Path:
    """Where the recording of a meeting lies."""
    return data / FOLDER / f"{name}.sealed"


class SealedWriter:
    """Takes a file bit by bit (``with SealedWriter(…) as out: out.write(data)``); an error keeps nothing."""

    def __init__(self, path: Path, key: bytes, name: str, *, most: int) -> None:
        self._path = path
        self._cipher = AESGCM(key)
        self._name = name
        self._most = most
        self._held = bytearray()
        self._number = 0
        self.size = 0
        """Bytes that were taken."""

    def __enter__(self) -> Self:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._file = self._path.open("xb")
        return self

    def write(self, data: bytes) -> None:
        """Take more.

        Raises:
            AudioError: it is too much.
        """
        self.size += len(data)
        if self.size > self._most:
            message = f"파일이 너무 커요. {self._most // 1024**2}MB까지 받아요."
            raise AudioError(message, remedy="MP3나 M4A로 바꾸거나 나누어서 올려 주세요.")
        self._held += data
        while len(self._held) >= PIECE:
            self._put(bytes(self._held[:PIECE]))
            del self._held[:PIECE]

    def _put(self, piece: bytes) -> None:
        place = _place(self._name, self._number)
        self._file.write(self._cipher.encrypt(self._number.to_bytes(12, "big"), piece, place))
        self._number += 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None and self._held:
            self._put(bytes(self._held))
        if error is None:
            self._file.flush()
            os.fsync(self._file.fileno())
        self._file.close()
        if error is not None:
            self._path.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class SealedFile:
    """A recording that lies sealed."""

    path: Path
    name: str
    """Id of the meeting."""
    size: int
    """Bytes of the plain recording."""
    key: bytes = field(repr=False)

    def read(self, start: int, end: int) -> bytes:
        """Bytes ``start`` to ``end`` (not included).

        Raises:
            StoreError: the file is gone, damaged or another's.
        """
        end = min(end, self.size)
        first, last = start // PIECE, max(start, end - 1) // PIECE
        cipher = AESGCM(self.key)
        parts = []
        try:
            with self.path.open("rb") as file:
                for number in range(first, last + 1):
                    file.seek(number * (PIECE + _TAG))
                    blob = file.read(min(PIECE, self.size - number * PIECE) + _TAG)
                    place = _place(self.name, number)
                    parts.append(cipher.decrypt(number.to_bytes(12, "big"), blob, place))
        except (OSError, InvalidTag, ValueError) as error:
            raise StoreError("the recording is gone or damaged", remedy="upload it again") from error
        return b"".join(parts)[start - first * PIECE : end - first * PIECE]

    def pieces(self) -> Iterator[bytes]:
        """The plain recording bit by bit. Raises as :meth:`read`."""
        for start in range(0, self.size, PIECE):
            yield self.read(start, start + PIECE)

    @contextmanager
    def opened(self) -> Iterator[tuple[Path, int]]:
        """The plain recording as a file in no folder: its path for this process and its children, its handle.

        Raises:
            StoreError: as :meth:`read`.
        """
        with _nameless() as file:
            for piece in self.pieces():
                file.write(piece)
            file.flush()
            file.seek(0)
            yield Path(f"/proc/self/fd/{file.fileno()}"), file.fileno()


def _nameless() -> IO[bytes]:
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("recording", 0), "w+b")
    return tempfile.TemporaryFile()


def _place(name: str, number: int) -> bytes:
    return f"recordings/minutes/{name}/{number}".encode()
