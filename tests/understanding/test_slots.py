"""Slot recognisers: what elderly citizens say, what recognisers write, and what is no value."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.dialogue.harness import HERE, NOW, catalogue
from tests.understanding.scene import of_type, recognise, recognise_type

from donghaeng.city.places.model import Kind, Place
from donghaeng.city.places.table import PlaceTable
from donghaeng.city.services.definition import SlotSpec
from donghaeng.city.slots import SLOT_TYPES, write_value
from donghaeng.understanding.slots import RECOGNISERS, Scene
from donghaeng.understanding.slots.gazetteer import Gazetteer

SEOUL = "서울특별시 "
KNOWN = SEOUL + "마포구 양화로 45, 302호"


def value(fill: Any) -> Any:
    return None if fill is None else (fill.problem or fill.value)


ADDRESSES = [
    ("마포구 양화로 사십오, 삼백이 호", "마포구 양화로 45, 302호"),
    ("마포구 양화로 45 302호", "마포구 양화로 45, 302호"),
    ("서울시 마포구 양화로 사십오 지하 일 호요", "마포구 양화로 45, 지하 1호"),
    ("서울특별시 마포구 양화로 45", "마포구 양화로 45"),
    ("마포구 월드컵로 백십이 오백일 호예요", "마포구 월드컵로 112, 501호"),
    ("마포구 성산동 백이십삼 다시 사", "마포구 성산동 123-4"),
    ("마포구 성산동 백이십삼 다시 사 번지 이층이요", "마포구 성산동 123-4, 2층"),
    ("성산동 123-4", "마포구 성산동 123-4"),
    ("월드컵로 삼 길 십이", "마포구 월드컵로3길 12"),
    ("마포구 월드컵로3길 12 지하 1층", "마포구 월드컵로3길 12, 지하 1층"),
    ("종로구 사직로 백", "종로구 사직로 100"),
    (
        "강남구 테헤란로 백오십이 래미안아파트 백일 동 오백삼 호",
        "강남구 테헤란로 152, 래미안아파트 101동 503호",
    ),
    ("노원구 상계동 육백삼십칠 번지", "노원구 상계동 637"),
    ("양화로 사십오요", "마포구 양화로 45"),
    ("관악구 봉천로 이백십이 이 층", "관악구 봉천로 212, 2층"),
    ("송파구 올림픽로 삼십오길 십이", "송파구 올림픽로35길 12"),
    ("마포구 양화로 사십오 다시 삼", "마포구 양화로 45-3"),
    ("저기 그 마포구 양화로 사오", "마포구 양화로 45"),
    ("서대문구 연희로 십 길 삼", "서대문구 연희로10길 3"),
    ("중구 세종대로 백십", "중구 세종대로 110"),
    ("동작구 상도로 육십 나길 삼", "동작구 상도로60나길 3"),
    ("마 포 구 양화로 45", "마포구 양화로 45"),
]


@pytest.mark.parametrize(("words", "written"), ADDRESSES)
def test_addresses(words: str, written: str) -> None:
    assert value(recognise(words, "bulky_waste", "address", home_district="마포구")) == SEOUL + written


@pytest.mark.parametrize(
    ("words", "found"),
    [("마포구", "incomplete"), ("삼백삼 호", "incomplete"), ("어디더라", None), ("그게 말이여", None)],
)
def test_what_is_no_whole_address(words: str, found: str | None) -> None:
    assert value(recognise(words, "bulky_waste", "address")) == found


def test_a_road_without_its_district_needs_a_home() -> None:
    assert value(recognise("양화로 사십오", "bulky_waste", "address")) == "incomplete"


@pytest.mark.parametrize(
    ("words", "written"),
    [
        ("삼백삼 호", "마포구 양화로 45, 303호"),
        ("지하 일 호", "마포구 양화로 45, 지하 1호"),
        ("이층이요", "마포구 양화로 45, 2층"),
        ("백이 동 삼백 호", "마포구 양화로 45, 102동 300호"),
        ("양화로 오십삼이요", "마포구 양화로 53, 302호"),
        ("사십육 번지요", "마포구 양화로 46, 302호"),
        ("사십육 다시 이 번지", "마포구 양화로 46-2, 302호"),
        ("종로구 사직로 백", "종로구 사직로 100"),
    ],
)
def test_a_correction_repairs_a_part_of_the_address(words: str, written: str) -> None:
    fill = recognise(words, "bulky_waste", "address", asked=False, value=KNOWN)
    assert value(fill) == SEOUL + written


ROUTES = [
    ("육사일일 번", "6411"),
    ("육사일일이요", "6411"),
    ("육천사백십일 번 버스", "6411"),
    ("육사일일 번 뻐스요", "6411"),
    ("마포 공팔", "마포08"),
    ("마포08", "마포08"),
    ("관악 공이", "관악02"),
    ("노원 십오", "노원15"),
    ("마을버스 종로 십일 번", "종로11"),
    ("엔 이십육 번", "N26"),
    ("N26", "N26"),
    ("칠백사 번", "704"),
    ("칠공이 번", "702"),
    ("칠공이요", "702"),
    ("이칠일이요", "271"),
    ("이칠공이에요", "270"),
    ("백사십삼번이요", "143"),
    ("칠이칠", "727"),
    ("심야 이십육", "N26"),
    ("심야버스 엔 이십육", "N26"),
    ("올빼미 육십일 번", "N61"),
    ("공항 육공공이", "6002"),
    ("공항버스 육공공이 번이요", "6002"),
    ("강남 공일", "강남01"),
    ("광역 구사공일", "9401"),
    ("칠칠공", "770"),
    ("7016번", "7016"),
    ("지선 칠공일육", "7016"),
    ("육 사 일 일", "6411"),
    ("엠 오천백칠", "M5107"),
    ("팔십팔 다시 일 번", "88-1"),
    ("에이 백육십 번", "A160"),
    ("오 번", "5"),
    ("602번", "602"),
    ("공항버스", None),
    ("모르겠는데", None),
]


@pytest.mark.parametrize(("words", "route"), ROUTES)
def test_routes_that_were_asked_for(words: str, route: str | None) -> None:
    assert value(recognise(words, "bus_arrival", "route")) == route


@pytest.mark.parametrize(
    ("words", "route"),
    [
        ("육사일일 번 버스 언제 와요", "6411"),
        ("칠백사 번이 언제 와", "704"),
        ("마포 공팔 번 어디쯤 왔어요", "마포08"),
        ("육사일일 언제 와요", "6411"),
        ("육사일일 버스 어디쯤이에요", "6411"),
        ("공항버스 육공공이 언제 와요", "6002"),
        ("심야버스 몇 시까지 다녀요", None),
        ("그럼 강남구는요", None),
        ("마포구 양화로", None),
        ("마포 구 번 언제 와요", "마포09"),
        ("버스 한 대 언제 와요", None),
        ("두 번째 정류장이요", None),
        ("육사일일", None),
    ],
)
def test_routes_said_unasked(words: str, route: str | None) -> None:
    assert value(recognise(words, "bus_arrival", "route", asked=False)) == route


@pytest.mark.parametrize(
    "words",
    [
        "일사공일일",
        "14011",
        "14-011",
        "일사 공일일이요",
        "일사 다시 공일일",
        "정류장 번호 일사공일일",
        "일사영일일",
    ],
)
def test_a_stop_by_its_number(words: str) -> None:
    assert value(recognise(words, "bus_arrival", "stop")) == {"ars_id": "14011", "name": "합정역"}


def test_a_stop_number_that_is_in_no_table_is_asked_of_the_city() -> None:
    unknown = value(recognise("구구구구구", "bus_arrival", "stop"))
    assert unknown == {"ars_id": "99999", "name": "99999번 정류장"}
    assert recognise("공일공 일이삼사 오육칠팔", "bus_arrival", "stop", asked=False) is None


@pytest.mark.parametrize("words", ["합정역", "합정역이요", "하쩡역", "합정 역에서요", "합정역 앞이라예"])
def test_a_stop_by_its_name_leaves_the_direction_open(words: str) -> None:
    fill = recognise(words, "bus_arrival", "stop")
    assert fill is not None
    assert fill.value is None
    assert {one["name"] for one in fill.candidates} == {"합정역"}
    assert len(fill.candidates) > 1


def test_a_stop_is_found_by_the_station_rather_than_by_a_name_that_sounds_near() -> None:
    fill = recognise("시청", "bus_arrival", "stop")
    assert fill is not None
    assert all("신촌" not in one["name"] for one in fill.candidates or (fill.value,))


STATIONS = [
    ("강남역", "강남"),
    ("강남역이요", "강남"),
    ("깡남역", "강남"),
    ("종로삼가", "종로3가"),
    ("홍대", "홍대입구"),
    ("홍대입구역입니다", "홍대입구"),
    ("서울역", "서울"),
    ("사당녁", "사당"),
    ("총신대입구", "총신대입구(이수)"),
    ("이수", "총신대입구(이수)"),
    ("경복궁역에서요", "경복궁"),
    ("잠실역", "잠실"),
    ("몰라요", None),
]


@pytest.mark.parametrize(("words", "name"), STATIONS)
def test_stations(words: str, name: str | None) -> None:
    assert value(recognise(words, "subway_arrival", "station")) == name


@pytest.mark.parametrize(
    ("words", "line"),
    [("이호선", "2"), ("2호선", "2"), ("육 호선", "6"), ("경의중앙선", "경의중앙"), ("공항철도", "공항철도")]
    + [
        ("신분당선", "신분당"),
        ("분당선", "수인분당"),
        ("십이호선", None),
        ("역이요", None),
        ("일 호선이요", "1"),
    ],
)
def test_lines(words: str, line: str | None) -> None:
    assert value(recognise(words, "subway_arrival", "line", asked=False)) == line


@pytest.mark.parametrize(
    ("words", "gu"),
    [
        ("노원구요", "노원구"),
        ("노원", "노원구"),
        ("합정동", "마포구"),
        ("강남역 쪽", "강남구"),
        ("중구", "중구"),
    ]
    + [("우리 동네", "은평구"), ("글쎄", None)],
)
def test_districts(words: str, gu: str | None) -> None:
    assert value(recognise(words, "weather", "district", home_district="은평구")) == gu


def test_places_and_here() -> None:
    fill = recognise("망원역 근처요", "pharmacy", "place", here=HERE)
    assert fill is not None
    assert fill.value["name"] == "망원역"
    assert value(recognise("이 근처요", "pharmacy", "place", here=HERE)) == HERE
    assert value(recognise("여기요", "pharmacy", "place")) == "here_unknown"
    assert recognise("여기요", "pharmacy", "place", asked=False) is None
    assert value(recognise_type("합정동이요", of_type("dong"))) == "합정동"


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("공일공 일이삼사에 오육칠팔", "010-1234-5678"),
        ("01012345678", "010-1234-5678"),
        ("010-1234-5678이에요", "010-1234-5678"),
        ("공일공에 일이삼사 오육칠팔이요", "010-1234-5678"),
        ("공이에 삼삼삼에 사사사사", "02-333-4444"),
        ("공일공 일이삼사", "incomplete"),
        ("몰라요", None),
        ("하나하나하나", "incomplete"),
        ("일일구요", "incomplete"),
    ],
)
def test_phones(words: str, number: str | None) -> None:
    assert value(recognise(words, "bulky_waste", "phone")) == number


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("일공 일이삼사 오육칠팔로 전화 주세요", "010-1234-5678"),
        ("1000-10, 1000호", None),
        ("180-10, 100호", None),
        ("공이 일이공에서 알려 줬어요", None),
        ("1588-1234에서 알려 줬어요", None),
        ("공일공 일이삼사요", "incomplete"),
    ],
)
def test_only_a_citizens_number_fills_what_was_not_asked_for(words: str, number: str | None) -> None:
    assert value(recognise(words, "bulky_waste", "phone", asked=False)) == number


@pytest.mark.parametrize(
    ("words", "symptom"),
    [
        ("꽁꽁 얼었당께", "frozen"),
        ("얼어서 터졌어요", "burst"),
        ("물이 줄줄 새요", "leak"),
        ("깨졌어요", "burst"),
    ]
    + [("이상해요", None)],
)
def test_choices(words: str, symptom: str | None) -> None:
    assert value(recognise(words, "meter_freeze", "symptom")) == symptom


@pytest.mark.parametrize(
    ("words", "item"),
    [
        ("쇼파요", "소파"),
        ("쏘파를 버려야 쓰겄는디", "소파"),
        ("테레비요", "텔레비전"),
        ("장농이요", "장롱"),
        ("매트레스", "매트리스"),
        ("헌 물레방아", "물레방아"),
        ("책짱이요", "책장"),
    ],
)
def test_items(words: str, item: str) -> None:
    assert value(recognise(words, "bulky_waste", "item")) == item


def test_an_item_stands_before_its_verb() -> None:
    assert value(recognise("물레방아를 좀 버려야 해요", "bulky_waste", "item", asked=False)) == "물레방아"
    assert value(recognise("버려요", "bulky_waste", "item", asked=False)) is None
    assert value(recognise("오늘 비 와요", "bulky_waste", "item", asked=False)) is None


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("두 개요", 2),
        ("하나요", 1),
        ("세 개", 3),
        ("셋이요", 3),
        ("두 사람", 2),
        ("스무 개", 20),
        ("많아요", None),
        ("둘이서요", 2),
        ("혼자요", 1),
        ("부부예요", 2),
        ("저하고 남편이요", 2),
        ("다섯 명이요", 5),
        ("세 개 아니 네 개요", 4),
        ("여러 개요", "vague"),
        ("삼백이 호요", None),
    ],
)
def test_counts(words: str, number: int | None) -> None:
    assert value(recognise(words, "bulky_waste", "count")) == number


@pytest.mark.parametrize(
    ("words", "asked", "years"),
    [
        ("세 살짜리 손녀요", False, 3),
        ("18개월 된 아기예요", False, 1),
        ("십팔 개월 아기 어린이집", False, 1),
        ("이십사 개월이요", False, 2),
        ("두 돌 지났어요", False, 2),
        ("만 3세 반 있는 어린이집", False, 3),
        ("만 오 세예요", False, 5),
        ("여섯 개월이요", True, None),
        ("세 명이에요", True, None),
        ("둘이서 살아요", False, None),
        ("하나만 알려 주세요", False, None),
        ("네 살이에요", True, 4),
        ("셋이요", True, 3),
    ],
)
def test_a_slot_may_count_in_words_of_its_own(words: str, asked: bool, years: int | None) -> None:
    assert value(recognise(words, "childcare_center", "age", asked=asked)) == years


def test_neighbouring_numbers_of_its_own_are_asked_about() -> None:
    fill = recognise("두세 살이요", "childcare_center", "age")
    assert fill is not None
    assert fill.candidates == (2, 3)
    assert recognise("세 살이에요", "bulky_waste", "count", asked=False) is None


def test_neighbouring_numbers_are_asked_about() -> None:
    fill = recognise("두세 개요", "bulky_waste", "count")
    assert fill is not None
    assert fill.candidates == (2, 3)


def wheelchair() -> SlotSpec:
    values = {
        "yes": {"name": "휠체어 이용", "says": ["휠체어"]},
        "no": {"name": "이용 안 함", "says": ["걸어"]},
    }
    return SlotSpec.model_validate({"type": "choice", "name": "휠체어", "required": False, "values": values})


@pytest.mark.parametrize(
    ("words", "asked", "meant"),
    [
        ("휠체어 타요", False, "yes"),
        ("휠체어 안 타요", False, "no"),
        ("휠체어는 없어요", False, "no"),
        ("휠체어 필요 없어요", False, "no"),
        ("네 타요", True, "yes"),
        ("아니요", True, "no"),
        ("안 타", True, "no"),
        ("걸어 다녀요", True, "no"),
        ("네", False, None),
        ("글쎄요", True, None),
    ],
)
def test_yes_and_no(words: str, asked: bool, meant: str | None) -> None:
    assert value(recognise_type(words, wheelchair(), asked=asked)) == meant


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("다음 주 화요일", "2026-12-01"),
        ("내일이요", "2026-11-24"),
        ("모레요", "2026-11-25"),
        ("십이월 삼일", "2026-12-03"),
        ("12월 3일", "2026-12-03"),
        ("어제", "past"),
        ("십삼월 사십일", "impossible"),
        ("이월 삼십일", "impossible"),
        ("다음 주에", "vague"),
        ("아무 때나", None),
        ("매주 화요일", "repeats"),
        ("화요일마다요", "repeats"),
        ("영업일 기준 사흘 뒤", "vague"),
        ("토요일쯤이요", "2026-11-28"),
        ("음력 초하루", "2026-12-09"),
    ],
)
def test_days(words: str, day: str | None) -> None:
    assert value(recognise(words, "bulky_waste", "date")) == day


def test_a_day_of_the_moon_or_of_the_month_is_asked_about() -> None:
    fill = recognise("초하루에요", "bulky_waste", "date")
    assert fill is not None
    assert (fill.value, fill.candidates) == (None, ("2026-12-09", "2026-12-01"))
    moment = recognise_type("초하루 낮 세 시에", of_type("datetime"))
    assert moment.candidates == ("2026-12-09T15:00", "2026-12-01T15:00")


def test_a_day_that_nothing_hangs_on_is_taken_as_it_is_likely_meant() -> None:
    fill = recognise("영업일 기준 사흘 뒤 날씨", "weather", "date", asked=False)
    assert fill is not None
    assert (fill.value, fill.score) == ("2026-11-26", 0.6)


def test_a_weekday_that_corrects_keeps_its_week() -> None:
    fill = recognise("수요일로요", "bulky_waste", "date", asked=False, value="2026-12-01")
    assert value(fill) == "2026-12-02"


@pytest.mark.parametrize(
    ("words", "moment"),
    [
        ("오늘 밤 열 시", "2026-11-23T22:00"),
        ("내일 오후 세 시 반", "2026-11-24T15:30"),
        ("새벽 두 시에", "2026-11-24T02:00"),
        ("일요일", "2026-11-29T12:00"),
        ("어제 세 시", "past"),
        ("스물다섯 시", "impossible"),
    ],
)
def test_moments(words: str, moment: str) -> None:
    assert value(recognise(words, "pharmacy", "when", asked=False)) == moment


@pytest.mark.parametrize(
    ("words", "before", "clock"),
    [
        ("오후 세 시", None, "15:00"),
        ("네 시요", "15:00", "16:00"),
        ("글쎄", None, None),
    ],
)
def test_times(words: str, before: str | None, clock: str | None) -> None:
    assert value(recognise_type(words, of_type("time"), value=before)) == clock


@pytest.mark.parametrize(
    ("words", "hours"),
    [
        ("점심때요", ["11:00", "12:00", "13:00"]),
        ("오전 중에요", ["09:00", "10:00", "11:00"]),
        ("두 시에서 네 시 사이", ["14:00", "15:00"]),
        ("저녁에", ["17:00", "19:00", "20:00"]),
    ],
)
def test_a_part_of_the_day_is_asked_about(words: str, hours: list[str]) -> None:
    fill = recognise_type(words, of_type("time"))
    assert fill.value is None
    assert list(fill.candidates) == hours


def test_a_part_of_another_day() -> None:
    assert value(recognise_type("내일 점심때요", of_type("date"), asked=False)) == "2026-11-24"
    assert value(recognise_type("내일 점심때", of_type("datetime"), asked=False)) == "2026-11-24T12:00"
    fill = recognise_type("내일 점심때", of_type("datetime"))
    assert list(fill.candidates) == ["2026-11-24T11:00", "2026-11-24T12:00", "2026-11-24T13:00"]
    assert value(recognise_type("매일 오전 열 시요", of_type("time"))) == "10:00"


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("김복순이에요", "김복순"),
        ("제 이름은 안정희라고 해요", "안정희"),
        ("박철수요", "박철수"),
        ("김복순 님", "김복순"),
        ("김영자입니다", "김영자"),
        ("성은 박 이름은 순이예요", "박순이"),
        ("성은 김이고 이름은 영자입니다", "김영자"),
        ("이름 석 자가 김영자", "김영자"),
        ("제 이름은 김영자라고 합니다", "김영자"),
        ("이순이요", "이순이"),
        ("김 영 자", "김영자"),
        ("박 철수입니다", "박철수"),
        ("남궁옥분이에요", "남궁옥분"),
        ("저는 최말순이라고 하는데요", "최말순"),
        ("내 이름은 김말자여", "김말자"),
        ("순자요", "순자"),
        ("제 이름은 존 스미스예요", "존 스미스"),
    ],
)
def test_names_of_persons(words: str, name: str) -> None:
    assert value(recognise_type(words, of_type("person_name"))) == name
    assert recognise_type("소파요", of_type("person_name"), asked=False) is None


@pytest.mark.parametrize(
    "words",
    [
        "몰라요",
        "아니요",
        "버스가 언제 와요",
        "공일공 일이삼사 오육칠팔",
        "육사일일",
        "여기 사는데 왜요",
        "상담사 바꿔 주세요",
    ]
    + [
        "잘 모르겠습니다",
        "마포구 양화로 사십오",
        "내일요",
        "🙂",
        "그게 뭐냐면",
        "잠깐만요",
        "소파 두 개 버리려고요",
    ],
)
def test_what_is_no_name(words: str) -> None:
    assert recognise_type(words, of_type("person_name")) is None


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("접수번호 에스 이 엘 이공이육일일이삼 다시 공공공일", "SEL-20261123-0001"),
        ("에스이엘 이육일일이삼 공공공일이요", "SEL-261123-0001"),
        ("SEL-261123-0001", "SEL-261123-0001"),
        ("sel 261123 0001", "SEL-261123-0001"),
        ("연습 에스이엘 다시 이육일일이삼 다시 공공공이", None),
        ("고객번호는 일이삼사오육칠팔구요", "123456789"),
        ("공일이삼 사오육칠 팔구", "0123456789"),
        ("글쎄 어디 뒀더라", None),
    ],
)
def test_receipts_as_they_are_dictated(words: str, number: str | None) -> None:
    if number is None and "연습" in words:
        number = "연습-SEL-261123-0002"
    assert value(recognise_type(words, of_type("receipt"))) == number


def test_receipt_numbers() -> None:
    assert value(recognise_type("SEL-20261123-0001이요", of_type("receipt"))) == "SEL-20261123-0001"
    assert value(recognise_type("이공이육일일이삼", of_type("receipt"))) == "20261123"
    assert recognise_type("몰라요", of_type("receipt")) is None


SLOTS = [(service, slot) for service, one in catalogue().items() for slot in one.slots]
PIECES = st.sampled_from(
    """
    마포구 양화로 사십오 삼백이 호 지하 일 층 다시 번지 동 강남역 이호선 육사일일 번 버스 다음 주 화요일 오후
    세 시 반 공일공 일이삼사 오육칠팔 소파 두 개 하나 여기 근처 이요 아니 말고 월 30 13 . , - 25 어제 지난
    """.split()  # noqa: SIM905  words read better than quotes
)


@given(st.sampled_from(SLOTS), st.lists(PIECES, max_size=12), st.booleans(), st.booleans())
def test_every_value_found_is_of_its_type(
    place: tuple[str, str], pieces: list[str], asked: bool, spaced: bool
) -> None:
    words = (" " if spaced else "").join(pieces)
    fill = recognise(words, *place, asked=asked, here=HERE, home_district="마포구")
    if fill is None:
        return
    spec = catalogue()[place[0]].slots[place[1]]
    kind = SLOT_TYPES[spec.type]
    assert 0.0 <= fill.score <= 1.0
    assert fill.value is not None or fill.candidates or fill.problem
    for found in (*fill.candidates, *([fill.value] if fill.value is not None else [])):
        assert kind.is_valid(found), found
        assert write_value(spec, found).strip()


def test_every_type_has_a_recogniser() -> None:
    assert set(RECOGNISERS) == set(SLOT_TYPES)


@pytest.mark.parametrize(
    "words", ["이 근처에 화장실이 어디예요", "우리 동네 약국", "여기서 가까운 데요", "집 근처요"]
)
def test_words_for_here_are_no_names_that_sound_alike(words: str) -> None:
    assert value(recognise(words, "pharmacy", "place", asked=False, here=HERE)) == HERE
    assert value(recognise(words, "weather", "district", asked=False, home_district="은평구")) == "은평구"


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("합정동이요", "합정동"),
        ("합정이요", "합정동"),
        ("화곡 본동", "화곡본동"),
        ("면목 삼팔동이요", "면목3.8동"),
        ("망원일동이요", "망원1동"),
        ("망원동", "망원동"),
        ("몰라요", None),
    ],
)
def test_dongs(words: str, name: str | None) -> None:
    assert value(recognise_type(words, of_type("dong"))) == name


def test_a_dong_of_several_gu_is_the_one_at_home_else_asked_about() -> None:
    assert value(recognise("신사동이요", "weather", "district", home_district="은평구")) == "은평구"
    fill = recognise("신사동이요", "weather", "district", home_district="마포구")
    assert fill is not None
    assert {"강남구", "은평구"} <= set(fill.candidates)


def test_stations_of_one_name_are_told_apart_by_their_line() -> None:
    other = "신촌(경의중앙선)"
    places = [
        Place(Kind.STATION, "신촌", "신촌", 37.55, 126.93, "서대문구", lines=("2",)),
        Place(Kind.STATION, other, other, 37.56, 126.94, "서대문구", lines=("경의중앙",)),
    ]
    scene = Scene(NOW, Gazetteer(PlaceTable(places)), asked=True)
    either = RECOGNISERS["station"]("신촌역이요", of_type("station"), scene)
    assert either is not None
    assert either.candidates == ("신촌", other)
    one = RECOGNISERS["station"]("경의중앙선 신촌역이요", of_type("station"), scene)
    assert value(one) == other


def test_names_that_sound_alike_are_asked_about() -> None:
    places = [
        Place(Kind.STOP, f"1400{number}", name, 37.5, 126.9, "마포구")
        for number, name in enumerate(["한산중학교", "한천중학교"])
    ]
    scene = Scene(NOW, Gazetteer(PlaceTable(places)), asked=True)
    unsure = RECOGNISERS["stop"]("한선중학교요", of_type("stop"), scene)
    assert unsure is not None
    assert unsure.value is None
    sure = RECOGNISERS["stop"]("한산중학교요", of_type("stop"), scene)
    assert value(sure) == {"ars_id": "14000", "name": "한산중학교"}


@pytest.mark.parametrize(
    "words", ["상담사 바꿔 주세요", "생각이 안 나요", "다시 말해 주세요", "그냥 됐어요", "잠깐만요"]
)
@pytest.mark.parametrize("kind", ["station", "stop", "place", "district", "dong"])
def test_ordinary_answers_are_no_places(words: str, kind: str) -> None:
    assert recognise_type(words, of_type(kind)) is None


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("이옥분이라고 혀유", "이옥분"),
        ("고춘자우다", "고춘자"),
        ("박순덕이구먼유", "박순덕"),
        ("김순덕이우다게", "김순덕"),
        ("저는 박점례라고 헙니다", "박점례"),
        ("김미래요", "김미래"),
        ("황보영자요", "황보영자"),
        ("이름은 문순례 번호는", "문순례"),
        ("한점분이고 전화는", "한점분"),
    ],
)
def test_a_name_in_any_dialect(words: str, name: str) -> None:
    assert value(recognise(words, "care_request", "person_name")) == name


def test_an_hour_is_believed_before_a_part_of_the_day() -> None:
    fill = recognise_type("밤새 걱정되니까 매일 아침 아홉 시에", of_type("time"), asked=False)
    assert fill.value == "09:00"


def test_digits_that_are_taken_back_are_no_part_of_the_number() -> None:
    fill = recognise_type("공일공에 사천… 아니, 사공공공에 칠칠팔팔이에요", of_type("phone"))
    assert fill.value == "010-4000-7788"


def test_from_here_is_no_name_that_sounds_alike() -> None:
    assert recognise_type("여기서 가디요", of_type("place")).problem == "here_unknown"
