"""Calls that we make: who asked for one, what opens it, and what is never asked in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.dialogue.harness import NOW, Talk, catalogue, policy

from donghaeng.dialogue.calling import FREEZE_WARNING, SCRIPT, SOUNDS_LIKE_FRAUD, subject
from donghaeng.dialogue.draft import Draft
from donghaeng.dialogue.effects import OutgoingCallRequest
from donghaeng.dialogue.events import ConversationOpened
from donghaeng.dialogue.state import Accepted, State
from donghaeng.understanding.acts import Act, ActKind

NUMBER = "010-1234-5678"
ASKED = {ActKind.ASK, ActKind.FILL, ActKind.CORRECT, ActKind.UNSURE, ActKind.EMERGENCY, ActKind.CALL_ME}
ASKED |= {ActKind.LET_SEE, ActKind.STOP_SEEING, ActKind.WHO_SEES}
UNASKED = sorted(set(ActKind) - ASKED - {ActKind.CONFIRM})
"""What a citizen may do without asking for anything; a yes may be one to a person."""


def called(service: str = "meter_freeze", purpose: str | None = None) -> tuple[State, Draft]:
    turn = policy().begin(State(), NOW)
    turn.emit(ConversationOpened("phone", "마포구", called_about=service, called_for=purpose))
    policy().greet(turn)
    return turn.state, turn.finish()


@pytest.mark.parametrize("purpose", [None, FREEZE_WARNING])
def test_the_first_words_say_who_calls_why_and_the_way_back(purpose: str | None) -> None:
    _, draft = called(purpose=purpose)
    assert not SOUNDS_LIKE_FRAUD.search(draft.show)
    assert draft.show.startswith("서울시 동행 인공지능 상담원이에요.")
    assert draft.show.index("때문에 전화드렸어요") < draft.show.index("끊고 120으로 다시 거셔도 돼요")
    assert draft.expects == "open"
    assert draft.asks is None
    assert ("미리 알려 달라고 하신" in draft.show) == (purpose == FREEZE_WARNING)


@pytest.mark.parametrize("service", sorted(catalogue()))
def test_no_call_opens_with_words_of_fraud(service: str) -> None:
    opening = policy().phrases("greeting_outgoing", subject=subject(catalogue()[service]))
    assert not SOUNDS_LIKE_FRAUD.search(opening), opening


def test_the_guard_knows_the_words_of_fraud() -> None:
    for words in (
        "계좌 확인",
        "카드 재발급",
        "환급금 안내",
        "주민 등록 번호 확인",
        "OTP 등록",
        "지방세 조회",
    ):
        assert SOUNDS_LIKE_FRAUD.search(words), words


@given(st.lists(st.sampled_from(UNASKED), max_size=6))
def test_whoever_asks_for_nothing_is_asked_for_nothing(kinds: list[ActKind]) -> None:
    state, _ = called()
    talk = Talk()
    talk.state = state
    for kind in kinds:
        draft = talk.says(kind)
        assert draft.asks is None
        assert not SOUNDS_LIKE_FRAUD.search(draft.show), draft.show
        assert "전화번호" not in draft.show
        if draft.expects == "none":
            break


def test_a_call_is_booked_to_the_number_that_was_confirmed() -> None:
    talk = Talk()
    talk.state = State(
        channel="phone",
        said={"phone": NUMBER},
        accepted=(Accepted("meter_freeze", "SEL-1", "2026-11-23T10:00:00+09:00"),),
    )
    draft = talk.does(Act(ActKind.CALL_ME), heard="이따 다시 전화해 주세요")
    (wish,) = talk.effects
    assert isinstance(wish, OutgoingCallRequest)
    assert (wish.number, wish.service, wish.script) == (NUMBER, "meter_freeze", SCRIPT)
    assert wish.said == "이따 다시 전화해 주세요"
    assert NUMBER in draft.show
    assert "전화하지 마세요" in draft.show


def test_without_a_confirmed_number_a_counsellor_is_asked() -> None:
    draft = Talk().says(ActKind.CALL_ME)
    assert draft.service == "counsellor"


def test_who_wants_no_calls_is_not_asked_back() -> None:
    talk = Talk()
    draft = talk.says(ActKind.DO_NOT_CALL)
    assert talk.effects == [OutgoingCallRequest()]
    assert "전화하지 않을게요" in draft.show
