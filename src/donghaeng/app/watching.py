"""Looks at the whole installation for status pages and figures: what waits, who answers, what is left."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import structlog
from sqlalchemy import make_url

from donghaeng import __version__
from donghaeng.app.application import Application
from donghaeng.city.providers.circuits import CircuitState
from donghaeng.conversation.admission import Admission
from donghaeng.dialogue.effects import CallOutcome, OutcomeKind
from donghaeng.errors import StoreError
from donghaeng.people.counselling import GRACE_SECONDS
from donghaeng.store import standing
from donghaeng.store.standing import Standing
from donghaeng.trust import tracing
from donghaeng.trust.leaks import nearest
from donghaeng.web.figures import Figures
from donghaeng.web.system import Engine, ProviderSeen, System

FRESH_SECONDS: Final = 2.0
"""One look serves everybody for so long: many pages and Prometheus cost no more than one."""
PATIENCE_SECONDS: Final = 4.0
"""A database that does not answer within it is told as gone."""
FAILED_FOR: Final = timedelta(minutes=10)
"""A service whose last call failed longer ago is not told as affected: nobody asked since."""
FAILURES: Final = frozenset({"ProviderTimeout", "ProviderUnavailable", "MalformedAnswer", "QuotaUsedUp"})
"""Classes of errors that are the provider's."""

_log = structlog.get_logger(__name__)


class Heard:
    """What this process heard of providers, from the moment that the application is opened."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._seen: dict[str, ProviderSeen] = {}
        self._services: dict[str, datetime] = {}
        self._circuits: dict[str, str] = {}

    def circuit(self, interface: str, state: CircuitState) -> None:
        """An interface is left alone, tried, or asked as ever."""
        if state is CircuitState.CLOSED:
            self._circuits.pop(interface, None)
        else:
            self._circuits[interface] = state.value

    def answer(self, outcome: CallOutcome) -> None:
        """A call ended."""
        name, now = outcome.call.operation.partition(".")[0], self._clock()
        seen = self._seen.get(name, ProviderSeen(name))
        if outcome.kind is OutcomeKind.UNANSWERED or outcome.reason in FAILURES:
            self._seen[name] = replace(seen, failed_at=now, failure=outcome.reason or outcome.kind.value)
            self._services[outcome.call.service] = now
        else:
            self._seen[name] = replace(seen, answered_at=now)
            self._services.pop(outcome.call.service, None)

    def providers(self) -> tuple[ProviderSeen, ...]:
        """Every provider that was called, and those that are left alone."""
        found = dict(self._seen)
        for interface in sorted(self._circuits):
            name = interface.partition(" ")[0].replace(".", "_")
            seen = found.get(name, ProviderSeen(name))
            found[name] = replace(seen, left_alone=(*seen.left_alone, interface))
        return tuple(found[name] for name in sorted(found))

    def failing(self) -> list[str]:
        """Ids of the services whose last call failed, lately."""
        since = self._clock() - FAILED_FOR
        return sorted(service for service, at in self._services.items() if at >= since)


class Watcher:
    """A :class:`~donghaeng.web.system.SystemWatch` over an application; sets the figures of what it sees."""

    def __init__(
        self,
        application: Application,
        admission: Admission,
        figures: Figures,
        heard: Heard,
        *,
        clock: Callable[[], datetime],
        tick: Callable[[], float] = time.monotonic,
    ) -> None:
        self._application = application
        self._admission = admission
        self._figures = figures
        self._heard = heard
        self._clock = clock
        self._tick = tick
        self._began_at = clock()
        self._looking = asyncio.Lock()
        self._last: System | None = None
        self._looked = 0.0

    async def look(self) -> System:
        """How everything stands, at most :data:`FRESH_SECONDS` ago."""
        async with self._looking:
            if self._last is None or self._tick() - self._looked >= FRESH_SECONDS:
                self._last = await self._make()
                self._looked = self._tick()
                self._count(self._last)
            return self._last

    async def _make(self) -> System:
        application, now = self._application, self._clock()
        names = {service.id: service.name for service in application.catalogue.values()}
        backend = make_url(application.settings.database_url).get_backend_name()
        return System(
            at=now,
            began_at=self._began_at,
            version=__version__,
            database="PostgreSQL" if backend == "postgresql" else "SQLite",
            standing=await self._standing(now),
            off=application.switch.off,
            engines=_engines(application),
            providers=self._heard.providers(),
            places=self._admission.places,
            taken=self._admission.taken,
            waiting=self._admission.waiting,
            free_bytes=await asyncio.to_thread(_free, application.settings.data),
            traces=tracing.is_on(),
            affected=tuple(names.get(one, one) for one in self._heard.failing()),
        )

    async def _standing(self, now: datetime) -> Standing | None:
        seen_since = now - timedelta(seconds=GRACE_SECONDS)
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                return await self._application.store.read(lambda tx: standing.look(tx, seen_since))
        except (StoreError, TimeoutError) as error:
            _log.warning("status.no_database", error=type(error).__name__)
            return None

    def _count(self, system: System) -> None:
        tell, seen = self._figures.standing, system.standing
        tell("database_up", 0 if seen is None else 1)
        tell("disk_free_bytes", system.free_bytes)
        if seen is None:
            for name in ("outbox_pending", "outbox_oldest_seconds", "handovers_waiting", "counsellors_ready"):
                tell(name, None)
            return
        tell("outbox_pending", seen.pending)
        tell("outbox_oldest_seconds", _seconds(standing.age(seen.oldest, system.at)) or 0)
        tell("handovers_waiting", seen.waiting)
        tell("counsellors_ready", seen.ready)
        tell("backup_age_seconds", _seconds(standing.age(seen.backup_at, system.at)))
        tell("incident_seconds_left", _seconds(nearest(seen.leaks, system.at)))


def _seconds(span: timedelta | None) -> float | None:
    return None if span is None else span.total_seconds()


def _free(folder: Path) -> int | None:
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None


def _engines(application: Application) -> tuple[Engine, ...]:
    settings = application.settings
    found = []
    if application.speech is not None:
        found = [
            Engine("recogniser", application.speech.ears.recogniser.info.name),
            Engine("synthesiser", settings.synthesiser),
            Engine("voice_activity", application.speech.ears.activity.info.name),
        ]
    found.append(Engine("embedder", settings.embedder))
    if settings.language_model_url is not None:
        found.append(Engine("language_model", settings.language_model_name))
    return tuple(found)
