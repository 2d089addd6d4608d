"""The rules of behaviour that conversation tests rely on (CONTRACT 8), one by one."""

from __future__ import annotations

import pytest
from tests.dialogue.harness import (
    BULKY,
    NOW,
    VALUES,
    Talk,
    answers,
    at_confirm,
    at_paused,
    at_repair,
    at_slot,
    comes_to,
    fills,
    policy,
)

from donghaeng.city.operations import Answer
from donghaeng.dialogue.context import context_of
from donghaeng.dialogue.effects import CallOutcome, CityCall, DialogueEffect, Outcome, OutcomeKind, Purpose
from donghaeng.understanding.acts import Act, ActKind


def test_a_digression_is_answered_and_the_question_asked_again() -> None:
    talk = at_slot()
    question = talk.draft.show
    draft = talk.asks("weather", district="노원구")
    assert draft.service == "weather"
    assert draft.slots["district"] == "노원구"
    assert (draft.asks, draft.expects) == ("address", "slot")
    assert draft.show.endswith(question)
    after = talk.fills(address=VALUES["address"])
    assert (after.service, after.asks) == ("bulky_waste", "date")


def test_a_digression_from_the_confirmation_reads_it_back_once_more() -> None:
    talk = at_confirm()
    readback = talk.draft.show
    draft = talk.asks("weather")
    assert draft.expects == "confirm"
    assert draft.show.endswith(readback)
    talk.says(ActKind.CONFIRM)
    assert len(talk.writes) == 1


def test_a_digression_that_fails_returns_as_well() -> None:
    talk = at_slot()
    talk.answering = comes_to(OutcomeKind.FAILED)
    draft = talk.asks("weather")
    assert (draft.service, draft.asks, draft.expects) == ("weather", "address", "slot")


def test_a_cancelling_reply_keeps_its_service_with_no_slots() -> None:
    draft = at_confirm().says(ActKind.CANCEL)
    assert (draft.service, draft.slots, draft.expects) == ("bulky_waste", {}, "open")


def test_after_completion_the_slots_stay_in_that_reply_alone() -> None:
    talk = at_confirm()
    assert talk.says(ActKind.CONFIRM).slots["item"] == "소파"
    after = talk.says(ActKind.THANKS)
    assert (after.service, after.slots) == (None, {})
    assert talk.asks("bulky_waste").slots.get("item") is None


def test_a_follow_up_may_reuse_the_slots() -> None:
    talk = Talk()
    talk.asks("weather", district="노원구")
    act = Act(ActKind.ASK, service="weather", slots=fills({"date": "2026-11-24"}), detail="follow_up")
    draft = talk.does(act)
    assert draft.slots == {"district": "노원구", "date": "2026-11-24"}


def test_a_correction_renews_the_confirmation_and_the_look_ups() -> None:
    talk = at_confirm()
    draft = talk.does(Act(ActKind.CORRECT, slots=fills({"count": 3})))
    assert draft.expects == "confirm"
    assert "3개" in draft.show
    looked_up = [one for one in talk.effects if isinstance(one, CityCall) and one.purpose is Purpose.LOOK_UP]
    assert looked_up[0].arguments["count"] == 3
    talk.says(ActKind.CONFIRM)
    assert talk.writes[0].arguments["count"] == 3


def test_a_no_to_the_confirmation_asks_what_is_wrong_and_a_yes_to_that_sends_nothing() -> None:
    talk = at_confirm()
    draft = talk.says(ActKind.DENY)
    assert (draft.asks, draft.expects) == (None, "open")
    again = talk.says(ActKind.CONFIRM)
    assert not talk.writes
    assert again.expects == "confirm"
    talk.says(ActKind.CONFIRM)
    assert len(talk.writes) == 1


def test_what_is_wrong_is_understood_as_a_correction() -> None:
    talk = at_repair()
    context = context_of(talk.state, NOW)
    assert (context.expects, context.service, context.slots["item"]) == ("confirm", "bulky_waste", "소파")
    draft = talk.does(Act(ActKind.CORRECT, slots=fills({"phone": "010-9999-0000"})))
    assert draft.expects == "confirm"
    assert "010-9999-0000" in draft.show


def test_a_second_no_gives_the_service_up() -> None:
    talk = at_repair()
    draft = talk.says(ActKind.DENY)
    assert (draft.service, draft.slots) == ("bulky_waste", {})
    assert not talk.state.frames


def test_offers_expect_a_choice_and_belong_to_no_slot() -> None:
    draft = Talk().says(ActKind.OUT_OF_SCOPE)
    assert (draft.service, draft.asks, draft.expects) == (None, None, "choice")
    assert draft.card is not None
    assert len(draft.card["rows"]) == 2


def test_an_emergency_comes_first_and_the_task_waits() -> None:
    talk = at_slot()
    draft = talk.says(ActKind.EMERGENCY, "medical")
    assert (draft.service, draft.slots, draft.expects) == ("emergency", {"kind": "medical"}, "open")
    assert draft.show.startswith("지금 바로 119")
    assert talk.says(ActKind.THANKS).asks is None
    assert talk.says(ActKind.CONTINUE).asks == "address"


