"""Arguments of tool calls: what is taken, what is refused, and that nothing else happens."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conversation.scripted import PLACES
from tests.dialogue.harness import VALUES, catalogue

from donghaeng.city.services.definition import ServiceDefinition
from donghaeng.city.slots import SLOT_TYPES
from donghaeng.errors import InputError
from donghaeng.mcp.arguments import MOST_CHARACTERS, digest_of, read_arguments

CATALOGUE = catalogue()


def read(service: str, **given: Any) -> dict[str, Any]:
    fills = read_arguments(CATALOGUE[service], given, PLACES)
    return {name: fill.value if fill.value is not None else fill.candidates for name, fill in fills.items()}


SERVED = [service for service in CATALOGUE.values() if service.is_served]


@pytest.mark.parametrize("service", SERVED, ids=lambda one: one.id)
def test_normalised_values_are_taken_as_they_are(service: ServiceDefinition) -> None:
    given = {
        name: next(iter(spec.values)) if spec.values is not None else VALUES[spec.type]
        for name, spec in service.slots.items()
        if not spec.internal
    }
    fills = read_arguments(service, given, PLACES)
    assert {name: fill.value for name, fill in fills.items()} == given


@pytest.mark.parametrize(
    ("given", "value"),
    [
        ("합정역", {"name": "합정역", "lat": 37.5495, "lon": 126.9138}),
        ({"lat": 37.5495, "lon": 126.9138}, {"name": "마포구", "lat": 37.5495, "lon": 126.9138}),
        ({"name": "우리 집", "lat": 37, "lon": 127}, {"name": "우리 집", "lat": 37.0, "lon": 127.0}),
    ],
)
def test_a_place_comes_by_name_or_as_a_point(given: Any, value: dict[str, Any]) -> None:
    assert read("bike_station", place=given) == {"place": value}


@pytest.mark.parametrize("given", ["14011", "14-011", {"ars_id": "14-011", "name": "합정역"}])
def test_a_stop_comes_by_its_number(given: Any) -> None:
    assert read("bus_arrival", stop=given)["stop"]["ars_id"] == "14011"


def test_stops_of_one_name_stay_candidates() -> None:
    found = read("bus_arrival", stop="합정역")["stop"]
    assert len(found) > 1
    assert {stop["name"] for stop in found} == {"합정역"}


def test_a_stop_that_is_not_in_the_tables_is_told_by_its_number() -> None:
    assert read("bus_arrival", stop="99999")["stop"] == {"ars_id": "99999", "name": "99999번 정류장"}


@pytest.mark.parametrize(
    ("service", "given", "words"),
    [
        ("bike_station", {"where": "합정역"}, "unknown argument 'where'"),
        ("bike_station", {"place": "아무 데도 아닌 곳"}, "place: no place"),
        ("bike_station", {"place": 7}, "place: is no place"),
        ("bike_station", {"place": {"lat": 51.5, "lon": 0.1}}, "place.lat"),
        ("bike_station", {"place": {"lat": True, "lon": 127.0}}, "place.lat"),
        ("bus_arrival", {"stop": {"ars_id": "x", "name": "y"}}, "stop: is no stop"),
        ("bulky_waste", {"count": 0}, "count: is no count"),
        ("bulky_waste", {"count": True}, "count: is no count"),
        ("bulky_waste", {"date": "2026-02-30"}, "date: there is no such day"),
        ("bulky_waste", {"date": "내일"}, "date: is no date"),
        ("bulky_waste", {"phone": "12"}, "phone: is no phone"),
        ("bulky_waste", {"item": ["소파"]}, "item: is no text"),
        ("bulky_waste", {"item": "가" * (MOST_CHARACTERS + 1)}, "too long"),
        ("meter_freeze", {"symptom": "melted"}, "symptom: is none of its choices"),
        ("weather", {"district": "부산진구"}, "district: is no district"),
    ],
)
def test_what_is_wrong_is_named_without_its_value(service: str, given: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError) as raised:
        read(service, **given)
    assert words in str(raised.value)
    assert "부산진구" not in str(raised.value)


@pytest.mark.parametrize(
    "value", ["주민번호 900101-1234567", "카드번호 4111 1111 1111 1111", "비밀번호는 1234예요"]
)
def test_numbers_that_are_never_collected_are_refused(value: str) -> None:
    with pytest.raises(InputError) as raised:
        read("bulky_waste", item=value)
    assert "never collected" in str(raised.value)
    assert not any(part in str(raised.value) for part in ("1234567", "4111", "1234예요"))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(
    st.sampled_from(SERVED),
    st.data(),
)
def test_whatever_comes_is_a_valid_value_or_an_input_error(service: ServiceDefinition, data: Any) -> None:
    names = [name for name, spec in service.slots.items() if not spec.internal]
    given = data.draw(st.dictionaries(st.sampled_from(names), JSON, max_size=3)) if names else {}
    try:
        fills = read_arguments(service, given, PLACES)
    except InputError:
        return
    for name, fill in fills.items():
        kind = SLOT_TYPES[service.slots[name].type]
        values = fill.candidates if fill.value is None else (fill.value,)
        assert values
        assert all(kind.is_valid(value) for value in values)


def test_the_digest_knows_no_order_but_every_value() -> None:
    assert digest_of({"a": 1, "b": "둘"}) == digest_of({"b": "둘", "a": 1})
    assert digest_of({"a": 1}) != digest_of({"a": 2})
