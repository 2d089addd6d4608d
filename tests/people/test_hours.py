"""When the desk works: hours, weekends, public holidays with their substitutes, days out of the row."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donghaeng.errors import CatalogueError
from donghaeng.people.calling import SEOUL
from donghaeng.people.desk_files import load_desk
from donghaeng.people.hours import DAYS, Hours, Span, public_holiday

CATALOGUE = Path(__file__).resolve().parents[2] / "catalogue"
OFFICE = Span(time(9), time(18))
HOURS = Hours(dict.fromkeys(DAYS[:5], OFFICE))


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+09:00")


@pytest.mark.parametrize(
    ("moment", "is_open", "opens"),
    [
        ("2026-11-23T09:00", True, None),
        ("2026-11-23T17:59", True, None),
        ("2026-11-23T18:00", False, "2026-11-24T09:00"),
        ("2026-11-23T03:00", False, "2026-11-23T09:00"),
        ("2026-11-27T20:00", False, "2026-11-30T09:00"),
        # 추석 2026: Thursday 24 to Saturday 26 September
        ("2026-09-23T18:30", False, "2026-09-28T09:00"),
        # 삼일절 2026 is a Sunday: the Monday after it is off
        ("2026-02-27T19:00", False, "2026-03-03T09:00"),
        ("2026-12-31T19:00", False, "2027-01-04T09:00"),
    ],
)
def test_it_works_in_its_hours(moment: str, is_open: bool, opens: str | None) -> None:
    opening = HOURS.at(at(moment))
    assert opening.is_open is is_open
    assert opening.opens_at == (at(opens) if opens else None)


def test_the_reason_is_named() -> None:
    assert HOURS.at(at("2026-09-25T10:00")).why_closed == "추석"
    assert HOURS.at(at("2026-11-28T10:00")).why_closed == "hours"
    assert public_holiday(date(2026, 5, 25)) == "부처님오신날 대체 휴일"


def test_days_out_of_the_row() -> None:
    monday, sunday = date(2026, 11, 23), date(2026, 11, 29)
    hours = Hours(
        dict.fromkeys(DAYS[:5], OFFICE),
        closed={monday: "이사"},
        opened={sunday: Span(time(10), time(0))},
    )
    assert hours.at(at("2026-11-23T10:00")).why_closed == "이사"
    assert hours.at(at("2026-11-29T23:59")).is_open
    assert hours.at(at("2026-11-28T12:00")).opens_at == at("2026-11-29T10:00")
    assert Hours({}).at(at("2026-11-23T10:00")).opens_at is None


@given(st.integers(0, 6 * 365 * 24 * 60))
def test_the_next_opening_is_open_and_nothing_before_it_is(minutes: int) -> None:
    here = at("2024-01-01T00:00").astimezone(SEOUL) + timedelta(minutes=minutes)
    first = HOURS.first_from(here)
    assert first is not None
    assert HOURS.at(first).is_open
    assert first >= here
    step = (first - here) / 7
    assert step == timedelta(0) or not any(HOURS.at(here + step * number).is_open for number in range(7))


def test_the_catalogue_holds_a_desk() -> None:
    files = load_desk(CATALOGUE / "desk")
    assert files.hours.at(at("2026-11-23T10:00")).is_open
    assert {one.id for one in files.outcomes} >= {"answered", "done", "callback_promised"}
    assert all(one.text.endswith((".", "?")) for one in files.canned)


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("hours.yaml", 'week: {mon: "9-18"}\nbusy_from: 5\n', "hours.yaml:1: .*09:00-18:00"),
        ("hours.yaml", 'week: {mon: "18:00-09:00"}\nbusy_from: 5\n', "end before they begin"),
        ("hours.yaml", "week: {}\nbusy_from: 5\nclosed: {soon: 이사}\n", "hours.yaml:3"),
        ("outcomes.yaml", "handed_back: 돌려줌\n", "the program's own"),
        ("outcomes.yaml", "{}\n", "outcomes.yaml"),
        (
            "canned.yaml",
            "a: {title: ㄱ, key: '1', text: 네}\nb: {title: ㄴ, key: '1', text: 네}\n",
            "same key",
        ),
        ("departments.yaml", "Tax Office: 세금\n", "departments.yaml:1"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, name: str, text: str, says: str) -> None:
    for file in (CATALOGUE / "desk").glob("*.yaml"):
        (tmp_path / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueError, match=says):
        load_desk(tmp_path)


@pytest.mark.parametrize(
    ("wanted", "nearest", "why"),
    [
        ("2026-11-24T10:00", "2026-11-24T10:00", None),
        ("2026-11-23T10:00", "2026-11-23T10:00", None),
        ("2026-11-23T09:59", "2026-11-23T10:00", "past"),
        ("2026-11-23T17:45", "2026-11-23T17:45", None),
        ("2026-11-23T17:50", "2026-11-23T17:45", "hours"),
        ("2026-11-23T19:00", "2026-11-23T17:45", "hours"),
        ("2026-11-24T02:00", "2026-11-24T09:00", "hours"),
        ("2026-11-28T10:00", "2026-11-27T17:45", "hours"),
        ("2026-11-29T14:00", "2026-11-30T09:00", "hours"),
        ("2026-12-25T15:00", "2026-12-23T10:00", "far"),
        ("2026-11-22T10:00", "2026-11-23T10:00", "past"),
    ],
)
def test_the_nearest_time_for_a_call(wanted: str, nearest: str, why: str | None) -> None:
    now = at("2026-11-23T10:00")
    assert HOURS.nearest_call(at(wanted), now) == at(nearest)
    assert HOURS.why_not(at(wanted), now) == why


def test_a_holiday_is_named_and_no_hours_are_no_time() -> None:
    now = at("2026-12-24T10:00")
    assert HOURS.why_not(at("2026-12-25T10:00"), now) == "기독탄신일"
    assert Hours({}).nearest_call(now, now) is None


MINUTES = st.integers(0, 2 * 365 * 24 * 60)
SPANS = st.sampled_from(
    [OFFICE, Span(time(13), time(13, 10)), Span(time(22), time(0)), Span(time(0), time(0)), None]
)


@given(
    MINUTES,
    st.integers(-3 * 24 * 60, 40 * 24 * 60),
    st.lists(SPANS, min_size=7, max_size=7),
    st.sets(st.integers(0, 45), max_size=6),
)
def test_a_promised_call_is_one_that_can_be_made_and_none_is_nearer(minutes, ahead, spans, closed) -> None:
    now = at("2026-01-01T00:00").astimezone(SEOUL) + timedelta(minutes=minutes)
    wanted = now + timedelta(minutes=ahead)
    hours = Hours(
        {day: span for day, span in zip(DAYS, spans, strict=True) if span is not None},
        closed={now.date() + timedelta(days=number): "쉼" for number in closed},
    )
    found = hours.nearest_call(wanted, now)
    possible = [now + timedelta(minutes=15 * step) for step in range(30 * 24 * 4 + 1)]
    possible = [one for one in (wanted, *possible) if hours.takes_call(one, now)]
    if found is None:
        assert possible == []
        return
    assert hours.takes_call(found, now)
    assert hours.at(found).is_open
    assert all(abs(found - wanted) <= abs(one - wanted) for one in possible)
    assert (hours.why_not(wanted, now) is None) == (found == wanted)
