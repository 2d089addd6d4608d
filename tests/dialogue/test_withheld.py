"""A service that was taken back: said plainly, a person offered, and nothing sent that was not confirmed."""

from __future__ import annotations

import pytest
from tests.dialogue.harness import NOW, policy

from donghaeng.dialogue.state import QuestionKind, State
from donghaeng.dialogue.turn import Turn
from donghaeng.understanding.acts import Act, ActKind, SlotFill


def take(state: State, *acts: Act, withheld: tuple[str, ...] = ()) -> Turn:
    turn = policy().begin(state, NOW, withheld=withheld)
    policy().hear(turn, "말", acts)
    return turn


def begun() -> State:
    """A request for bulky waste whose address is asked for."""
    return take(State(), Act(ActKind.ASK, service="bulky_waste", slots={"item": SlotFill("sofa")})).state


def told(turn: Turn) -> str:
    return turn.finish().say


def test_a_wish_for_it_is_answered_with_the_number_and_the_offer_of_a_person() -> None:
    turn = take(State(), Act(ActKind.ASK, service="weather"), withheld=("weather",))
    assert "지금 잠시 쉬고 있어요" in told(turn)
    assert turn.state.offer
    assert turn.state.frame is None
    assert not turn.take_effects()


@pytest.mark.parametrize(
    "act",
    [Act(ActKind.FILL, slots={"count": SlotFill(2)}), Act(ActKind.CONFIRM, 1.0), Act(ActKind.UNCLEAR)],
)
def test_what_is_in_hand_ends_and_nothing_is_sent(act: Act) -> None:
    turn = take(begun(), act, withheld=("bulky_waste",))
    assert "대형" in told(turn)
    assert "쉬고 있어요" in told(turn)
    assert turn.state.frames == ()
    assert turn.state.offer
    assert not turn.take_effects()


def test_another_wish_goes_its_way_and_a_person_and_an_alarm_always_do() -> None:
    turn = take(begun(), Act(ActKind.ASK, service="counsellor"), withheld=("bulky_waste", "counsellor"))
    assert [type(one).__name__ for one in turn.take_effects()] == ["HandoverRequest"]
    turn = take(begun(), Act(ActKind.EMERGENCY, detail="fire"), withheld=("bulky_waste",))
    assert told(turn).startswith("먼저 밖으로 나가세요")


def test_of_two_wishes_the_one_that_is_withheld_is_left_out() -> None:
    acts = (Act(ActKind.ASK, service="bulky_waste"), Act(ActKind.ASK, service="weather"))
    assert [one.service for one in take(State(), *acts).state.wishes] == ["weather"]
    assert take(State(), *acts, withheld=("weather",)).state.wishes == ()


def test_one_that_waits_below_goes_without_a_word() -> None:
    above = take(begun(), Act(ActKind.ASK, service="bus_arrival")).state
    assert [frame.service for frame in above.frames] == ["bulky_waste", "bus_arrival"]
    turn = take(above, Act(ActKind.UNCLEAR), withheld=("bulky_waste",))
    assert [frame.service for frame in turn.state.frames] == ["bus_arrival"]
    assert turn.state.question is not None
    assert turn.state.question.kind is QuestionKind.SLOT
    assert "쉬고" not in told(turn)
