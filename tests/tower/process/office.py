"""A subject of the process, moved by hand, for tests."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from donghaeng.tower.process.deciding import add_evidence, after, approve, create, fill_risk, submit
from donghaeng.tower.process.gates import missing
from donghaeng.tower.process.loading import load_risk_form, load_rules
from donghaeng.tower.process.rules import Kind
from donghaeng.tower.process.state import Evidence, Subject, SubjectState

RULES = load_rules()
FORM = load_risk_form()
NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
BUS = Subject(Kind.SERVICE, "bus_arrival")
FIELDS = {
    "reviewer": "김검토",
    "participants": "12",
    "overseer": "이감독",
    "contact": "02-120",
    "reason": "까닭",
}
RESULTS = {"high_impact_review": "not_high", "digital_inclusion": "done", "monitoring": "scheduled"}


def answers(which: int = 0) -> dict[str, str]:
    """The first (0) or last (-1) answer to every question."""
    return {one.id: one.choices[which].code for one in FORM.questions}


def piece(kind: str, number: int = 1, **others: Any) -> Evidence:
    """A piece of evidence that is in order."""
    fields: Mapping[str, str] = {name: FIELDS[name] for name in RULES.evidence[kind].fields}
    told = {
        "title": kind,
        "on": TODAY,
        "link": "docs/x.md",
        "result": RESULTS.get(kind, ""),
        "fields": fields,
    }
    return Evidence(id=f"e_{kind}_{number}", kind=kind, **{**told, **others})


def begun(subject: Subject = BUS) -> SubjectState:
    return after(SubjectState(subject), create("버스", "교통실", ""), "lee", NOW)


def with_evidence(state: SubjectState, *kinds: str) -> SubjectState:
    for kind in kinds:
        state = after(state, add_evidence(RULES, state, piece(kind), TODAY), "lee", NOW)
    return state


def filled(state: SubjectState, to: str) -> SubjectState:
    """With everything that a stage still wants."""
    if "risk_assessment" in missing(RULES, state, to):
        state = after(state, fill_risk(RULES, state, FORM, answers()), "lee", NOW)
    return with_evidence(state, *missing(RULES, state, to))


def moved(state: SubjectState, *stages: str) -> SubjectState:
    """Through stages, each with everything that it wants, submitted by lee and approved by park and choi."""
    for stage in stages:
        state = filled(state, stage)
        state = after(state, submit(RULES, state, stage, "올려요"), "lee", NOW)
        for other in ("park", "choi"):
            if state.review is not None:
                state = after(state, approve(RULES, state, other), other, NOW)
    return state


def in_operation() -> SubjectState:
    return moved(begun(), "prior_review", "test", "pilot", "operation")
