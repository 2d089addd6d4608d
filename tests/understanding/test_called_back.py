"""Whoever wants a person says at which number, in the same breath or after being asked."""

from __future__ import annotations

import pytest
from tests.understanding.scene import context, understood, values

from donghaeng.understanding.acts import ActKind

NUMBER = "010-1234-5678"


@pytest.mark.parametrize(
    "words",
    [
        "상담사 전화 받고 싶어요 공일공 일이삼사 오육칠팔이요",
        "사람 바꿔 주세요 제 번호는 공일공 일이삼사 오육칠팔이에요",
        "상담원이 공일공 일이삼사 오육칠팔로 전화 주세요",
    ],
)
def test_a_number_said_with_the_wish_for_a_person_is_called(words: str) -> None:
    act = understood(words)
    assert (act.kind, act.service) == (ActKind.ASK, "counsellor")
    assert values(act)["callback_phone"] == NUMBER
    assert "공일공" not in str(values(act).get("topic"))


def test_what_the_person_is_wanted_for_stays_beside_the_number() -> None:
    act = understood("수도 요금이 이상해서 상담사랑 통화하고 싶어요 공일공 일이삼사 오육칠팔이요")
    assert values(act)["callback_phone"] == NUMBER
    assert "수도 요금" in values(act)["topic"]


def test_a_wish_for_a_person_needs_no_number() -> None:
    act = understood("사람 바꿔 주세요")
    assert act.service == "counsellor"
    assert values(act) == {}


@pytest.mark.parametrize(
    "words",
    [
        "공일공 일이삼사 오육칠팔이요",
        "네 제 번호는 공일공 일이삼사에 오육칠팔이에요 그리로 전화 주세요",
        "공일공 일이삼사 오육칠팔로 걸어 줘요",
    ],
)
def test_a_number_said_after_a_person_was_called_is_for_that(words: str) -> None:
    act = understood(words, context(last_service="counsellor"))
    assert (act.kind, act.service) == (ActKind.ASK, "counsellor")
    assert values(act)["callback_phone"] == NUMBER


def test_another_request_after_a_person_was_called_is_no_call_back() -> None:
    act = understood("소파를 버리려고 해요", context(last_service="counsellor"))
    assert act.service == "bulky_waste"
