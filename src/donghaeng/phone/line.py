"""A telephone line: a live session whose answer is paced out in frames of 20 ms.

A page keeps its own loudspeaker; a telephone plays what it gets when it gets it. So the line does what a page
does: it holds the answer while somebody may want the word, drops it when they take it, and tells the session
what has been played.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import structlog

from donghaeng.conversation.live_clock import Clock, SystemClock
from donghaeng.conversation.live_desk import LiveDesk
from donghaeng.conversation.live_messages import KEYS
from donghaeng.phone.dead_air import DeadAir, Verdict
from donghaeng.phone.outgoing import Outgoing
from donghaeng.speech.audio import samples_to_pcm16
from donghaeng.speech.engines import Audio, Samples

FRAME_SECONDS: Final = 0.02
"""What telephone systems send and expect at a time (RFC 3551)."""
LATE_SECONDS: Final = 0.5
"""A pacer this far behind starts anew instead of sending everything at once."""
LAST_WORDS_SECONDS: Final = 20.0
"""How long the last answer may sound after the session has ended."""
NO_SOUND: Final = "소리가 들리지 않아요. 전화기를 확인하고 말씀해 주세요."
MOVED: Final = "이제 화면에서 이어서 말씀하세요. 전화는 끊을게요."
GIVEN_UP: Final = "소리가 들리지 않아서 전화를 끊을게요. 다시 걸어 주세요."

_log = structlog.get_logger(__name__)

Write = Callable[[Samples], Awaitable[None]]
"""Sends one frame of 20 ms to the telephone; raises OSError when the line is gone."""
Voice = Callable[[str], Awaitable[list[Audio]]]
"""The line's own words as sound; none where the voice fails."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key that was pressed."""

    digit: str


class PhoneDesk:
    """Serves lines. A protocol gives it what comes in and a way to send; it knows no sockets."""

    def __init__(self, desk: LiveDesk, *, clock: Clock | None = None, lift_db: float = 0.0) -> None:
        """Serve lines through ``desk``, which has the places; ``lift_db``: how much more of what lies above
        1 kHz they get (:mod:`donghaeng.phone.equaliser`).
        """
        self._desk = desk
        self._clock = clock or SystemClock()
        self._lift_db = lift_db

    @property
    def has_place(self) -> bool:
        """Whether a caller would be talked to at once."""
        return self._desk.has_place

    async def serve(
        self,
        incoming: AsyncIterator[Samples | Key],
        write: Write,
        *,
        rate: int,
        resume: str | None = None,
        caller: str | None = None,
    ) -> str:
        """Serve one call until either side hangs up.

        Args:
            incoming: sound of ``rate`` in pieces of 10 to 200 ms, and keys; ends when the caller hangs up.
            write: sends a frame of the answer.
            rate: samples a second of the line.
            resume: token of the conversation that the call goes on with; a new one when None.
            caller: the number that the telephone shows of itself.

        Returns:
            Why it ended (:meth:`LiveDesk.serve`).
        """
        outgoing = Outgoing(rate, lift_db=self._lift_db)
        told = {"resume": resume, "caller": caller}
        line = _Line(incoming, write, outgoing, self._clock, voice=self._desk.voice, told=told)
        return await line.run(self._desk.serve)


Serve = Callable[[AsyncIterator[str | bytes], Callable[[str | bytes], Awaitable[None]]], Awaitable[str]]


