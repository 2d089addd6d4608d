"""What follows from how a service is carried out: by people, with older data, with words that say nothing."""

from __future__ import annotations

from datetime import timedelta

from tests.dialogue.harness import NOW, ROWS, Talk, answers, at_confirm, comes_to

from donghaeng.city.operations import Answer
from donghaeng.dialogue.effects import CallOutcome, CityCall, DialogueEffect, Outcome, OutcomeKind
from donghaeng.understanding.acts import ActKind


def test_what_nothing_carries_out_goes_to_people_with_what_was_prepared() -> None:
    talk = at_confirm(comes_to(OutcomeKind.UNCONNECTED))
    draft = talk.says(ActKind.CONFIRM)
    assert draft.service == "bulky_waste"
    assert "120" in draft.show
    (wish,) = talk.handovers
    assert wish.callback_phone == "010-1234-5678"
    assert "소파" in (wish.topic or "")
    assert not talk.state.frames


def test_data_that_are_out_of_date_are_named_with_their_time() -> None:
    def old(effect: DialogueEffect) -> Outcome:
        if not isinstance(effect, CityCall):
            return answers(effect)
        made = NOW - timedelta(minutes=50)
        return CallOutcome(effect, OutcomeKind.OK, Answer((ROWS["weather.day"],), as_of=made, stale=True))

    draft = Talk(old).asks("weather", district="노원구")
    assert "오전 9시 10분" in draft.show
    assert "9시 10분" not in Talk().asks("weather", district="노원구").show


def test_a_failure_is_apologised_for_once_and_a_person_offered() -> None:
    draft = Talk(comes_to(OutcomeKind.FAILED)).asks("weather", district="노원구")
    assert draft.show.count("죄송") == 1
    assert draft.show.endswith("상담사를 연결해 드릴까요?")


def test_abuse_is_apologised_for_once_and_a_person_offered() -> None:
    draft = Talk().says(ActKind.ABUSE)
    assert draft.show.count("죄송") == 1
    assert draft.show.endswith("상담사를 연결해 드릴까요?")
