"""Calls to citizens who asked for one: when they may be made, and the caller that makes each once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Final, Protocol
from zoneinfo import ZoneInfo

import structlog

from donghaeng.store import Store, outgoing_calls
from donghaeng.store.outgoing_calls import BookedCall

SEOUL: Final = ZoneInfo("Asia/Seoul")
FIRST_HOUR, LAST_HOUR = time(8), time(21)
"""Nobody is called before or after, Seoul time: our own rule for calls that were asked for."""
SOONEST: Final = timedelta(hours=1)
"""A call that was asked for without a time comes so much later."""
GAPS: Final = (timedelta(minutes=10), timedelta(hours=1), timedelta(hours=4))
"""Waits after the first, second and third try that nobody answered; after a fourth it is given up."""

_log = structlog.get_logger(__name__)


class Tried(StrEnum):
    """What came of dialling."""

    ANSWERED = "answered"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    FAILED = "failed"
    STOPPED = "stopped"
    """It rang, and meanwhile the consent was taken back."""


class Dialler(Protocol):
    """Rings telephones."""

    @property
    def can_talk(self) -> bool:
        """Whether whoever answers would be talked to at once: nobody is called in order to wait."""
        ...

    async def dial(self, call: BookedCall, on_answer: Callable[[], Awaitable[bool]]) -> Tried:
        """Ring, and talk where somebody answers.

        Args:
            call: whom to ring and what about.
            on_answer: to be awaited when the telephone is taken up; where it gives False, nothing is said.
        """
        ...


def allowed_at(wanted: datetime) -> datetime:
    """The first moment from ``wanted`` on at which citizens may be called."""
    here = wanted.astimezone(SEOUL)
    if here.time() < FIRST_HOUR:
        return here.replace(hour=FIRST_HOUR.hour, minute=0, second=0, microsecond=0)
    if here.time() >= LAST_HOUR:
        morning = here + timedelta(days=1)
        return morning.replace(hour=FIRST_HOUR.hour, minute=0, second=0, microsecond=0)
    return here


def next_try(now: datetime, attempts: int) -> datetime | None:
    """When a call that was tried ``attempts`` times is tried again; None when it is given up."""
    return allowed_at(now + GAPS[attempts - 1]) if attempts <= len(GAPS) else None


class OutgoingCaller:
    """Makes the calls that wait, one after the other, for one process."""

    def __init__(self, store: Store, dialler: Dialler, *, owner: str, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._dialler = dialler
        self._owner = owner
        self._clock = clock

    async def call_next(self) -> Tried | None:
        """Make the call that is due longest; None where none is due, or now is no time to call: in the quiet
        hours, or while every place is taken.

        Raises:
            StoreError: the database refused.
        """
        now = self._clock()
        if allowed_at(now) > now or not self._dialler.can_talk:
            return None
        call = await self._store.transact(lambda tx: outgoing_calls.claim(tx, self._owner, now))
        if call is None:
            return None
        if not call.number:
            await self._give_up(call, "number_gone")
            return Tried.FAILED
        tried = await self._dialler.dial(call, lambda: self._answered(call))
        if tried not in (Tried.ANSWERED, Tried.STOPPED):
            await self._not_answered(call, tried)
        _log.info(
            "outgoing_call.tried",
            conversation=call.conversation_id,
            service=call.service,
            outcome=tried.value,
            attempts=call.attempts,
        )
        return tried

    async def _answered(self, call: BookedCall) -> bool:
        """Mark it before a word is said: it is never made again, whatever happens now."""
        at = self._clock()
        return await self._store.transact(
            lambda tx: outgoing_calls.mark_over(
                tx, call.key, self._owner, "answered", outcome=Tried.ANSWERED, at=at
            )
        )

    async def _give_up(self, call: BookedCall, why: str) -> None:
        """Its number can be read no more: no later try is another."""
        _log.error("outgoing_call.given_up", conversation=call.conversation_id, outcome=why)
        at = self._clock()
        await self._store.transact(
            lambda tx: outgoing_calls.mark_over(tx, call.key, self._owner, "given_up", outcome=why, at=at)
        )

    async def _not_answered(self, call: BookedCall, tried: Tried) -> None:
        now = self._clock()
        again = next_try(now, call.attempts)
        await self._store.transact(
            lambda tx: (
                outgoing_calls.mark_over(tx, call.key, self._owner, "given_up", outcome=tried, at=now)
                if again is None
                else outgoing_calls.postpone(tx, call.key, self._owner, outcome=tried, until=again)
            )
        )
