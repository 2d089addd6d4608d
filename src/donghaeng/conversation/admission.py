"""Admission control: how many people can speak to this process at once, and in which order others wait."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

MOST_WAITING: Final = 20
"""Callers that may wait for a place; whoever comes then is told to call later."""
KEPT_STAYS: Final = 20
"""Stays from which the wait is estimated; the newest count."""
LEAST_STAYS: Final = 5
"""Fewer stays tell nothing about the wait."""


class NoPlace(Exception):
    """Every place is taken, and none came free in time."""


class Ticket:
    """One caller's place, or their turn to get one. To be given back with :meth:`leave`."""

    def __init__(self, admission: Admission, *, stays: bool) -> None:
        self.stays = stays
        """Whether it is a conversation, from whose length the wait of others is estimated."""
        self.granted = asyncio.Event()
        """Set as soon as the place is theirs."""
        self._admission = admission

    @property
    def ahead(self) -> int:
        """Callers who wait and get a place sooner."""
        return self._admission.ahead_of(self)

    def leave(self) -> None:
        """Give the place back, or wait no longer. May be called again."""
        self._admission.release(self)


class Admission:
    """A number of places for live sound. Waiting callers get theirs in the order they came.

    Args:
        places: how many; may be changed while callers talk (:meth:`resize`).
        most_waiting: callers that may wait for one.
        now: seconds that only go forward, from which the wait is estimated.
        watch: told ``(places, taken, waiting)`` whenever one of them changes.
        has_room: whether the process can take a new conversation at all; asked for each.
    """

    def __init__(
        self,
        places: int,
        *,
        most_waiting: int = MOST_WAITING,
        now: Callable[[], float] = time.monotonic,
        watch: Callable[[int, int, int], None] = lambda places, taken, waiting: None,
        has_room: Callable[[], bool] = lambda: True,
    ) -> None:
        if places < 1:
            raise ValueError("at least one place is needed")
        self.places = places
        self._most_waiting = most_waiting
        self._now = now
        self._watch = watch
        self._has_room = has_room
        self._lifted = False
        self._holders: dict[Ticket, float] = {}
        self._waiting: deque[Ticket] = deque()
        self._stays: deque[float] = deque(maxlen=KEPT_STAYS)
        watch(places, 0, 0)

    @property
    def taken(self) -> int:
        """Places in use."""
        return len(self._holders)

    @property
    def waiting(self) -> int:
        """Callers that wait for a place."""
        return len(self._waiting)

    @property
    def has_place(self) -> bool:
        """Whether a place is free for whoever comes next."""
        return self._room and not self._waiting

    @property
    def takes_new(self) -> bool:
        """Whether the process can take a new conversation at all, places or not: its memory is not short."""
        return self._has_room()

    @property
    def _room(self) -> bool:
        return self._lifted or self.taken < self.places

    def resize(self, places: int) -> None:
        """Have so many places from now on; nobody loses theirs."""
        if places < 1:
            raise ValueError("at least one place is needed")
        self.places = places
        self._grant()

    def lift(self, lifted: bool) -> None:
        """Let everybody in, those who wait as well, or no longer; nobody loses their place."""
        self._lifted = lifted
        self._grant()

    def join(self, *, first: bool = False, stays: bool = True) -> Ticket | None:
        """A place, at once where one is free, else as soon as it is the caller's turn.

        Args:
            first: before all others that wait: a caller whose line was lost in the middle of a conversation.
            stays: it is for a conversation, not for one turn.

        Returns:
            The ticket, to be given back; None where too many wait already, or there is no room for a new one.
        """
        if stays and not first and not self.takes_new:
            return None
        if not self._room and self.waiting >= self._most_waiting:
            return None
        ticket = Ticket(self, stays=stays)
        if first:
            self._waiting.appendleft(ticket)
        else:
            self._waiting.append(ticket)
        self._grant()
        return ticket

    def ahead_of(self, ticket: Ticket) -> int:
        """Callers who wait and get a place before the holder of ``ticket``; 0 for one that waits no more."""
        return self._waiting.index(ticket) if ticket in self._waiting else 0

    def wait_seconds(self, ticket: Ticket) -> float | None:
        """About how long until the holder of ``ticket`` gets a place; None while too little is known.

        A place comes free once per mean stay divided by the places (Little's law for a full house).
        """
        if len(self._stays) < LEAST_STAYS:
            return None
        return sum(self._stays) / len(self._stays) / self.places * (self.ahead_of(ticket) + 1)

    def release(self, ticket: Ticket) -> None:
        """Take back the place or the turn of ``ticket``; nothing where it has none."""
        since = self._holders.pop(ticket, None)
        if since is not None and ticket.stays:
            self._stays.append(self._now() - since)
        elif ticket in self._waiting:
            self._waiting.remove(ticket)
        self._grant()

    @asynccontextmanager
    async def place(self, wait_seconds: float = 0.0) -> AsyncIterator[None]:
        """Hold one place for the length of the block.

        Args:
            wait_seconds: how long to wait for one; with 0 there must be one at once.

        Raises:
            NoPlace: none came free in time, or too many wait already.
        """
        ticket = self.join(stays=False)
        if ticket is None:
            raise NoPlace
        try:
            if not ticket.granted.is_set():
                if wait_seconds <= 0:
                    raise NoPlace
                async with asyncio.timeout(wait_seconds):
                    await ticket.granted.wait()
            yield
        except TimeoutError:
            if ticket.granted.is_set():
                raise
            raise NoPlace from None
        finally:
            ticket.leave()

    def _grant(self) -> None:
        while self._waiting and self._room:
            ticket = self._waiting.popleft()
            self._holders[ticket] = self._now()
            ticket.granted.set()
        self._watch(self.places, self.taken, self.waiting)
