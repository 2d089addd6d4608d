"""The risk level by a short form, scored as the Canadian Algorithmic Impact Assessment is. Pure.

An answer is ``item<number>-<weight>``, as the AIA encodes its own (canada-ca/aia-eia-js): a lower number for
an earlier choice, and its weight in points. Questions raise the raw score or count as mitigation. Where the
mitigation reaches 80 % of half its maximum, the total is 85 % of the raw score. Level 1 up to 25 % of the
maximum raw score, 2 up to 50 %, 3 up to 75 %, else 4.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from donghaeng.errors import InputError

MITIGATED_FROM: Final = 0.8
MITIGATED: Final = 0.85
BOUNDS: Final = (0.25, 0.5, 0.75)
_ANSWER: Final = re.compile(r"item(\d{1,2})-(\d{1,2})")


class Choice(BaseModel):
    """One answer to choose."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str = Field(pattern=r"^item[1-9]\d?-\d{1,2}$")
    words: str = Field(min_length=1, max_length=80)

    @property
    def weight(self) -> int:
        """Points."""
        return int(self.code.partition("-")[2])


class Question(BaseModel):
    """One question."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z][a-z_]{1,30}$")
    ask: str = Field(min_length=5, max_length=120)
    help: str = Field(default="", max_length=200)
    counts: Literal["impact", "mitigation"] = "impact"
    law: str = ""
    choices: tuple[Choice, ...] = Field(min_length=2)

    @property
    def most(self) -> int:
        """The most points that it can give."""
        return max(one.weight for one in self.choices)


class Group(BaseModel):
    """Questions about one thing."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    questions: tuple[Question, ...]


class RiskForm(BaseModel):
    """The whole form."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: str
    groups: tuple[Group, ...]

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        """Each question and each answer has a name of its own, and both scores can be reached."""
        ids = [one.id for one in self.questions]
        if len(ids) != len(set(ids)):
            raise ValueError("two questions have one id")
        for one in self.questions:
            if len({choice.code for choice in one.choices}) != len(one.choices):
                raise ValueError(f"{one.id}: two answers have one code")
        if not self.most("impact") or not self.most("mitigation"):
            raise ValueError("questions of both kinds are needed")
        return self

    @property
    def questions(self) -> tuple[Question, ...]:
        """Every question, in order."""
        return tuple(one for group in self.groups for one in group.questions)

    def most(self, counts: Literal["impact", "mitigation"]) -> int:
        """The maximum score of one kind."""
        return sum(one.most for one in self.questions if one.counts == counts)


@dataclass(frozen=True, slots=True)
class Risk:
    """What came of the answers."""

    raw: int
    mitigation: int
    total: float
    most_raw: int
    most_mitigation: int
    level: int


def assess(form: RiskForm, answers: Mapping[str, str]) -> Risk:
    """The risk level.

    Args:
        form: the questions.
        answers: question id → code of the answer.

    Raises:
        InputError: an answer is missing or is none of the choices; names the questions in Korean.
    """
    missing = [one.ask for one in form.questions if not answers.get(one.id)]
    if missing:
        rest = f" 말고도 {len(missing) - 1}개" if len(missing) > 1 else ""
        raise InputError(f"답하지 않은 물음이 있어요: “{missing[0]}”{rest}")
    points = {"impact": 0, "mitigation": 0}
    for question in form.questions:
        code = answers[question.id]
        if not _ANSWER.fullmatch(code) or code not in {one.code for one in question.choices}:
            raise InputError(f"고를 수 없는 답이에요: “{question.ask}”")
        points[question.counts] += int(code.partition("-")[2])
    most_raw, most_mitigation = form.most("impact"), form.most("mitigation")
    return score(points["impact"], points["mitigation"], most_raw, most_mitigation)


def score(raw: int, mitigation: int, most_raw: int, most_mitigation: int) -> Risk:
    """The level of two scores; see the module."""
    mitigated = mitigation >= MITIGATED_FROM * most_mitigation / 2
    total = raw * MITIGATED if mitigated else float(raw)
    level = 1 + sum(total > bound * most_raw for bound in BOUNDS)
    return Risk(raw, mitigation, round(total, 2), most_raw, most_mitigation, level)
