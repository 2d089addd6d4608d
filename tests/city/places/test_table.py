from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donghaeng.city.places import Kind, Place, PlaceTable, distance_m
from donghaeng.city.places.naming import dong_aliases, line_name, station_aliases


def test_the_built_in_tables_are_as_large_as_promised(places: PlaceTable) -> None:
    counts = places.counts()
    assert counts[Kind.DISTRICT] == 25
    assert counts[Kind.STATION] >= 60
    assert counts[Kind.STOP] >= 120
    assert counts[Kind.DONG] >= 80
    assert counts[Kind.LANDMARK] >= 40
    assert len({line for station in places.places(Kind.STATION) for line in station.lines}) >= 6


def test_stations_have_the_names_of_the_metro_feeds(places: PlaceTable) -> None:
    seoul = places.station("서울역")
    assert seoul is not None
    assert (seoul.name, seoul.district) == ("서울", "중구")
    assert {"1", "4", "경의중앙", "공항철도"} <= set(seoul.lines)
    gangnam = places.station("강남")
    assert gangnam is not None
    assert gangnam.station_ids == {"2": "1002000222", "신분당": "1077000687"}
    assert gangnam.district == "강남구"


def test_every_place_of_seoul_lies_in_one_of_its_districts(places: PlaceTable) -> None:
    districts = {place.name for place in places.places(Kind.DISTRICT)}
    outside = {place.name for place in places.places() if place.district not in districts}
    assert outside == {"서울대공원"}  # in Gwacheon, though it is Seoul's


def test_stop_numbers_keep_their_leading_zero(places: PlaceTable) -> None:
    assert all(len(stop.key) == 5 for stop in places.places(Kind.STOP))
    stop = places.stop("01001")
    assert stop is not None
    assert stop.name == "종로2가사거리"
    assert places.stop("1001") is None


def test_official_names_come_before_aliases(places: PlaceTable) -> None:
    # 새절(신사) has 신사 as a second name; the station 신사 is meant.
    assert [place.name for place in places.by_name("신사", Kind.STATION)][0] == "신사"
    assert {place.name for place in places.by_name("역삼동", Kind.DONG)} == {"역삼1동", "역삼2동"}
    assert "서울역" in places.names(Kind.STATION)
    assert "서울역" not in places.names(Kind.STATION, aliases=False)


@pytest.mark.parametrize(
    ("lat", "lon", "district"),
    [
        (37.5495, 126.9137, "마포구"),
        (37.4979, 127.0276, "강남구"),
        (37.6544, 127.0568, "노원구"),
        (35.1, 129.0, None),
    ],
)
def test_district_of_a_point(places: PlaceTable, lat: float, lon: float, district: str | None) -> None:
    assert places.district_of(lat, lon) == district


def test_an_outline_decides_over_the_nearest_centre() -> None:
    west = Place(
        Kind.DISTRICT,
        "서구",
        "서구",
        37.5,
        126.90,
        "서구",
        extra={"outline": "[[[126.8,37.4],[126.96,37.4],[126.96,37.6],[126.8,37.6]]]"},
    )
    east = Place(
        Kind.DISTRICT,
        "동구",
        "동구",
        37.5,
        126.97,
        "동구",
        extra={"outline": "[[[126.96,37.4],[127.1,37.4],[127.1,37.6],[126.96,37.6]]]"},
    )
    table = PlaceTable([west, east])
    assert table.district_of(37.5, 126.955) == "서구"
    assert table.district_of(37.7, 126.955) is None


def test_merging_joins_lines_and_lets_the_later_position_win() -> None:
    first = Place(Kind.STATION, "가", "가", 37.5, 127.0, "중구", ("1",), ("가역",), {"ids": "1:1"})
    later = Place(Kind.STATION, "가", "가", 37.6, 127.1, "", ("2",), (), {"ids": "2:2"})
    merged = PlaceTable([first]).with_places([later]).station("가역")
    assert merged is not None
    assert (merged.lat, merged.district, merged.lines) == (37.6, "중구", ("1", "2"))
    assert merged.station_ids == {"1": "1", "2": "2"}


points = st.tuples(st.floats(37.4, 37.7), st.floats(126.8, 127.2))


@given(st.lists(points, min_size=1, max_size=40), points, st.integers(1, 6))
def test_nearest_agrees_with_looking_at_every_place(
    found: list[tuple[float, float]], here: tuple[float, float], count: int
) -> None:
    table = PlaceTable(
        Place(Kind.STOP, f"{number:05d}", "곳", lat, lon) for number, (lat, lon) in enumerate(found)
    )
    expected = sorted(round(distance_m(*here, lat, lon)) for lat, lon in found)[:count]
    got = [near.distance_m for near in table.nearest(*here, Kind.STOP, count=count)]
    assert got == expected
    within = [near.distance_m for near in table.nearest(*here, Kind.STOP, count=count, within_m=3_000)]
    assert within == [metres for metres in expected if metres <= 3_000]


def test_names_that_people_use() -> None:
    assert station_aliases("아차산(어린이대공원후문)") == ("아차산", "아차산역", "어린이대공원후문")
    assert station_aliases("신촌(경의중앙선)") == ("신촌", "신촌역")
    assert station_aliases("응암순환(상선)")[-2:] == ("응암", "응암역")
    assert dong_aliases("망원제1동") == ("망원1동", "망원동")
    assert dong_aliases("합정동") == ()
    assert [line_name(name) for name in ("2호선", "경의중앙선", "공항철도")] == ["2", "경의중앙", "공항철도"]
