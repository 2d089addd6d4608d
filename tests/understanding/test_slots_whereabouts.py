"""Where something is, in the citizen's own words."""

from __future__ import annotations

import pytest
from tests.dialogue.harness import catalogue
from tests.understanding.scene import NOW, gazetteer, lexicons, recognise

from donghaeng.understanding.slots.base import Scene
from donghaeng.understanding.slots.together import recognise_all


@pytest.mark.parametrize(
    ("words", "where"),
    [
        ("홍제역 이 번 출구 앞에 맨홀 뚜껑이 덜컹거려요", "홍제역 이 번 출구 앞"),
        ("합정역 2번 출구 앞 가로등이 꺼졌어요", "합정역 2번 출구 앞"),
        ("수유시장 입구에 불법 노점 때문에 길이 막혀요", "수유시장 입구"),
        ("뚝섬 한강공원 화장실 문이 안 잠겨요", "뚝섬 한강공원"),
        ("망원동 골목에 쓰레기가 쌓였어요", "망원동 골목"),
        ("신촌로 십이에 차가 서 있어요", "신촌로 십이"),
    ],
)
def test_a_place_with_a_name_is_where_it_is(words: str, where: str) -> None:
    fill = recognise(words, "complaint", "where", asked=False)
    assert fill is not None
    assert fill.value == where


@pytest.mark.parametrize(
    "words",
    [
        "경로당 앞 횡단보도 선이 다 지워졌어요",
        "우리 집 앞에 쓰레기를 버려요",
        "우리 동네 공원 의자가 부서졌어요",
        "비둘기 똥 때문에 못 살겠어요",
        "민원 신청할게요",
        "길바닥에 기름이 쏟아졌어요",
        "마포구 가로등이 나갔어요",
        "",
    ],
)
def test_what_has_no_name_is_nowhere_yet(words: str) -> None:
    assert recognise(words, "complaint", "where", asked=False) is None


def test_when_it_is_asked_for_all_that_is_said_tells_it() -> None:
    fill = recognise("우리 집 대문 앞이요", "complaint", "where")
    assert fill is not None
    assert fill.value == "우리 집 대문 앞"


def test_what_is_wrong_and_where_may_be_told_in_one_breath() -> None:
    words = "합정역 앞 가로등이 사흘째 안 켜져요"
    scene = Scene(now=NOW, gazetteer=gazetteer(), lexicons=lexicons())
    found = recognise_all(words, catalogue()["complaint"].slots, scene, asked={"content"})
    assert found["content"].value == words
    assert found["where"].value == "합정역 앞"


@pytest.mark.parametrize(
    ("words", "where"),
    [
        ("수유시장 뒷골목이여라", "수유시장 뒷골목"),
        ("우리 집 앞이랑께", "우리 집 앞"),
        ("홍제역 이번 출구 앞인데요", "홍제역 이번 출구 앞"),
        ("합정역 앞에 있어요", "합정역 앞"),
        ("망원시장 입구입니더", "망원시장 입구"),
    ],
)
def test_an_answer_to_where_has_no_ending(words: str, where: str) -> None:
    fill = recognise(words, "complaint", "where")
    assert fill is not None
    assert fill.value == where


def test_a_story_keeps_its_ending() -> None:
    fill = recognise("가로등이 안 들어온당께", "complaint", "content")
    assert fill is not None
    assert fill.value == "가로등이 안 들어온당께"
