"""A yes that comes once too often sends nothing: after a write was sent, and while an emergency holds it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.dialogue.harness import NOW, Talk, at_confirm, at_slot, value_of

from donghaeng.dialogue.context import context_of
from donghaeng.understanding.acts import ActKind

QUIET = st.sampled_from(
    [ActKind.CONFIRM, ActKind.THANKS, ActKind.REPEAT, ActKind.UNCLEAR, ActKind.SLOWER, ActKind.HELP]
)


def alarmed() -> Talk:
    """Everything was read back, then an emergency was told."""
    talk = at_confirm()
    talk.says(ActKind.EMERGENCY, "gas")
    return talk


@given(st.lists(QUIET, max_size=6))
def test_a_second_yes_sends_no_second_write(after: list[ActKind]) -> None:
    talk = at_confirm()
    talk.says(ActKind.CONFIRM)
    assert len(talk.writes) == 1
    for kind in after:
        talk.says(kind)
        assert not talk.writes


def test_a_yes_after_an_emergency_takes_up_the_question_and_sends_nothing() -> None:
    talk = alarmed()
    draft = talk.says(ActKind.CONFIRM)
    assert not talk.writes
    assert draft.expects == "confirm"


@given(st.lists(QUIET.filter(lambda kind: kind is not ActKind.CONFIRM), max_size=6))
def test_nothing_but_a_yes_to_the_question_put_anew_sends_what_waited(between: list[ActKind]) -> None:
    talk = alarmed()
    for kind in between:
        talk.says(kind)
        assert not talk.writes
    talk.says(ActKind.CONTINUE)
    assert not talk.writes
    talk.says(ActKind.CONFIRM)
    assert len(talk.writes) == 1


def test_understanding_knows_what_waits() -> None:
    talk = alarmed()
    at = context_of(talk.state, NOW)
    assert (at.waits, at.service, at.expects) == ("bulky_waste", None, "open")
    talk.says(ActKind.CONTINUE)
    at = context_of(talk.state, NOW)
    assert (at.waits, at.service, at.expects) == (None, "bulky_waste", "confirm")


@pytest.mark.parametrize(("slot", "word"), [("address", "어디로"), ("phone", "연락드릴 때")])
def test_what_a_question_is_for_is_said_before_it_is_asked_again(slot: str, word: str) -> None:
    talk = at_slot()
    while (asked := talk.draft.asks or slot) != slot:
        talk.fills(**{asked: value_of("bulky_waste", asked)})
    draft = talk.says(ActKind.HELP, "why")
    assert draft.say.startswith(word)
    assert draft.asks == slot
