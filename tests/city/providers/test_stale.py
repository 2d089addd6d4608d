"""What is given while a provider does not answer: the last good answer, named as old, within its bound."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donghaeng.city.operations import Effect
from donghaeng.city.places import PlaceTable
from donghaeng.city.providers.cache import AnswerCache, patience
from donghaeng.city.providers.declared import OPERATIONS
from donghaeng.errors import ProviderError, ProviderTimeout, ProviderUnavailable
from donghaeng.sandbox.faults import Fault, FaultKind, FaultPlan
from donghaeng.sandbox.inside import InsideCity, own_city

NOW = datetime.fromisoformat("2026-11-23T10:00:00+09:00")
NEAR = {"lat": 37.5495, "lon": 126.9137}


async def good() -> str:
    return "good"


async def bad() -> str:
    raise ProviderTimeout("bus", "slow")


@given(st.floats(0, 1000), st.floats(0, 1000), st.floats(0, 3000))
async def test_the_bound_holds(refresh_s: float, longest_s: float, age_s: float) -> None:
    cache = AnswerCache()
    await cache.get("a", refresh_s, NOW, good)
    later = NOW + timedelta(seconds=age_s)
    with patience(longest_s) as given_:
        try:
            await cache.get("a", refresh_s, later, bad)
        except ProviderTimeout:
            assert later - NOW >= timedelta(seconds=refresh_s + longest_s)
            assert given_.as_of is None
        else:
            assert later - NOW < timedelta(seconds=refresh_s + longest_s)
            fresh = later - NOW < timedelta(seconds=refresh_s)
            assert given_.as_of == (None if fresh else NOW)


async def test_without_patience_or_after_a_clock_was_set_back_nothing_old_is_given() -> None:
    cache = AnswerCache()
    await cache.get("a", 10, NOW, good)
    with pytest.raises(ProviderTimeout):
        await cache.get("a", 10, NOW + timedelta(seconds=11), bad)
    with patience(1000), pytest.raises(ProviderTimeout):
        await cache.get("a", 10, NOW - timedelta(seconds=1), bad)


async def test_an_older_issue_of_a_series_stands_in() -> None:
    cache = AnswerCache(max_entries=2)
    await cache.get(("forecast", 8), 600, NOW, good, series="forecast")
    later = NOW + timedelta(minutes=30)
    with patience(3600) as given_:
        assert await cache.get(("forecast", 11), 600, later, bad, series="forecast") == "good"
    assert given_.as_of == NOW
    for other in "xy":
        await cache.get(other, 600, NOW, good)
    with patience(3600), pytest.raises(ProviderTimeout):
        await cache.get(("forecast", 11), 600, later, bad, series="forecast")
    assert set(cache._newest) == {"x", "y"}


def test_what_changes_within_minutes_or_is_written_is_never_old_unless_it_says_so() -> None:
    for operation in OPERATIONS.values():
        longest = operation.longest_stale_s
        undeclared = operation.stale_seconds is None and operation.refresh_seconds < 600
        if operation.effect is not Effect.READ or undeclared:
            assert longest == 0
        assert longest <= 86_400
    minutes = [one for one in OPERATIONS.values() if one.name.endswith(("arrivals", "arrivals_at_stop"))]
    assert minutes
    assert all(one.refresh_seconds + one.longest_stale_s <= 120 for one in minutes)
    waste = OPERATIONS["gateway.bulky_waste"]
    assert replace(waste, stale_seconds=60.0).longest_stale_s == 0


def breaks(city: InsideCity, service: str, kind: FaultKind = FaultKind.ERROR) -> None:
    """From now on every request of the service meets the fault."""
    city.sandbox.faults = FaultPlan([Fault(service, kind)])


CALLS: list[tuple[str, str, Mapping[str, Any], float]] = [
    ("weather", "weather.day", {"date": "2026-11-23"}, 7_200),
    ("air_quality", "air.by_district", {"district": "마포구"}, 7_200),
    ("bike_station", "bike.stations_near", NEAR, 600),
    ("pharmacy", "pharmacy.near", NEAR, 4 * 3_600),
    ("subway_arrival", "subway.arrivals", {"station": "강남"}, 60),
]


@pytest.mark.parametrize(("service", "operation", "arguments", "age_s"), CALLS)
async def test_the_last_good_answer_is_named_as_old_while_the_provider_fails(
    places: PlaceTable, service: str, operation: str, arguments: Mapping[str, Any], age_s: float
) -> None:
    city = own_city(places)
    first = await city.call(operation, arguments, now=NOW)
    assert first.rows
    assert not first.stale
    breaks(city, service)
    later = NOW + timedelta(seconds=age_s)
    old = await city.call(operation, arguments, now=later)
    assert old.stale
    assert first.as_of is not None
    assert old.as_of == min(first.as_of, NOW)
    beyond = OPERATIONS[operation].refresh_seconds + OPERATIONS[operation].longest_stale_s
    with pytest.raises(ProviderError):
        await city.call(operation, arguments, now=NOW + timedelta(seconds=beyond + 60))
    city.sandbox.faults = FaultPlan()
    await city.aclose()


async def test_old_minutes_until_a_train_are_counted_on(places: PlaceTable) -> None:
    city = own_city(places)
    first = await city.call("subway.arrivals", {"station": "강남"}, now=NOW)
    breaks(city, "subway_arrival")
    old = await city.call("subway.arrivals", {"station": "강남"}, now=NOW + timedelta(seconds=60))
    known = {row["seconds"] for row in old.rows if row["seconds"]}
    assert known
    assert {seconds + 60 for seconds in known} <= {row["seconds"] for row in first.rows}
    await city.aclose()


async def test_old_minutes_until_a_bus_are_never_given(places: PlaceTable) -> None:
    city = own_city(places)
    await city.call("bus.arrivals_at_stop", {"ars_id": "14011"}, now=NOW)
    breaks(city, "bus_arrival", FaultKind.TIMEOUT)
    with pytest.raises(ProviderError):
        await city.call("bus.arrivals_at_stop", {"ars_id": "14011"}, now=NOW + timedelta(seconds=15))
    await city.aclose()


async def test_that_nothing_was_there_is_not_told_as_old(places: PlaceTable) -> None:
    city = own_city(places, faults=[Fault("bike_station", FaultKind.EMPTY)])
    assert not (await city.call("bike.stations_near", NEAR, now=NOW)).rows
    breaks(city, "bike_station")
    with pytest.raises(ProviderUnavailable):
        await city.call("bike.stations_near", NEAR, now=NOW + timedelta(minutes=2))
    await city.aclose()
