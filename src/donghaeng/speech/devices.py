"""The microphone and loudspeaker of this machine, through PortAudio (the extra ``talk``)."""

from __future__ import annotations

import asyncio
import importlib
import threading
from collections import deque
from collections.abc import AsyncIterator
from typing import Any, Final

from donghaeng.errors import EngineMissing
from donghaeng.speech.engines import LISTEN_RATE

FRAME_SECONDS: Final = 0.04
BYTES_PER_SAMPLE: Final = 2
MOST_FRAMES_WAITING: Final = 250
"""Ten seconds of microphone sound that nobody fetched; older sound is dropped."""


class MachineSound:
    """Opens the default devices; use as a context manager on the event loop that fetches the frames."""

    rate = LISTEN_RATE

    def __init__(self, out_rate: int) -> None:
        """Prepare the devices.

        Raises:
            EngineMissing: sounddevice or PortAudio is not installed.
        """
        try:
            self._library: Any = importlib.import_module("sounddevice")
        except (ImportError, OSError) as error:
            raise EngineMissing(
                f"no sound devices: {error}",
                remedy="`pip install 'donghaeng[talk]'` and the system package libportaudio2",
            ) from error
        self._out_rate = out_rate
        self._frames: asyncio.Queue[bytes] = asyncio.Queue(MOST_FRAMES_WAITING)
        self._to_play: deque[bytes] = deque()
        self._lock = threading.Lock()
        self._still = False
        self._streams: list[Any] = []

    def __enter__(self) -> MachineSound:
        """Open both devices.

        Raises:
            EngineMissing: there is no microphone or loudspeaker.
        """
        loop = asyncio.get_running_loop()

        def recorded(data: Any, _frames: int, _time: Any, _status: Any) -> None:
            loop.call_soon_threadsafe(self._keep, bytes(data))

        def wanted(data: Any, _frames: int, _time: Any, _status: Any) -> None:
            data[:] = self._next(len(data))

        block = int(LISTEN_RATE * FRAME_SECONDS)
        try:
            self._streams = [
                self._library.RawInputStream(
                    LISTEN_RATE, block, channels=1, dtype="int16", callback=recorded
                ),
                self._library.RawOutputStream(self._out_rate, channels=1, dtype="int16", callback=wanted),
            ]
            for stream in self._streams:
                stream.start()
        except self._library.PortAudioError as error:
            self.__exit__()
            raise EngineMissing(
                f"no microphone or loudspeaker: {error}", remedy="connect one, or use `donghaeng call`"
            ) from error
        return self

    def __exit__(self, *_: object) -> None:
        for stream in self._streams:
            stream.close()
        self._streams = []

    async def frames(self) -> AsyncIterator[bytes]:
        """What the microphone hears, 40 ms at a time, for ever."""
        while True:
            yield await self._frames.get()

    def play(self, pcm: bytes) -> None:
        """Queue sound for the loudspeaker."""
        with self._lock:
            self._to_play.append(pcm)

    def stop(self) -> None:
        """Silence the loudspeaker at once and forget what waits for it."""
        with self._lock:
            self._to_play.clear()
            self._still = False

    def hold(self, *, still: bool) -> None:
        """Let the loudspeaker wait where it is, or go on."""
        with self._lock:
            self._still = still

    def _keep(self, frame: bytes) -> None:
        if self._frames.full():
            self._frames.get_nowait()
        self._frames.put_nowait(frame)

    def _next(self, size: int) -> bytes:
        """The next ``size`` bytes to play, silence where there are none."""
        with self._lock:
            taken = bytearray()
            while self._to_play and len(taken) < size and not self._still:
                piece = self._to_play.popleft()
                need = size - len(taken)
                taken += piece[:need]
                if piece[need:]:
                    self._to_play.appendleft(piece[need:])
        return bytes(taken).ljust(size, b"\0")
