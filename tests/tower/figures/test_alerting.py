"""Alerts: once while it lasts, not at night where it can wait, seen by somebody; of silent systems too."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.conftest import CHECKOUT
from tests.tower.figures.conftest import NOW

from donghaeng.store import Store, figures
from donghaeng.store.figures import CITY_TIME
from donghaeng.tower.figures import alerting, feeds
from donghaeng.tower.figures.alerting import Alert, after_quiet
from donghaeng.tower.figures.definitions import Quiet, load_definitions
from donghaeng.tower.figures.folding import Cell, hour_of

RULES = load_definitions(CHECKOUT / "catalogue")
HOUR = timedelta(hours=1)
NIGHT = NOW.replace(hour=14)  # 23 o'clock of the city


def count(store: Store, at=NOW, system: str = figures.OWN, **counts: float) -> None:
    cells = {Cell(hour_of(at), metric, "all", ""): value for metric, value in counts.items()}
    store.run(lambda tx: figures.add(tx, cells, system=system))


def watch(store: Store, at=NOW) -> list[str]:
    return [alert.rule for alert in store.run(lambda tx: alerting.watch(tx, RULES, at))]


def shown(store: Store, at=NOW) -> list[Alert]:
    return store.look(lambda tx: alerting.shown(tx, at))


def test_it_is_told_once_while_it_lasts_and_again_when_it_comes_again(store: Store) -> None:
    count(store, turns=200, no_match=80)
    assert watch(store) == ["no_match_high"]
    assert watch(store) == []
    assert shown(store)[0].value == pytest.approx(0.4)
    later = NOW + 10 * HOUR
    assert watch(store, later) == []
    assert shown(store, later)[0].ended_at == later
    count(store, later, turns=200, no_match=80)
    assert watch(store, later) == ["no_match_high"]


def test_of_few_nothing_is_said(store: Store) -> None:
    count(store, turns=99, no_match=99)
    assert watch(store) == []


def test_at_night_what_can_wait_is_shown_in_the_morning_and_what_is_urgent_at_once(store: Store) -> None:
    count(store, NIGHT, turns=200, no_match=80, calls=30, calls_failed=30)
    assert watch(store, NIGHT) == ["no_match_high", "provider_fails"]
    assert [one.rule for one in shown(store, NIGHT)] == ["provider_fails"]
    assert {one.rule for one in shown(store, NIGHT + 8 * HOUR)} == {"no_match_high", "provider_fails"}


def test_who_has_seen_it_is_noted_and_it_goes_when_it_is_over(store: Store) -> None:
    count(store, turns=200, no_match=80)
    watch(store)
    (alert,) = shown(store)
    assert store.run(lambda tx: alerting.acknowledge(tx, alert.id, "lee", NOW))
    assert not store.run(lambda tx: alerting.acknowledge(tx, alert.id, "kim", NOW))
    (seen,) = shown(store)
    assert (seen.seen_by, seen.seen_at) == ("lee", NOW)
    watch(store, NOW + 10 * HOUR)
    assert shown(store, NOW + 10 * HOUR) == []


def test_a_system_that_says_nothing_is_silent_until_it_speaks(store: Store) -> None:
    token = store.run(lambda tx: feeds.register(tx, "parking", "주차 안내", NOW, every_seconds=600))
    assert watch(store, NOW + timedelta(minutes=29)) == []
    assert watch(store, NOW + timedelta(minutes=31)) == ["silent"]
    system = store.look(lambda tx: feeds.bearer(tx, "parking", token))
    assert system is not None
    at = NOW + timedelta(minutes=32)
    store.run(lambda tx: feeds.accept(tx, system, "b", at, [], now=at))
    assert watch(store, at) == []
    assert shown(store, at)[0].ended_at == at
    store.run(lambda tx: feeds.stop(tx, "parking", at))
    assert watch(store, at + 5 * HOUR) == []


def test_another_systems_figures_are_watched_as_ones_own(store: Store) -> None:
    store.run(lambda tx: feeds.register(tx, "parking", "주차 안내", NOW, every_seconds=600))
    count(store, system="parking", turns=200, no_match=80)
    assert watch(store) == ["no_match_high"]
    assert shown(store)[0].system == "parking"


@pytest.mark.parametrize(
    ("hours", "now", "then"),
    [((21, 7), 22, 7), ((21, 7), 3, 7), ((21, 7), 7, 7), ((21, 7), 20, 20), ((1, 5), 2, 5), ((1, 5), 5, 5)],
)
def test_quiet_hours_may_go_over_midnight(hours: tuple[int, int], now: int, then: int) -> None:
    at = NOW.astimezone(CITY_TIME).replace(hour=now, minute=0)
    found = after_quiet(Quiet(**{"from": hours[0], "to": hours[1]}), at).astimezone(CITY_TIME)
    assert found.hour == then
    assert timedelta(0) <= found - at < timedelta(days=1)
