"""The process that decodes a recording: ``python -m donghaeng.office.minutes.sound.child FILE``.

Standard output is mono 16-bit sound at 16 kHz. A recording comes from anybody: what hangs, grows or crashes
here harms nobody, and only kinds of files that name no other file are read. Leaves with 3 where the file is
no sound, with 4 where it is too long; a few broken packets are left out.
"""

from __future__ import annotations

import sys
from typing import Any, Final

MEMORY_BYTES: Final = 2 * 1024**3
RATE: Final = 16_000
NO_SOUND: Final = 3
TOO_LONG: Final = 4
MOST_BROKEN: Final = 200
"""Packets in a row that do not decode; after them the file is taken for broken."""
CHANNELS: Final = 16
KINDS: Final = (
    "wav,w64,mp3,flac,ogg,aac,amr,aiff,au,caf,asf,avi,mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,mpeg,mpegts"
)
"""Containers that hold their sound themselves; playlists and scripts do not."""
_OPTIONS: Final = {"protocol_whitelist": "file", "format_whitelist": KINDS}


def main(path: str, most_seconds: float) -> int:
    """Decode ``path`` to standard output; the exit status."""
    import av  # noqa: PLC0415  loads after the bounds are set

    try:
        with av.open(path, metadata_errors="ignore", container_options=_OPTIONS) as container:
            stream = next(iter(container.streams.audio), None)
            if stream is None or (stream.codec_context.channels or 0) > CHANNELS:
                return NO_SOUND
            return _decode(av, container, stream, most_seconds)
    except (av.error.FFmpegError, ValueError, MemoryError, OverflowError):
        return NO_SOUND


def _decode(av: Any, container: Any, stream: Any, most_seconds: float) -> int:
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
    written = broken = 0
    for packet in container.demux(stream):
        try:
            frames = packet.decode()
            broken = 0
        except av.error.FFmpegError:
            broken += 1
            if broken > MOST_BROKEN:
                return NO_SOUND if not written else 0
            continue
        for frame in frames:
            for made in resampler.resample(frame):
                data = bytes(made.planes[0])[: made.samples * 2]
                written += made.samples
                if written > most_seconds * RATE:
                    return TOO_LONG
                sys.stdout.buffer.write(data)
    for made in resampler.resample(None):
        sys.stdout.buffer.write(bytes(made.planes[0])[: made.samples * 2])
        written += made.samples
    sys.stdout.buffer.flush()
    return 0 if written else NO_SOUND


def _bound() -> None:
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415  not there on Windows

    for which, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        _, hard = resource.getrlimit(which)
        resource.setrlimit(which, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


if __name__ == "__main__":
    _bound()
    try:
        sys.exit(main(sys.argv[1], float(sys.argv[2])))
    except BrokenPipeError:
        sys.exit(0)
