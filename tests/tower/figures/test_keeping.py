"""What a running server does again and again."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import text
from tests.conftest import CHECKOUT
from tests.tower.figures.conftest import BULKY, NOW, OPENED, Talk

from donghaeng.errors import StoreError
from donghaeng.store import Store, figures
from donghaeng.tower.figures import alerting, feeds
from donghaeng.tower.figures.definitions import load_definitions
from donghaeng.tower.figures.keeping import Keeper
from donghaeng.tower.figures.metering import Meter

RULES = load_definitions(CHECKOUT / "catalogue")
DAY = date(2026, 11, 23)


def total(store: Store, metric: str, dimension: str = "all") -> float:
    found = store.look(lambda tx: figures.sums(tx, [metric], DAY, DAY, dimensions=[dimension]))
    return sum(one.value for one in found)


async def test_one_look_counts_writes_and_watches(store: Store, talk: Talk) -> None:
    meter = Meter(lambda: NOW)
    later = NOW + timedelta(hours=1)
    keeper = Keeper(store, RULES, meter, clock=lambda: later)
    for n in range(3):
        talk(f"c_{n}", OPENED, BULKY)
        meter.add("turn_seconds", 0.2)
    store.run(lambda tx: feeds.register(tx, "parking", "주차 안내", NOW, every_seconds=60))
    assert await keeper.once() == 6
    assert await keeper.once() == 0
    assert (total(store, "conversations"), total(store, "abandoned")) == (3, 3)
    assert total(store, "turn_seconds", "bucket") == 3
    assert [one.rule for one in store.look(lambda tx: alerting.shown(tx, later))] == ["silent"]


async def test_what_was_measured_waits_for_a_database_that_is_away(store: Store) -> None:
    meter = Meter(lambda: NOW)
    keeper = Keeper(store, RULES, meter, clock=lambda: NOW)
    meter.add("first_sound", 1.0)
    store.run(lambda tx: tx.connection.execute(text("ALTER TABLE figures_hours RENAME TO away")))
    with pytest.raises(StoreError):
        await keeper.once()
    store.run(lambda tx: tx.connection.execute(text("ALTER TABLE away RENAME TO figures_hours")))
    await keeper.once()
    assert total(store, "first_sound", "bucket") == 1