class _Line:
    """One call."""

    def __init__(
        self,
        incoming: AsyncIterator[Samples | Key],
        write: Write,
        outgoing: Outgoing,
        clock: Clock,
        *,
        voice: Voice,
        told: dict[str, str | None],
    ) -> None:
        self._incoming = incoming
        self._write = write
        self._clock = clock
        self._outgoing = outgoing
        self._sound_rate = outgoing.rate
        self._inbox: asyncio.Queue[str | bytes | None] = asyncio.Queue()
        self._over = False
        self._voice = voice
        self._told = told
        self._dead_air = DeadAir(FRAME_SECONDS)
        self._silence = samples_to_pcm16(np.zeros(round(outgoing.rate * FRAME_SECONDS), np.float32))
        self._telling: list[asyncio.Task[None]] = []

    async def run(self, serve: Serve) -> str:
        """Talk until the session or the caller ends it; the last answer is played to its end."""
        reading = asyncio.create_task(self._read())
        playing = asyncio.create_task(self._play())
        serving = asyncio.ensure_future(serve(self._messages(), self._send))
        try:
            await asyncio.wait({serving, playing}, return_when=asyncio.FIRST_COMPLETED)
            if playing.done() and not serving.done():
                # The line is gone: the session is told so and keeps its state for a while.
                self._inbox.put_nowait(None)
            reason = await serving
            if reason == "lost" and not self._over and not playing.done():
                # Neither side has hung up: the page has taken the conversation over.
                self._outgoing.clear()
                await self._tell(MOVED)
                reason = "moved"
            self._over, self._outgoing.held = True, False
            with suppress(TimeoutError):
                async with asyncio.timeout(LAST_WORDS_SECONDS):
                    await playing
            return reason
        finally:
            tasks = (reading, playing, serving, *self._telling)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _read(self) -> None:
        """Hand what comes in to the session; its end is the caller hanging up."""
        try:
            async for one in self._incoming:
                if isinstance(one, Key):
                    if one.digit in KEYS:
                        self._inbox.put_nowait(json.dumps({"type": "dtmf", "digit": one.digit}))
                elif len(one):
                    self._dead_air.heard()
                    self._inbox.put_nowait(samples_to_pcm16(one))
        except OSError as error:
            _log.info("a telephone line is gone", error=type(error).__name__)
        finally:
            self._outgoing.clear()
            self._over = True
            self._inbox.put_nowait(None)

    async def _messages(self) -> AsyncIterator[str | bytes]:
        start = {"type": "start", "sample_rate": self._outgoing.rate, "channel": "phone"}
        yield json.dumps(
            {**start, **{name: value for name, value in self._told.items() if value is not None}}
        )
        while (message := await self._inbox.get()) is not None:
            yield message

    async def _send(self, data: str | bytes) -> None:
        """Take what the session says; only sound and what belongs to it reaches a telephone."""
        if isinstance(data, bytes):
            self._outgoing.push(data)
            return
        message: dict[str, Any] = json.loads(data)
        match message["type"]:
            case "ready":
                self._sound_rate = message["sample_rate"]
            case "audio_start":
                self._outgoing.begin(message.get("sample_rate", self._sound_rate))
            case "audio_end":
                self._outgoing.finish(message["seq"])
            case "hold":
                self._outgoing.held = True
            case "go_on":
                self._outgoing.held = False
            case "interrupted":
                self._outgoing.clear()

    async def _play(self) -> None:
        """Send a frame every 20 ms until the session is over and everything has been played."""
        count = round(self._outgoing.rate * FRAME_SECONDS)
        due = self._clock.now()
        while not (self._over and self._outgoing.seconds == 0.0):
            frame, played = self._outgoing.take(count)
            try:
                await self._write(frame)
            except (OSError, RuntimeError) as error:
                _log.info("a telephone line is gone", error=type(error).__name__)
                return
            for seq in played:
                self._inbox.put_nowait(json.dumps({"type": "played", "seq": seq}))
            self._watch()
            due += FRAME_SECONDS
            now = self._clock.now()
            if now - due > LATE_SECONDS:
                due = now
            await self._clock.sleep(max(0.0, due - now))

    def _watch(self) -> None:
        """A frame's time has passed: see to a line without sound."""
        match self._dead_air.tick():
            case Verdict.FILL:
                self._inbox.put_nowait(self._silence)
            case Verdict.TELL:
                self._telling.append(asyncio.create_task(self._tell(NO_SOUND)))
            case Verdict.END:
                _log.info("a telephone line without sound")
                self._telling.append(asyncio.create_task(self._end()))

    async def _tell(self, words: str) -> None:
        for sound in await self._voice(words):
            self._outgoing.add(sound)

    async def _end(self) -> None:
        """Say why, to one who may hear though they cannot be heard, and hang up."""
        await self._tell(GIVEN_UP)
        self._over = True
        self._inbox.put_nowait(None)
