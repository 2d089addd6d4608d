"""Requests that were accepted: listed, taken back, and found again by their receipt."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.dialogue import harness
from tests.dialogue.harness import ROWS, Talk, answers, at_confirm, policy

from donghaeng.city.operations import Answer
from donghaeng.dialogue.commands import UNDO_WITHIN
from donghaeng.dialogue.effects import CallOutcome, CityCall, DialogueEffect, Outcome, OutcomeKind
from donghaeng.understanding.acts import Act, ActKind

REQUEST = ROWS["account.requests"]


def city_with(*requests: dict[str, Any], refused: str | None = None) -> Callable[[DialogueEffect], Outcome]:
    """A city in which this conversation has made ``requests``; an unknown receipt is refused."""

    def answer(effect: DialogueEffect) -> Outcome:
        if not isinstance(effect, CityCall):
            return answers(effect)
        if effect.operation == "gateway.cancel":
            row = {**REQUEST, "receipt": effect.arguments["receipt"], "state": "cancelled"}
            return CallOutcome(effect, OutcomeKind.OK, Answer((row,), receipt=effect.arguments["receipt"]))
        if effect.operation != "account.requests":
            return answers(effect)
        receipt = effect.arguments.get("receipt")
        found = tuple(one for one in requests if receipt in (None, one["receipt"]))
        if not found and refused is not None and effect.arguments.get("phone") is None:
            return CallOutcome(effect, OutcomeKind.REFUSED, reason=refused)
        return CallOutcome(effect, OutcomeKind.OK if found else OutcomeKind.EMPTY, Answer(found))

    return answer


SOFA = {**REQUEST, "receipt": "SEL-1"}
BED = {**REQUEST, "receipt": "SEL-2", "what": "침대 1개"}
OLD = {**REQUEST, "receipt": "SEL-0", "what": "장롱 1개", "state": "cancelled"}


def test_cancelling_with_nothing_in_hand_takes_back_what_was_accepted_last_after_a_yes() -> None:
    talk = at_confirm(city_with(SOFA))
    talk.says(ActKind.CONFIRM)
    draft = talk.says(ActKind.CANCEL)
    assert (draft.service, draft.expects) == ("my_requests", "confirm")
    assert draft.slots == {"action": "cancel", "receipt": "SEL-1"}
    assert not talk.writes
    draft = talk.says(ActKind.CONFIRM)
    assert [one.operation for one in talk.writes] == ["gateway.cancel"]
    assert talk.writes[0].arguments == {"receipt": "SEL-1"}
    assert (draft.service, draft.expects) == ("my_requests", "open")
    assert not talk.state.accepted


def test_what_was_taken_back_is_not_taken_back_again() -> None:
    talk = at_confirm(city_with(SOFA))
    for kind in (ActKind.CONFIRM, ActKind.CANCEL, ActKind.CONFIRM):
        talk.says(kind)
    draft = talk.says(ActKind.CANCEL)
    assert draft.service is None
    assert not talk.effects


def test_a_no_to_taking_back_takes_nothing_back() -> None:
    talk = at_confirm(city_with(SOFA))
    talk.says(ActKind.CONFIRM)
    talk.says(ActKind.CANCEL)
    draft = talk.says(ActKind.DENY)
    assert "그대로" in draft.say
    assert (draft.service, draft.slots) == ("my_requests", {})
    assert not talk.writes
    assert talk.state.accepted


@pytest.mark.parametrize(("later", "asks"), [(UNDO_WITHIN, None), (UNDO_WITHIN * 2, "receipt")])
def test_long_after_it_is_asked_which_request_is_meant(
    later: timedelta, asks: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk = at_confirm(city_with(SOFA, BED))
    talk.says(ActKind.CONFIRM)
    monkeypatch.setattr(harness, "NOW", harness.NOW + later)
    draft = talk.says(ActKind.CANCEL)
    assert draft.asks == asks
    assert draft.expects == ("confirm" if asks is None else "choice")


def test_the_only_request_that_can_be_taken_back_is_not_asked_for() -> None:
    talk = Talk(city_with(SOFA, OLD))
    draft = talk.asks("my_requests", action="cancel")
    assert (draft.expects, draft.slots["receipt"]) == ("confirm", "SEL-1")
    assert "소파 2개" in draft.show


def test_of_several_requests_the_citizen_says_which() -> None:
    talk = Talk(city_with(BED, SOFA))
    draft = talk.asks("my_requests", action="cancel")
    assert (draft.asks, draft.expects) == ("receipt", "choice")
    assert "침대 1개" in draft.show
    draft = talk.says(ActKind.CHOOSE, "0")
    assert draft.slots["receipt"] == "SEL-2"


def test_a_request_that_the_words_name_is_taken_without_asking() -> None:
    talk = Talk(city_with(BED, SOFA))
    draft = talk.does(harness.ask("my_requests", action="cancel"), heard="소파 버리는 거 취소해 줘요")
    assert (draft.expects, draft.slots["receipt"]) == ("confirm", "SEL-1")


def test_an_older_request_is_found_by_receipt_and_telephone_number_alone() -> None:
    talk = Talk(city_with(refused="phone_needed"))
    draft = talk.asks("my_requests", action="cancel", receipt="SEL-9")
    assert (draft.asks, draft.expects) == ("phone", "slot")
    talk.answering = city_with({**REQUEST, "receipt": "SEL-9"})
    draft = talk.fills(phone="010-1234-5678")
    assert draft.expects == "confirm"
    assert "phone" not in draft.slots
    looked_up = [one for one in talk.effects if isinstance(one, CityCall)]
    assert looked_up[0].arguments == {"receipt": "SEL-9", "phone": "010-1234-5678"}


def test_nothing_to_take_back_asks_for_a_receipt() -> None:
    draft = Talk(city_with()).asks("my_requests", action="cancel")
    assert (draft.asks, draft.expects) == ("receipt", "slot")


def test_listing_is_a_read_and_needs_no_confirmation() -> None:
    talk = Talk(city_with(SOFA, OLD))
    draft = talk.asks("my_requests", action="list")
    assert draft.expects == "open"
    assert "소파 2개" in draft.show
    assert "장롱 1개" in draft.show
    assert not talk.writes


def test_a_write_that_was_settled_later_can_be_taken_back_too() -> None:
    talk = Talk(city_with(SOFA))
    turn = policy().begin(talk.state, harness.NOW)
    policy().settle_later(turn, "bulky_waste", "SEL-1")
    talk.state = turn.state
    assert talk.says(ActKind.CANCEL).slots["receipt"] == "SEL-1"


def test_after_a_request_was_taken_back_a_new_wish_starts_empty() -> None:
    talk = at_confirm(city_with(SOFA))
    for kind in (ActKind.CONFIRM, ActKind.CANCEL, ActKind.CONFIRM):
        talk.says(kind)
    draft = talk.does(Act(ActKind.ASK, service="my_requests", detail="follow_up"))
    assert draft.slots == {"action": "list"}
    assert not talk.writes
