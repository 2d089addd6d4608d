"""Where an answer comes from is told on demand, and a question without a subject is about that answer."""

from __future__ import annotations

from typing import Any

from tests.dialogue.harness import NOW, ROWS, Talk, answers, ask, at_slot, fills

from donghaeng.city.operations import Answer
from donghaeng.dialogue.context import context_of
from donghaeng.dialogue.effects import CallOutcome, CityCall, DialogueEffect, Outcome, OutcomeKind
from donghaeng.understanding.acts import ABOUT_ANSWER, Act, ActKind

PENSION = ROWS["knowledge.search"]


def _about(question: str) -> Act:
    return Act(ActKind.ASK, service="ask", slots=fills({"question": question}), detail=ABOUT_ANSWER)


def _searches(talk: Talk) -> list[CityCall]:
    return [one for one in talk.effects if isinstance(one, CityCall) and one.operation == "knowledge.search"]


def _answered(talk: Talk) -> bool:
    return context_of(talk.state, NOW).answered


def empty_after_first() -> Any:
    seen: list[int] = []

    def answering(effect: DialogueEffect) -> Outcome:
        if isinstance(effect, CityCall) and effect.operation == "knowledge.search":
            seen.append(1)
            if len(seen) > 1:
                return CallOutcome(effect, OutcomeKind.EMPTY, Answer(()))
        return answers(effect)

    return answering


def test_the_document_its_section_and_its_office_are_told() -> None:
    talk = Talk()
    talk.asks("ask", question="기초연금은 몇 살부터 받아요")
    draft = talk.says(ActKind.SOURCE)
    assert "기초연금 안내 지급 대상" in draft.show
    assert "보건복지부" in draft.say
    assert draft.card is not None
    assert draft.card["rows"][0]["title"] == "기초연금 안내 지급 대상"
    assert draft.expects == "open"


def test_a_source_is_told_long_after_and_over_an_open_question() -> None:
    talk = Talk()
    talk.asks("ask", question="기초연금은 몇 살부터 받아요")
    talk.says(ActKind.THANKS)
    talk.asks("bulky_waste", item="소파")
    draft = talk.says(ActKind.SOURCE)
    assert "기초연금 안내" in draft.say
    assert (draft.asks, draft.expects) == ("address", "slot")


def test_where_nothing_came_from_a_source_that_is_said() -> None:
    assert "문서" in Talk().says(ActKind.SOURCE).say
    draft = at_slot().says(ActKind.SOURCE)
    assert (draft.asks, draft.expects) == ("address", "slot")


def test_a_question_about_the_answer_carries_the_row_that_was_answered() -> None:
    talk = Talk()
    talk.asks("ask", question="기초연금은 몇 살부터 받아요")
    assert _answered(talk)
    talk.does(_about("어디로 가요"))
    (search,) = _searches(talk)
    assert search.arguments["answered"]["id"] == PENSION["id"]
    assert "answered" not in search.slots
    talk.asks("ask", question="여권은 어디서 만들어요")
    (search,) = _searches(talk)
    assert "answered" not in search.arguments


def test_an_answer_that_a_follow_up_did_not_find_is_still_asked_about() -> None:
    talk = Talk(empty_after_first())
    talk.asks("ask", question="기초연금은 몇 살부터 받아요")
    talk.does(_about("얼마나 받아요"))
    assert _answered(talk)
    talk.does(_about("어디로 가요"))
    assert _searches(talk)[0].arguments["answered"]["id"] == PENSION["id"]


def test_another_service_or_an_unanswered_question_ends_what_is_asked_about() -> None:
    talk = Talk()
    talk.asks("ask", question="기초연금은 몇 살부터 받아요")
    talk.asks("weather")
    assert not _answered(talk)
    talk = Talk(empty_after_first())
    talk.asks("ask", question="기초연금은 몇 살부터 받아요")
    talk.asks("ask", question="여권은 어디서 만들어요")
    assert not _answered(talk)
    assert "기초연금 안내" in talk.says(ActKind.SOURCE).say


def _several(effect: DialogueEffect) -> Outcome:
    if isinstance(effect, CityCall) and effect.operation == "knowledge.choices":
        rows = ({"id": "basic", "title": "기초연금"}, {"id": "disabled", "title": "장애인연금"})
        return CallOutcome(effect, OutcomeKind.OK, Answer(rows))
    return answers(effect)


def test_between_several_the_citizen_chooses_and_the_question_stays() -> None:
    talk = Talk(_several)
    draft = talk.does(ask("ask", question="연금은 누가 받아요"), heard="연금은 누가 받아요")
    assert (draft.asks, draft.expects) == ("passage", "choice")
    assert draft.say == "기초연금 말씀이세요, 장애인연금 말씀이세요?"
    assert "passage" not in draft.slots
    draft = talk.says(ActKind.CHOOSE, "1")
    (search,) = _searches(talk)
    assert (search.arguments["question"], search.arguments["passage"]) == ("연금은 누가 받아요", "disabled")
    assert draft.expects == "open"


def test_another_question_at_the_choice_is_offered_its_own_choice() -> None:
    talk = Talk(_several)
    talk.does(ask("ask", question="연금은 누가 받아요"), heard="연금은 누가 받아요")
    correction = Act(ActKind.CORRECT, service="ask", slots=fills({"question": "수당은 누가 받아요"}))
    draft = talk.does(correction, heard="수당은 누가 받아요")
    (choices,) = [one for one in talk.effects if isinstance(one, CityCall)]
    assert (choices.operation, choices.arguments["question"]) == ("knowledge.choices", "수당은 누가 받아요")
    assert (draft.asks, draft.expects) == ("passage", "choice")


def test_what_was_chosen_before_is_no_choice_for_the_next_question() -> None:
    talk = Talk(_several)
    talk.does(ask("ask", question="연금은 누가 받아요"), heard="연금은 누가 받아요")
    talk.says(ActKind.CHOOSE, "1")
    follow = Act(ActKind.ASK, service="ask", slots=fills({"question": "그럼 수당은요"}), detail="follow_up")
    draft = talk.does(follow, heard="그럼 수당은요")
    assert (draft.asks, draft.expects) == ("passage", "choice")


def test_everything_survives_its_stored_form() -> None:
    talk = Talk()
    talk.asks("ask", question="기초연금은 몇 살부터 받아요")
    talk.does(_about("어디로 가요"))
    assert talk.refolded() == talk.state
