"""In doubt a narrower question: which service is meant, yes or no before a write, which value is wrong."""

from __future__ import annotations

import pytest
from tests.dialogue.harness import (
    BULKY,
    HAPJEONG,
    NOW,
    VALUES,
    Talk,
    at_confirm,
    at_guess,
    at_guess_over_slot,
    at_repair,
    at_two_guesses,
    unsure,
)

from donghaeng.dialogue.context import context_of
from donghaeng.dialogue.policy import SURE_NO, SURE_YES
from donghaeng.understanding.acts import Act, ActKind, SlotFill
from donghaeng.understanding.calibration import FoundBy


def test_a_likely_service_is_asked_about_before_anything_is_taken_in_hand() -> None:
    talk = at_guess()
    assert "대형 폐기물" in talk.draft.show
    assert talk.draft.show.endswith("말씀하시는 거예요?")
    assert talk.state.frames == ()
    assert talk.effects == []


def test_what_was_said_with_it_is_not_asked_again() -> None:
    talk = at_guess()
    draft = talk.says(ActKind.CONFIRM)
    assert (draft.service, draft.asks) == ("bulky_waste", "address")
    assert draft.slots["item"] == "소파"


def test_candidates_said_with_it_are_kept() -> None:
    talk = Talk()
    talk.does(unsure("bus_arrival", stop=SlotFill(None, candidates=tuple(HAPJEONG))))
    assert talk.refolded() == talk.state
    talk.says(ActKind.CONFIRM)
    assert [effect.arguments["ars_id"] for effect in talk.effects[:2]] == ["14011", "14012"]


def test_two_services_are_offered_by_name_and_one_is_chosen() -> None:
    talk = at_two_guesses()
    known = context_of(talk.state, NOW)
    assert (known.expects, known.service, known.asks) == ("choice", None, None)
    assert known.options == ("문 연 약국", "날씨")
    rows = (talk.draft.card or {})["rows"]
    assert [row["title"] for row in rows] == ["문 연 약국", "날씨", "아니요"]
    assert talk.says(ActKind.CHOOSE, "1").service == "weather"


def test_a_no_brings_back_the_question_that_was_open() -> None:
    talk = at_guess_over_slot()
    assert talk.says(ActKind.DENY).asks == "address"
    assert talk.state.guesses == ()


def test_another_wish_passes_over_the_guess() -> None:
    talk = at_guess()
    assert talk.asks("weather").service == "weather"
    assert talk.state.guesses == ()


@pytest.mark.parametrize("again", [ActKind.UNCLEAR, ActKind.UNSURE])
def test_the_third_miss_offers_a_person(again: ActKind) -> None:
    talk = at_guess()
    act = unsure("bulky_waste") if again is ActKind.UNSURE else Act(again)
    assert not talk.state.offer
    talk.does(act)
    talk.does(act)
    assert talk.state.offer
    assert talk.state.guesses == ()


def test_a_guess_that_was_right_starts_the_ladder_anew() -> None:
    talk = at_guess()
    talk.says(ActKind.CONFIRM)
    assert talk.state.misses == 0


@pytest.mark.parametrize(("kind", "sure"), [(ActKind.CONFIRM, SURE_YES), (ActKind.DENY, SURE_NO)])
def test_a_doubtful_answer_to_the_read_back_is_asked_for_once_more(kind: ActKind, sure: float) -> None:
    talk = at_confirm()
    draft = talk.does(Act(kind, score=sure - 0.01))
    assert talk.writes == []
    assert draft.expects == "confirm"
    assert "'네' 또는 '아니요'" in draft.show
    talk.does(Act(kind, score=sure))
    assert bool(talk.writes) == (kind is ActKind.CONFIRM)


def test_a_yes_that_was_only_learnt_lets_no_write_out() -> None:
    talk = at_confirm()
    draft = talk.does(Act(ActKind.CONFIRM, score=0.99, found_by=FoundBy.LEARNT))
    assert talk.writes == []
    assert "'네' 또는 '아니요'" in draft.show


def test_three_doubtful_answers_offer_a_person() -> None:
    talk = at_confirm()
    for _ in range(3):
        talk.does(Act(ActKind.CONFIRM, score=0.5))
    assert talk.state.offer
    assert talk.writes == []


def test_a_doubtful_no_to_what_is_wrong_cancels_nothing() -> None:
    talk = at_repair()
    assert talk.does(Act(ActKind.DENY, score=0.5)).expects == "confirm"
    assert talk.state.frame is not None


@pytest.mark.parametrize("start", [at_confirm, at_repair])
def test_a_value_called_wrong_is_asked_for_again_and_nothing_else(start) -> None:  # type: ignore[no-untyped-def]
    talk = start()
    draft = talk.does(Act(ActKind.CORRECT, service="bulky_waste", detail="address"))
    assert (draft.asks, draft.expects) == ("address", "slot")
    assert "address" not in draft.slots
    draft = talk.fills(address=VALUES["address"])
    assert draft.expects == "confirm"
    assert all(draft.slots[name] == value for name, value in BULKY.items())


def test_small_talk_is_answered_kindly_and_led_back() -> None:
    draft = Talk().says(ActKind.CHITCHAT)
    assert draft.show.endswith("다른 도움이 필요하시면 말씀하세요.")
    talk = at_confirm()
    readback = talk.draft.show
    assert talk.says(ActKind.CHITCHAT).show.endswith(readback)
