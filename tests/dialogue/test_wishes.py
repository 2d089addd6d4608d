"""Several services asked for in one breath are taken one after another."""

from __future__ import annotations

from tests.dialogue.harness import BULKY, VALUES, Talk, ask, comes_to

from donghaeng.dialogue.effects import CityCall, OutcomeKind
from donghaeng.understanding.acts import ActKind


def carried_out(talk: Talk) -> list[str]:
    return [one.service for one in talk.effects if isinstance(one, CityCall)]


def test_two_reads_are_both_answered_in_one_reply_about_the_first() -> None:
    talk = Talk()
    draft = talk.does(ask("weather", district="노원구"), ask("air_quality", district="노원구"))
    assert draft.service == "weather"
    assert carried_out(talk) == ["weather", "air_quality"]
    assert not talk.state.wishes


def test_a_write_is_settled_before_the_next_wish_is_taken() -> None:
    talk = Talk()
    draft = talk.does(ask("bulky_waste", item="소파"), ask("weather", district="노원구"))
    assert (draft.service, draft.asks) == ("bulky_waste", "address")
    assert not talk.effects
    assert [wish.service for wish in talk.state.wishes] == ["weather"]
    talk.fills(**{name: value for name, value in BULKY.items() if name != "item"})
    draft = talk.says(ActKind.CONFIRM)
    assert carried_out(talk) == ["bulky_waste", "weather"]
    assert draft.service == "bulky_waste"


def test_the_question_of_the_second_wish_follows_the_answer_to_the_first() -> None:
    draft = Talk().does(ask("weather", district="노원구"), ask("bulky_waste", item="소파"))
    assert (draft.service, draft.asks, draft.expects) == ("weather", "address", "slot")


def test_a_first_wish_that_fails_or_is_given_up_leaves_the_second() -> None:
    talk = Talk(comes_to(OutcomeKind.FAILED))
    talk.does(ask("weather", district="노원구"), ask("air_quality", district="노원구"))
    assert carried_out(talk) == ["weather", "air_quality"]
    talk = Talk()
    talk.does(ask("bulky_waste", item="소파"), ask("weather", district="노원구"))
    talk.says(ActKind.CANCEL)
    assert carried_out(talk) == ["weather"]


def test_starting_over_forgets_the_wishes_that_wait() -> None:
    talk = Talk()
    talk.does(ask("bulky_waste", item="소파"), ask("weather", district="노원구"))
    talk.says(ActKind.START_OVER)
    assert not talk.state.wishes
    assert not talk.effects


def test_wishes_survive_the_stored_form() -> None:
    talk = Talk()
    talk.does(ask("bulky_waste", item="소파"), ask("pharmacy", place=VALUES["place"]))
    assert talk.refolded().wishes == talk.state.wishes