def test_a_question_during_an_emergency_pause_does_not_wake_the_task() -> None:
    talk = at_paused()
    draft = talk.asks("weather")
    assert (draft.service, draft.asks, draft.expects) == ("weather", None, "open")
    assert talk.says(ActKind.CONFIRM).asks == "address"


def test_a_service_begun_during_the_pause_asks_its_own_questions() -> None:
    talk = at_paused()
    assert talk.asks("nearby_facility").asks == "kind"
    draft = talk.fills(kind="toilet", place=VALUES["place"])
    assert (draft.service, draft.expects) == ("nearby_facility", "open")
    assert "그대로 두었어요" in draft.show


def test_nothing_of_the_waiting_task_is_shown_to_understanding() -> None:
    context = context_of(at_paused().state, NOW)
    assert (context.service, context.asks, context.expects) == (None, None, "open")


def test_an_unverified_number_is_not_spoken() -> None:
    draft = Talk().says(ActKind.EMERGENCY, "suicide")
    assert "109" not in draft.show
    assert draft.card is None


def test_a_hand_over_keeps_the_task_and_a_number_makes_it_a_call_back() -> None:
    talk = at_slot()
    draft = talk.asks("counsellor")
    assert (draft.service, draft.asks, draft.expects) == ("counsellor", None, "open")
    talk.asks("counsellor", callback_phone="010-1234-5678")
    assert talk.state.handover is not None
    assert talk.state.handover.state == "callback"
    assert talk.says(ActKind.CONTINUE).asks == "address"


@pytest.mark.parametrize("kind", [OutcomeKind.FAILED, OutcomeKind.REFUSED])
def test_a_write_that_fails_says_so_and_offers_a_person(kind: OutcomeKind) -> None:
    talk = at_confirm(comes_to(kind, "closed"))
    draft = talk.says(ActKind.CONFIRM)
    assert "120" in draft.show
    assert draft.expects == "choice"
    assert not talk.state.frames


def test_a_refusal_that_names_a_slot_asks_for_it_again() -> None:
    talk = at_confirm(comes_to(OutcomeKind.REFUSED, "full"))
    draft = talk.says(ActKind.CONFIRM)
    assert "다 찼어요" in draft.show
    assert (draft.asks, draft.service) == ("date", "bulky_waste")
    talk.answering = answers
    assert talk.fills(date="2026-12-02").expects == "confirm"
    assert talk.says(ActKind.CONFIRM).slots["date"] == "2026-12-02"


def test_an_unanswered_write_is_not_sent_again_by_asking_again() -> None:
    talk = at_confirm(comes_to(OutcomeKind.UNANSWERED))
    draft = talk.says(ActKind.CONFIRM)
    assert "다시 신청하지 않으셔도" in draft.show
    assert talk.state.frame is None
    talk.says(ActKind.CONFIRM)
    assert not talk.writes


@pytest.mark.parametrize(("receipt", "words"), [("SEL-7", "SEL-7"), (None, "접수되지 않았어요")])
def test_news_of_a_write_is_told_once_before_the_answer(receipt: str | None, words: str) -> None:
    talk = Talk()
    turn = policy().begin(talk.state, NOW)
    policy().settle_later(turn, "bulky_waste", receipt)
    talk.state, talk.events = turn.state, talk.events + turn.events
    draft = talk.asks("weather")
    assert draft.show.index(words) < draft.show.index("맑고")
    assert words not in talk.says(ActKind.REPEAT).show


def test_news_is_told_even_where_the_citizen_wants_the_last_words_again() -> None:
    talk = Talk()
    turn = policy().begin(talk.state, NOW)
    policy().settle_later(turn, "bulky_waste", "SEL-7")
    talk.state, talk.events = turn.state, talk.events + turn.events
    draft = talk.says(ActKind.REPEAT)
    assert "SEL-7" in draft.show
    assert "무엇을 도와드릴까요" in draft.show
    assert not talk.state.news


def test_news_waits_while_there_is_an_emergency() -> None:
    talk = Talk()
    turn = policy().begin(talk.state, NOW)
    policy().settle_later(turn, "bulky_waste", "SEL-7")
    talk.state = turn.state
    assert "SEL-7" not in talk.says(ActKind.EMERGENCY, "fire").show
    assert "SEL-7" in talk.says(ActKind.THANKS).show


def test_an_answer_without_the_promised_fields_is_told_as_a_failure() -> None:
    def odd(effect: DialogueEffect) -> Outcome:
        assert isinstance(effect, CityCall)
        return CallOutcome(effect, OutcomeKind.OK, Answer(({"strange": 1},)))

    draft = Talk(odd).asks("weather")
    assert draft.service == "weather"
    assert "답이 오지 않아요" in draft.show


def test_a_fee_that_cannot_be_read_stops_before_the_confirmation() -> None:
    def no_fee(effect: DialogueEffect) -> Outcome:
        if isinstance(effect, CityCall) and effect.purpose is Purpose.LOOK_UP:
            return CallOutcome(effect, OutcomeKind.FAILED)
        return answers(effect)

    talk = Talk(no_fee)
    draft = talk.asks("bulky_waste", **BULKY)
    assert draft.expects == "choice"
    assert not talk.writes


def test_the_spoken_form_is_words_and_the_written_one_digits() -> None:
    draft = at_confirm().draft
    assert "010-1234-5678" in draft.show
    assert not any(char.isdigit() for char in draft.say)
