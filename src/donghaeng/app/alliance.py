"""Events of the alliance behind the service for public reservations: composition root.

The catalogue has one service for what the city lets people reserve (``reserve_facility``), and its requests
go to the city gateway. An event of the alliance is such a thing: its name is found beside the city's, its
seats are held here, and the request itself takes the way of every other one, with its confirmation, its
receipt and its cancelling.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from donghaeng.app.imports import CitiesWithImports
from donghaeng.city.operations import Answer, City, Operation
from donghaeng.errors import GatewayRefused
from donghaeng.store import Store, Transaction, alliance, alliance_bookings
from donghaeng.store.alliance import Event
from donghaeng.store.alliance_bookings import NoSeats
from donghaeng.store.conversations import Conversation

SEOUL: Final = ZoneInfo("Asia/Seoul")
LOOKUP: Final = "reservation.facility"
BOOKS: Final = "gateway.reserve_facility"
CANCELS: Final = "gateway.cancel"
AHEAD: Final = timedelta(days=365)
KIND: Final = "얼라이언스 행사"
_ALLIANCE: Final = re.compile(r"(?:스마트\s?도시|스마트\s?시티)?\s?(?:얼라이언스|어라이언스|동맹)")
_FILLING: Final = re.compile(r"(?:참가|참석|신청|예약|행사|에서|하는|의)")


class CityWithAlliance:
    """A :class:`~donghaeng.city.operations.City` before another one.

    Args:
        inner: carries out everything else, and takes the requests.
        store: where the events are.
        keeps: whether seats are held. A practice and a test hold none.
        clock: the program's own time.
    """

    def __init__(self, inner: City, store: Store, *, keeps: bool, clock: Callable[[], datetime]) -> None:
        self._inner = inner
        self._store = store
        self._keeps = keeps
        self._clock = clock

    @property
    def operations(self) -> Mapping[str, Operation]:
        """Every operation by name."""
        return self._inner.operations

    async def call(
        self,
        operation: str,
        arguments: Mapping[str, Any],
        *,
        now: datetime,
        idempotency_key: str | None = None,
    ) -> Answer:
        """Make one request; see :class:`~donghaeng.city.operations.City`.

        Raises:
            GatewayRefused: ``event_full``, ``which_event`` where the words fit several, or the city's own.
        """
        if operation == LOOKUP:
            row = await self._row(str(arguments.get("facility", "")), now)
            if row is not None:
                return Answer(rows=(row,))
        elif operation == BOOKS and idempotency_key:
            return await self._book(arguments, now, idempotency_key)
        answer = await self._inner.call(operation, arguments, now=now, idempotency_key=idempotency_key)
        if operation == CANCELS and self._keeps:
            receipt = str(arguments.get("receipt", ""))
            await self._store.transact(lambda tx: alliance_bookings.cancel(tx, receipt, self._clock()))
        return answer

    async def _book(self, arguments: Mapping[str, Any], now: datetime, key: str) -> Answer:
        fitting = await self._meant(str(arguments.get("facility", "")), now)
        if not fitting:
            return await self._inner.call(BOOKS, arguments, now=now, idempotency_key=key)
        if len(fitting) > 1:
            raise GatewayRefused("gateway", "which_event", "the words fit several events")
        (event,) = fitting
        heads = int(arguments.get("people") or 0)
        if not self._keeps:
            if event.taken + heads > event.seats:
                raise GatewayRefused("gateway", "event_full", "too few seats are left")
            return await self._inner.call(BOOKS, _named(arguments, event), now=now, idempotency_key=key)
        held_at = self._clock()
        try:
            await self._store.transact(
                lambda tx: alliance_bookings.hold(tx, event.id, heads, key=key, now=held_at)
            )
        except NoSeats:
            raise GatewayRefused("gateway", "event_full", "too few seats are left") from None
        try:
            answer = await self._inner.call(BOOKS, _named(arguments, event), now=now, idempotency_key=key)
        except GatewayRefused:
            await self._store.transact(lambda tx: alliance_bookings.let_go(tx, key, self._clock()))
            raise
        receipt = answer.receipt
        if receipt is not None:
            await self._store.transact(lambda tx: alliance_bookings.confirm(tx, key, receipt))
        return answer

    async def _row(self, said: str, now: datetime) -> dict[str, Any] | None:
        """What the words mean, as the city's lists tell of a facility; None where they mean no event."""
        fitting = await self._meant(said, now)
        if not fitting:
            return None
        none = dict.fromkeys(("district", "free", "phone", "opens", "closes", "lat", "lon"))
        if len(fitting) > 1:
            raise GatewayRefused("gateway", "which_event", "the words fit several events")
        (event,) = fitting
        on = event.on.isoformat()
        return {**none, "name": _spoken(event), "kind": KIND, "place": event.place, "event": True, "on": on}

    async def _meant(self, said: str, now: datetime) -> list[Event]:
        """The events that the words mean; by the last word of a name only where the city has nothing so
        called ("얼라이언스 겨울 모임 예약" is heard as a wish for a 모임)."""
        today, coming = now.astimezone(SEOUL).date(), await self._coming(now)
        fitting = fitting_events(said, coming, today)
        if fitting:
            return fitting
        word = _packed(said)
        last = [one for one in coming if word and _packed(one.name).endswith(word)]
        if not last:
            return []
        found = (await self._inner.call(LOOKUP, {"facility": said}, now=now)).rows
        called = {_packed(str(row.get(name) or "")) for row in found for name in ("kind", "name")}
        return [] if word in called else last

    async def _coming(self, now: datetime) -> list[Event]:
        today = now.astimezone(SEOUL).date()
        at = self._clock()

        def look(tx: Transaction) -> list[Event]:
            voices = alliance_bookings.by_voice(tx, at)
            coming = alliance.all_events(tx, today, today + AHEAD)
            return [replace(one, taken=one.taken + voices.get(one.id, 0)) for one in coming]

        return await self._store.read(look)


