"""What is wrong, out of a long breath that also asks, greets, says where and how to call back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.dialogue.harness import catalogue
from tests.understanding.scene import NOW, context, gazetteer, lexicons, understood, values

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
        (
            "저희 집이 화곡시장 뒷골목인데요 밤마다 시끄러워서 잠을 못 자요 민원 좀 넣어 주세요",
            "밤마다 시끄러워서 잠을 못 자요",
        ),
        ("길이 파여 갖고 할매가 넘어졌당께 이거 어따 말해야 쓰까", "길이 파여 갖고 할매가 넘어졌당께"),
        (
            "민원 하나 넣고 싶은데 내용은 골목에 불이 안 들어와서 무섭다는 거예요",
            "골목에 불이 안 들어와서 무섭다는 거예요",
        ),
        ("울타리를 하나 쳐 달라고 건의합니다", "울타리를 하나 쳐 달라고 건의합니다"),
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
        "보라매공원 안에 있는 벤치요",
        "층간 소음 민원 넣고 싶습니다",
        "불법 주차 신고하려고요 우리 집 앞이에요",
        "과태료 이의 신청을 정식으로 하고 싶어요",
        "제 번호로 연락 주시면 고맙겠습니다",
        "",
    ],
)
def test_too_little_is_asked_for(words: str) -> None:
    assert _told(words) is None


@pytest.mark.parametrize(
    ("words", "content"),
    [
        ("가로등이 안 들어와요 연락은 공일공 일이삼사 오육칠팔로 주세요", "가로등이 안 들어와요"),
        ("밤마다 개가 짖어 싸서 잠을 못 잔당께", "밤마다 개가 짖어 싸서 잠을 못 잔당께"),
        ("가로등이 나갔어요 고쳐 주세요", "가로등이 나갔어요 고쳐 주세요"),
        ("하수구 냄새요", "하수구 냄새"),
    ],
)
def test_an_answer_stays_as_it_was_said_but_for_the_number(words: str, content: str) -> None:
    found = recognise_all(words, catalogue()["complaint"].slots, _scene(), asked={"content"})
    assert found["content"].value == content


def test_a_second_story_is_told_after_the_first() -> None:
    after = context(
        last_service="complaint", last_slots={"content": "가로등이 꺼졌어요", "phone": "010-1234-5678"}
    )
    act = understood("민원 하나 더 넣을게요 망원시장 입구에 쓰레기가 산더미처럼 쌓여 있어요", after)
    assert act.service == "complaint"
    assert values(act)["content"] == "쓰레기가 산더미처럼 쌓여 있어요"


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
