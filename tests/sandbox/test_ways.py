"""Ways across the sandbox city hold together: rides join up, and times are possible."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from donghaeng.city.places import Kind, PlaceTable, distance_m
from donghaeng.sandbox.city import SandboxCity
from donghaeng.sandbox.inside import InsideCity
from donghaeng.sandbox.ways import CHANGE_S, TO_STATION_M, Way, Ways

NOW = datetime.fromisoformat("2026-11-23T10:00:00+09:00")


@pytest.fixture(scope="module")
def ways(places: PlaceTable) -> Ways:
    return SandboxCity(7, places, lambda: NOW).world.ways


def point(places: PlaceTable, station: str) -> tuple[float, float]:
    found = places.station(station)
    assert found is not None
    return found.lat, found.lon


def lines(found: list[Way]) -> list[list[str]]:
    return [[ride.line for ride in way.rides] for way in found]


def test_one_line_where_one_line_goes(ways: Ways, places: PlaceTable) -> None:
    found = ways.by_subway(point(places, "합정"), point(places, "강남"))
    assert lines(found) == [["2"]]
    (ride,) = found[0].rides
    assert (ride.on.name, ride.off.name) == ("합정", "강남")


def test_changes_are_made_where_both_lines_stop(ways: Ways, places: PlaceTable) -> None:
    stations = [place for place in places.places(Kind.STATION) if place.district][::23]
    pairs = [(one, other) for one in stations for other in stations if one is not other][::7]
    for one, other in pairs:
        straight = distance_m(one.lat, one.lon, other.lat, other.lon)
        for way in ways.by_subway((one.lat, one.lon), (other.lat, other.lon)):
            for before, after in zip(way.rides, way.rides[1:], strict=False):
                assert before.off == after.on
                assert before.line in before.off.lines
                assert after.line in before.off.lines
            assert way.seconds >= CHANGE_S * (len(way.rides) - 1)
            assert way.length_m >= straight - 2 * TO_STATION_M


def test_buses_ride_on_from_stop_to_stop(ways: Ways, places: PlaceTable) -> None:
    found = ways.by_bus(point(places, "합정"), point(places, "강남"), NOW)
    assert "6411" in {ride.line for way in found for ride in way.rides}
    for way in found:
        for before, after in zip(way.rides, way.rides[1:], strict=False):
            assert distance_m(before.off.lat, before.off.lon, after.on.lat, after.on.lon) < 1_500


def test_at_night_only_night_buses(ways: Ways, places: PlaceTable) -> None:
    night = NOW.replace(hour=2, minute=30)
    found = ways.by_bus(point(places, "합정"), point(places, "신촌"), night)
    assert all(ride.line.startswith("N") for way in found for ride in way.rides)


async def test_modes_are_kept_apart_and_what_is_near_has_no_way(city: InsideCity, places: PlaceTable) -> None:
    here, there = point(places, "합정"), point(places, "강남")

    async def kinds(mode: str, end: tuple[float, float] = there) -> list[Any]:
        arguments = dict(zip(("from_lat", "from_lon", "to_lat", "to_lon"), (*here, *end), strict=True))
        answer = await city.call("route.between", {**arguments, "mode": mode}, now=NOW)
        return [ride["kind"] for row in answer.rows for ride in row["rides"]]

    assert set(await kinds("bus")) == {"bus"}
    assert set(await kinds("subway")) == {"subway"}
    assert set(await kinds("any")) == {"bus", "subway"}
    assert await kinds("any", (here[0] + 0.001, here[1])) == []
