"""The off switch: stops all that the machine answers, in every process of the database, within seconds.

It stands in the database. Each process looks once a second, and keeps what it saw last while the database
does not answer. Words for citizens are the catalogue's (``machine_off…`` in ``phrases.yaml``).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import structlog

from donghaeng.conversation.door import Said
from donghaeng.errors import InputError, StoreError
from donghaeng.people.counselling import GRACE_SECONDS
from donghaeng.store import Store, Transaction, machine_switch, presence
from donghaeng.store.machine_switch import SwitchRow
from donghaeng.trust.masking import mask

LOOK_SECONDS: Final = 1.0
"""Between two looks."""
MOST_REASON: Final = 500
PERSON_KEY: Final = "0"
_PERSON_WORDS: Final = ("상담", "사람", "직원", "담당자")

_log = structlog.get_logger(__name__)


class MachineSwitch:
    """The switch as one process sees it.

    Args:
        store: the database.
        clock: the program's own time.
        held: whether something without which nothing may be answered is withheld (an engine, the whole
            system): the machine is off then, however the switch stands.
    """

    def __init__(
        self, store: Store, clock: Callable[[], datetime], held: Callable[[], bool] = lambda: False
    ) -> None:
        self._held = held
        self._store = store
        self._clock = clock
        self._listeners: list[Callable[[bool], None]] = []
        self._looking = asyncio.Lock()
        self.off = False
        """Whether the machine says nothing of its own."""

    @property
    def held(self) -> bool:
        """Whether the machine is off because something that it needs is withheld."""
        return self._held()

    def on_change(self, listener: Callable[[bool], None]) -> None:
        """Tell ``listener`` whenever it has been switched, on the event loop."""
        self._listeners.append(listener)

    async def look(self) -> None:
        """See how it stands.

        Raises:
            StoreError: the database does not answer.
        """
        # One look at a time: an older one that ends later would switch back.
        async with self._looking:
            off = self._held() or await self._store.read(machine_switch.is_off)
        if off == self.off:
            return
        self.off = off
        _log.warning("machine.off" if off else "machine.on")
        for listener in self._listeners:
            listener(off)

    async def watch(self) -> None:
        """Look for ever."""
        while True:
            try:
                await self.look()
            except StoreError as error:
                _log.warning("machine_switch.unknown", error=type(error).__name__)
            await asyncio.sleep(LOOK_SECONDS)

    async def turn(self, *, off: bool, by: str, reason: str = "") -> None:
        """Switch it, and record that.

        Args:
            off: whether the machine is to be silent.
            by: who switches.
            reason: why, in their words; needed to switch it off.

        Raises:
            InputError: no reason, or one that is too long.
            StoreError: the database does not answer: nothing was switched.
        """
        row = switched(off=off, by=by, reason=reason, at=self._clock())
        await self._store.transact(lambda tx: machine_switch.note(tx, row))
        await self.look()

    async def history(self) -> list[SwitchRow]:
        """The last times that it was switched, newest first."""
        return await self._store.read(machine_switch.newest)

    async def somebody_is_there(self) -> bool:
        """Whether a counsellor could take a conversation now."""
        since = self._clock() - timedelta(seconds=GRACE_SECONDS)

        def ready(tx: Transaction) -> bool:
            return any(one.ready for one in presence.seen_since(tx, since))

        return await self._store.read(ready)


def switched(*, off: bool, by: str, reason: str, at: datetime) -> SwitchRow:
    """The record of a turn of the switch.

    Raises:
        InputError: it is switched off without a reason, or with too long a one.
    """
    words = " ".join(reason.split())
    if off and not words:
        raise InputError("why the machine is switched off is missing", remedy="say it in a few words")
    if len(words) > MOST_REASON:
        raise InputError(f"a reason of {len(words)} characters", remedy=f"at most {MOST_REASON} are taken")
    return SwitchRow(off, at, by, mask(words).text)


def wants_person(said: Said) -> bool:
    """Whether somebody wants a person. Told by words alone: what understands may be what was switched off."""
    if said.dtmf is not None:
        return said.dtmf == PERSON_KEY
    heard = (said.text or "").replace(" ", "")
    return any(word in heard for word in _PERSON_WORDS)
