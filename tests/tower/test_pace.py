"""The mathematics of the targets board."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import CHECKOUT

from donghaeng.errors import InputError
from donghaeng.tower.targets.definition import load_survey, load_targets
from donghaeng.tower.targets.pace import Pace, pace, score

BEGINS, ENDS = date(2026, 1, 1), date(2026, 12, 31)
CATALOGUE = CHECKOUT / "catalogue"


def even(a_day: int, until: date) -> dict[date, int]:
    return {BEGINS + timedelta(days=number): a_day for number in range((until - BEGINS).days + 1)}


def on(today: date, counts: dict[date, int], goal: float = 730) -> Pace:
    return pace(counts, goal, BEGINS, ENDS, today)


def test_an_even_count_ends_where_it_is_forecast() -> None:
    today = date(2026, 6, 30)
    told = on(today, even(2, today))
    assert (told.total, told.due_today, told.standing) == (362, pytest.approx(362), "on_pace")
    assert told.forecast is not None
    assert told.forecast.value == pytest.approx(730)
    assert told.forecast.low < 730 < told.forecast.high
    assert told.forecast.chance == pytest.approx(0.5, abs=0.05)
    assert told.line[0] == (date(2026, 1, 31), 62, pytest.approx(62))
    assert told.line[-1] == (today, 362, pytest.approx(362))


def test_days_outside_the_year_and_to_come_do_not_count() -> None:
    today = date(2026, 3, 1)
    counts = {date(2025, 12, 31): 5, date(2026, 3, 1): 7, date(2026, 3, 2): 9, date(2027, 1, 1): 9}
    assert on(today, counts).total == 7


@pytest.mark.parametrize(
    ("today", "counts", "standing", "forecasts"),
    [
        (date(2025, 12, 31), {}, "not_begun", False),
        (date(2026, 1, 20), {BEGINS: 9}, "behind", False),  # too few weeks
        (date(2026, 2, 1), {}, "behind", True),
        (date(2026, 2, 1), {BEGINS: 900}, "reached", True),
        (date(2027, 5, 1), {BEGINS: 9}, "behind", False),  # the year is over
    ],
)
def test_the_ends_of_the_year(today: date, counts: dict[date, int], standing: str, forecasts: bool) -> None:
    told = on(today, counts)
    assert told.standing == standing
    assert (told.forecast is not None) == forecasts
    if today > ENDS:
        assert told.due_today == pytest.approx(told.goal)


def test_of_nothing_seen_the_bound_is_told() -> None:
    told = on(date(2026, 12, 24), {})
    assert told.forecast is not None
    assert (told.forecast.value, told.forecast.low, told.forecast.chance) == (0, 0, 0)
    assert told.forecast.high == pytest.approx(1 * 3 / 26)


@pytest.mark.parametrize(("shift", "least"), [(3, 0.92), (0, 0.85)])
def test_the_interval_holds_about_as_often_as_it_says(shift: int, least: float) -> None:
    """Of 300 years whose weeks differ by more than chance, the interval holds some 95 in 100; somewhat fewer
    where the weeks that differ are not the weeks that are counted."""
    rng = np.random.default_rng(5)
    today, held = date(2026, 5, 31), 0
    for _ in range(300):
        rate = rng.gamma(4, 0.5, size=54)
        year = {
            BEGINS + timedelta(days=number): int(rng.poisson(rate[(number + shift) // 7]))
            for number in range(365)
        }
        forecast = on(today, year).forecast
        assert forecast is not None
        held += forecast.low <= sum(year.values()) <= forecast.high
    assert least <= held / 300 <= 0.99


@given(
    st.dictionaries(st.dates(BEGINS, ENDS), st.integers(0, 500), max_size=60),
    st.dates(date(2025, 6, 1), date(2027, 6, 1)),
)
def test_whatever_was_counted_the_figures_are_in_order(counts: dict[date, int], today: date) -> None:
    told = on(today, counts)
    assert 0 <= told.due_today <= told.goal * 1.000001
    if told.forecast is not None:
        assert told.total <= told.forecast.low <= told.forecast.high
        assert told.forecast.low <= told.forecast.value <= told.forecast.high * 1.05 + 1
        assert 0 <= told.forecast.chance <= 1
    so_far = [value for _, value, _ in told.line]
    assert so_far == sorted(so_far)


# The survey


def answered(rating: int, but: dict[str, int] | None = None) -> dict[str, int]:
    survey = load_survey(CATALOGUE)
    return {item.id: 6 - rating if item.reversed else rating for item in survey.items} | (but or {})


def test_the_ends_of_the_scale_are_nothing_and_a_hundred() -> None:
    survey = load_survey(CATALOGUE)
    for rating, points in ((1, 0), (3, 50), (5, 100)):
        told = score(survey, [answered(rating)] * 30)
        assert told is not None
        assert (told.value, told.low, told.high) == (points, points, points)
    assert score(survey, [answered(5)] * 29) is None


def test_a_reversed_item_counts_the_other_way() -> None:
    survey = load_survey(CATALOGUE)
    straight = score(survey, [answered(5, {"e1": 1})] * 30)
    turned = score(survey, [answered(5, {"e3": 5})] * 30)
    assert straight is not None
    assert turned is not None
    # One item of three in one of four dimensions.
    assert straight.value == turned.value == pytest.approx(100 - 100 / 3 / 4)


def test_who_left_too_much_out_is_not_counted() -> None:
    survey = load_survey(CATALOGUE)
    gaps = {key: value for key, value in answered(5).items() if key not in ("e1", "e2")}
    told = score(survey, [answered(1)] * 30 + [gaps] * 30)
    assert told is not None
    assert (told.answers, told.value) == (30, 0)
    one_gap = {key: value for key, value in answered(5).items() if key != "e1"}
    both = score(survey, [answered(1)] * 30 + [one_gap] * 30)
    assert both is not None
    assert (both.answers, both.value) == (60, 50)
    assert both.low < 50 < both.high
    assert dict(both.dimensions)["환경"] == 50


def test_the_years_goals_are_the_citys() -> None:
    year = load_targets(CATALOGUE, 2026)
    assert {one.id: one.goal for one in year.targets} == {
        "data_cases": 80,
        "member_bodies": 800,
        "ai_learners": 8_000,
        "companion_learners": 80_000,
        "sustainable_culture": 95,
    }
    assert load_targets(CATALOGUE, 2028).year == 2026
    with pytest.raises(InputError, match="no targets for 2025"):
        load_targets(CATALOGUE, 2025)