def fitting_events(said: str, events: Sequence[Event], today: date) -> list[Event]:
    """The coming events that the words mean, the soonest first. Pure.

    A whole name means its event; a part of one only where the alliance is named, so that nobody who wants a
    tennis court is signed up for a tournament.
    """
    named = _ALLIANCE.search(said) is not None
    words = _packed(_ALLIANCE.sub("", said))
    core = _FILLING.sub("", words)
    coming = sorted((one for one in events if one.on >= today), key=lambda one: (one.on, one.name))
    exact = [one for one in coming if words in _names(one)]
    if exact or not named:
        return exact
    return [one for one in coming if not core or core in _packed(one.programme + one.name)]


def _names(event: Event) -> set[str]:
    name, programme = _packed(_ALLIANCE.sub("", event.name)), _packed(_ALLIANCE.sub("", event.programme))
    return {name, programme + name, _packed(event.name)}


def _named(arguments: Mapping[str, Any], event: Event) -> dict[str, Any]:
    """The request as it goes to the city: the event's own name and day, which were read back."""
    return {**arguments, "facility": _spoken(event), "date": event.on.isoformat()}


def _spoken(event: Event) -> str:
    return event.name if event.name.startswith(event.programme) else f"{event.programme} {event.name}"


def _packed(words: str) -> str:
    return re.sub(r"\s", "", words)


class CitiesWithAlliance:
    """Cities that also know the events of the alliance."""

    def __init__(self, inner: CitiesWithImports, store: Store, clock: Callable[[], datetime]) -> None:
        self._inner = inner
        self._store = store
        self._clock = clock

    def of(self, conversation: Conversation) -> City:
        """The city that answers ``conversation``."""
        test = conversation.test_city is not None or conversation.test_clock is not None
        keeps = not conversation.practice and not test
        return CityWithAlliance(self._inner.of(conversation), self._store, keeps=keeps, clock=self._clock)

    def writes(self, conversation: Conversation) -> list[dict[str, Any]]:
        """Writes that the conversation's own city accepted."""
        return self._inner.writes(conversation)

    def release(self, conversation_id: str) -> None:
        """The conversation is over; its own city may go."""
        self._inner.release(conversation_id)

    async def aclose(self) -> None:
        """Close every city and connection."""
        await self._inner.aclose()
