"""Telephones that call in over real sockets, one frame for each frame that they hear."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any

import numpy as np
from tests.conversation.live_caller import HandClock, InlinePool, ScriptedConversations, TwoSecondVoice, _ends
from tests.spoken import PHRASES

from donghaeng.conversation.admission import Admission
from donghaeng.conversation.live_clock import Clock
from donghaeng.conversation.live_desk import LiveDesk
from donghaeng.conversation.live_mouth import LiveOptions
from donghaeng.phone.line import FRAME_SECONDS, PhoneDesk
from donghaeng.speech.activity.fake import EnergyActivity
from donghaeng.speech.audio import pcm16_to_samples, samples_to_pcm16
from donghaeng.speech.engines import Samples
from donghaeng.speech.load import Ears, Speech
from donghaeng.speech.recognise.fake import FakeRecogniser

RATE = 8_000
FRAME = round(RATE * FRAME_SECONDS)
HANGUP, CALL, KEY, SOUND = 0x00, 0x01, 0x03, 0x10
TURNS_OF_THE_LOOP = 12
"""What both ends of a socket need to hear each other within a frame."""


class FrameClock:
    """Time that moves by what the line sleeps: a frame is a frame, however long the machine takes."""

    def __init__(self) -> None:
        self.hand = HandClock()

    def now(self) -> float:
        return self.hand.now()

    async def sleep(self, seconds: float) -> None:
        self.hand.advance(seconds)
        for _ in range(TURNS_OF_THE_LOOP):
            await asyncio.sleep(0)


class Exchange:
    """An agent that hears what it is told, behind telephone lines."""

    def __init__(
        self,
        *replies: Any,
        heard: tuple[str, ...] = (),
        places: int = 4,
        most_waiting: int = 0,
        clock: Clock | None = None,
    ) -> None:
        """``clock``: one for all; one that moves by frames when None."""
        self.conversations = ScriptedConversations(*replies)
        frames = FrameClock()
        speech = Speech(
            Ears(FakeRecogniser(heard), EnergyActivity(), _ends), TwoSecondVoice(), 24_000, InlinePool()
        )
        self.admission = Admission(places, most_waiting=most_waiting)
        self.live = LiveDesk(
            self.conversations,  # type: ignore[arg-type]
            speech,
            LiveOptions(PHRASES),
            admission=self.admission,
            clock=clock or frames.hand,
            count=self._count,
        )
        self.talking = 0
        self.quiet = asyncio.Event()
        """Nobody talks any more."""
        self.desk = PhoneDesk(self.live, clock=clock or frames)

    def _count(self, change: int) -> None:
        self.talking += change
        if self.talking == 0:
            self.quiet.set()
        else:
            self.quiet.clear()


def tone(seconds: float, loudness: float = 0.3) -> Samples:
    wave = np.sin(2 * np.pi * 300 * np.arange(int(seconds * RATE)) / RATE)
    return (loudness * wave).astype(np.float32)


class AudioSocketPhone:
    """What an Asterisk does with one call."""

    def __init__(self) -> None:
        self.heard: list[Samples] = []
        self.over = False

    async def dial(self, port: int, first: bytes | None = None) -> None:
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", port)
        self.send(first if first is not None else packed(CALL, uuid.UUID(int=7).bytes))

    def send(self, data: bytes) -> None:
        self._writer.write(data)

    async def next_frame(self) -> tuple[int, bytes] | None:
        try:
            head = await self._reader.readexactly(3)
            return head[0], await self._reader.readexactly(int.from_bytes(head[1:], "big"))
        except (asyncio.IncompleteReadError, OSError):
            return None

    async def talk(self, samples: Samples) -> None:
        """Say something, a frame for each frame that is heard."""
        for at in range(0, len(samples), FRAME):
            if not await self._hear():
                return
            self.send(packed(SOUND, samples_to_pcm16(samples[at : at + FRAME])))

    async def listen(self, seconds: float) -> None:
        await self.talk(np.zeros(int(seconds * RATE), np.float32))

    async def only_listen(self, seconds: float) -> None:
        """Send nothing meanwhile."""
        for _ in range(round(seconds / FRAME_SECONDS)):
            if not await self._hear():
                return

    async def _hear(self) -> bool:
        frame = await self.next_frame()
        if frame is None or frame[0] != SOUND:
            self.over = True
            return False
        self.heard.append(pcm16_to_samples(frame[1]))
        return True

    def loud_seconds(self) -> float:
        """How long a voice was heard."""
        return sum(float(np.abs(one).max()) > 0.01 for one in self.heard) * FRAME_SECONDS

    def press(self, key: str) -> None:
        self.send(packed(KEY, key.encode()))

    async def hang_up(self) -> None:
        self.send(packed(HANGUP, b""))
        await self.close()

    async def close(self) -> None:
        self._writer.close()
        await self._writer.wait_closed()


def packed(kind: int, payload: bytes) -> bytes:
    return bytes([kind]) + len(payload).to_bytes(2, "big") + payload
