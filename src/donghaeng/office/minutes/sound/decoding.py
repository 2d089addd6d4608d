"""Sound of any format, block by block, from a process of its own (:mod:`.child`)."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from donghaeng.errors import AudioError
from donghaeng.office.minutes.sound import child
from donghaeng.speech.audio import pcm16_to_samples
from donghaeng.speech.engines import LISTEN_RATE, Samples

LONGEST_SECONDS: Final = 8 * 3600.0
"""Longest recording of a meeting."""
LARGEST_BYTES: Final = 2 * 1024**3
BLOCK_BYTES: Final = 2 * LISTEN_RATE * 4
"""Four seconds of sound."""
END_SECONDS: Final = 20.0
"""Time that the process has to end after its last sound."""


def check_recording(path: Path) -> float:
    """Length in seconds as the file's header tells it; 0 where it does not tell.

    Raises:
        AudioError: absent, empty, too large, too long.
    """
    try:
        size = path.stat().st_size
    except OSError:
        raise AudioError(f"{path}: no such file", remedy="give the path of a recording") from None
    if not path.is_file() or size == 0:
        raise AudioError(f"{path.name} is empty", remedy="give a recording that holds sound")
    if size > LARGEST_BYTES:
        message = f"{path.name}: {size / 1024**2:.0f} MB are too many"
        raise AudioError(message, remedy=f"at most {LARGEST_BYTES // 1024**2} MB; save it as MP3 or M4A")
    return 0.0


@contextmanager
def decoded(path: Path, *, handle: int | None = None) -> Iterator[Iterator[Samples]]:
    """The sound of ``path`` at 16 kHz, in blocks; the process ends with the context.

    Args:
        path: the file.
        handle: an open file that ``path`` names (``/proc/self/fd/…``), for the other process too.

    Raises:
        AudioError: it is no sound, broken from its beginning on, or too long.
    """
    command = [sys.executable, "-m", child.__name__, str(path), str(LONGEST_SECONDS)]
    process = subprocess.Popen(  # noqa: S603  our own module; the path is an argument, no shell
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
        pass_fds=() if handle is None else (handle,),
    )
    try:
        yield _blocks(process, path.name)
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def _blocks(process: subprocess.Popen[bytes], name: str) -> Iterator[Samples]:
    out = process.stdout
    assert out is not None
    while data := _exactly(out, BLOCK_BYTES):
        yield pcm16_to_samples(data[: len(data) // 2 * 2])
    status = process.wait(END_SECONDS)
    if status == child.TOO_LONG:
        hours = LONGEST_SECONDS / 3600
        raise AudioError(f"{name} lasts longer than {hours:g} hours", remedy="cut it into parts")
    if status:
        raise AudioError(
            f"{name} is no recording that can be read", remedy="save it as MP3, M4A, WAV or FLAC, unencrypted"
        )


def _exactly(stream: IO[bytes], size: int) -> bytes:
    """``size`` bytes, fewer only at the end."""
    parts = bytearray()
    while len(parts) < size and (data := stream.read(size - len(parts))):
        parts += data
    return bytes(parts)
