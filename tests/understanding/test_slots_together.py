"""Several values in one utterance: each is found once, by the slot that it belongs to."""

from __future__ import annotations

import time
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.dialogue.harness import HERE, NOW
from tests.understanding.scene import gazetteer, lexicons, of_type

from donghaeng.city.services.definition import SlotSpec
from donghaeng.city.slots import SLOT_TYPES
from donghaeng.understanding.slots import RECOGNISERS, Scene
from donghaeng.understanding.slots.together import RANKS, recognise_all

SEOUL = "서울특별시 "


def choice(**values: list[str]) -> SlotSpec:
    meanings = {value: {"name": says[0], "says": says[1:]} for value, says in values.items()}
    return SlotSpec.model_validate({"type": "choice", "name": "값", "required": False, "values": meanings})


def text(lexicon: str | None = None, before: tuple[str, ...] = ()) -> SlotSpec:
    fields = {"type": "text", "name": "값", "required": False, "lexicon": lexicon, "before": list(before)}
    return SlotSpec.model_validate(fields)


BULKY = {
    "item": text("bulky_items", ("버리", "버려", "내놓")),
    "count": of_type("count"),
    "address": of_type("address"),
    "date": of_type("date"),
    "phone": of_type("phone"),
}
TAXI = {
    "origin": of_type("place"),
    "destination": of_type("place"),
    "when": of_type("datetime"),
    "wheelchair": choice(yes=["휠체어", "휠체어 타", "전동휠체어"], no=["걸어"]),
    "phone": of_type("phone"),
}
TOUR = {
    "date": of_type("date"),
    "people": of_type("count"),
    "person_name": of_type("person_name"),
    "phone": of_type("phone"),
}
DEMENTIA = {
    "district": of_type("district"),
    "date": of_type("date"),
    "time": of_type("time"),
    "person_name": of_type("person_name"),
    "phone": of_type("phone"),
}
CALLS = {
    "time": of_type("time"),
    "days": choice(daily=["매일", "날마다"], weekdays=["평일"]),
    "person_name": of_type("person_name"),
    "phone": of_type("phone"),
    "guardian_phone": of_type("phone"),
}
BUS = {"stop": of_type("stop"), "route": of_type("route")}
TRAIN = {"station": of_type("station"), "line": of_type("line")}
REQUESTS = {"receipt": of_type("receipt"), "phone": of_type("phone"), "date": of_type("date")}


def said(words: str, specs: dict[str, SlotSpec], asked: tuple[str, ...] = (), **scene: Any) -> dict[str, Any]:
    at = Scene(NOW, gazetteer(), lexicons(), home_district="마포구", **scene)
    found = recognise_all(words, specs, at, asked=asked)
    return {
        name: fill.problem or (list(fill.candidates) if fill.candidates else _plain(fill.value))
        for name, fill in found.items()
    }


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return value["name"]
    return value.removeprefix(SEOUL) if isinstance(value, str) else value


@pytest.mark.parametrize(
    "words",
    [
        "마포구 월드컵로 112 501호 소파 두 개 다음 주 화요일에 내놓을게요 공일공 일이삼사 오육칠팔",
        "소파 두 개요 다음 주 화요일에 마포구 월드컵로 백십이 오백일 호고요 "
        "전화는 공일공에 일이삼사에 오육칠팔이에요",
        "공일공 일이삼사 오육칠팔이고 소파 두 개를 다음 주 화요일 마포구 월드컵로 112 오공일호에서 내놔요",
        "다음 주 화요일에 소파 두 개 월드컵로 백십이 번지 오백일호 010-1234-5678",
    ],
)
def test_a_whole_request_at_once(words: str) -> None:
    assert said(words, BULKY) == {
        "item": "소파",
        "count": 2,
        "address": "마포구 월드컵로 112, 501호",
        "date": "2026-12-01",
        "phone": "010-1234-5678",
    }


