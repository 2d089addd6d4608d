"""Places that were talked about, the citizen's own, and a dong that has a station of its name."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.understanding.scene import context, recognise, understood, values

HERE = {"name": "서울특별시청", "lat": 37.5663, "lon": 126.9779}
MANGWON = {"name": "망원역", "lat": 37.5559, "lon": 126.9104}
CLINIC = {"name": "서울의원", "lat": 37.5, "lon": 127.0}


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("제기동이요", "제기동"),
        ("신설동이우다", "신설동"),
        ("제기동역이요", "제기동역"),
        ("제기동 역이요", "제기동역"),
    ],
)
def test_a_dong_is_a_station_only_where_that_was_said(words: str, name: str) -> None:
    fill = recognise(words, "parking", "place")
    assert fill is not None
    assert fill.value["name"] == name


@pytest.mark.parametrize("words", ["우리 집이요", "집에서요", "여그요", "집 근처요", "여기서요"])
def test_home_and_here_are_where_the_citizen_is(words: str) -> None:
    fill = recognise(words, "parking", "place", here=HERE)
    assert fill is not None
    assert fill.value == HERE


@pytest.mark.parametrize(
    ("words", "service", "last", "slots", "expected"),
    [
        ("거기까지 어떻게 가요", "route_guide", "parking", {"place": MANGWON}, {"destination": MANGWON}),
        (
            "여기서 거기까지 버스로 어떻게 가요",
            "route_guide",
            "parking",
            {"place": MANGWON},
            {"origin": HERE, "destination": MANGWON, "mode": "bus"},
        ),
        ("거기까지 어떻게 가나요", "route_guide", "hospital", {"place": HERE}, {"destination": CLINIC}),
        (
            "그 근처 화장실 있어요",
            "nearby_facility",
            "parking",
            {"place": MANGWON},
            {"place": MANGWON, "kind": "toilet"},
        ),
        ("거기 미세먼지는 어때요", "air_quality", "weather", {"district": "구로구"}, {"district": "구로구"}),
        ("거기 날씨는 어때요", "weather", "parking", {"place": MANGWON}, {"district": "마포구"}),
    ],
)
def test_there_is_the_place_of_the_service_before(
    words: str, service: str, last: str, slots: dict[str, Any], expected: dict[str, Any]
) -> None:
    at = context(last_service=last, last_slots=slots, last_answer=CLINIC, here=HERE)
    act = understood(words, at)
    assert (act.service, values(act)) == (service, expected)


def test_there_is_nowhere_where_nothing_was_talked_about() -> None:
    assert recognise("거기까지요", "route_guide", "destination") is None


@pytest.mark.parametrize(
    ("words", "origin", "destination"),
    [
        ("우리 집에서 서울역까지 어떻게 가요", HERE["name"], "서울역"),
        ("강남역에서 집까지 어떻게 가요", "강남역", HERE["name"]),
        ("여기서 서울역까지 가는 길이요", HERE["name"], "서울역"),
    ],
)
def test_both_ends_of_a_way(words: str, origin: str, destination: str) -> None:
    told = values(understood(words, context(here=HERE)))
    assert (told["origin"]["name"], told["destination"]["name"]) == (origin, destination)


@given(st.text(alphabet="거기그 까지근처우리집여서말고합정역동이요", max_size=20))
def test_words_of_a_place_are_those_that_were_said(words: str) -> None:
    fill = recognise(words, "parking", "place", here=HERE, before={"place": MANGWON})
    assert fill is None or fill.words in words
