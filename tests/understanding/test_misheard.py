"""Requests as a recogniser writes them after misheard sounds: still the same requests."""

from __future__ import annotations

import pytest
from tests.understanding.scene import cheap, context, recognise

from donghaeng.understanding.acts import ActKind


@pytest.mark.parametrize(
    ("words", "service"),
    [
        ("육사일일, 번, 버스합 종료계 언제 와요?", "bus_arrival"),
        ("강남력 지하철 온재 와요", "subway_arrival"),
        ("지금 미세먼지 왔어요", "air_quality"),
        ("문연약국, 좀 자자주워요.", "pharmacy"),
        ("이 끈처에 화장시리 어디에요", "nearby_facility"),
        ("소파 루, 하나 버려야 하는 데요.", "bulky_waste"),
        ("수도게량기가 얼어서 터져서요.", "meter_freeze"),
    ],
)
def test_a_misheard_request_is_still_that_request(words: str, service: str) -> None:
    act = cheap().understand(words, context(home_district="마포구"))[0]
    assert (act.kind, act.service) == (ActKind.ASK, service)


@pytest.mark.parametrize(
    ("words", "service", "slot", "value"),
    [
        ("소팔을 하나 버려야 하는데요", "bulky_waste", "item", "소파"),
        ("소팔, 하나 보려야 하는 데요", "bulky_waste", "item", "소파"),
        ("장농 버려 주세요", "bulky_waste", "item", "장롱"),
        ("이 근처에 화장 시리 어디에요", "nearby_facility", "kind", "toilet"),
        ("주민쎈타가 어디예요", "nearby_facility", "kind", "community_center"),
        ("육사일일, 번, 버스", "bus_arrival", "route", "6411"),
    ],
)
def test_a_misheard_value_is_still_that_value(words: str, service: str, slot: str, value: str) -> None:
    act = cheap().understand(words, context(service, slot))[0]
    assert act.slots[slot].value == value


def test_another_thing_is_not_taken_for_one_that_sounds_a_little_like_it() -> None:
    fill = recognise("수박을 버려야 하는데요", "bulky_waste", "item", asked=False)
    assert fill is not None
    assert fill.value == "수박"


@pytest.mark.parametrize(
    "words",
    ["다 음 주 화요일", "다음 추 화요일이요", "다음주 화 요일", "다 음주 화요 일에요", "다음 주 화요일"],
)
def test_a_split_date_is_never_read_as_another_day(words: str) -> None:
    fill = recognise(words, "bulky_waste", "date")
    assert fill is not None
    assert fill.value == "2026-12-01"