def test_what_is_taken_is_hidden() -> None:
    assert said("마포구 월드컵로 112 501호요", BULKY, ("address",)) == {
        "address": "마포구 월드컵로 112, 501호"
    }
    assert said("십이월 삼일에 두 개요", BULKY, ("count",)) == {"count": 2, "date": "2026-12-03"}
    assert said("세 시에 세 명이요", {"time": of_type("time"), "people": of_type("count")}) == {
        "time": "15:00",
        "people": 3,
    }
    assert said("공일공 일이삼사 오육칠팔이여", BULKY, ("item",)) == {"phone": "010-1234-5678"}
    assert said("마포구 양화로 사십오, 삼백이 호", BULKY, ("item",)) == {"address": "마포구 양화로 45, 302호"}
    assert said("내일 노원구요", BULKY, ("address",)) == {"address": "incomplete", "date": "2026-11-24"}
    assert said("성산동 180-10, 100호", BULKY) == {"address": "마포구 성산동 180-10, 100호"}


def test_a_thing_of_no_list_is_what_stands_before_its_verb() -> None:
    found = said("물레방아 두 개 다음 주 화요일에 버리려고요", BULKY)
    assert found == {"item": "물레방아", "count": 2, "date": "2026-12-01"}


@pytest.mark.parametrize(
    ("words", "origin", "destination"),
    [
        ("합정역에서 서울역까지 가려고요", "합정역", "서울역"),
        ("서울역까지 합정역에서 타요", "합정역", "서울역"),
        ("서울역으로 가요", None, "서울역"),
        ("합정역에서 타요", "합정역", None),
    ],
)
def test_two_places_are_told_apart(words: str, origin: str | None, destination: str | None) -> None:
    found = said(words, TAXI)
    assert (found.get("origin"), found.get("destination")) == (origin, destination)


ROUTE = {
    "origin": SlotSpec.model_validate({"type": "place", "name": "값", "default": "here"}),
    "destination": of_type("place"),
}


@pytest.mark.parametrize(
    ("words", "asked", "values"),
    [
        ("서울역 가는 길이요", (), {"destination": "서울역"}),
        ("서울역 찾아가는 길이요", (), {"destination": "서울역"}),
        ("합정역에서 어떻게 가요", (), {"origin": "합정역"}),
        ("합정역이요", ("origin",), {"origin": "합정역"}),
        ("합정역이요", ("destination",), {"destination": "합정역"}),
        ("강남역이요, 아니 서울역이요", ("destination",), {"destination": "서울역"}),
        (
            "합정역에서 서울역까지요",
            ("destination",),
            {"origin": "합정역", "destination": "서울역"},
        ),
    ],
)
def test_one_place_alone_is_where_a_way_ends_that_begins_here(
    words: str, asked: tuple[str, ...], values: dict[str, str]
) -> None:
    assert said(words, ROUTE, asked) == values


def test_a_taxi_at_once() -> None:
    words = "내일 오후 세 시에 합정역에서 서울역까지 휠체어 안 타요 공일공 일이삼사 오육칠팔"
    assert said(words, TAXI) == {
        "origin": "합정역",
        "destination": "서울역",
        "when": "2026-11-24T15:00",
        "wheelchair": "no",
        "phone": "010-1234-5678",
    }


