"""The sentence beside a chart says what it shows, also of nothing and of one point."""

from __future__ import annotations

import pytest

from donghaeng.tower.figures.definitions import Formula, Metric
from donghaeng.tower.figures.telling import NO_DATA, Point, tell_change, tell_course, tell_groups
from donghaeng.tower.figures.values import hidden, number, value_of, written


def metric(unit: str = "%", better: str = "up", **formula) -> Metric:
    formula = formula or {"kind": "rate", "of": "completed", "per": "taken"}
    return Metric(
        id="done",
        name="끝까지 마친 비율",
        unit=unit,
        formula=Formula(**formula),
        words="…",
        source="…",
        better=better,
    )


SHARE = metric()
COUNT = metric("건", "none", kind="count", of="conversations")
SECONDS = metric("초", "down", kind="quantile", of="turn_seconds", share=0.95)


def points(*values: float | None) -> list[Point]:
    return [Point(f"11월 {n + 1}일", value) for n, value in enumerate(values)]


def test_nothing_and_one_point() -> None:
    assert tell_course(SHARE, []) == NO_DATA
    assert tell_course(SHARE, points(None, None)) == NO_DATA
    one = tell_course(COUNT, points(None, 12.0))
    assert one == "끝까지 마친 비율은 11월 2일 하루치만 있고, 12건이에요."


def test_it_rose_it_fell_it_stayed() -> None:
    rose = tell_course(SHARE, points(0.5, 0.4, 0.75, 0.7))
    assert rose == (
        "끝까지 마친 비율은 11월 1일 50.0%에서 11월 4일 70.0%로 올랐어요. "
        "가장 높은 때는 11월 3일(75.0%), 가장 낮은 때는 11월 2일(40.0%)예요."
    )
    assert "1.0초로 내렸어요" in tell_course(SECONDS, points(2.0, 1.0))
    assert "100건으로 거의 그대로예요" in tell_course(COUNT, points(100, 300, 100))
    assert tell_course(COUNT, points(7, 7)).endswith("내내 같았어요.")


def test_groups_name_the_highest_and_the_lowest_and_say_what_is_left_out() -> None:
    told = tell_groups(
        SHARE, [Point("마포구", 0.5), Point("종로구", 0.8), Point("중구", None, hidden=True)], "자치구"
    )
    assert told.startswith("자치구 2개 가운데 종로구가 80.0%로 가장 높고, 마포구가 50.0%로 가장 낮아요.")
    assert "1곳은 5 미만" in told
    assert "중구" not in told
    assert tell_groups(SHARE, [], "자치구") == NO_DATA
    assert (
        tell_groups(COUNT, [Point("전화", 3.0), Point("웹", 3.0)], "통로") == "통로 2개 모두 3건으로 같아요."
    )


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        (None, 0.5, NO_DATA),
        (0.5, None, "견줄 기록이 없어요"),
        (0.8, 0.7, "10.0%p 높아요. 좋아졌어요."),
        (0.6, 0.7, "10.0%p 낮아요. 나빠졌어요."),
        (0.7, 0.7, "앞 기간과 같아요."),
    ],
)
def test_a_share_against_the_period_before(now: float | None, before: float | None, said: str) -> None:
    assert said in tell_change(SHARE, now, before)


def test_seconds_and_counts_against_the_period_before() -> None:
    assert tell_change(SECONDS, 3.0, 2.0).endswith("50% 길어요. 나빠졌어요.")
    assert tell_change(COUNT, 150, 100).endswith("50% 많아요.")
    assert "거의 같아요" in tell_change(COUNT, 101, 100)
    assert tell_change(COUNT, 5, 0) == "앞 기간(0건)보다 많아요."


def test_a_single_small_group_is_not_found_by_subtraction() -> None:
    assert hidden({"a": 100, "b": 3, "c": 7}) == {"b", "c"}
    assert hidden({"a": 100, "b": 3, "c": 4}) == {"b", "c"}
    assert hidden({"a": 100, "b": 0, "c": 9}) == frozenset()
    assert hidden({"a": 100, "b": 3}, total_is_known=False) == {"b"}


def test_values_and_how_they_are_written() -> None:
    assert value_of(SHARE, {"taken": 4, "completed": 3}, {}) == 0.75
    assert value_of(SHARE, {"completed": 3}, {}) is None
    assert value_of(SECONDS, {}, {}) is None
    assert value_of(COUNT, {}, {}) == 0
    assert [number(n) for n in (0, 9_999, 12_345, 1_000_000)] == ["0", "9,999", "1만 2,345", "100만"]
    assert (written(SHARE, 0.8734), written(SECONDS, 1.234), written(COUNT, None)) == (
        "87.3%",
        "1.2초",
        "없음",
    )
