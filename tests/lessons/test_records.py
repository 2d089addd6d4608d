"""Repetition, certificates, proposals, projects and statements."""

from __future__ import annotations

import ast
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import CHECKOUT
from tests.lessons.given import LEARNING

from donghaeng.errors import InputError
from donghaeng.learning.certificates import Passed, standing
from donghaeng.learning.repeating import LONGEST_DAYS, Memory, answered, due
from donghaeng.learning.rubric import judge
from donghaeng.learning.signals import proposals
from donghaeng.learning.statements import Activity, Happened, statement

AT = datetime(2026, 11, 23, 10, tzinfo=UTC)


# Repetition


def test_what_is_known_comes_back_later_and_later() -> None:
    memory: Memory | None = None
    at, gaps = AT, []
    for _ in range(4):
        memory = answered("ai_limits/1", memory, right=True, sure=True, at=at)
        gaps.append(memory.due - at)
        at = memory.due
    assert gaps == sorted(gaps)
    assert gaps[-1] > gaps[0]
    assert gaps[0] >= timedelta(days=1)


def test_a_mistake_comes_back_soon_and_a_guess_sooner_than_what_is_known() -> None:
    known = answered("a/1", None, right=True, sure=True, at=AT)
    guessed = answered("a/1", None, right=True, sure=False, at=AT)
    wrong = answered("a/1", None, right=False, sure=True, at=AT)
    assert wrong.due <= guessed.due < known.due
    after = answered("a/1", known, right=False, sure=True, at=known.due)
    assert after.due - known.due <= timedelta(days=3)


@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.integers(0, 400)), min_size=1, max_size=12))
def test_nothing_rests_longer_than_half_a_year_and_the_same_answers_give_the_same_day(
    course: list[tuple[bool, bool, int]],
) -> None:
    def run() -> list[Memory]:
        found: list[Memory] = []
        at, memory = AT, None
        for right, sure, days in course:
            memory = answered("a/1", memory, right=right, sure=sure, at=at)
            assert timedelta(0) < memory.due - at <= timedelta(days=LONGEST_DAYS + 1)
            found.append(memory)
            at = at + timedelta(days=days)
        return found

    assert run() == run()


def test_the_longest_overdue_is_asked_first() -> None:
    memories = [answered(f"a/{number}", None, right=number != 2, sure=True, at=AT) for number in (1, 2, 3)]
    later = AT + timedelta(days=60)
    assert [one.item for one in due(memories, later, 2)] == ["a/2", "a/1"]
    assert due(memories, AT, 5) == ()
    with pytest.raises(InputError, match="offset"):
        answered("a/1", None, right=True, sure=True, at=AT.replace(tzinfo=None))


# Certificates

RULES = {rule.id: rule for rule in LEARNING.certificates.certificates}
DAY = date(2026, 11, 23)


def _quiz(name: str, on: date = DAY) -> Passed:
    return Passed("quiz", name, 1, on)


def test_a_certificate_names_what_is_missing_and_is_earned_with_the_last_of_it() -> None:
    rule = RULES["literacy"]
    wanted = ("ai_limits", "never_collect")
    nothing = standing(rule, LEARNING.lessons, wanted, [])
    assert nothing.earned_on is None
    assert len(nothing.missing) == 3
    assert any("왜 그럴듯하게" in one for one in nothing.missing)
    done = [
        _quiz("ai_limits"),
        _quiz("never_collect"),
        Passed("simulation", "freeze_angry", 1, date(2026, 12, 1)),
    ]
    earned = standing(rule, LEARNING.lessons, wanted, done)
    assert earned.missing == ()
    assert earned.earned_on == date(2026, 12, 1)


def test_the_same_citizen_twice_is_one_simulation_and_a_project_is_wanted() -> None:
    rule = RULES["green"]
    done = [_quiz("ai_limits"), *(Passed("simulation", "freeze_angry", 1, DAY) for _ in range(3))]
    assert len(standing(rule, LEARNING.lessons, ("ai_limits",), done).missing) == 2
    done += [Passed("simulation", "chest_pain", 1, DAY), Passed("project", "p1", 1, DAY)]
    assert standing(rule, LEARNING.lessons, ("ai_limits",), done).earned_on == DAY


def test_a_withdrawn_lesson_is_asked_of_nobody() -> None:
    rule = RULES["companion"]
    left = {name: one for name, one in LEARNING.lessons.items() if name != "stop_the_swindler"}
    assert standing(rule, left, (), [_quiz("talk_with_donghaeng")]).earned_on == DAY
    assert standing(rule, LEARNING.lessons, (), [_quiz("talk_with_donghaeng")]).earned_on is None


# Proposals


