"""Whatever a provider sends, a parser gives rows or a ``ProviderError``."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from donghaeng.city.providers import (
    bus,
    childcare,
    culture,
    data_go_kr,
    emergency_rooms,
    envelopes,
    gateway,
    gateway_reads,
    hospitals,
    kma,
    library,
    lost,
    parking,
    paths,
    seniors,
    seoul,
    shelters,
    subway,
    welfare,
)
from donghaeng.city.providers.transport import Reply
from donghaeng.city.providers.values import KST, clock
from donghaeng.errors import ProviderError

SAMPLES = Path(__file__).parents[1] / "samples"
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=KST)

Parser = Callable[[str], Any]


def weather(body: str) -> Any:
    hours = kma.by_hour(envelopes.portal_rows("weather", body)[0])
    return kma.summary(NOW.date(), NOW, kma.Sources(hours, hours, {}, NOW))


def observed(body: str) -> Any:
    values = kma.by_category(envelopes.portal_rows("weather", body)[0])
    return kma.summary(NOW.date(), NOW, kma.Sources({}, {}, values, NOW))


def car_parks(body: str) -> Any:
    lots = parking.lot_rows(envelopes.seoul_rows("p", body))
    return [parking.car_park(lot, None, NOW, 1) for lot in lots]


def car_parks_now(body: str) -> Any:
    lot = {"code": "1", "raw": {"PKLT_NM": "곳"}, "lat": 37.5, "lon": 127.0}
    return [
        parking.car_park(lot, row, NOW, 8) for row in parking.report_rows(envelopes.seoul_rows("p", body))
    ]


def shelters_now(body: str) -> Any:
    found = shelters.shelter_rows(envelopes.seoul_rows("p", body))
    return [shelters.is_open(row, NOW) for row in found]


ROOMS = [{"hpid": "A1100017", "dutyName": "병원", "wgs84Lat": "37.5", "wgs84Lon": "127"}]
BEDS = [{"hpid": "A1100017", "dutyName": "병원", "hvec": "5", "hvidate": "20261123095800"}]


def clinics(body: str) -> Any:
    found = envelopes.portal_rows("p", body)[0]
    wanted = hospitals.DEPARTMENTS["외과"]
    return hospitals.hospital_rows(found, NOW, (7, 1)), hospitals.hospital_rows(found, NOW, (7, 1), wanted)


def things_lost(body: str) -> Any:
    found = lost.article_rows(envelopes.seoul_rows("p", body))
    return lost.fitting(found, "검정 가방", "bus", None, NOW.date())


PARSERS: dict[str, tuple[Parser, tuple[str, ...]]] = {
    "bus": (
        lambda body: bus.arrival_rows(envelopes.bus_rows("p", body)),
        ("bus_arrivals.json", "bus_arrivals.xml"),
    ),
    "stops": (lambda body: bus.stop_rows(envelopes.bus_rows("p", body)), ("bus_stops.json",)),
    "subway": (
        lambda body: subway.arrival_rows(subway._checked_rows(body), NOW),
        ("subway.json", "subway_none.json"),
    ),
    "air": (
        lambda body: seoul.air_rows(envelopes.seoul_rows("p", body)),
        ("air.json", "air.xml", "seoul_key.json"),
    ),
    "bikes": (lambda body: seoul.bike_rows(envelopes.seoul_rows("p", body)), ("bikes.json",)),
    "toilets": (lambda body: seoul.toilet_rows(envelopes.seoul_rows("p", body)), ("toilets.json",)),
    "wifi": (lambda body: seoul.wireless_rows(envelopes.seoul_rows("p", body)), ("wifi.json",)),
    "parking": (car_parks, ("parking.json",)),
    "parking_now": (car_parks_now, ("parking_now.json",)),
    "shelters": (shelters_now, ("shelters_heat.json", "shelters_cold.json")),
    "welfare": (lambda body: welfare.service_rows(welfare.welfare_list(body)[0]), ("welfare.xml",)),
    "pharmacy": (
        lambda body: (
            data_go_kr.pharmacy_rows(envelopes.portal_rows("p", body)[0], NOW, (7, 1))
            if _has_names(body)
            else None
        ),
        ("pharmacies.xml", "pharmacies_one.json", "portal_key.xml"),
    ),
    "hospitals": (clinics, ("hospitals.xml",)),
    "emergency_beds": (
        lambda body: emergency_rooms.room_rows(envelopes.portal_rows("p", body)[0], ROOMS, NOW),
        ("emergency_beds.xml",),
    ),
    "emergency_rooms": (
        lambda body: emergency_rooms.room_rows(BEDS, envelopes.portal_rows("p", body)[0], NOW),
        ("emergency_rooms.xml",),
    ),
    "lost": (things_lost, ("lost.json",)),
    "paths": (paths._parsed, ("paths.json", "paths.xml", "paths_none.json")),
    "holidays": (
        lambda body: data_go_kr.holiday_dates(envelopes.portal_rows("p", body)[0]),
        ("holidays.xml",),
    ),
    "aed": (lambda body: data_go_kr.defibrillator_rows(data_go_kr._defibrillators(body), NOW), ("aed.xml",)),
    "kiosks": (lambda body: data_go_kr.kiosk_rows(envelopes.portal_rows("p", body)[0]), ("kiosks.json",)),
    "weather": (weather, ("forecast_0800.json", "forecast_0200.json")),
    "observed": (observed, ("observation.json",)),
    "accepted": (
        lambda body: gateway.request_row(gateway._accepted(Reply(200, body))),
        ("gateway_accepted.json",),
    ),
    "refused": (lambda body: gateway._accepted(Reply(409, body)), ("gateway_full.json",)),
    "fee": (lambda body: gateway.rows_from(body, gateway.fee_row), ("gateway_fee.json",)),
    "slots": (lambda body: gateway.rows_from(body, gateway.slot_row), ("gateway_slots.json",)),
    "requests": (lambda body: gateway.rows_from(body, gateway.request_row), ("gateway_requests.json",)),
    "centers": (lambda body: gateway.rows_from(body, gateway.center_row), ("gateway_centers.json",)),
    "jobs": (lambda body: gateway.rows_from(body, gateway_reads.job_row), ("gateway_jobs.json",)),
    "bills": (lambda body: gateway.rows_from(body, gateway_reads.bill_row), ("gateway_bill.json",)),
    "complaints": (
        lambda body: gateway.rows_from(body, gateway_reads.complaint_row),
        ("gateway_complaint.json",),
    ),
    "events": (lambda body: culture.event_rows(envelopes.seoul_rows("p", body)), ("events.json",)),
    "seniors": (lambda body: seniors.center_rows(envelopes.seoul_rows("p", body)), ("senior_centers.json",)),
    "childcare": (lambda body: childcare.center_rows(envelopes.seoul_rows("p", body)), ("childcare.json",)),
    "books": (library.book_rows, ("books.json", "books.xml", "library_key.json")),
    "libraries": (library.library_rows, ("book_libraries.json",)),
    "loans": (library.loan_state, ("book_lent.json", "book_there.xml")),
}


def _has_names(body: str) -> bool:
    envelopes.need("p", envelopes.portal_rows("p", body)[0], "dutyName", "dutyAddr")
    return True


def check(parse: Parser, body: str) -> None:
    try:
        parse(body)
    except ProviderError as error:
        assert len(str(error)) < 300  # noqa: PT017 - either outcome is right


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from(["", "0", "-1", "99999", "20261123", "2026-11-23 10:00:00", "곧 도착", "1e400", "٣"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize("name", PARSERS)
@settings(max_examples=25, deadline=None)
@given(raw=st.binary(max_size=200))
def test_any_bytes(name: str, raw: bytes) -> None:
    check(PARSERS[name][0], raw.decode("utf-8", errors="replace"))


@pytest.mark.parametrize("name", PARSERS)
@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_any_change_of_a_real_answer(name: str, data: st.DataObject) -> None:
    parse, files = PARSERS[name]
    text = (SAMPLES / data.draw(st.sampled_from(files))).read_text(encoding="utf-8")
    if text.startswith("<") or data.draw(st.booleans()):
        at = data.draw(st.integers(0, len(text)))
        cut = data.draw(st.integers(0, 30))
        body = text[:at] + data.draw(st.text(max_size=6)) + text[at + cut :]
    else:
        body = json.dumps(mutated(json.loads(text), data))
    check(parse, body)


def mutated(value: Any, data: st.DataObject) -> Any:
    """One place of a document, chosen at random, replaced by something else or taken away."""
    if isinstance(value, dict) and value and data.draw(st.integers(0, 9)):
        key = data.draw(st.sampled_from(sorted(value)))
        if not data.draw(st.integers(0, 6)):
            return {name: inner for name, inner in value.items() if name != key}
        return {**value, key: mutated(value[key], data)}
    if isinstance(value, list) and value and data.draw(st.integers(0, 9)):
        index = data.draw(st.integers(0, len(value) - 1))
        return [*value[:index], mutated(value[index], data), *value[index + 1 :]]
    return data.draw(json_values)


@given(st.text(max_size=8))
def test_clock_gives_a_time_or_nothing(value: str) -> None:
    made = clock(value)
    assert made is None or (int(made[:2]) < 30 and int(made[3:]) < 60)
