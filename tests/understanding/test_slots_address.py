"""Addresses as people dictate them and recognisers write them, and what is too unsure to be one."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.dialogue.harness import NOW
from tests.understanding.scene import of_type, recognise_type

from donghaeng.city.places.model import Kind, Place
from donghaeng.city.places.table import PlaceTable
from donghaeng.korean.numerals import digits, sino
from donghaeng.understanding.slots import RECOGNISERS, Scene
from donghaeng.understanding.slots.address_numbers import number
from donghaeng.understanding.slots.address_parts import from_written
from donghaeng.understanding.slots.gazetteer import Gazetteer
from donghaeng.understanding.slots.repairs import repair_in

SEOUL = "서울특별시 "
KNOWN = SEOUL + "마포구 양화로 45, 302호"


def said(words: str, **scene: Any) -> Any:
    """What is understood: a value without the city, a problem, candidates without the city, or ``None``."""
    fill = recognise_type(words, of_type("address"), **{"home_district": "마포구", **scene})
    if fill is None:
        return None
    if fill.candidates:
        return [one.removeprefix(SEOUL) for one in fill.candidates]
    return fill.problem or fill.value.removeprefix(SEOUL)


@pytest.mark.parametrize(
    ("words", "written"),
    [
        ("사직 로 백", "마포구 사직로 100"),
        ("종로구 사직 로 백", "종로구 사직로 100"),
        ("마 포 구 월드 컵 로 백십이", "마포구 월드컵로 112"),
        ("마포그 월드컵로 백십이", "마포구 월드컵로 112"),
        ("월드컵로 백십이에요", "마포구 월드컵로 110"),
        ("월드컵로 백십입니다", "마포구 월드컵로 110"),
        ("월드컵로 백십이 번지예요", "마포구 월드컵로 112"),
        ("마포구 월드컵로 백십이 오백일 호", "마포구 월드컵로 112, 501호"),
        ("월드컵로 삼백 다시 이 백이 호", "마포구 월드컵로 300-2, 102호"),
        ("양화로 사십오 삼공이호", "마포구 양화로 45, 302호"),
        ("양화로 사십오에 삼백이 호요", "마포구 양화로 45, 302호"),
        ("성산동 백이십삼 다시 사 번지", "마포구 성산동 123-4"),
        ("성산동 백이십삼에 사 번지", "마포구 성산동 123-4"),
        ("양천구 목동동로 이백삼십", "양천구 목동동로 230"),
        ("양천구 목동 동로 십이", "양천구 목동동로 12"),
        ("양천구 목동 목동동로 십이", "양천구 목동동로 12"),
        ("마포구 성산동 월드컵로 백십이", "마포구 월드컵로 112"),
        ("종로구 사직로8길 4", "종로구 사직로8길 4"),
        ("종로구 사직로 팔길 사", "종로구 사직로8길 4"),
        ("송파구 올림픽로35길 10", "송파구 올림픽로35길 10"),
        ("은평구 통일로 684", "은평구 통일로 684"),
        ("구로구 구로중앙로 백오십이", "구로구 구로중앙로 152"),
        ("종로구 종로 일", "종로구 종로 1"),
        ("종로구 종로 삼가 십이 번지", "종로구 종로3가 12"),
        ("성동구 성수동 이가 삼백 다시 오", "성동구 성수동2가 300-5"),
        ("관악구 신림동 산 오십육 다시 일", "관악구 신림동 산 56-1"),
        ("종로구 사직로 지하 백삼십", "종로구 사직로 지하130"),
        ("망원일동 삼백 번지", "마포구 망원동 300"),
        ("망원동 사백십 다시 오 이층", "마포구 망원동 410-5, 2층"),
        ("강남구 강남대로 사백 이 층", "강남구 강남대로 400, 2층"),
        ("마포구 양화로 45 나동 이백일 호", "마포구 양화로 45, 나동 201호"),
        ("마포구 양화로 45에 3층 302호", "마포구 양화로 45, 3층 302호"),
        ("마포구 양화로 45 지하 비 일호", "마포구 양화로 45, 지하 B1호"),
        ("마포구양화로45 비공이호", "마포구 양화로 45, B02호"),
        ("마포구 양화로 45 옥탑이요", "마포구 양화로 45, 옥탑"),
        ("마포구 양화로 45 반지하요", "마포구 양화로 45, 지하"),
        (
            "마포구 마포대로 백구십오 마포래미안푸르지오 백일동 천이백삼 호",
            "마포구 마포대로 195, 마포래미안푸르지오 101동 1203호",
        ),
        ("양화로 사십오 삼백이 호가 아니라 삼백삼 호", "마포구 양화로 45, 303호"),
        ("양화로 사십오 아니 근데 소파 두 개요", "마포구 양화로 45"),
        ("월드컵로 112 12월 3일에", "마포구 월드컵로 112"),
        ("양화로 사십오 이십오일에 내놓을게요", "마포구 양화로 45"),
        ("마포구 양화로 2십일", "마포구 양화로 21"),
    ],
)
def test_a_dictated_address(words: str, written: str) -> None:
    assert said(words) == written


@pytest.mark.parametrize(
    ("words", "readings"),
    [
        ("월드컵로 백십이요", ["마포구 월드컵로 110", "마포구 월드컵로 112"]),
        ("양화로 사십오백이호", ["마포구 양화로 40, 502호", "마포구 양화로 45, 102호"]),
        ("양화로 사십 오 백이 호", ["마포구 양화로 40, 502호", "마포구 양화로 45, 102호"]),
        ("월드컵로 백십이 오백일", ["마포구 월드컵로 112, 501호", "마포구 월드컵로 112"]),
    ],
)
def test_what_can_be_read_in_two_ways_is_asked_about(words: str, readings: list[str]) -> None:
    assert said(words) == readings


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("마포구 양화로", "incomplete"),
        ("양화로 삼백이 호", "incomplete"),
        ("양화로 백 십이 호", "incomplete"),
        ("마포구 양화로 구구구구구구", "incomplete"),
        ("마포래미안푸르지오 백일동 천이백삼 호", "incomplete"),
        ("종로 삼가 십이 번지", "incomplete"),
        ("백십이요", "incomplete"),
        ("마포구 성산동이요", "incomplete"),
        ("성산동이에요", "incomplete"),
        ("마포구 양화로 45 삼천칠백 층", "impossible"),
        ("마포구 양화로 45 지하 오십 층", "impossible"),
    ],
)
def test_a_part_of_an_address_is_a_problem(words: str, problem: str) -> None:
    assert said(words) == problem


@pytest.mark.parametrize(
    "words",
    [
        "택시로 십오 분",
        "화요일로 두 개",
        "전화로 세 시에",
        "운동 삼십 분",
        "버스로 이십 분 가요",
        "바로 오세요",
        "따로 이 개",
    ]
    + ["집으로 삼십 분 뒤에", "제대로 이야기해 줘", "공동 일 호", "육백사십일 번 버스", "오늘 비 와요"],
)
def test_ordinary_words_are_no_address(words: str) -> None:
    assert said(words, asked=False) is None


@pytest.mark.parametrize(
    ("words", "written"),
    [
        ("와니 삼백삼 호", "마포구 양화로 45, 303호"),
        ("아 니 삼백삼 호", "마포구 양화로 45, 303호"),
        ("아니 삼백삼 호요", "마포구 양화로 45, 303호"),
        ("삼백이 호가 아니라 삼백삼 호", "마포구 양화로 45, 303호"),
        ("삼백이가 아니라 삼백삼", "마포구 양화로 45, 303호"),
        ("사십오가 아니라 사십육", "마포구 양화로 46, 302호"),
        ("마포구가 아니라 서대문구", "서대문구 양화로 45, 302호"),
        ("그게 아니고 종로구 사직로 백", "종로구 사직로 100"),
        ("일층이 아니고 이층", "마포구 양화로 45, 2층"),
    ],
)
def test_a_repair(words: str, written: str) -> None:
    assert said(words, asked=False, value=KNOWN) == written


def test_a_repair_of_nothing_is_none() -> None:
    assert said("아니 소파 두 개", asked=False, value=KNOWN) is None
    assert said("오십이 아니라 육십", asked=False, value=KNOWN) is None


def test_a_known_road_lies_where_it_lies() -> None:
    library = {"address": "서울특별시 노원구 동일로 1405"}
    gu = [Place(Kind.DISTRICT, name, name, 37.5, 127.0, name) for name in ("노원구", "마포구")]
    table = PlaceTable([*gu, Place(Kind.LIBRARY, "1", "나무", 37.65, 127.06, "노원구", extra=library)])
    scene = Scene(NOW, Gazetteer(table), asked=True, home_district="마포구")
    fill = RECOGNISERS["address"]("동 일로 천사백오", of_type("address"), scene)
    assert fill is not None
    assert fill.value == "서울특별시 노원구 동일로 1405"


GU = ["마포구", "종로구", "중구", "송파구", "강남구", "은평구", "영등포구"]
ROADS = ["양화로", "월드컵로", "사직로", "올림픽로", "테헤란로", "통일로", "목동동로", "구로중앙로"]
ROADS += ["종로", "을지로"]
ROADS += ["강남대로", "세종대로", "가로수길", "이태원로", "백제고분로", "천호대로", "남부순환로"]
DONGS = ["성산동", "합정동", "상계동", "면목동", "종로3가", "성수동2가", "양평동4가"]
small, large = st.integers(1, 60), st.integers(1, 1500)


@st.composite
def addresses(draw: st.DrawFn) -> tuple[str, str]:
    """``(official form, spoken words)``."""
    gu, by_road = draw(st.sampled_from(GU)), draw(st.booleans())
    written, spoken = f"{SEOUL}{gu} ", gu + " "
    if by_road:
        road, way = draw(st.sampled_from(ROADS)), draw(st.sampled_from(["", "", "길", "가길", "나길"]))
        side = draw(small)
        if way and road[-1] != "길":
            written, spoken = f"{written}{road}{side}{way}", f"{spoken}{road} {sino(side)} {way}"
        else:
            written, spoken = written + road, spoken + road
    else:
        dong = draw(st.sampled_from(DONGS))
        written, spoken = written + dong, spoken + dong.replace("2가", " 이가").replace("3가", " 삼가")
    main, sub = draw(large), draw(st.none() | small)
    written, spoken = f"{written} {main}", f"{spoken} {sino(main)}"
    if sub is not None:
        written, spoken = f"{written}-{sub}", f"{spoken} 다시 {sino(sub)}"
    if not by_road:
        spoken += " 번지"
    block, unit = draw(st.none() | st.integers(1, 120)), draw(st.none() | st.integers(1, 2500))
    one_by_one = draw(st.booleans())
    if block is not None and unit is not None:
        written, spoken = f"{written}, {block}동", f"{spoken} {sino(block)} 동"
    if unit is not None:
        digitwise = one_by_one and unit > 99
        words = digits(str(unit)) if digitwise else sino(unit)
        written = f"{written}{' ' if block is not None else ', '}{unit}호"
        spoken = f"{spoken} {words} 호"
    return written, spoken


@given(addresses(), st.sampled_from(["", "요", "예요", "입니다", "로 해 주세요"]))
@example(("서울특별시 마포구 양화로 45, 102호", "마포구 양화로 사십오 백이 호"), "")
def test_a_spoken_address_is_never_another_one(address: tuple[str, str], ending: str) -> None:
    """It comes back as it was, or among the candidates, or as a problem where one number may be two."""
    written, spoken = address
    fill = recognise_type(spoken + ending, of_type("address"))
    assert fill is not None
    assert fill.value == written or written in fill.candidates or fill.problem == "incomplete", fill


@given(addresses())
def test_a_written_address_comes_back(address: tuple[str, str]) -> None:
    written, _ = address
    assert said(written) == written.removeprefix(SEOUL)
    parts = from_written(written)
    assert parts is not None
    assert str(parts) == written


@given(st.integers(1, 9999))
def test_every_number_of_an_address_is_read(value: int) -> None:
    assert number(sino(value)) == value
    assert number(str(value)) == value
    if value > 9:
        assert number(digits(str(value))) in (value, None)


@pytest.mark.parametrize(
    "words", ["어디 가요", "하나 버려요", "안녕 하세요", "네 맞아요", "그 아이 이름", "언니 집"]
)
def test_what_is_no_repair(words: str) -> None:
    assert repair_in(words) is None


def test_the_last_repair_counts() -> None:
    found = repair_in("아니 토요일 말고 일요일 아니 월요일")
    assert found is not None
    assert found.meant == "월요일"
