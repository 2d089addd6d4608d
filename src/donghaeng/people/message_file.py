"""Messages into a file of the data folder: the embedded default, for an installation without a provider.

Every line is a JSON object ``{"key", "at", "sealed"}``; ``sealed`` holds number and text in base64, sealed
like other personal values.
"""

from __future__ import annotations

import asyncio
import base64
import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Final

from donghaeng.errors import ProviderUnavailable, StoreError
from donghaeng.trust.sealing import Sealer

MESSAGES_FILE: Final = "messages.jsonl"
_OWNER_ONLY = 0o600


@dataclass(frozen=True, slots=True)
class KeptMessage:
    """One message of the file."""

    key: str
    at: datetime
    number: str = field(repr=False)
    text: str = field(repr=False)


class FileMessages:
    """A :class:`~donghaeng.people.messages.MessageProvider` that appends to a file.

    Args:
        folder: the data folder.
        sealer: seals number and text.
    """

    def __init__(self, folder: Path, sealer: Sealer) -> None:
        self._file = folder / MESSAGES_FILE
        self._sealer = sealer
        self._keys: set[str] = set()
        self._read_to = 0

    @property
    def name(self) -> str:
        """The file."""
        return f"file {self._file}"

    async def send(self, number: str, text: str, *, key: str) -> str:
        """Append it, unless its key stands in the file; see :class:`MessageProvider`.

        Raises:
            ProviderUnavailable: the file cannot be written.
        """
        return await asyncio.to_thread(self._append, number, text, key)

    async def aclose(self) -> None:
        """Nothing stays open."""

    def _append(self, number: str, text: str, key: str) -> str:
        sealed = self._sealer.seal({"number": number, "text": text}, _place(key))
        line = {
            "key": key,
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "sealed": base64.b64encode(sealed).decode(),
        }
        try:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(os.open(self._file, os.O_RDWR | os.O_CREAT, _OWNER_ONLY), "r+b") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                self._look(file)
                if key not in self._keys:
                    file.seek(0, os.SEEK_END)
                    file.write(json.dumps(line).encode() + b"\n")
                    file.flush()
                    os.fsync(file.fileno())
        except OSError as error:
            raise ProviderUnavailable("messages", f"{self._file}: {error.strerror}") from None
        return hashlib.sha256(key.encode()).hexdigest()[:16]

    def _look(self, file: IO[bytes]) -> None:
        """Take in the keys that were written since the last look, by this process or another. What a crash
        left of a line at the end is cut off."""
        if file.seek(0, os.SEEK_END) < self._read_to:
            # An operator has put the file away; this is a new one.
            self._keys.clear()
            self._read_to = 0
        file.seek(self._read_to)
        for line in file:
            if not line.endswith(b"\n"):
                break
            self._keys.add(str(json.loads(line)["key"]))
            self._read_to += len(line)
        file.truncate(self._read_to)


def read_messages(folder: Path, sealer: Sealer) -> Iterator[KeptMessage]:
    """The messages of the file, oldest first; none where there is no file.

    Raises:
        StoreError: a line is damaged, or was sealed with another key.
    """
    file = folder / MESSAGES_FILE
    if not file.exists():
        return
    for number, line in enumerate(file.read_bytes().splitlines(), start=1):
        try:
            entry = json.loads(line)
            blob, key = base64.b64decode(entry["sealed"], validate=True), str(entry["key"])
            at = datetime.fromisoformat(entry["at"])
        except (ValueError, LookupError, TypeError):
            raise StoreError(f"{file}:{number}: is no message") from None
        private = sealer.open(blob, _place(key))
        yield KeptMessage(key, at, private["number"], private["text"])


def _place(key: str) -> str:
    return f"message_file/{key}"
