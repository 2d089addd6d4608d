"""The short form for the risk level: scored as the Canadian AIA is."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from pydantic import ValidationError
from tests.tower.process.office import FORM, answers

from donghaeng.errors import InputError
from donghaeng.tower.process.risk import RiskForm, assess, score


@pytest.mark.parametrize(
    ("raw", "mitigation", "total", "level"),
    [
        (25, 0, 25, 1),
        (26, 0, 26, 2),
        (50, 0, 50, 2),
        (51, 0, 51, 3),
        (75, 0, 75, 3),
        (76, 0, 76, 4),
        (100, 7, 100, 4),
        (29, 8, 24.65, 1),
        (30, 8, 25.5, 2),
        (100, 20, 85, 4),
        (88, 8, 74.8, 3),
        (0, 0, 0, 1),
    ],
)
def test_the_level_follows_from_the_scores(raw: int, mitigation: int, total: float, level: int) -> None:
    """80 % of half of 20 points of mitigation are 8."""
    found = score(raw, mitigation, 100, 20)
    assert (found.total, found.level) == (total, level)


def test_the_answers_are_added_up() -> None:
    least = assess(FORM, answers(0))
    assert (least.raw, least.mitigation, least.level) == (0, 0, 1)
    most = assess(FORM, answers(-1))
    assert (most.raw, most.mitigation) == (most.most_raw, most.most_mitigation)
    assert most.level == 4


def test_a_missing_or_unknown_answer_is_named() -> None:
    given = answers()
    del given["decides"]
    with pytest.raises(InputError, match="이 시스템이 무엇을 정하나요"):
        assess(FORM, given)
    for wrong in ("item9-0", "item1-4", "", "4"):
        with pytest.raises(InputError, match="이 시스템이 무엇을 정하나요"):
            assess(FORM, {**answers(), "decides": wrong})


def test_the_form_has_about_thirty_questions_of_both_kinds() -> None:
    assert len(FORM.questions) == 30
    assert {one.counts for one in FORM.questions} == {"impact", "mitigation"}
    assert all(
        one.choices[0].weight == min(choice.weight for choice in one.choices) for one in FORM.questions
    )


def test_a_form_with_two_of_one_name_is_refused() -> None:
    told = FORM.model_dump()
    told["groups"][0]["questions"][1]["id"] = told["groups"][0]["questions"][0]["id"]
    with pytest.raises(ValidationError, match="two questions have one id"):
        RiskForm.model_validate(told)
    told = FORM.model_dump()
    choices = told["groups"][0]["questions"][0]["choices"]
    choices[1]["code"] = choices[0]["code"]
    with pytest.raises(ValidationError, match="one code"):
        RiskForm.model_validate(told)
    told = FORM.model_dump()
    told["groups"] = told["groups"][:-1]
    with pytest.raises(ValidationError, match="both kinds"):
        RiskForm.model_validate(told)


def test_answers_are_coded_as_the_aia_codes_its_own(shared: Path) -> None:
    theirs = set(
        re.findall(
            r'"(item\d+-\d+)"',
            json.dumps(json.loads((shared / "facts/schemas/ca-aia-survey.json").read_text("utf-8"))),
        )
    )
    assert theirs
    ours = {choice.code for one in FORM.questions for choice in one.choices}
    assert all(re.fullmatch(r"item\d+-\d+", one) for one in ours | theirs)
