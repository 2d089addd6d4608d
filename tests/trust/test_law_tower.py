"""Acceptance tests of what the law demands of the control tower, by their numbers in the project's list."""

from __future__ import annotations

import pytest
from tests.tower.process.office import NOW, RULES, TODAY, begun, filled, moved, piece

from donghaeng.tower.process.deciding import add_evidence, after, approve, submit, withdraw_evidence
from donghaeng.tower.process.gates import missing
from donghaeng.tower.process.refusals import GateClosed, ProcessRefused
from donghaeng.tower.process.rules import Kind
from donghaeng.tower.process.state import Subject, SubjectState

ANSWERING = [one for one in Kind if one is not Kind.IDEA]


def ready(kind: Kind) -> SubjectState:
    """In pilot, with all that operation wants."""
    return filled(moved(begun(Subject(kind, "x")), "prior_review", "test", "pilot"), "operation")


@pytest.mark.parametrize("kind", ANSWERING)
@pytest.mark.parametrize("record", ["high_impact_review", "digital_inclusion"])
def test_law_09_without_high_impact_review_and_inclusion_assessment_no_operation(
    kind: Kind, record: str
) -> None:
    """AI 기본법 제33조 제1항, 디지털포용법 제12조."""
    state = ready(kind)
    assert missing(RULES, state, "operation") == ()
    lacking = after(state, withdraw_evidence(RULES, state, f"e_{record}_1", "틀렸어요"), "lee", NOW)
    assert lacking.stage != "operation"
    assert record in missing(RULES, lacking, "operation")
    with pytest.raises((GateClosed, ProcessRefused), match=RULES.evidence[record].name):
        submit(RULES, lacking, "operation")


def test_law_09_a_record_that_goes_while_the_review_runs_stops_it_too() -> None:
    state = ready(Kind.SERVICE)
    state = after(state, submit(RULES, state, "operation"), "lee", NOW)
    gone = after(state, withdraw_evidence(RULES, state, "e_digital_inclusion_1", "틀렸어요"), "lee", NOW)
    with pytest.raises(GateClosed, match="디지털포용 영향평가"):
        approve(RULES, gone, "park")


def test_law_09_the_high_impact_review_tells_who_reviewed_and_what_came_of_it() -> None:
    for wrong in ({"fields": {}}, {"result": ""}):
        with pytest.raises(ProcessRefused, match="고영향 인공지능 사전 검토"):
            add_evidence(RULES, begun(), piece("high_impact_review", **wrong), TODAY)


@pytest.mark.parametrize("kind", ANSWERING)
def test_law_11_no_operation_without_a_published_entry_that_names_the_overseer(kind: Kind) -> None:
    """AI 기본법 제34조 제1항, 시행령 제27조: published with the name and contact of who oversees it."""
    state = ready(kind)
    state = after(state, withdraw_evidence(RULES, state, "e_publication_1", "내렸어요"), "lee", NOW)
    with pytest.raises(GateClosed, match="공개 등록$"):
        submit(RULES, state, "operation")
    for lacking in ("overseer", "contact"):
        fields = {"overseer": "이감독", "contact": "02-120"}
        del fields[lacking]
        with pytest.raises(ProcessRefused, match=RULES.fields[lacking]):
            add_evidence(RULES, state, piece("publication", 2, fields=fields), TODAY)
    state = after(state, add_evidence(RULES, state, piece("publication", 2), TODAY), "lee", NOW)
    assert submit(RULES, state, "operation")


def test_law_16_no_operation_without_evidence_of_tests_with_older_users() -> None:
    """AI 기본법 제3조 제5항."""
    state = ready(Kind.SERVICE)
    state = after(state, withdraw_evidence(RULES, state, "e_older_user_test_1", "다시"), "lee", NOW)
    with pytest.raises(GateClosed, match="어르신 사용 시험$"):
        submit(RULES, state, "operation")
