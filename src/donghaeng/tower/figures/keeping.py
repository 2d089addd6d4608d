"""Keeps the figures up to date while a server runs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Final

import structlog

from donghaeng.errors import DonghaengError
from donghaeng.store import Store, Transaction, figures
from donghaeng.tower.figures import alerting, rolling
from donghaeng.tower.figures.alerting import Alert
from donghaeng.tower.figures.definitions import Definitions
from donghaeng.tower.figures.metering import Meter

EVERY_S: Final = 20.0
MOST_STEPS: Final = 200
"""Transactions of one look; what is left waits for the next, so that a backlog takes the machine for no long
time."""

OnAlerts = Callable[[Transaction, Sequence[Alert], datetime], None]
"""Told of alerts that began, in their transaction."""

_log = structlog.get_logger(__name__)


class Keeper:
    """Rolls up, writes what was measured, and watches. Several processes may: each event counts once."""

    def __init__(
        self,
        store: Store,
        definitions: Definitions,
        meter: Meter,
        *,
        clock: Callable[[], datetime],
        on_alerts: OnAlerts = lambda tx, alerts, now: None,
    ) -> None:
        self._store = store
        self._on_alerts = on_alerts
        self._definitions = definitions
        self._meter = meter
        self._clock = clock
        self._tidied: date | None = None

    async def once(self) -> int:
        """Everything that is new; how many events were counted.

        Raises:
            StoreError: the database refused; what was measured waits for the next time.
        """
        await self._write_measured()
        counted = 0
        for _ in range(MOST_STEPS):
            step = await self._store.transact(rolling.roll)
            counted += step.events
            if step.conversations < rolling.BATCH:
                break
        await self._store.transact(rolling.count_waits)
        now = self._clock()
        await self._store.transact(lambda tx: rolling.count_left(tx, now))
        began = await self._store.transact(lambda tx: self._watch(tx, now))
        for alert in began:
            _log.warning("figures.alert", source=alert.system, kind=alert.rule)
        if self._tidied != now.date():
            await self._store.transact(lambda tx: rolling.tidy(tx, now))
            self._tidied = now.date()
        return counted

    def _watch(self, tx: Transaction, now: datetime) -> list[Alert]:
        began = alerting.watch(tx, self._definitions, now)
        self._on_alerts(tx, began, now)
        return began

    async def _write_measured(self) -> None:
        taken = self._meter.take()
        try:
            await self._store.transact(lambda tx: figures.add(tx, taken))
        except BaseException:
            self._meter.give_back(taken)
            raise


async def keep_figures(keeper: Keeper) -> None:
    """Look again and again, for ever; an error is logged and the next look tries again."""
    while True:
        try:
            await keeper.once()
        except DonghaengError as error:
            _log.warning("figures.failed", error=type(error).__name__)
        await asyncio.sleep(EVERY_S)