def test_signals_propose_lessons_without_counts_names_or_blame() -> None:
    counts = {"rejected_suggestions": 7, "masking_hits": 2, "hard_words": 99}
    found = proposals(LEARNING.signals, counts, frozenset())
    assert [one.lesson for one in found] == ["suggested_answers", "plain_korean"]
    for one in found:
        assert not re.search(r"\d", one.says)
        assert one.says.endswith("요.")
    assert proposals(LEARNING.signals, counts, frozenset({"suggested_answers", "plain_korean"})) == ()


def test_nothing_that_judges_knows_the_signals() -> None:
    folder = CHECKOUT / "src" / "donghaeng" / "learning"
    for module in ("certificates", "rubric", "quiz", "planning", "call_score", "statements", "intake"):
        tree = ast.parse((folder / f"{module}.py").read_text(encoding="utf-8"))
        names = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        assert "donghaeng.learning.signals" not in names, module


# Projects


def _marks(mark: int) -> dict[str, int]:
    return {one.id: mark for one in LEARNING.rubric.criteria}


def test_a_project_is_judged_by_somebody_else_with_a_reason_for_each_criterion() -> None:
    good = judge(LEARNING.rubric, _marks(2), author="a", reviewer="b")
    assert good.passed
    assert good.score == pytest.approx(2 / 3)
    assert len(good.reasons) == len(LEARNING.rubric.criteria)
    with pytest.raises(InputError, match="own project"):
        judge(LEARNING.rubric, _marks(3), author="a", reviewer="a")


def test_what_must_be_there_is_not_made_up_for_by_the_rest() -> None:
    poor = judge(LEARNING.rubric, _marks(3) | {"privacy": 1}, author="a", reviewer="b")
    assert poor.score > 0.8
    assert not poor.passed
    assert any("2점보다 낮으면" in one for one in poor.reasons)
    weak = judge(LEARNING.rubric, _marks(1) | {"privacy": 2, "people": 2}, author="a", reviewer="b")
    assert not weak.passed
    assert "60%" in weak.reasons[-1]


@pytest.mark.parametrize("marks", [{}, _marks(4), _marks(2) | {"style": 3}])
def test_marks_that_do_not_fit_are_refused(marks: dict[str, int]) -> None:
    with pytest.raises(InputError):
        judge(LEARNING.rubric, marks, author="a", reviewer="b")


# Statements

QUIZ = Activity("https://city.example/learning/ai_limits/quiz", "assessment", "인공지능은 왜 틀릴까요")
LESSON = Activity("https://city.example/learning/ai_limits", "lesson", "인공지능은 왜 틀릴까요")


def _happened(**changed: Any) -> Happened:
    values: dict[str, Any] = {
        "id": "00000000-0000-0000-0000-000000000007",
        "learner": "f" * 64,
        "home": "https://city.example",
        "verb": "passed",
        "activity": QUIZ,
        "at": datetime.fromisoformat("2026-11-23T10:00:00+09:00"),
        "parent": LESSON,
        "score": 0.75,
        "seconds": 61.5,
    }
    return Happened(**values | changed)


def test_a_statement_has_the_form_of_xapi() -> None:
    told = statement(_happened())
    assert told == {
        "id": "00000000-0000-0000-0000-000000000007",
        "version": "1.0.3",
        "actor": {
            "objectType": "Agent",
            "account": {"homePage": "https://city.example", "name": "f" * 64},
        },
        "verb": {
            "id": "http://adlnet.gov/expapi/verbs/passed",
            "display": {"ko": "통과함", "en": "passed"},
        },
        "object": {
            "objectType": "Activity",
            "id": QUIZ.id,
            "definition": {
                "type": "http://adlnet.gov/expapi/activities/assessment",
                "name": {"ko": "인공지능은 왜 틀릴까요"},
            },
        },
        "result": {"score": {"scaled": 0.75}, "success": True, "completion": True, "duration": "PT61.50S"},
        "context": {
            "platform": "Donghaeng",
            "language": "ko",
            "contextActivities": {
                "parent": [
                    {
                        "objectType": "Activity",
                        "id": LESSON.id,
                        "definition": {
                            "type": "http://adlnet.gov/expapi/activities/lesson",
                            "name": {"ko": "인공지능은 왜 틀릴까요"},
                        },
                    }
                ]
            },
        },
        "timestamp": "2026-11-23T10:00:00.000+09:00",
    }
    assert statement(_happened(), "2.0.0") == told | {"version": "2.0.0"}


def test_trying_is_neither_success_nor_completion() -> None:
    told = statement(_happened(verb="attempted", score=None, seconds=None, parent=None))
    assert "result" not in told
    assert "contextActivities" not in told["context"]
    assert statement(_happened(verb="failed"))["result"]["success"] is False


@pytest.mark.parametrize(
    "changed", [{"score": 1.5}, {"id": "7"}, {"learner": "kim@city.example"}, {"at": AT.replace(tzinfo=None)}]
)
def test_what_may_not_leave_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        statement(_happened(**changed))
