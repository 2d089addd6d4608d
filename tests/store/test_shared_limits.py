"""A limit that several processes count together, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests import postgres
from tests.store.several import opened

from donghaeng.store import Store, shared_limits

pytestmark = pytest.mark.databases
NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)
BURST = 12


@pytest.fixture(params=["sqlite", "postgresql"])
def stores(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[list[Store]]:
    """One for each of several processes."""
    if request.param == "sqlite":
        yield from opened(f"sqlite:///{tmp_path}/a.db")
        return
    with postgres.fresh() as made:
        yield from opened(made)


def take(store: Store, now: datetime, name: str = "codes") -> float:
    return store.run(lambda tx: shared_limits.take(tx, name, burst=BURST, per_second=0.1, now=now))


def test_processes_together_have_what_one_would_have(stores: list[Store]) -> None:
    with ThreadPoolExecutor(len(stores)) as pool:
        tries = [store for store in stores for _ in range(BURST)]
        allowed = list(pool.map(lambda store: take(store, NOW) == 0.0, tries))
    assert allowed.count(True) == BURST
    assert 0 < take(stores[0], NOW) <= 10
    assert take(stores[1], NOW, "others") == 0.0
    later = NOW + timedelta(seconds=25)
    assert [take(store, later) == 0.0 for store in stores] == [True, True, False, False]
    much_later = NOW + timedelta(days=1)
    assert sum(take(stores[2], much_later) == 0.0 for _ in range(2 * BURST)) == BURST


def test_a_clock_that_was_ahead_shuts_nobody_out_for_long(stores: list[Store]) -> None:
    assert take(stores[0], NOW + timedelta(days=400)) == 0.0
    wait = take(stores[1], NOW)
    assert 0 < wait <= 10
    assert take(stores[1], NOW + timedelta(seconds=wait + 0.001)) == 0.0
