"""What was heard of a recording, in a sealed file of the data folder: for the command line.

One sealed line a piece, added and flushed. The file's name is a fingerprint of the recording, so that the
same command carries on where it stopped; it is destroyed with the other recordings.
"""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final

from donghaeng.errors import StoreError
from donghaeng.office.minutes.sound.transcribing import Said
from donghaeng.trust.sealing import Sealer

FOLDER: Final = Path("recordings/minutes")
"""Below the data folder; under the rule of retention for recordings."""
_READ: Final = 1024 * 1024


def fingerprint(recording: Path, engine: str) -> str:
    """Of the recording's bytes and the engine that hears it."""
    digest = hashlib.sha256(engine.encode() + b"\x00")
    with recording.open("rb") as file:
        while data := file.read(_READ):
            digest.update(data)
    return digest.hexdigest()[:32]


class KeptFile:
    """A :class:`~donghaeng.office.minutes.sound.transcribing.Keeper` in a file."""

    def __init__(self, data: Path, name: str, sealer: Sealer) -> None:
        self._path = data / FOLDER / f"{name}.heard"
        self._sealer = sealer
        self._place = f"minutes_heard/{name}"

    def kept(self) -> Sequence[Said]:
        """Everything that was kept; a half-written last line is left out.

        Raises:
            StoreError: the file cannot be read.
        """
        try:
            lines = self._path.read_bytes().split(b"\n")[:-1] if self._path.exists() else []
            return [Said(**self._sealer.open(base64.b64decode(line), self._place)) for line in lines]
        except (OSError, ValueError) as error:
            raise StoreError(f"{self._path}: cannot be read", remedy="delete it and begin anew") from error

    def keep(self, said: Said) -> None:
        """Add one.

        Raises:
            StoreError: the file cannot be written.
        """
        line = base64.b64encode(self._sealer.seal(asdict(said), self._place)) + b"\n"
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with self._path.open("ab") as file:
                self._drop_half(file.fileno())
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise StoreError(f"{self._path}: cannot be written: {error.strerror}") from error

    def forget(self) -> None:
        """Destroy the file: the minutes are written."""
        self._path.unlink(missing_ok=True)

    def _drop_half(self, handle: int) -> None:
        """Cut off what a crash left of a line."""
        data = self._path.read_bytes()
        if data and not data.endswith(b"\n"):
            os.ftruncate(handle, data.rfind(b"\n") + 1)
