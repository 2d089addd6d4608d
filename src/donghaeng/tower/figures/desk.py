"""The figures' desk: what pages, feeds and commands ask for, over the store."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from donghaeng.errors import InputError
from donghaeng.store import Store
from donghaeng.tower.figures import alerting, feeds, reporting
from donghaeng.tower.figures.alerting import Alert
from donghaeng.tower.figures.definitions import Definitions
from donghaeng.tower.figures.drilling import Counted, conversations_of
from donghaeng.tower.figures.feeds import Receipt, System
from donghaeng.tower.figures.reporting import Kind
from donghaeng.tower.figures.tabling import csv_of
from donghaeng.tower.figures.viewing import Card, Chart, Wanted, cards, draw, series

Names = Callable[[], Mapping[str, str]]
"""Names of services by id."""


@dataclass(frozen=True, slots=True)
class View:
    """A page."""

    cards: Sequence[Card]
    charts: Sequence[Chart]


@dataclass(frozen=True, slots=True)
class Told:
    """An alert in words."""

    alert: Alert
    system: str
    words: str


class FiguresDesk:
    """Everything about figures that somebody asks for. Charts are drawn on threads, not in the loop."""

    def __init__(
        self, store: Store, definitions: Definitions, names: Names, *, clock: Callable[[], datetime]
    ) -> None:
        self._store = store
        self.definitions = definitions
        self._names = names
        self._clock = clock

    def today(self) -> date:
        """The city's day."""
        return self._clock().date()

    async def view(self, wanted: Wanted) -> View:
        """Cards and charts of a range.

        Raises:
            InputError: there is no such metric.
        """
        names = self._names()
        found, drawn = await self._store.read(
            lambda tx: (
                cards(tx, self.definitions, wanted),
                series(tx, self.definitions, wanted, names),
            )
        )
        return View(found, await asyncio.to_thread(lambda: [draw(*one) for one in drawn.items()]))

    async def sheet(self, wanted: Wanted, name: str) -> bytes:
        """The numbers of a chart as a CSV file.

        Raises:
            InputError: there is no such chart.
        """
        names = self._names()
        found = await self._store.read(lambda tx: series(tx, self.definitions, wanted, names))
        if name not in found:
            raise InputError("there is no such chart")
        return csv_of(found[name])

    async def counted(self, metric: str, day: date) -> list[Counted]:
        """The conversations of a day that count in a metric.

        Raises:
            InputError: there is no such metric, or it comes from no conversation.
        """
        try:
            found = self.definitions.metric(metric)
        except KeyError:
            raise InputError("there is no such metric") from None
        if found.formula.kind == "quantile":
            raise InputError("it is measured, not counted from conversations")
        return await self._store.read(lambda tx: conversations_of(tx, found, day))

    async def alerts(self) -> list[Told]:
        """What somebody is to see."""
        now = self._clock()
        found, systems = await self._store.read(lambda tx: (alerting.shown(tx, now), feeds.every(tx)))
        names = {one.system: one.name for one in systems}
        words = {rule.id: rule.says for rule in self.definitions.alerts.rules}
        return [Told(one, names.get(one.system, "동행"), words.get(one.rule, one.rule)) for one in found]

    async def unseen(self) -> int:
        """How many alerts wait for somebody to see them."""
        now = self._clock()
        return await self._store.read(lambda tx: alerting.waiting(tx, now))

    async def seen(self, alert: int, who: str) -> bool:
        """Note that somebody has seen an alert; False where there is none that nobody saw."""
        now = self._clock()
        return await self._store.transact(lambda tx: alerting.acknowledge(tx, alert, who, now))

    async def systems(self) -> list[System]:
        """Other systems that report."""
        return await self._store.read(feeds.every)

    def is_silent(self, system: System) -> bool:
        """Whether it has said nothing for longer than the rules allow."""
        rules = [rule.silent_after for rule in self.definitions.alerts.rules if rule.silent_after is not None]
        now = self._clock()
        silent = [system.silent_since(now, times) for times in rules]
        return system.stopped_at is None and any(one is not None for one in silent)

    async def report(self, month: str, kind: Kind) -> bytes:
        """A month's report.

        Raises:
            InputError: it is no month.
        """
        days, names = reporting.month_of(month), self._names()
        content = await self._store.read(lambda tx: reporting.content_of(tx, self.definitions, days, names))
        return await asyncio.to_thread(reporting.make, kind, content)

    async def bearer(self, system: str, token: str) -> System | None:
        """The system whose token this is."""
        return await self._store.read(lambda tx: feeds.bearer(tx, system, token))

    async def accept(self, system: System, batch: str, sent_at: datetime, points: Sequence[Any]) -> Receipt:
        """Count a batch once; see :func:`donghaeng.tower.figures.feeds.accept`."""
        now = self._clock()
        return await self._store.transact(
            lambda tx: feeds.accept(tx, system, batch, sent_at, points, now=now)
        )

    async def accept_otlp(self, system: System, body: bytes, document: Any) -> Receipt:
        """Count OTLP's metrics once; see :func:`donghaeng.tower.figures.feeds.accept_otlp`."""
        now = self._clock()
        return await self._store.transact(lambda tx: feeds.accept_otlp(tx, system, body, document, now))
