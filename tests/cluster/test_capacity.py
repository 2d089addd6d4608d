"""The capacity model against formulas that are known, and the document against the model."""

from __future__ import annotations

from random import Random

import pytest
from click.testing import CliRunner
from tests.conftest import CHECKOUT

from donghaeng.cli.cluster import cluster
from donghaeng.cluster.capacity_table import capacity_document
from donghaeng.cluster.city_load import Load, Needs, blocked, first_sounds, offered_load, plan, served
from donghaeng.measuring.capacity import LIMIT_SECONDS, Costs

COSTS = Costs(hear=0.14, speak=1.02, listen=0.006)


def test_the_document_holds_what_the_command_prints() -> None:
    assert CliRunner().invoke(cluster, ["capacity"]).stdout == capacity_document()
    document = (CHECKOUT / "docs" / "capacity.md").read_text(encoding="utf-8")
    for table in capacity_document().strip().split("\n\n"):
        assert table in document, "write it anew: donghaeng cluster capacity"


def test_served_is_first_come_first_served() -> None:
    assert served([0.0, 0.0, 1.0], [2.0, 3.0, 1.0], 1) == [2.0, 5.0, 6.0]
    assert served([0.0, 0.0, 1.0], [2.0, 3.0, 1.0], 2) == [2.0, 3.0, 3.0]


def test_waits_of_one_server_are_those_of_the_formula() -> None:
    """Pollaczek and Khinchine: of random arrivals and even service, the wait is ρ·s / (2·(1 − ρ))."""
    chance, now, arrivals = Random(3), 0.0, []
    for _ in range(60_000):
        now += chance.expovariate(0.7)
        arrivals.append(now)
    ends = served(arrivals, [1.0] * len(arrivals), 1)
    waits = [end - at - 1.0 for at, end in zip(arrivals, ends, strict=True)]
    assert sum(waits) / len(waits) == pytest.approx(0.7 / (2 * 0.3), rel=0.05)


@pytest.mark.parametrize(("places", "load", "share"), [(1, 1.0, 0.5), (10, 4.461, 0.01), (100, 84.06, 0.01)])
def test_erlang_b_is_as_in_the_tables(places: int, load: float, share: float) -> None:
    assert blocked(places, load) == pytest.approx(share, rel=0.01)
    assert offered_load(places, share) == pytest.approx(load, rel=0.001)


def test_too_few_recognisers_are_heard_in_the_waits() -> None:
    load = Load(8.0, COSTS, 0.7)
    few = sorted(first_sounds(load, 4, 20, turns=2_000))
    enough = sorted(first_sounds(load, 8, 20, turns=2_000))
    assert few[1_900] > LIMIT_SECONDS > enough[1_900]


@pytest.mark.parametrize("calls", [10, 100, 1_000])
def test_a_plan_answers_in_time_and_survives_a_machine(calls: int) -> None:
    found = plan(calls, COSTS)
    assert found.p95_seconds <= LIMIT_SECONDS
    assert found.agents * Needs().places >= calls
    assert (found.machines - 1) * Needs().machine_cores >= found.cores
    assert (found.machines - 1) * Needs().machine_gib >= found.memory_gib


def test_more_calls_use_engines_better() -> None:
    small, large = plan(30, COSTS), plan(1_000, COSTS)
    assert large.cores / 1_000 < small.cores / 30
    assert large.utilisation > small.utilisation


def test_an_impossible_limit_is_shown_and_not_bought() -> None:
    """Where one clause alone takes too long, no number of machines helps."""
    found = plan(100, Costs(hear=0.14, speak=5.0, listen=0.006))
    assert found.p95_seconds > LIMIT_SECONDS
    assert found.utilisation > 0.5
