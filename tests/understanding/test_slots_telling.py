"""What is wrong, out of a long breath that also asks, greets, says where and how to call back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.dialogue.harness import catalogue
from tests.understanding.scene import NOW, gazetteer, lexicons

from donghaeng.understanding.slots.base import Scene
from donghaeng.understanding.slots.telling import telling
from donghaeng.understanding.slots.together import recognise_all


def _scene(**more: object) -> Scene:
    return Scene(now=NOW, gazetteer=gazetteer(), lexicons=lexicons(), **more)  # type: ignore[arg-type]


def _told(words: str, **more: object) -> object:
    fill = telling(words, _scene(**more))
    return fill.value if fill is not None else None


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("홍제역 이 번 출구 앞에 맨홀 뚜껑이 덜컹거려요", "맨홀 뚜껑이 덜컹거려요"),
        ("길이 움푹 파여서 넘어질 뻔했어요", "길이 움푹 파여서 넘어질 뻔했어요"),
        (
            "안녕하세요 우리 집 앞 골목 가로등이 사흘째 꺼져 있어서 민원 좀 넣으려고요",
            "우리 집 앞 골목 가로등이 사흘째 꺼져 있어서",
        ),
        (
            "수유시장 뒷골목에 차를 아무렇게나 대 놔서 지나다닐 수가 없당께 신고 좀 해 주쇼",
            "차를 아무렇게나 대 놔서 지나다닐 수가 없당께",
        ),
        ("가로등이 안 들어온당께 수유시장 뒷골목이여라", "가로등이 안 들어온당께"),
        ("정류장에 의자를 놓아 주세요 건의할 게 있습니다", "정류장에 의자를 놓아 주세요"),
        (
            "바쁘신데 죄송합니다만 저희 동네 골목이 밤이면 캄캄해서 다닐 수가 없는데 "
            "이런 것도 구청에서 고쳐 주는지요",
            "저희 동네 골목이 밤이면 캄캄해서 다닐 수가 없는데",
        ),
        (
            "민원 하나만 넣을라고 하는데 망원시장 입구에 쓰레기가 산더미처럼 쌓여 있어요 빨리 좀 치워 주세요",
            "쓰레기가 산더미처럼 쌓여 있어요",
        ),
    ],
)
def test_only_what_tells_of_the_matter_is_kept(words: str, told: str) -> None:
    assert _told(words) == told


@pytest.mark.parametrize(
    "words",
    [
        "민원을 넣고 싶어요",
        "불법 주차 신고",
        "가로등이 나갔어요 신고 좀 해 주세요",
        "길에 구멍이 파여서 신고하려고요",
        "합정역 이 번 출구 앞이요",
        "제 번호로 연락 주시면 고맙겠습니다",
        "",
    ],
)
def test_too_little_is_asked_for(words: str) -> None:
    assert _told(words) is None


def test_what_is_known_is_not_told_anew() -> None:
    assert _told("길이 움푹 파여서 넘어질 뻔했어요", value="가로등이 꺼졌어요") is None


def test_one_breath_fills_a_whole_complaint() -> None:
    words = (
        "저기 구청에 민원을 하나 넣고 싶은데요 면목역 이번 출구 앞 인도에 보도블록이 푹 꺼져서 "
        "제가 어제 넘어질 뻔했습니다 "
        "연락은 공일공 일이삼사 오육칠팔로 주시면 됩니다"
    )
    found = recognise_all(words, catalogue()["complaint"].slots, _scene())
    assert {name: fill.value for name, fill in found.items()} == {
        "category": "road",
        "content": "인도에 보도블록이 푹 꺼져서 제가 어제 넘어질 뻔했습니다",
        "where": "면목역 이번 출구 앞",
        "phone": "010-1234-5678",
    }


@given(st.text(alphabet="가나다요서에민원신고연락 .,", max_size=80))
def test_it_is_part_of_what_was_said(words: str) -> None:
    told = _told(words)
    assert told is None or all(word in words.split() for word in str(told).split())
