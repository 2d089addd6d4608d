"""The plan of twelve described officials, worked out by hand before the code."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError
from tests.lessons.given import LEARNING, OFFICIALS

from donghaeng.errors import InputError
from donghaeng.learning.curriculum import Competences, Step
from donghaeng.learning.intake import Intake, Questions
from donghaeng.learning.planning import make_plan, reason

CURRICULUM = LEARNING.curriculum


def _described(item: Any) -> dict[str, Any]:
    told = {
        "step": str(item.step),
        "gap": item.gap,
        "minutes": item.minutes,
        "score": item.score,
        "week": item.week,
    }
    if item.duty:
        told["duty"] = True
    if item.before is not None:
        told["before"] = str(item.before)
    if item.quiz_first:
        told["quiz_first"] = True
    return told


def test_there_are_twelve() -> None:
    assert len(OFFICIALS) == 12
    assert {one["intake"]["role"] for one in OFFICIALS} == set(CURRICULUM.roles.roles)


@pytest.mark.parametrize("official", OFFICIALS, ids=lambda one: one["id"])
def test_the_plan_equals_the_one_worked_out_by_hand(official: dict[str, Any]) -> None:
    intake, evidenced = Intake.model_validate(official["intake"]), official.get("evidenced", {})
    plan = make_plan(CURRICULUM, intake, evidenced)
    assert dict(plan.targets) == official["targets"]
    assert [_described(item) for item in plan.items] == official["plan"]


@pytest.mark.parametrize("official", OFFICIALS, ids=lambda one: one["id"])
def test_every_item_has_its_reason_and_stands_after_what_it_needs(official: dict[str, Any]) -> None:
    evidenced = official.get("evidenced", {})
    plan = make_plan(CURRICULUM, Intake.model_validate(official["intake"]), evidenced)
    done: set[Step] = set()
    for item in plan.items:
        why = reason(CURRICULUM.competences, item, evidenced, plan.targets)
        assert why.endswith("요.")
        assert item.gap == 0 or f"{item.minutes}분" in why
        assert item.before is None or CURRICULUM.competences.name(item.before) in why
        assert ("두 배" in why) == item.duty
        for need in CURRICULUM.competences.needs(item.step):
            assert need in done or evidenced.get(need.competence, 0) >= need.level
        assert LEARNING.lesson_of(str(item.step)), f"{item.step} has no lesson"
        done.add(item.step)


def _intake(**changed: Any) -> Intake:
    return Intake.model_validate(OFFICIALS[0]["intake"] | changed)


def test_passed_steps_leave_the_plan() -> None:
    whole = make_plan(CURRICULUM, _intake(), {})
    held: dict[str, int] = {}
    for item in whole.items:
        held[item.step.competence] = max(held.get(item.step.competence, 0), item.step.level)
    assert make_plan(CURRICULUM, _intake(), held).items == ()


def test_who_does_not_know_the_grade_of_data_learns_as_with_sealed_data() -> None:
    plans = {grade: make_plan(CURRICULUM, _intake(data_grade=grade), {}).targets["C6"] for grade in "CSO"}
    plans["unknown"] = make_plan(CURRICULUM, _intake(data_grade="unknown"), {}).targets["C6"]
    assert plans == {"C": 2, "S": 2, "O": 1, "unknown": 2}


def test_who_faces_citizens_learns_to_meet_them_in_any_role() -> None:
    away = make_plan(CURRICULUM, _intake(role="planning", citizen_facing=False), {})
    facing = make_plan(CURRICULUM, _intake(role="planning", citizen_facing=True), {})
    assert "C8" not in away.targets
    assert facing.targets["C8"] == 1


def test_a_role_or_task_that_is_not_there_is_refused() -> None:
    with pytest.raises(InputError, match="astronaut"):
        make_plan(CURRICULUM, _intake(role="astronaut"), {})
    with pytest.raises(InputError, match="knitting"):
        make_plan(CURRICULUM, _intake(tasks=[{"task": "knitting", "times": 1, "minutes": 5}]), {})


@pytest.mark.parametrize(
    "changed",
    [
        {"target": 5},
        {"target": 0},
        {"confidence": "huge"},
        {"tasks": [{"task": "call", "times": 0, "minutes": 6}]},
        {"tasks": [{"task": "call", "times": 1, "minutes": 6}] * 2},
        {"tasks": [{"task": "call", "times": 500, "minutes": 600}]},
        {"name": "김복순"},
    ],
)
def test_impossible_answers_are_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        _intake(**changed)


def test_at_most_ten_questions_each_of_them_an_answer() -> None:
    assert len(LEARNING.questions.questions) <= 10
    asked = [one.model_dump() for one in LEARNING.questions.questions]
    with pytest.raises(ValidationError, match="ask each of"):
        Questions.model_validate({"questions": asked[:-1]})
    lacking = [one | {"choices": {"none": "없어요"}} if one["id"] == "access" else one for one in asked]
    with pytest.raises(ValidationError, match="the choices are"):
        Questions.model_validate({"questions": lacking})


def test_steps_that_need_each_other_are_refused() -> None:
    table = CURRICULUM.competences.model_dump()
    table["competences"][0]["needs"] = {1: ("C2-1",)}
    with pytest.raises(ValidationError, match="needs itself"):
        Competences.model_validate(table)
    table["competences"][0]["needs"] = {1: ("C10-1",)}
    with pytest.raises(ValidationError, match="not taught"):
        Competences.model_validate(table)
