"""The live sessions of one process: connects clients to them, also again after a lost line."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from typing import Final

import structlog

from donghaeng.conversation.door import Conversations
from donghaeng.conversation.live import LiveSession
from donghaeng.conversation.live_clock import Clock, SystemClock
from donghaeng.conversation.live_messages import Start, parse_client_message
from donghaeng.conversation.live_mouth import LiveOptions
from donghaeng.conversation.live_outbox import Outlet
from donghaeng.errors import EngineError, InputError
from donghaeng.speech.audio import samples_to_pcm16
from donghaeng.speech.engines import Audio
from donghaeng.speech.load import Speech

GRACE_SECONDS: Final = 120.0
"""How long a session waits in memory for a client that lost its line; later the store resumes it."""
MOST_WRONG_STARTS: Final = 10
BUSY: Final = "지금은 통화가 많아요. 잠시 후 다시 걸어 주세요."

Send = Callable[[str | bytes], Awaitable[None]]

_log = structlog.get_logger(__name__)


class LiveDesk:
    """Serves connections. A route gives it what comes in and a way to send; it knows no sockets."""

    def __init__(
        self,
        conversations: Conversations,
        speech: Speech,
        *,
        clock: Clock | None = None,
        options: LiveOptions | None = None,
    ) -> None:
        self._conversations = conversations
        self._speech = speech
        self._clock = clock or SystemClock()
        self._options = options
        self._sessions: dict[str, LiveSession] = {}
        self._expiries: set[asyncio.Task[None]] = set()

    @property
    def sessions(self) -> int:
        """Sessions in memory, those waiting for their client included."""
        return len(self._sessions)

    async def serve(self, incoming: AsyncIterator[str | bytes], send: Send) -> str:
        """Serve one connection until the session ends or the client is gone.

        Args:
            incoming: the client's messages; ends when the connection is lost.
            send: sends one message, text (JSON) or bytes (sound); may raise when the connection is lost.

        Returns:
            Why it ended: the ``reason`` of the ``ended`` message, or ``"lost"``.
        """
        outlet = Outlet()
        writer = asyncio.create_task(_write(outlet, send))
        session: LiveSession | None = None
        try:
            start = await _first(incoming, outlet)
            if start is None:
                return "protocol"
            session = self._session_for(start, outlet)
            await self._read(incoming, session, outlet)
        finally:
            if session:
                self._let_go(session, outlet)
            outlet.close()
            await _finish(writer)
        return session.ended or "lost"

    async def refuse(self, incoming: AsyncIterator[str | bytes], send: Send) -> str:
        """Tell a caller beyond capacity, by voice and in writing, to try again later; returns ``"busy"``."""
        outlet = Outlet()
        writer = asyncio.create_task(_write(outlet, send))
        if await _first(incoming, outlet):
            outlet.put(
                json.dumps({"type": "audio_start", "seq": 1, "turn": 0, "sample_rate": self._speech.rate})
            )
            with suppress(EngineError):
                for sound in await self._speech.pool.speak(lambda: list(self._speech.voice.speak(BUSY))):
                    outlet.put(samples_to_pcm16(sound.samples))
            outlet.put(json.dumps({"type": "audio_end", "seq": 2, "turn": 0}))
            ended = {"type": "ended", "seq": 3, "reason": "busy", "say": BUSY}
            outlet.put(json.dumps(ended, ensure_ascii=False))
        outlet.close()
        await _finish(writer)
        return "busy"

    async def voice(self, words: str) -> list[Audio]:
        """Words of a channel itself, spoken; nothing where the voice fails."""
        with suppress(EngineError):
            return await self._speech.pool.speak(lambda: list(self._speech.voice.speak(words)))
        return []

    async def close(self) -> None:
        """End every session (the process stops)."""
        for session in list(self._sessions.values()):
            session.finish("stopping")
        for task in self._expiries:
            task.cancel()
        await asyncio.gather(*self._expiries, return_exceptions=True)
        self._sessions.clear()

    def _session_for(self, start: Start, outlet: Outlet) -> LiveSession:
        waiting = self._sessions.get(start.resume) if start.resume else None
        if waiting is not None and not waiting.ended:
            waiting.outbox.attach(outlet)
            waiting.come_back(start)
            return waiting
        session = LiveSession(start, self._conversations, self._speech, self._clock, self._options)
        session.outbox.attach(outlet)
        session.open()
        return session

    async def _read(self, incoming: AsyncIterator[str | bytes], session: LiveSession, outlet: Outlet) -> None:
        """Hand messages to the session until either side ends, or another connection takes its place: the
        old one may be a line that died without a word, and holds a place for live sound."""
        reader = asyncio.create_task(self._pump(incoming, session, outlet))
        ends = [asyncio.create_task(end.wait()) for end in (session.over, outlet.over)]
        try:
            await asyncio.wait({reader, *ends}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (reader, *ends):
                task.cancel()
            for result in await asyncio.gather(reader, *ends, return_exceptions=True):
                if isinstance(result, Exception):
                    _log.warning("a live connection failed", error=type(result).__name__)

    async def _pump(self, incoming: AsyncIterator[str | bytes], session: LiveSession, outlet: Outlet) -> None:
        async for data in incoming:
            if outlet.closed or session.ended:
                return
            try:
                session.receive(parse_client_message(data))
            except InputError as error:
                session.refuse("invalid", str(error))
            if session.token and session.token not in self._sessions and not session.ended:
                self._sessions[session.token] = session
            # A client that sends without pause must not keep the loop from everybody else.
            await asyncio.sleep(0)

    def _let_go(self, session: LiveSession, outlet: Outlet) -> None:
        """The connection is over: forget an ended session, keep another for a client that comes back."""
        if not session.outbox.detach(outlet):
            return
        if session.ended or not session.token:
            self._forget(session)
            return
        self._sessions[session.token] = session
        session.lose_line()
        expiry = asyncio.create_task(self._expire(session))
        self._expiries.add(expiry)
        expiry.add_done_callback(self._expiries.discard)

    async def _expire(self, session: LiveSession) -> None:
        await self._clock.sleep(GRACE_SECONDS)
        if not session.outbox.attached:
            self._forget(session)

    def _forget(self, session: LiveSession) -> None:
        session.finish("lost")
        if self._sessions.get(session.token) is session:
            del self._sessions[session.token]


async def _first(incoming: AsyncIterator[str | bytes], outlet: Outlet) -> Start | None:
    """The client's `start`; anything before it is answered with an error."""
    wrong = 0
    async for data in incoming:
        try:
            message = parse_client_message(data)
        except InputError as error:
            detail = str(error)
        else:
            if isinstance(message, Start):
                return message
            detail = 'send {"type": "start", "sample_rate": 16000} first'
        error_message = {"type": "error", "seq": 0, "code": "start_first", "title": "연결하지 못했어요."}
        outlet.put(json.dumps({**error_message, "detail": detail}, ensure_ascii=False))
        wrong += 1
        if wrong >= MOST_WRONG_STARTS:
            return None
        await asyncio.sleep(0)
    return None


async def _write(outlet: Outlet, send: Send) -> None:
    while (data := await outlet.get()) is not None:
        try:
            await send(data)
        except Exception as error:  # whatever the transport raises means that nobody reads any more
            _log.info("a live client is gone", error=type(error).__name__)
            outlet.close()
            return


async def _finish(writer: asyncio.Task[None]) -> None:
    """Let the writer send what is queued, but do not wait for a client that never reads."""
    done, _ = await asyncio.wait({writer}, timeout=2.0)
    if not done:
        writer.cancel()
        await asyncio.gather(writer, return_exceptions=True)
