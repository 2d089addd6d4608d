"""Places and choices that nothing asked for: noticed where they are meant, not where words look like them."""

from __future__ import annotations

from typing import Any

import pytest
from tests.dialogue.harness import NOW, catalogue
from tests.understanding.scene import gazetteer, lexicons, of_type, recognise, recognise_type

from donghaeng.understanding.slots import Scene
from donghaeng.understanding.slots.together import recognise_all


@pytest.mark.parametrize(
    ("words", "gu"),
    [
        ("종로구에서 하는 공연 알려 주세요", "종로구"),  # not 하늘공원
        ("노인 일자리 신청하고 싶어요", None),  # not 신정역
        ("손주 방학이라 볼만한 체험전이 있을까 해서요", None),
        ("토요일에 나들이 갈 건데 축제가 있을라나", None),  # not 건대
        ("동네 청소하구 용돈 버는 거여유", None),
        ("요즘 서울에 무슨 축제를 합니까", None),
        ("서울역에서 하는 행사", "중구"),
        ("이번 토요일에 마포에서 하는 행사", "마포구"),
        ("잠실에서 하는 행사", "송파구"),
        ("광화문에서 하는 행사", "종로구"),
    ],
)
def test_a_gu_is_noticed_only_where_it_is_named(words: str, gu: str | None) -> None:
    fill = recognise_type(words, of_type("district"), asked=False)
    assert (fill.value if fill is not None else None) == gu


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("합정역 근처에 노래하는 공연이 있나", "합정역"),
        ("잠실에서 주말에도 하는 약국", "잠실역"),
        ("노인 일자리 신청하고 싶어요", None),
        ("그 데가 방학이라 쉰대요", None),
    ],
)
def test_a_place_as_it_is_spelt_beats_one_that_sounds_like_other_words(words: str, name: str | None) -> None:
    fill: Any = recognise_type(words, of_type("place"), asked=False)
    assert (fill.value["name"] if fill is not None and fill.value else None) == name


@pytest.mark.parametrize(
    ("words", "free"),
    [
        ("무료 전시회 좀 알려 주세요", "yes"),
        ("공짜로 볼 수 있는 연극 없소", "yes"),
        ("돈 안 들고 볼만한 게 뭐 없을까요", "yes"),
        ("강서구 공연 유료 말고 무료만 골라 줘요", "yes"),
        ("무료 말고 표 사서 보는 거요", "no"),
        ("공연 좀 알려 주세요", None),
    ],
)
def test_whoever_asks_whether_there_is_none_denies_nothing(words: str, free: str | None) -> None:
    fill = recognise(words, "culture_event", "free", asked=False)
    assert (fill.value if fill is not None else None) == free


@pytest.mark.parametrize(
    ("words", "service", "found"),
    [
        (
            "남산도서관에 소년이 온다 책 있어요",
            "library_book",
            {"library": "남산도서관", "title": "소년이 온다"},
        ),
        ("정독도서관에 삼국지 있당가", "library_book", {"library": "정독도서관", "title": "삼국지"}),
        (
            "고객 번호가 일이삼 사오육 칠팔구인데 지난달 수도 요금요",
            "water_bill",
            {"customer_number": "123456789", "month": "지난달"},
        ),
        ("아리수 요금 확인하려고 합니다", "water_bill", {}),
        ("구월분 수도 요금", "water_bill", {"month": "구월"}),
        ("마포구에 경비 일자리 있어요", "senior_job", {"district": "마포구", "kind": "경비"}),
        ("어르신 일자리 찾아 주세요", "senior_job", {}),
        (
            "마포구 아니 종로구에서 하는 국악 공연 알려 주세요",
            "culture_event",
            {"district": "종로구", "category": "국악"},
        ),
    ],
)
def test_several_slots_of_one_sentence(words: str, service: str, found: dict[str, str]) -> None:
    scene = Scene(now=NOW, gazetteer=gazetteer(), lexicons=lexicons())
    fills = recognise_all(words, catalogue()[service].slots, scene)
    assert {name: fill.value for name, fill in fills.items()} == found


@pytest.mark.parametrize(
    ("words", "service", "slot"),
    [
        ("공 중화 장실 가까운 데요", "nearby_facility", "place"),
        ("공 중화 장실 가까운 데요", "weather", "district"),
        ("화 장 실 어디 있어요", "subway_arrival", "station"),
        ("육백일 번 탈 건데 곧 와요", "bus_arrival", "stop"),
        ("상 담사 좀 바꿔 주세요", "bus_arrival", "stop"),
        ("복지 상담사가 우리 집에 방문하게 해 줘요", "visit_consult", "dong"),
    ],
)
def test_pieces_of_words_are_no_places(words: str, service: str, slot: str) -> None:
    assert recognise(words, service, slot, asked=False) is None


@pytest.mark.parametrize(
    ("words", "service", "slot"),
    [
        ("주 차 장 마포 쪽에", "parking", "place"),
        ("지하 철 언제 와 혜 화", "subway_arrival", "station"),
        ("합 정 역 언제 와요", "subway_arrival", "station"),
    ],
)
def test_misspaced_places_are_noticed(words: str, service: str, slot: str) -> None:
    assert recognise(words, service, slot, asked=False) is not None
