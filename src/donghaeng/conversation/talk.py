"""`donghaeng talk`: a live session with the microphone and loudspeaker of this machine."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from typing import Any, Protocol

from donghaeng.conversation.live_desk import LiveDesk


class Sound(Protocol):
    """A microphone and a loudspeaker (:class:`donghaeng.speech.devices.MachineSound`)."""

    @property
    def rate(self) -> int:
        """Samples a second of the microphone."""
        ...

    def frames(self) -> AsyncIterator[bytes]:
        """What the microphone hears, as 16-bit PCM."""
        ...

    def play(self, pcm: bytes) -> None:
        """Queue sound for the loudspeaker."""
        ...

    def stop(self) -> None:
        """Silence the loudspeaker at once and forget what waits for it."""
        ...

    def hold(self, *, still: bool) -> None:
        """Let the loudspeaker wait where it is, or go on."""
        ...


async def talk(desk: LiveDesk, sound: Sound, show: Callable[[dict[str, Any]], None]) -> str:
    """Talk until the conversation ends.

    Args:
        desk: where the session lives.
        sound: the devices; without echo cancelling use headphones.
        show: is given every message of the session (CONTRACT 4).

    Returns:
        Why it ended.
    """

    async def incoming() -> AsyncIterator[str | bytes]:
        yield json.dumps({"type": "start", "sample_rate": sound.rate, "channel": "kiosk"})
        async for frame in sound.frames():
            yield frame

    async def send(data: str | bytes) -> None:
        if isinstance(data, bytes):
            sound.play(data)
            return
        message = json.loads(data)
        if message["type"] == "interrupted":
            sound.stop()
        elif message["type"] in ("hold", "go_on"):
            sound.hold(still=message["type"] == "hold")
        show(message)

    return await desk.serve(incoming(), send)
