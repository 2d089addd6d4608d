"""What the process allows, what it refuses and in which words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.tower.process.office import (
    FORM,
    NOW,
    RULES,
    TODAY,
    answers,
    begun,
    filled,
    in_operation,
    moved,
    piece,
    with_evidence,
)

from donghaeng.tower.process import deciding
from donghaeng.tower.process.deciding import (
    add_evidence,
    after,
    approve,
    call_for_review,
    fill_risk,
    reject,
    set_deadline,
    submit,
    sweep,
    withdraw_evidence,
)
from donghaeng.tower.process.gates import after_months, circle, deadlines, level_of, missing
from donghaeng.tower.process.refusals import FourEyes, GateClosed, ProcessRefused
from donghaeng.tower.process.rules import Kind
from donghaeng.tower.process.state import ActionKind, Evidence, Subject, SubjectState


def test_the_way_leads_through_every_gate_to_operation() -> None:
    state = in_operation()
    assert state.stage == "operation"
    assert state.reviewed_on == TODAY
    assert [one.told["to"] for one in state.history if one.kind is ActionKind.MOVED] == [
        "prior_review",
        "test",
        "pilot",
        "operation",
    ]
    assert [one.seq for one in state.history] == list(range(1, state.version + 1))


def test_a_gate_names_in_korean_exactly_what_is_missing() -> None:
    state = moved(begun(), "prior_review")
    state = with_evidence(state, "legal_review", "security_check")
    with pytest.raises(GateClosed) as refused:
        submit(RULES, state, "test")
    assert str(refused.value) == (
        "시험으로 가려면 2가지가 더 있어야 해요: 개인정보 영향평가 대상 확인, 고영향 인공지능 사전 검토"
    )
    assert refused.value.missing == ("privacy_check", "high_impact_review")


def test_without_tests_with_older_users_it_is_pilot_at_most() -> None:
    state = filled(moved(begun(), "prior_review", "test", "pilot"), "operation")
    users = next(one.id for one in state.evidence.values() if one.kind == "older_user_test")
    state = after(state, withdraw_evidence(RULES, state, users, "다시 해요"))
    assert state.stage == "pilot"
    with pytest.raises(GateClosed, match="어르신 사용 시험$"):
        submit(RULES, state, "operation")


def test_who_submits_does_not_approve_and_one_approval_counts_once() -> None:
    state = filled(moved(begun(), "prior_review"), "test")
    state = after(state, submit(RULES, state, "test"), "lee", NOW)
    with pytest.raises(FourEyes, match="올린 사람은"):
        approve(RULES, state, "lee")
    assert after(state, approve(RULES, state, "park"), "park", NOW).stage == "test"


def test_a_high_level_wants_two_others() -> None:
    state = moved(begun(), "prior_review")
    state = after(state, fill_risk(RULES, state, FORM, answers(-1)), "lee", NOW)
    risky = {one.id: one.choices[0 if one.counts == "mitigation" else -1].code for one in FORM.questions}
    state = after(state, fill_risk(RULES, state, FORM, risky), "lee", NOW)
    assert level_of(RULES, state) == 4
    state = filled(state, "test")
    state = after(state, submit(RULES, state, "test"), "lee", NOW)
    state = after(state, approve(RULES, state, "park"), "park", NOW)
    assert state.stage == "prior_review"
    with pytest.raises(FourEyes, match="이미 승인"):
        approve(RULES, state, "park")
    assert after(state, approve(RULES, state, "choi"), "choi", NOW).stage == "test"


def test_evidence_that_goes_while_a_review_runs_closes_the_gate() -> None:
    state = filled(moved(begun(), "prior_review"), "test")
    state = after(state, submit(RULES, state, "test"), "lee", NOW)
    state = after(state, withdraw_evidence(RULES, state, "e_legal_review_1", "틀렸어요"), "lee", NOW)
    with pytest.raises(GateClosed, match="법무 검토"):
        approve(RULES, state, "park")


@pytest.mark.parametrize("stage", ["pilot", "operation"])
def test_withdrawn_evidence_ends_the_serving_at_once(stage: str) -> None:
    state = moved(begun(), "prior_review", "test", "pilot", *(["operation"] if stage == "operation" else []))
    deeds = withdraw_evidence(RULES, state, "e_ai_notice_1", "안내가 빠져 있었어요")
    assert [one.kind for one in deeds] == [ActionKind.EVIDENCE_WITHDRAWN, ActionKind.MOVED]
    now = after(state, deeds)
    assert now.stage == "change_review"
    assert "채널별 AI 안내 확인" in now.history[-1].words
    with pytest.raises(GateClosed, match="채널별 AI 안내 확인"):
        submit(RULES, now, stage)


def test_a_second_piece_of_the_same_kind_keeps_the_gate_open() -> None:
    state = in_operation()
    state = after(state, add_evidence(RULES, state, piece("ai_notice", 2), TODAY))
    assert (
        after(state, withdraw_evidence(RULES, state, "e_ai_notice_1", "새 것이 있어요")).stage == "operation"
    )


def test_high_impact_raises_the_level_and_closes_the_gate_of_what_serves() -> None:
    state = in_operation()
    high = piece("high_impact_review", 2, result="high")
    now = after(state, add_evidence(RULES, state, high, TODAY))
    assert (level_of(RULES, now), now.stage) == (3, "change_review")
    assert set(missing(RULES, now, "operation")) == {"red_team", "privacy_assessment", "rights_assessment"}


def test_watching_by_hand_is_not_enough() -> None:
    state = filled(moved(begun(), "prior_review", "test", "pilot"), "operation")
    state = after(state, withdraw_evidence(RULES, state, "e_monitoring_1", "바꿔요"))
    by_hand = piece("monitoring", 2, result="manual")
    state = after(state, add_evidence(RULES, state, by_hand, TODAY))
    assert missing(RULES, state, "operation") == ("monitoring",)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"on": TODAY + timedelta(days=1)}, "오늘이거나 그 전"),
        ({"on": date(1999, 12, 31)}, "오늘이거나 그 전"),
        ({"on": TODAY, "until": TODAY - timedelta(days=1)}, "앞서요"),
        ({"on": date(2020, 1, 1), "until": date(2021, 1, 1)}, "이미 지난"),
        ({"title": " "}, "제목"),
        ({"link": ""}, "주소를 적거나"),
        ({"link": "javascript:alert(1)"}, "https://"),
        ({"result": "perhaps"}, "결과를 골라"),
        ({"fields": {}}, "검토한 사람"),
        ({"fields": {"reviewer": "김", "secret": "x"}}, "적을 수 없는"),
        ({"kind": "risk_assessment"}, "붙일 수 없어요"),
        ({"kind": "nonsense"}, "붙일 수 없어요"),
    ],
)
def test_evidence_that_cannot_be_is_refused_in_one_sentence(changed: dict, words: str) -> None:
    with pytest.raises(ProcessRefused, match=words):
        add_evidence(RULES, begun(), replace(piece("high_impact_review"), **changed), TODAY)


def test_an_exemption_tells_why_and_participants_are_a_number() -> None:
    exempt = piece("digital_inclusion", result="exempt", fields={})
    with pytest.raises(ProcessRefused, match="그 까닭"):
        add_evidence(RULES, begun(), exempt, TODAY)
    assert add_evidence(RULES, begun(), replace(exempt, result="done"), TODAY)
    with pytest.raises(ProcessRefused, match="숫자로"):
        add_evidence(RULES, begun(), piece("older_user_test", fields={"participants": "여러 분"}), TODAY)


def test_old_evidence_of_a_kind_that_ends_is_refused() -> None:
    with pytest.raises(ProcessRefused, match="이미 지난"):
        add_evidence(RULES, begun(), piece("test_results", on=date(2025, 11, 1)), TODAY)


def test_reviews_that_rest_on_each_other_are_one_clear_error() -> None:
    engine = Subject(Kind.ENGINE, "whisper")
    other = with_evidence(begun(engine), "legal_review")
    leaning = piece("legal_review", link="", relies_on="engine/whisper")
    assert add_evidence(RULES, begun(), leaning, TODAY, relying={}, relied=other)
    circles = {
        "engine/whisper": frozenset({"knowledge/help"}),
        "knowledge/help": frozenset({"service/bus_arrival"}),
    }
    with pytest.raises(ProcessRefused, match="서로 기대게"):
        add_evidence(RULES, begun(), leaning, TODAY, relying=circles, relied=other)
    with pytest.raises(ProcessRefused, match="그런 근거가 없어서"):
        add_evidence(RULES, begun(), leaning, TODAY, relying={}, relied=begun(engine))
    assert circle({}, "a", "a")


def test_moves_that_do_not_exist_are_refused() -> None:
    with pytest.raises(ProcessRefused, match="‘등록’에서 ‘운영’ 단계로는"):
        submit(RULES, begun(), "operation")
    with pytest.raises(ProcessRefused, match="nowhere"):
        submit(RULES, begun(), "nowhere")
    retired = after(begun(), submit(RULES, begun(), "retired", "안 해요"))
    for refused in (
        lambda: add_evidence(RULES, retired, piece("legal_review"), TODAY),
        lambda: set_deadline(RULES, retired, TODAY, TODAY, "왜"),
        lambda: fill_risk(RULES, retired, FORM, answers()),
    ):
        with pytest.raises(ProcessRefused, match="아무것도"):
            refused()


def test_one_review_at_a_time_which_its_submitter_may_take_back() -> None:
    state = filled(moved(begun(), "prior_review"), "test")
    state = after(state, submit(RULES, state, "test"), "lee", NOW)
    with pytest.raises(ProcessRefused, match="이미 검토가"):
        submit(RULES, state, "test")
    with pytest.raises(ProcessRefused, match="까닭"):
        reject(state, "park", " ")
    assert [one.kind for one in reject(state, "park", "모자라요")] == [ActionKind.REJECTED]
    (back,) = reject(state, "lee", "다시 올릴게요")
    assert back.kind is ActionKind.TAKEN_BACK
    state = after(state, (back,))
    assert state.review is None
    for nothing in (lambda: reject(state, "park", "왜"), lambda: approve(RULES, state, "park")):
        with pytest.raises(ProcessRefused, match="진행 중인 검토가 없어요"):
            nothing()


def test_suspending_takes_effect_at_once_and_tells_why() -> None:
    state = in_operation()
    with pytest.raises(ProcessRefused, match="까닭"):
        submit(RULES, state, "suspended")
    state = after(state, submit(RULES, state, "suspended", "틀린 안내"), "lee", NOW)
    assert (state.stage, RULES.serves(state.stage)) == ("suspended", False)
    state = after(state, submit(RULES, state, "change_review", "고쳤어요"), "lee", NOW)
    state = after(state, submit(RULES, state, "operation"), "lee", NOW)
    assert state.stage == "change_review", "coming back needs another person"


@pytest.mark.parametrize(
    ("level_answers", "due"), [(0, date(2027, 11, 23)), (None, date(2027, 5, 23))], ids=["low", "high"]
)
def test_what_serves_is_reviewed_every_year_and_twice_where_the_level_is_high(
    level_answers: int | None, due: date
) -> None:
    state = in_operation()
    if level_answers is None:
        state = replace(state, level=3)
    assert (due, "periodic") in [(one.on, one.about) for one in deadlines(RULES, state)]


def test_causes_set_a_deadline_and_a_review_in_place_ends_them() -> None:
    state = in_operation()
    with pytest.raises(ProcessRefused, match="까닭을 골라"):
        call_for_review(RULES, state, "boredom", TODAY, "")
    with pytest.raises(ProcessRefused, match="시범이나 운영"):
        call_for_review(RULES, begun(), "incident", TODAY, "")
    state = after(state, call_for_review(RULES, state, "model_changed", TODAY, "새 판"))
    state = after(state, call_for_review(RULES, state, "incident", TODAY, "틀린 답"))
    assert state.due == {
        "model_changed": TODAY + timedelta(days=30),
        "incident": TODAY + timedelta(days=7),
    }
    assert deadlines(RULES, state)[0].about == "incident"
    assert state.stage == "operation"
    assert moved(state, "operation").due == {}


def test_a_day_brings_reminders_once_and_ends_evidence() -> None:
    state = in_operation()
    assert sweep(RULES, state, TODAY) == ()
    soon = date(2027, 11, 10)
    first = sweep(RULES, state, soon)
    assert {one.kind for one in first} == {ActionKind.REMINDED}
    state = after(state, first)
    assert sweep(RULES, state, soon) == ()
    late = after(state, sweep(RULES, state, date(2027, 11, 24)))
    assert late.stage == "change_review", "test results hold for a year"
    assert any(one.words == "기한이 지났어요" for one in late.history)


def test_a_periodic_review_becomes_due_by_itself() -> None:
    state = replace(in_operation(), reviewed_on=date(2025, 11, 20))
    state = after(state, sweep(RULES, state, TODAY))
    assert state.due == {"periodic": date(2026, 11, 20)}
    assert sweep(RULES, state, TODAY) == ()
    assert deadlines(RULES, state)[0].overdue(TODAY)


def test_a_stage_is_overdue_after_its_days_or_a_day_that_was_set() -> None:
    state = moved(begun(), "prior_review")
    assert deadlines(RULES, state)[0].on == TODAY + timedelta(days=30)
    for impossible in (TODAY - timedelta(days=1), TODAY + timedelta(days=3000)):
        with pytest.raises(ProcessRefused, match="5년 안"):
            set_deadline(RULES, state, impossible, TODAY, "왜")
    state = after(state, set_deadline(RULES, state, TODAY + timedelta(days=3), TODAY, "급해요"))
    assert deadlines(RULES, state)[0].on == TODAY + timedelta(days=3)


def test_an_idea_becomes_a_project_with_owner_years_and_progress() -> None:
    idea = begun(Subject(Kind.IDEA, "i_1"))
    with pytest.raises(GateClosed, match="과제 계획"):
        submit(RULES, moved(idea, "prior_review"), "project")
    for budget, words in (({}, "예산의 해"), ({2019: 1}, "예산의 해"), ({2027: -1}, "0원보다")):
        with pytest.raises(ProcessRefused, match=words):
            deciding.make_plan(RULES, idea, "교통실", budget, TODAY)
    with pytest.raises(ProcessRefused, match="담당자"):
        deciding.make_plan(RULES, idea, "", {2027: 1}, TODAY)
    plan = deciding.make_plan(RULES, idea, "교통실", {2027: 30_000_000, 2028: 10_000_000}, TODAY)
    project = moved(after(idea, plan), "prior_review", "project")
    assert project.plan is not None
    assert (project.stage, project.plan.total, project.owner) == ("project", 40_000_000, "교통실")
    with pytest.raises(ProcessRefused, match="0에서 100"):
        deciding.note_progress(RULES, project, 101, "다 했어요")
    project = after(project, deciding.note_progress(RULES, project, 40, "설계를 마쳤어요"))
    assert project.percent == 40
    assert moved(project, "done").stage == "done"


def test_months_end_on_the_last_day_of_a_shorter_month() -> None:
    assert after_months(date(2027, 8, 31), 6) == date(2028, 2, 29)
    assert after_months(date(2026, 12, 1), 12) == date(2027, 12, 1)


def test_evidence_is_read_as_it_was_written() -> None:
    one = piece("older_user_test", until=date(2027, 1, 1), relies_on="", file="a" * 64, file_name="결과.pdf")
    state = after(begun(), add_evidence(RULES, begun(), one, TODAY), "lee", NOW)
    (kept,) = state.evidence.values()
    assert kept == replace(one, by="lee")
    assert isinstance(kept, Evidence)
    assert isinstance(state, SubjectState)
