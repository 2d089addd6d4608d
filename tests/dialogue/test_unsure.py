"""The one thing that was found need not be the one that is meant: then it is asked about first."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.dialogue.harness import Answering, Talk, answers

from donghaeng.city.operations import Answer
from donghaeng.dialogue.effects import CallOutcome, CityCall, DialogueEffect, Outcome
from donghaeng.understanding.acts import ActKind


def where_it_is(*, unsure: bool) -> Answering:
    """A city in which one passage is found."""
    row = {"id": "rent", "title": "주거급여", "unsure": unsure}

    def answer(effect: DialogueEffect) -> Outcome:
        outcome = answers(effect)
        if not isinstance(effect, CityCall) or effect.operation != "knowledge.choices":
            return outcome
        assert isinstance(outcome, CallOutcome)
        return replace(outcome, answer=Answer((row,)))

    return answer


def asked(*, unsure: bool) -> Talk:
    talk = Talk(where_it_is(unsure=unsure))
    talk.asks("ask", question="반지하에서 이사하면 얼마까지 줘요")
    return talk


def told_from(talk: Talk) -> list[Any]:
    """The passages that the last turn told from."""
    calls = [one for one in talk.effects if isinstance(one, CityCall)]
    return [one.arguments.get("passage") for one in calls if one.operation == "knowledge.search"]


def test_what_is_sure_is_told_at_once() -> None:
    talk = asked(unsure=False)
    assert (told_from(talk), talk.draft.asks) == (["rent"], None)


def test_what_is_unsure_is_asked_about_and_told_after_a_yes() -> None:
    talk = asked(unsure=True)
    assert (told_from(talk), talk.draft.asks, talk.draft.show) == ([], "passage", "주거급여 말씀이세요?")
    talk.says(ActKind.CONFIRM)
    assert told_from(talk) == ["rent"]


def test_after_a_no_nothing_of_it_is_told() -> None:
    talk = asked(unsure=True)
    draft = talk.says(ActKind.DENY)
    assert told_from(talk) == []
    assert (draft.asks, "주거급여" in draft.show) == ("passage", False)
    assert talk.fills(passage="반지하 이사비").asks is None
    assert told_from(talk) == ["반지하 이사비"]