@pytest.mark.parametrize(
    ("words", "specs", "values"),
    [
        (
            "모레 둘이서 갈게요 제 이름은 김영자입니다 공일공 이이이이 삼삼삼삼",
            TOUR,
            {"date": "2026-11-25", "people": 2, "person_name": "김영자", "phone": "010-2222-3333"},
        ),
        (
            "마포구에서 다음 주 수요일 오전 열 시에 받고 싶어요 저는 박철수고요 공일공 이이이이 삼삼삼삼",
            DEMENTIA,
            {
                "district": "마포구",
                "date": "2026-12-02",
                "time": "10:00",
                "person_name": "박철수",
                "phone": "010-2222-3333",
            },
        ),
        (
            "매일 오전 열 시요 공일공 일일일일 이이이이 딸은 공일공 삼삼삼삼 사사사사",
            CALLS,
            {"time": "10:00", "days": "daily", "phone": "010-1111-2222", "guardian_phone": "010-3333-4444"},
        ),
        ("육사일일 번 버스 일사공일일 정류장에 언제 와요", BUS, {"stop": "합정역", "route": "6411"}),
        ("이 호선 합정역이요", TRAIN, {"station": "합정", "line": "2"}),
        (
            "접수번호 에스 이 엘 이공이육일일이삼 다시 공공공일이고 공일공 일이삼사 오육칠팔이요",
            REQUESTS,
            {"receipt": "SEL-20261123-0001", "phone": "010-1234-5678"},
        ),
        ("토요일 아니 일요일에 두 명 아니 세 명이요", TOUR, {"date": "2026-11-29", "people": 3}),
        ("내일 모르겠어요", {"where": text()}, {}),
    ],
)
def test_other_services(words: str, specs: dict[str, SlotSpec], values: dict[str, Any]) -> None:
    assert said(words, specs) == values


def test_a_free_answer_does_not_repeat_what_other_slots_took() -> None:
    found = said("물레방아 두 개요", BULKY, ("item",))
    assert found == {"item": "물레방아", "count": 2}
    content = {"content": text(), "phone": of_type("phone")}
    assert said("가로등이 깜빡거려요", content, ("content",)) == {"content": "가로등이 깜빡거려요"}


def test_every_type_has_a_rank() -> None:
    assert set().union(*RANKS) == set(SLOT_TYPES)
    assert sum(map(len, RANKS)) == len(SLOT_TYPES)


SETS = [BULKY, TAXI, TOUR, DEMENTIA, CALLS, BUS, TRAIN, REQUESTS]
ANYTHING = st.text(max_size=200) | st.text("마포구월드컵로백십이삼사오호동층번지다시에이공 1-0", max_size=60)


@given(ANYTHING, st.sampled_from(SETS), st.booleans())
def test_total_on_any_text(words: str, specs: dict[str, SlotSpec], asked: bool) -> None:
    at = Scene(NOW, gazetteer(), lexicons(), here=HERE, home_district="마포구")
    found = recognise_all(words, specs, at, asked=tuple(specs) if asked else ())
    for name, fill in found.items():
        kind = SLOT_TYPES[specs[name].type]
        values = [*fill.candidates, *([fill.value] if fill.value is not None else [])]
        assert values or fill.problem
        assert all(kind.is_valid(value) for value in values), (name, values)


ODD = [
    "",
    " ",
    "가",
    "이",
    "ㅋ",
    "🙂🙂",
    "hello",
    "馬浦區 楊花路",
    "마포구 양화로 45",
    "?!,.",
    "\x00",
    "0",
    "다시",
]
LONG = [
    "마포구 양화로 45 " * 700,
    "일" * 10_000,
    "로1" * 5_000,
    "동 1" * 3_000,
    "공일공 " * 2_500,
    "아니 " * 3_000,
]


@pytest.mark.parametrize("kind", sorted(SLOT_TYPES))
@pytest.mark.parametrize("words", [*ODD, *LONG], ids=lambda words: ascii(words[:8]))
def test_each_recogniser_takes_anything_in_time(kind: str, words: str) -> None:
    spec = choice(yes=["예"], no=["아니"]) if kind == "choice" else of_type(kind)
    begun = time.process_time()
    for asked in (True, False):
        at = Scene(NOW, gazetteer(), lexicons(), asked=asked, here=HERE, home_district="마포구")
        fill = RECOGNISERS[kind](words, spec, at)
        assert fill is None or fill.problem or fill.candidates or SLOT_TYPES[kind].is_valid(fill.value)
    assert time.process_time() - begun < 1.0


def test_decomposed_hangul_is_the_same() -> None:
    words = "마포구 월드컵로 백십이 오백일 호 소파 두 개"
    assert said(unicodedata.normalize("NFD", words), BULKY) == said(words, BULKY)
