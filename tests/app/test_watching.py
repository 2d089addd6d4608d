"""What status pages and figures are told: seen once for all, and never silent because something is down."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from donghaeng.app.watching import FAILED_FOR, FRESH_SECONDS, Heard, Watcher
from donghaeng.city.operations import Effect
from donghaeng.city.providers.circuits import CircuitState
from donghaeng.conversation.admission import Admission
from donghaeng.dialogue.effects import CallOutcome, CityCall, OutcomeKind
from donghaeng.errors import StoreError
from donghaeng.settings import load_settings
from donghaeng.store import Store, leaks, outbox, standing
from donghaeng.store.conversations import Conversation
from donghaeng.store.conversations import add as add_conversation
from donghaeng.store.outbox import OutboxRow
from donghaeng.trust.leaks import Extent, LeakLine
from donghaeng.trust.sealing import Sealer
from donghaeng.web.figures import Figures

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Clock:
    def __init__(self) -> None:
        self.now = NOW
        self.ticks = 0.0

    def __call__(self) -> datetime:
        return self.now

    def tick(self) -> float:
        return self.ticks


def outcome(operation: str, service: str, kind: OutcomeKind, reason: str | None = None) -> CallOutcome:
    return CallOutcome(CityCall("c", service, operation, Effect.READ, {}), kind, reason=reason)


def test_a_provider_is_as_its_last_call_found_it() -> None:
    clock = Clock()
    heard = Heard(clock)
    heard.answer(outcome("bus.arrivals", "bus_arrival", OutcomeKind.OK))
    (bus,) = heard.providers()
    assert (bus.name, bus.state, bus.answered_at) == ("bus", "ok", NOW)
    clock.now += HOUR
    heard.answer(outcome("bus.arrivals", "bus_arrival", OutcomeKind.FAILED, "ProviderTimeout"))
    (bus,) = heard.providers()
    assert (bus.state, bus.failure) == ("watch", "ProviderTimeout")
    assert heard.failing() == ["bus_arrival"]
    clock.now += HOUR
    heard.answer(outcome("bus.arrivals", "bus_arrival", OutcomeKind.EMPTY))
    assert (heard.providers()[0].state, heard.failing()) == ("ok", [])


def test_what_the_citizen_said_wrong_is_no_failure_of_a_provider_and_old_failures_are_forgotten() -> None:
    clock = Clock()
    heard = Heard(clock)
    heard.answer(outcome("gateway.road", "road", OutcomeKind.REFUSED, "full"))
    heard.answer(outcome("kma.now", "weather", OutcomeKind.FAILED, "InputError"))
    assert heard.failing() == []
    heard.answer(outcome("kma.now", "weather", OutcomeKind.UNANSWERED, "unanswered"))
    assert heard.failing() == ["weather"]
    clock.now += FAILED_FOR + timedelta(seconds=1)
    assert heard.failing() == []


def test_interfaces_that_are_left_alone_stand_with_their_provider() -> None:
    heard = Heard(Clock())
    heard.circuit("data.go.kr a/b", CircuitState.OPEN)
    heard.circuit("bus stationinfo", CircuitState.HALF_OPEN)
    assert [(one.name, one.state) for one in heard.providers()] == [("bus", "down"), ("data_go_kr", "down")]
    heard.circuit("bus stationinfo", CircuitState.CLOSED)
    heard.circuit("data.go.kr a/b", CircuitState.CLOSED)
    assert heard.providers() == ()


@pytest.fixture
def clock() -> Clock:
    return Clock()


def watcher(store: Any, folder: Path, clock: Clock, figures: Figures, heard: Heard) -> Watcher:
    application: Any = SimpleNamespace(
        settings=load_settings(data=folder),
        store=store,
        catalogue={"weather": SimpleNamespace(id="weather", name="날씨")},
        switch=SimpleNamespace(off=False),
        speech=None,
    )
    return Watcher(application, Admission(8), figures, heard, clock=clock, tick=clock.tick)


def figure(figures: Figures, name: str) -> float | None:
    return figures.registry.get_sample_value(f"donghaeng_{name}")


async def test_everything_is_looked_at_once_for_all_and_told_in_figures(tmp_path: Path, clock: Clock) -> None:
    figures, heard = Figures(), Heard(clock)
    heard.answer(outcome("kma.now", "weather", OutcomeKind.FAILED, "ProviderTimeout"))
    with Store.open(f"sqlite:///{tmp_path}/d.db", Sealer([b"k" * 32])) as store:
        row = OutboxRow("o", "c_1", "call", "road", "gateway.road", {"a": 1}, "k", NOW - HOUR, NOW)
        store.run(lambda tx: add_conversation(tx, Conversation("c_1", "web", NOW, "v1"), "token"))
        store.run(lambda tx: outbox.add(tx, row))
        store.run(lambda tx: standing.note_backup(tx, NOW - 2 * HOUR))
        leak = LeakLine("leak_a", NOW, "known", "lee", "x", Extent(NOW - 70 * HOUR, 1))
        store.run(lambda tx: leaks.add(tx, leak))
        watch = watcher(store, tmp_path, clock, figures, heard)
        system = await watch.look()
        assert system.standing is not None
        assert (system.standing.pending, system.standing.oldest) == (1, NOW - HOUR)
        assert system.affected == ("날씨",)
        assert [figure(figures, name) for name in ("database_up", "outbox_pending", "handovers_waiting")] == [
            1,
            1,
            0,
        ]
        assert figure(figures, "outbox_oldest_seconds") == 3600
        assert figure(figures, "backup_age_seconds") == 7200
        assert figure(figures, "incident_seconds_left") == 7200
        assert (figure(figures, "disk_free_bytes") or 0) > 0
        clock.ticks = FRESH_SECONDS / 2
        assert await watch.look() is system
        clock.ticks = FRESH_SECONDS
        assert await watch.look() is not system


async def test_a_database_that_is_gone_is_told_and_unknown_figures_are_no_zero(
    tmp_path: Path, clock: Clock
) -> None:
    class Gone:
        async def read(self, work: object) -> None:
            raise StoreError("no connection")

    figures = Figures()
    system = await watcher(Gone(), tmp_path, clock, figures, Heard(clock)).look()
    assert system.standing is None
    assert figure(figures, "database_up") == 0
    pending = figure(figures, "outbox_pending")
    assert pending is not None
    assert pending != pending  # noqa: PLR0124  only a number that is none differs from itself
