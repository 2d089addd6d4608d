"""Several wishes in one breath, wishes among values, and what leans on the answer before."""

from __future__ import annotations

import pytest
from tests.dialogue.harness import VALUES, catalogue
from tests.understanding.scene import cheap, context, recognise, understood, values

from donghaeng.understanding.acts import ActKind
from donghaeng.understanding.wishing import MOST_WISHES, several

ASKED_BUS = {
    "last_service": "bus_arrival",
    "last_slots": {"stop": {"ars_id": "14011", "name": "합정역"}},
    "last_answer": {"next_stop": "홍대입구역"},
}


def services_of(words: str) -> list[str | None]:
    return [act.service for act in cheap().understand(words, context())]


@pytest.mark.parametrize(
    ("words", "services"),
    [
        ("강남역 지하철 언제 와요 그리고 오늘 날씨도 알려 주세요", ["subway_arrival", "weather"]),
        ("오늘 날씨하고 미세먼지 어때요", ["weather", "air_quality"]),
        ("근처 약국 좀 찾아 주고 버스도 언제 오는지 알려 줘요", ["pharmacy", "bus_arrival"]),
        ("소파 버려 주시고 치매 검사도 예약해 주세요", ["bulky_waste", "dementia_check"]),
    ],
)
def test_wishes_are_taken_in_the_order_in_which_they_are_said(words: str, services: list[str]) -> None:
    assert services_of(words) == services


def test_each_wish_has_the_values_said_for_it_and_those_said_for_all() -> None:
    first, second = cheap().understand("마포구 날씨하고 미세먼지 어때요", context())
    assert values(first)["district"] == values(second)["district"] == "마포구"
    first, second = cheap().understand("강남역 지하철 언제 와요 그리고 오늘 날씨도 알려 주세요", context())
    assert values(first) == {"station": "강남"}
    assert values(second)["date"] == "2026-11-23"


def test_examples_of_one_service_ask_for_one_service() -> None:
    """A service's own examples are single wishes, however long."""
    ranker, known = cheap().ranker, catalogue().keys() - {"emergency", "counsellor", "ask"}
    texts = [text for service in catalogue().values() for text in service.examples]
    split = [text for text in texts if several(text, ranker, known)]
    assert len(split) <= len(texts) // 200, split[:10]


def test_no_more_wishes_than_can_be_kept_in_mind() -> None:
    words = " 그리고 ".join(
        [
            "강남역 지하철 언제 와요",
            "오늘 날씨 알려 주세요",
            "근처 약국 찾아 주세요",
            "미세먼지 알려 주세요",
            "따릉이 대여소 찾아 주세요",
        ]
    )
    assert len(services_of(words)) == MOST_WISHES


@pytest.mark.parametrize("words", ["", "네", "소파하고 책상 버려야 돼요", "다음 주 화요일이요"])
def test_what_holds_one_wish_or_none_is_not_cut(words: str) -> None:
    assert several(words, cheap().ranker, catalogue().keys()) == ()


def test_a_wish_among_all_its_values_is_found() -> None:
    act = understood("마포구 양화로 사십오 다음 주 화요일에 소파 버리려고요 전화는 공일공 일이삼사 오육칠팔")
    assert (act.kind, act.service) == (ActKind.ASK, "bulky_waste")
    assert values(act) == {
        "item": "소파",
        "address": "서울특별시 마포구 양화로 45",
        "date": "2026-12-01",
        "phone": "010-1234-5678",
    }


def test_values_alone_are_no_wish() -> None:
    act = understood("마포구 양화로 사십오 다음 주 화요일 공일공 일이삼사 오육칠팔")
    assert act.kind is not ActKind.ASK


@pytest.mark.parametrize(
    ("words", "ars_id"),
    [
        ("거기 말고 그 다음 정류장은요", "14015"),
        ("건너편 정류장은 언제 와요", "14012"),
    ],
)
def test_a_stop_is_told_by_the_one_before(words: str, ars_id: str) -> None:
    act = understood(words, context(**ASKED_BUS))
    assert (act.kind, act.service, act.detail) == (ActKind.ASK, "bus_arrival", "follow_up")
    assert values(act)["stop"]["ars_id"] == ars_id


def test_the_next_stop_of_nothing_is_no_stop() -> None:
    assert recognise("그 다음 정류장", "bus_arrival", "stop", asked=False) is None
    alone = recognise("그 다음 정류장", "bus_arrival", "stop", value={"ars_id": "14011", "name": "합정역"})
    assert alone is not None
    assert (alone.value, alone.problem) == (None, "unknown")


def test_taking_a_request_back_is_no_giving_up_of_what_is_in_hand() -> None:
    at = context("bulky_waste", "address", slots={"item": VALUES["text"]}, accepted=True)
    assert understood("아까 신청한 거 취소해 줘요", at).service == "my_requests"
    assert understood("취소해 줘요", at).kind is ActKind.CANCEL
    without = context("bulky_waste", "address", slots={"item": VALUES["text"]})
    assert understood("아까 신청한 거 취소해 줘요", without).kind is ActKind.CANCEL
