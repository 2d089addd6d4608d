"""Recorded answers through the parsers: what each column becomes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from donghaeng.city.providers import bus, data_go_kr, envelopes, kma, seoul, subway
from donghaeng.city.providers.values import KST
from donghaeng.errors import (
    MalformedAnswer,
    ProviderDenied,
    ProviderError,
    ProviderUnavailable,
    QuotaUsedUp,
)

AT = datetime(2026, 11, 23, 10, 0, tzinfo=KST)


def test_bus_arrivals_say_minutes_stops_and_state(samples: Any) -> None:
    rows = bus.arrival_rows(envelopes.bus_rows("bus", samples.text("bus_arrivals.json")))
    assert [row["route"] for row in rows] == ["720", "704", "N37"]
    soon, later, ended = rows
    assert (soon["running"], soon["first_minutes"], soon["last_bus"], soon["second_minutes"]) == (
        "arriving",
        0,
        True,
        None,
    )
    assert (later["running"], later["first_minutes"], later["first_stops_away"]) == ("running", 3, 2)
    assert (later["second_minutes"], later["second_stops_away"], later["low_floor"]) == (13, 9, True)
    assert (later["first_time"], later["last_time"], later["next_stop"], later["crowding"]) == (
        "04:00",
        "22:30",
        "불광역",
        "여유",
    )
    assert (ended["running"], ended["first_minutes"], ended["first_time"]) == ("ended", None, "23:30")


def test_bus_rows_are_the_same_in_xml_and_json(samples: Any) -> None:
    from_json = bus.arrival_rows(envelopes.bus_rows("bus", samples.text("bus_arrivals.json")))
    assert bus.arrival_rows(envelopes.bus_rows("bus", samples.text("bus_arrivals.xml"))) == from_json


def test_one_row_may_come_as_an_object_and_none_as_null(samples: Any) -> None:
    assert len(envelopes.bus_rows("bus", samples.text("bus_arrivals_one.json"))) == 1
    assert envelopes.bus_rows("bus", samples.text("bus_arrivals_none.json")) == []


def test_stops_without_a_number_are_left_out(samples: Any) -> None:
    rows = bus.stop_rows(envelopes.bus_rows("bus", samples.text("bus_stops.json")))
    assert [(row["ars_id"], row["name"]) for row in rows] == [("14011", "합정역")]


def test_subway_takes_the_age_of_the_data_off_and_knows_what_it_does_not_know(samples: Any) -> None:
    rows = subway.arrival_rows(envelopes.subway_rows("subway", samples.text("subway.json")), AT)
    entering, under_way, unknown = rows  # the train announced ten minutes ago has gone
    assert (entering["seconds"], entering["line"], entering["express"], entering["last_train"]) == (
        0,
        "신분당",
        True,
        True,
    )
    assert (under_way["seconds"], under_way["minutes"]) == (100, 1)
    assert (under_way["towards"], under_way["destination"], under_way["direction"]) == (
        "역삼",
        "성수",
        "외선",
    )
    assert (unknown["seconds"], unknown["minutes"], unknown["message"]) == (None, None, "[7]번째 전역 (사당)")


def test_subway_seconds_are_never_negative(samples: Any) -> None:
    found = envelopes.subway_rows("subway", samples.text("subway.json"))
    rows = subway.arrival_rows(found, AT.replace(minute=1, second=45))
    assert [row["seconds"] for row in rows] == [0, 0, None]


@pytest.mark.parametrize("name", ["air.json", "air_old_names.json", "air.xml"])
def test_air_by_old_and_new_column_names(samples: Any, name: str) -> None:
    (row,) = seoul.air_rows(envelopes.seoul_rows("seoul", samples.text(name)))
    assert (row["district"], row["grade"], row["pm10"], row["pm25"]) == ("마포구", "보통", 38, 21)
    assert (row["pm10_grade"], row["pm25_grade"]) == ("보통", "보통")
    assert row["measured_at"] == AT


def test_air_that_is_being_checked_is_not_clean_air(samples: Any) -> None:
    (row,) = seoul.air_rows(envelopes.seoul_rows("seoul", samples.text("air_checking.json")))
    assert (row["grade"], row["pm10"], row["pm10_grade"]) == ("점검중", None, None)


def test_bikes_toilets_and_wireless(samples: Any) -> None:
    (bike,) = seoul.bike_rows(envelopes.seoul_rows("seoul", samples.text("bikes.json")))
    assert (bike["name"], bike["number"], bike["bikes"], bike["racks"]) == (
        "망원역 1번출구 앞",
        "102",
        12,
        15,
    )
    (toilet,) = seoul.toilet_rows(envelopes.seoul_rows("seoul", samples.text("toilets.json")))
    assert toilet["name"] == "광화문·세종로 개방화장실"
    assert (toilet["hours"], toilet["detail"], toilet["phone"]) == ("상시(24시간)", "장애인 화장실", None)
    (wireless,) = seoul.wireless_rows(envelopes.seoul_rows("seoul", samples.text("wifi.json")))
    assert (wireless["lat"], wireless["lon"]) == (37.5495, 126.9137)  # swapped in the source


@pytest.mark.parametrize("name", ["pharmacies.xml", "pharmacies_one.json"])
@pytest.mark.parametrize(
    ("at", "days", "opens", "closes", "is_open"),
    [
        ((23, 10, 0), (7, 1), "09:00", "26:00", True),
        ((23, 8, 59), (7, 1), "09:00", "26:00", False),
        ((24, 1, 30), (1, 2), "09:00", "26:00", True),
        ((24, 2, 0), (1, 2), None, None, False),
        ((29, 18, 0), (6, 7), "10:00", "18:00", False),
        ((25, 12, 0), (3, 8), None, None, False),
    ],
)
def test_pharmacy_hours(
    samples: Any, name: str, at: Any, days: Any, opens: Any, closes: Any, is_open: Any
) -> None:
    found, _ = envelopes.portal_rows("data_go_kr", samples.text(name))
    day, hour, minute = at
    (row,) = data_go_kr.pharmacy_rows(found, datetime(2026, 11, day, hour, minute, tzinfo=KST), days)
    assert (row["opens"], row["closes"], row["open"]) == (opens, closes, is_open)


def test_holidays(samples: Any) -> None:
    found, _ = envelopes.portal_rows("data_go_kr", samples.text("holidays.xml"))
    assert data_go_kr.holiday_dates(found) == {date(2026, 12, 25)}


def test_persons_in_the_defibrillator_table_are_dropped(samples: Any) -> None:
    found = data_go_kr._defibrillators(samples.text("aed.xml"))
    (row,) = data_go_kr.defibrillator_rows(found, AT)
    assert (row["name"], row["hours"], row["detail"]) == ("합정역 고객안내센터", "24시간", "1층 출입구")
    assert not {"1234", "김**"} & set(str([found, row]).replace("-", "'").split("'"))
    (closed,) = data_go_kr.defibrillator_rows(found, AT.replace(day=24))
    assert closed["hours"] is None


def test_kiosks_outside_seoul_are_left_out(samples: Any) -> None:
    found, total = envelopes.portal_rows("data_go_kr", samples.text("kiosks.json"))
    assert total == 2
    (row,) = data_go_kr.kiosk_rows(found)
    assert (row["name"], row["hours"]) == ("마포구청", "평일 09:00~18:00")


def test_a_day_of_weather(samples: Any) -> None:
    hours = kma.by_hour(envelopes.portal_rows("weather", samples.text("forecast_0800.json"))[0])
    early = kma.by_hour(envelopes.portal_rows("weather", samples.text("forecast_0200.json"))[0])
    observed = kma.by_category(envelopes.portal_rows("weather", samples.text("observation.json"))[0])
    row = kma.summary(AT.date(), AT, kma.Sources(hours, early, observed, AT.replace(hour=8)))
    assert row is not None
    assert (row["low"], row["high"], row["temperature_now"]) == (-1.0, 9.0, 3.4)
    assert (row["rain_kind"], row["rain_from"], row["rain_until"]) == ("비", "15:00", "18:00")
    assert (row["rain_percent"], row["rain_amount"], row["sky"]) == (70, "3.0mm", "흐림")
    late = kma.summary(AT.date(), AT.replace(hour=19), kma.Sources(hours, early, observed, AT))
    assert late is not None
    assert (late["rain_kind"], late["rain_from"], late["rain_percent"]) == ("없음", None, 20)


def test_rain_through_midnight_and_mixed_kinds() -> None:
    day = date(2026, 12, 1)
    hours = {
        datetime(2026, 12, 1, 22, tzinfo=KST): {"PTY": "1", "PCP": "1mm 미만"},
        datetime(2026, 12, 1, 23, tzinfo=KST): {"PTY": "3", "PCP": "30.0~50.0mm"},
        datetime(2026, 12, 2, 0, tzinfo=KST): {"PTY": "0"},
    }
    row = kma.summary(day, AT, kma.Sources(hours, hours, {}, AT))
    assert row is not None
    assert (row["rain_kind"], row["rain_until"], row["rain_amount"]) == ("비나 눈", "24:00", "30.0~50.0mm")


@pytest.mark.parametrize(
    ("parse", "name", "error"),
    [
        ("bus_rows", "bus_quota.json", QuotaUsedUp),
        ("bus_rows", "bus_key.json", ProviderDenied),
        ("bus_rows", "portal_key.xml", ProviderDenied),
        ("seoul_rows", "seoul_key.json", ProviderDenied),
        ("seoul_rows", "seoul_down.json", ProviderUnavailable),
        ("portal_rows", "portal_key.xml", ProviderDenied),
        ("portal_rows", "portal_quota.xml", QuotaUsedUp),
        ("portal_rows", "seoul_key.json", MalformedAnswer),
        ("subway_rows", "bus_key.json", MalformedAnswer),
    ],
)
def test_errors_of_providers_in_our_tree(
    samples: Any, parse: str, name: str, error: type[ProviderError]
) -> None:
    with pytest.raises(error) as raised:
        getattr(envelopes, parse)("here", samples.text(name))
    assert type(raised.value) is error
    assert raised.value.provider == "here"


@pytest.mark.parametrize(
    ("parse", "name"),
    [
        ("seoul_rows", "seoul_none.json"),
        ("seoul_rows", "seoul_none.xml"),
        ("subway_rows", "subway_none.json"),
    ],
)
def test_no_data_is_no_rows(samples: Any, parse: str, name: str) -> None:
    assert getattr(envelopes, parse)("here", samples.text(name)) == []


def test_no_data_of_the_portal(samples: Any) -> None:
    assert envelopes.portal_rows("here", samples.text("portal_none.json")) == ([], 0)


def test_xml_bombs_are_refused() -> None:
    bomb = '<!DOCTYPE a [<!ENTITY b "x">]><ServiceResult>&b;</ServiceResult>'
    with pytest.raises(MalformedAnswer):
        envelopes.bus_rows("bus", bomb)
