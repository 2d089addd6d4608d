"""Car parks and shelters: what each column becomes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from donghaeng.city.providers import envelopes, parking, shelters
from donghaeng.city.providers.values import KST

AT = datetime(2026, 11, 23, 10, 0, tzinfo=KST)


def car_parks(samples: Any, at: datetime = AT, day: int = 1) -> dict[str, Any]:
    lots = parking.lot_rows(envelopes.seoul_rows("seoul", samples.text("parking.json")))
    reports = parking.report_rows(envelopes.seoul_rows("seoul", samples.text("parking_now.json")))
    by_code = {report["code"]: report for report in reports}
    return {lot["code"]: parking.car_park(lot, by_code.get(lot["code"]), at, day) for lot in lots}


def test_a_lot_that_reports_has_free_places_and_its_fee(samples: Any) -> None:
    row = car_parks(samples)["171721"]
    assert (row["name"], row["address"]) == ("세종로 공영주차장", "종로구 세종로 80-1")
    assert (row["spaces"], row["free_spaces"]) == (1260, 448)
    assert row["updated_time"] == "09:58"
    assert (row["base_won"], row["base_minutes"], row["day_most_won"]) == (430, 5, 30_900)
    assert (row["opens"], row["closes"], row["open"], row["free_of_charge"]) == (
        "00:00",
        "24:00",
        True,
        False,
    )


def test_what_is_not_linked_or_not_fresh_has_no_free_places(samples: Any) -> None:
    rows = car_parks(samples)
    assert rows["1011"]["free_spaces"] == 0  # more cars than places
    assert (rows["1012"]["free_spaces"], rows["1013"]["free_spaces"]) == (None, None)
    assert rows["1014"]["free_spaces"] is None  # at the roadside, nothing reports


def test_a_lot_at_the_roadside_is_one_lot_and_lots_without_position_none(samples: Any) -> None:
    rows = car_parks(samples)
    assert set(rows) == {"171721", "1011", "1012", "1013", "1014"}
    assert rows["1014"]["lat"] == 37.5490


@pytest.mark.parametrize(
    ("day", "hour", "hours", "is_open", "free"),
    [
        (1, 10, ("09:00", "20:00"), True, False),
        (1, 21, ("09:00", "20:00"), False, False),
        (6, 10, (None, None), None, True),
        (7, 10, (None, None), None, False),  # the source says nothing of Sundays
        (8, 10, ("00:00", "24:00"), True, True),
    ],
)
def test_hours_and_days_without_fee(
    samples: Any, day: int, hour: int, hours: Any, is_open: Any, free: Any
) -> None:
    row = car_parks(samples, AT.replace(hour=hour), day)["1014"]
    assert (row["opens"], row["closes"]) == hours
    assert (row["open"], row["free_of_charge"]) == (is_open, free)


def test_shelters_from_heat(samples: Any) -> None:
    found = shelters.shelter_rows(envelopes.seoul_rows("seoul", samples.text("shelters_heat.json")))
    club, hall = found  # last year's row of the club is the same place
    assert (club["name"], club["members_only"], club["capacity"]) == ("은평경로당(예시)", True, 20)
    assert (club["days"], club["opens"], club["closes"]) == ("평일", "09:00", "18:00")
    assert shelters.is_open(club, AT) is True
    assert shelters.is_open(club, AT.replace(hour=18)) is False
    assert shelters.is_open(club, AT.replace(day=22)) is False  # a Sunday
    assert (hall["members_only"], hall["opens"], shelters.is_open(hall, AT)) == (False, None, None)


def test_shelters_from_cold_name_things_differently(samples: Any) -> None:
    (row,) = shelters.shelter_rows(envelopes.seoul_rows("seoul", samples.text("shelters_cold.json")))
    assert (row["name"], row["address"]) == ("은평복지관(예시)", "서울특별시 은평구 연서로 2 (예시)")
    assert (row["lat"], row["lon"], row["capacity"]) == (37.612, 126.921, 45)
    assert (row["opens"], shelters.is_open(row, AT)) == (None, None)
