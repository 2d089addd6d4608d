from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donghaeng.measuring import figures


def test_quantiles_are_values_that_occurred() -> None:
    assert figures.quantile([], 0.5) is None
    assert figures.quantile([3.0], 0.95) == 3.0
    assert figures.quantile([4, 1, 3, 2], 0.5) == 2
    assert figures.quantile(list(range(1, 101)), 0.95) == 95
    assert figures.milliseconds([0.001, 0.003], "a_") == {"a_p50_ms": 1.0, "a_p95_ms": 3.0}


@given(st.lists(st.floats(0, 1e6), min_size=1), st.floats(0, 1))
def test_quantile_leaves_the_share_at_or_below(values: list[float], share: float) -> None:
    found = figures.quantile(values, share)
    assert found in values
    assert sum(value <= found for value in values) >= share * len(values) - 1e-9


def test_scores() -> None:
    gold, said = ["a", "a", "b", "c"], ["a", "b", "b", None]
    assert figures.accuracy(gold, said) == 0.5
    # a: p 1/1, r 1/2 → 2/3; b: p 1/2, r 1 → 2/3; c: 0
    assert figures.macro_f1(gold, said) == pytest.approx((2 / 3 + 2 / 3) / 3)
    assert figures.macro_f1(gold, gold) == 1.0


@given(st.lists(st.booleans(), min_size=1, max_size=6), st.integers(1, 6))
def test_pass_hat_is_the_share_of_draws_that_all_pass(runs: list[bool], k: int) -> None:
    if k > len(runs):
        return
    draws = list(itertools.combinations(runs, k))
    expected = sum(all(draw) for draw in draws) / len(draws)
    assert figures.pass_hat([(sum(runs), len(runs))], k) == pytest.approx(expected)


def test_pass_hat_is_a_mean_over_tasks() -> None:
    assert figures.pass_hat([(2, 2), (1, 2)], 1) == 0.75
    assert figures.pass_hat([(2, 2), (1, 2)], 2) == 0.5


def test_time_and_memory_of_this_process() -> None:
    before = figures.cpu_seconds()
    sum(range(2_000_000))
    assert figures.cpu_seconds() >= before
    assert figures.memory_bytes() > figures.MEGABYTE
