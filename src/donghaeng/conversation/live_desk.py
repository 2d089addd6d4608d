"""The live sessions of one process: connects clients to them, also again after a lost line."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from math import inf
from typing import Any, Final

import structlog

from donghaeng.conversation.admission import Admission, Ticket
from donghaeng.conversation.callbacks import Callbacks
from donghaeng.conversation.door import Conversations
from donghaeng.conversation.live import LiveSession
from donghaeng.conversation.live_clock import Clock, SystemClock
from donghaeng.conversation.live_messages import Start, parse_client_message
from donghaeng.conversation.live_mouth import LiveOptions
from donghaeng.conversation.live_outbox import Outbox, Outlet
from donghaeng.conversation.waiting_room import WaitingCaller
from donghaeng.dialogue.wording import speak
from donghaeng.errors import EngineError, InputError
from donghaeng.speech.audio import samples_to_pcm16
from donghaeng.speech.engines import Audio
from donghaeng.speech.load import Speech

GRACE_SECONDS: Final = 120.0
"""How long a session waits in memory for a client that lost its line; later the store resumes it."""
MOST_WRONG_STARTS: Final = 10

Send = Callable[[str | bytes], Awaitable[None]]

_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Line:
    """One connection, and who has it now."""

    receiver: WaitingCaller | LiveSession | None = None


class LiveDesk:
    """Serves connections. A route gives it what comes in and a way to send; it knows no sockets."""

    def __init__(
        self,
        conversations: Conversations,
        speech: Speech,
        options: LiveOptions,
        *,
        admission: Admission | None = None,
        clock: Clock | None = None,
        count: Callable[[int], None] = lambda change: None,
    ) -> None:
        """Serve.

        Args:
            conversations: the door behind.
            speech: the engines.
            options: of the sessions.
            admission: the places, shared with all that listens; one place when None.
            clock: time.
            count: told +1 and −1 of connections that talk.
        """
        self._conversations = conversations
        self._speech = speech
        self._clock = clock or SystemClock()
        self._options = options
        self._admission = admission or Admission(1)
        self._callbacks = Callbacks(conversations)
        self._count = count
        self._sessions: set[LiveSession] = set()
        self._expiries: set[asyncio.Task[None]] = set()

    @property
    def has_place(self) -> bool:
        """Whether a caller would get a place at once."""
        return self._admission.has_place

    @property
    def sessions(self) -> int:
        """Sessions in memory, those waiting for their client included."""
        return len(self._sessions)

    async def serve(self, incoming: AsyncIterator[str | bytes], send: Send) -> str:
        """Serve one connection until the session ends or the client is gone.

        Beyond the places there are a caller waits (:class:`WaitingCaller`); beyond those who may wait one is
        told to come later.

        Args:
            incoming: the client's messages; ends when the connection is lost.
            send: sends one message, text (JSON) or bytes (sound); may raise when the connection is lost.

        Returns:
            Why it ended: the ``reason`` of the ``ended`` message, or ``"lost"``.
        """
        outlet = Outlet()
        writer = asyncio.create_task(_write(outlet, send))
        try:
            start = await _first(incoming, outlet)
            return "protocol" if start is None else await self._admit(start, incoming, outlet)
        finally:
            outlet.close()
            await _finish(writer)

    async def _admit(self, start: Start, incoming: AsyncIterator[str | bytes], outlet: Outlet) -> str:
        """Give a place, at once or in turn. Whoever was talking when the line was lost comes first."""
        known = self._known(start)
        outbox = Outbox(after=known.outbox.seq if known is not None else 0)
        outbox.attach(outlet)
        if known is not None:
            # The line that it had may have died without a word, and holds a place.
            known.outbox.close()
        ticket = self._admission.join(first=known is not None)
        if ticket is None:
            return await self._turn_away(outbox)
        line = _Line()
        reader = asyncio.create_task(self._pump(incoming, line, outlet))
        ends = {reader, asyncio.create_task(outlet.over.wait())}
        try:
            why = None if ticket.granted.is_set() else await self._wait(start, ticket, outbox, line, ends)
            return why or await self._talk(start, outbox, outlet, line, ends)
        finally:
            ticket.leave()
            for task in ends:
                task.cancel()
            for result in await asyncio.gather(*ends, return_exceptions=True):
                if isinstance(result, Exception):
                    _log.warning("a live connection failed", error=type(result).__name__)

    async def _wait(
        self, start: Start, ticket: Ticket, outbox: Outbox, line: _Line, ends: set[asyncio.Task[Any]]
    ) -> str | None:
        """Let a caller wait; None once the place is there, otherwise why the call is over."""
        phrase = self._options.phrase
        waiting = line.receiver = WaitingCaller(
            start,
            ticket,
            self._admission,
            outbox=outbox,
            speech=self._speech,
            clock=self._clock,
            phrase=phrase,
            book=self._callbacks.book,
            times=self._options.call_times,
        )
        task = asyncio.create_task(waiting.wait())
        try:
            await asyncio.wait({task, *ends}, return_when=asyncio.FIRST_COMPLETED)
            if any(end.done() for end in ends):
                return waiting.ended or "lost"
            reason = task.result()
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        if reason is not None:
            outbox.send("ended", reason=reason, say=speak(waiting.parting or phrase("callback_done")))
        return reason

    async def _talk(
        self, start: Start, outbox: Outbox, outlet: Outlet, line: _Line, ends: set[asyncio.Task[Any]]
    ) -> str:
        session = line.receiver = self._session_for(start, outbox, outlet)
        over = asyncio.create_task(session.over.wait())
        self._count(+1)
        try:
            await asyncio.wait({over, *ends}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._count(-1)
            over.cancel()
            self._let_go(session, outlet)
        return session.ended or "lost"

    async def _turn_away(self, outbox: Outbox) -> str:
        """Tell a caller for whom there is not even room to wait to come later, by voice and in writing."""
        busy = self._options.phrase("busy")
        spoken = speak(busy)
        outbox.send("audio_start", turn=0, sample_rate=self._speech.rate)
        with suppress(EngineError):
            for sound in await self._speech.pool.speak(
                lambda: list(self._speech.voice.speak(spoken, private=frozenset())), due=inf
            ):
                outbox.send_sound(samples_to_pcm16(sound.samples))
        outbox.send("audio_end", turn=0)
        outbox.send("ended", reason="busy", say=spoken)
        return "busy"

    async def voice(self, words: str) -> list[Audio]:
        """Words of a channel itself, spoken; nothing where the voice fails."""
        with suppress(EngineError):
            return await self._speech.pool.speak(lambda: list(self._speech.voice.speak(words)))
        return []

    def machine_switched(self, off: bool) -> None:
        """The machine was switched off or on. While it is off nobody waits: all are told whom to call."""
        self._admission.lift(off)
        for session in list(self._sessions):
            session.machine_switched(off)

    async def close(self) -> None:
        """End every session (the process stops)."""
        for session in list(self._sessions):
            session.finish("stopping")
        for task in self._expiries:
            task.cancel()
        await asyncio.gather(*self._expiries, return_exceptions=True)
        self._sessions.clear()

    def _known(self, start: Start) -> LiveSession | None:
        """The session in memory that a client comes back to."""
        if start.resume is None:
            return None
        return next((one for one in self._sessions if one.token == start.resume and not one.ended), None)

    def _session_for(self, start: Start, outbox: Outbox, outlet: Outlet) -> LiveSession:
        known = self._known(start)
        if known is not None:
            known.outbox.go_on_after(outbox.seq)
            known.outbox.attach(outlet)
            known.come_back(start)
            return known
        session = LiveSession(
            start, self._conversations, self._speech, self._clock, self._options, outbox=outbox
        )
        self._sessions.add(session)
        session.open()
        return session

    async def _pump(self, incoming: AsyncIterator[str | bytes], line: _Line, outlet: Outlet) -> None:
        """Hand messages to whoever has the line now."""
        async for data in incoming:
            receiver = line.receiver
            if outlet.closed or (receiver is not None and receiver.ended):
                return
            if receiver is None:
                continue
            try:
                receiver.receive(parse_client_message(data))
            except InputError as error:
                receiver.refuse("invalid", str(error))
            # A client that sends without pause must not keep the loop from everybody else.
            await asyncio.sleep(0)

    def _let_go(self, session: LiveSession, outlet: Outlet) -> None:
        """The connection is over: forget an ended session, keep another for a client that comes back.

        A telephone has no token to come back with; the store keeps its conversation all the same.
        """
        if not session.outbox.detach(outlet):
            return
        if session.ended or not session.token or session.channel == "phone":
            self._forget(session)
            return
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
        self._sessions.discard(session)


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
