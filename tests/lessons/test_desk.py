"""A learner's desk: plans that the learner edits, what is kept and what is not, certificates, projects."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select
from tests.lessons.given import CALLS, LEARNING, OFFICIALS
from tests.lessons.learners import GUIDE, NOW, School
from tests.store.rows import value

from donghaeng.errors import InputError, RecordChanged, UnknownRecord
from donghaeng.learning import own_plan
from donghaeng.learning.desk import SEOUL
from donghaeng.learning.issuing import after_months
from donghaeng.learning.planning import make_plan
from donghaeng.learning.spoken_answers import heard_answer
from donghaeng.store import (
    Store,
    destructions,
    handover_lines,
    learner_tables,
    learners,
    learning_records,
    tables,
)
from donghaeng.store.handover_lines import LineRow
from donghaeng.store.learners import Entry
from donghaeng.trust.sealing import Sealer

YEAR = (date(2026, 1, 1), date(2026, 12, 31))
PROJECT = "안내사가 하루에 몇 번 같은 길을 묻는지 세고, 묻지 않아도 되게 안내판을 고쳤어요. 앞과 뒤를 쟀어요."


@pytest.fixture
def school(tmp_path: Path) -> Iterator[School]:
    with Store.open(f"sqlite:///{tmp_path}/l.db", Sealer([b"k" * 32])) as store:
        yield School(store)


def counted(school: School) -> int:
    return sum(school.store.look(lambda tx: learning_records.learners_by_day(tx, "ai", *YEAR)).values())


@pytest.mark.parametrize("official", OFFICIALS, ids=lambda one: one["id"])
async def test_the_plan_on_the_page_is_the_rules_plan_with_its_reasons(
    school: School, official: dict[str, Any]
) -> None:
    reached = official.get("evidenced", {})
    steps = [
        step
        for step in LEARNING.curriculum.competences.steps()
        if step.level <= reached.get(step.competence, 0)
    ]
    for step in steps:
        school.store.run(lambda tx, step=step: learners.add(tx, "s_1", Entry("step", str(step), 1, NOW)))
    plan = await school.desk.take_intake("s_1", official["intake"])
    assert [(item.step, item.week) for item in plan.items] == [
        (item["step"], item["week"]) for item in official["plan"]
    ]
    assert all(item.why for item in plan.items)
    assert (await school.desk.own("s_1")).plan == plan
    assert (await school.desk.own("s_2")).plan is None


async def test_a_plan_is_moved_cut_with_a_reason_added_to_and_approved(school: School) -> None:
    plan = await school.desk.take_intake("s_1", GUIDE)
    curriculum = LEARNING.curriculum
    first, second = plan.items[0].step, plan.items[1].step

    async def change(version: int, work: Any) -> own_plan.OwnPlan:
        await school.desk.change_plan("s_1", version, lambda learning, old: work(old))
        now = (await school.desk.own("s_1")).plan
        assert now is not None
        return now

    moved = await change(1, lambda old: own_plan.moved(curriculum, old, second, -1))
    assert [item.step for item in moved.items[:2]] == [second, first]
    cut = await change(2, lambda old: own_plan.left_out(curriculum, old, second, "이미 알아요"))
    assert cut.items[0].out == "이미 알아요"
    assert [item.week for item in cut.going[:3]] == [1, 1, 2]
    with pytest.raises(InputError):
        await change(3, lambda old: own_plan.left_out(curriculum, old, first, " "))
    back = await change(3, lambda old: own_plan.brought_back(curriculum, old, second))
    assert len(back.going) == len(plan.items)
    more = await change(4, lambda old: own_plan.added(curriculum, old, "C11-2"))
    assert more.items[-1].added
    for wrong in ("C11-2", "C9-9"):
        with pytest.raises(InputError):
            await change(5, lambda old, wrong=wrong: own_plan.added(curriculum, old, wrong))
    assert (await change(5, lambda old: own_plan.approved(old, NOW.date()))).approved_on == NOW.date()
    again = await change(6, lambda old: own_plan.moved(curriculum, old, first, 1))
    assert again.approved_on is None, "a changed plan is nobody's word yet"
    with pytest.raises(RecordChanged):
        await change(6, lambda old: own_plan.moved(curriculum, old, first, 1))
    with pytest.raises(InputError):
        await school.desk.change_plan("s_2", 1, lambda learning, old: old)


@pytest.mark.parametrize(
    "wrong",
    [
        {"role": "king"},
        {"target": 9},
        {"tasks": [{"task": "call", "times": 0, "minutes": 1}]},
        {"network": ""},
    ],
)
async def test_answers_that_cannot_be_are_refused_with_their_question(school: School, wrong: Any) -> None:
    with pytest.raises(InputError):
        await school.desk.take_intake("s_1", GUIDE | wrong)
    assert (await school.desk.own("s_1")).plan is None


async def test_failures_are_kept_nowhere_and_first_tries_without_a_name(school: School) -> None:
    await school.desk.take_intake("s_1", GUIDE)
    tried = await school.answer("s_1", "ai_limits", right=False)
    assert tried.result is not None
    assert not tried.result.passed
    own = await school.desk.own("s_1")
    assert own.passed == ()
    copy = json.dumps(await school.records.copy("s_1"))
    assert "failed" not in copy
    await school.answer("s_1", "ai_limits")
    await school.answer("s_1", "ai_limits")
    assert [one.what for one in (await school.desk.own("s_1")).passed] == ["ai_limits"]
    assert (await school.desk.statistics(LEARNING.lessons["ai_limits"]))[0] == 1, "first tries alone"
    columns = {column.name for column in learner_tables.quiz_answers.columns}
    assert columns == {"lesson", "version", "answers", "count"}


async def test_statistics_are_told_from_thirty_first_tries_on(school: School) -> None:
    lesson = LEARNING.lessons["ai_limits"]
    for number in range(30):
        assert (await school.desk.statistics(lesson))[1] is None
        await school.answer(f"s_{number}", "ai_limits", right=number % 3 > 0)
    tries, items = await school.desk.statistics(lesson)
    assert tries == 30
    assert items is not None
    assert [round(one.difficulty, 2) for one in items] == [0.67] * len(lesson.quiz)


async def test_what_was_wrong_comes_back_tomorrow_and_what_is_known_later(school: School) -> None:
    await school.desk.take_intake("s_1", GUIDE)
    await school.answer("s_1", "ai_limits", right=False)
    await school.answer("s_1", "never_collect")
    assert await school.desk.again("s_1") == ()
    school.wait(days=1, hours=1)
    asked = await school.desk.again("s_1")
    assert {one.lesson.id for one in asked} == {"ai_limits"}
    item, right = await school.desk.answer_again("s_1", asked[0].key, asked[0].item.right, sure=True)
    assert right
    assert item == asked[0].item
    assert len(await school.desk.again("s_1")) == len(asked) - 1
    school.withdraw("ai_limits")
    assert await school.desk.again("s_1") == ()
    with pytest.raises(UnknownRecord):
        await school.desk.answer_again("s_1", asked[1].key, 1, sure=True)


async def test_the_same_right_answers_sent_twice_are_remembered_once(school: School) -> None:
    await school.desk.take_intake("s_1", GUIDE)
    await school.answer("s_1", "ai_limits")
    once = await school.records.copy("s_1")
    school.wait(hours=1)
    await school.answer("s_1", "ai_limits")
    assert await school.records.copy("s_1") == once


async def test_a_lesson_changed_or_withdrawn_meanwhile_takes_nothing_away(school: School) -> None:
    await school.desk.take_intake("s_1", GUIDE)
    await school.answer("s_1", "ai_limits")
    old = LEARNING.lessons["never_collect"]
    school.change("never_collect", version=2)
    new = school.learning.lessons["never_collect"]
    tried = await school.desk.answer_quiz("s_1", new, old.version, [1] * len(old.quiz), frozenset())
    assert tried.result is None, "answers to the older text are not scored"
    school.change("ai_limits", version=2)
    assert "ai_limits" in (await school.desk.own("s_1")).quizzes
    step = LEARNING.lessons["ai_limits"].step
    school.withdraw("ai_limits")
    own = await school.desk.own("s_1")
    assert "ai_limits" in own.quizzes
    assert own.passed[0].told["title"] == LEARNING.lessons["ai_limits"].title
    assert school.desk.lesson("ai_limits") is None
    left = {one.id for one in LEARNING.lesson_of(str(step))} - {"ai_limits"}
    for name in left:
        await school.answer("s_1", name)
    if left:
        assert step in (await school.desk.own("s_1")).steps


async def pass_level(school: School, staff: str, level: int) -> None:
    for name in await school.wanted(staff, level):
        await school.answer(staff, name)


async def call(school: School, staff: str, name: str) -> Any:
    return await school.desk.practise(staff, LEARNING.elders[name], CALLS["good"][name], over=False)


async def test_a_certificate_follows_from_quizzes_and_a_call_and_is_counted_once(school: School) -> None:
    await school.desk.take_intake("s_1", GUIDE)
    await pass_level(school, "s_1", 1)
    own = await school.desk.own("s_1")
    assert own.certificates == ()
    assert len(own.standings) == 1, "no certificate above the learner's target is offered"
    assert own.standings[0].missing == ("어르신 응대 연습 1번",)
    assert counted(school) == 0
    poor = await school.desk.practise("s_1", LEARNING.elders["chest_pain"], ["네."], over=True)
    assert poor.score is not None
    assert not poor.score.passed
    assert counted(school) == 0
    done = await call(school, "s_1", "freeze_angry")
    (issued,) = done.new
    assert issued.name == "AI 리터러시"
    assert issued.earned_on == NOW.astimezone(SEOUL).date()
    assert issued.expires_on == date(2028, 11, 23)
    assert counted(school) == 1
    assert (await call(school, "s_1", "freeze_angry")).new == ()
    assert (await call(school, "s_1", "chest_pain")).new == ()
    assert counted(school) == 1
    copied = json.dumps(await school.records.copy("s_1"), ensure_ascii=False)
    assert issued.number in copied
    school.wait(days=400)
    assert (await school.desk.own("s_1")).certificates[0].holds(school.desk.today)
    school.wait(days=400)
    own = await school.desk.own("s_1")
    assert not own.certificates[0].holds(school.desk.today)
    assert len(own.standings[0].missing) > 3, "what was passed before it ended counts no more"


async def test_leaving_everything_out_of_a_plan_forgives_nothing(school: School) -> None:
    plan = await school.desk.take_intake("s_1", GUIDE)
    for version, item in enumerate(plan.items, start=1):
        await school.desk.change_plan(
            "s_1",
            version,
            lambda learning, old, item=item: own_plan.left_out(learning.curriculum, old, item.step, "바빠요"),
        )
    await call(school, "s_1", "freeze_angry")
    own = await school.desk.own("s_1")
    assert own.certificates == ()
    assert len(own.standings[0].missing) == len(await school.wanted("s_1", 1))


async def test_a_second_level_takes_a_project_that_somebody_else_judged(school: School) -> None:
    await school.desk.take_intake("s_1", GUIDE | {"target": 2})
    await pass_level(school, "s_1", 2)
    for name in ("freeze_angry", "chest_pain"):
        await call(school, "s_1", name)
    own = await school.desk.own("s_1")
    assert [one.name for one in own.certificates] == ["AI 리터러시"]
    assert [one.missing for one in own.standings if one.rule.id == "green"] == [("과제 하나",)]
    project = await school.projects.hand_in("s_1", "길 안내 줄이기", PROJECT)
    marks = {one.id: 2 for one in LEARNING.rubric.criteria}
    with pytest.raises(InputError):
        await school.projects.review("s_1", project, 1, marks, "")
    assert await school.projects.waiting("s_1") == ()
    assert [row.id for row in await school.projects.waiting("s_2")] == [project]
    with pytest.raises(InputError):
        await school.projects.review("s_2", project, 1, {"problem": 2}, "")
    low = await school.projects.review("s_2", project, 1, marks | {"privacy": 1}, "기간을 적어 주세요")
    assert not low.passed
    with pytest.raises(RecordChanged):
        await school.projects.review("s_3", project, 1, marks, "")
    assert (
        await school.projects.hand_in("s_1", "길 안내 줄이기", PROJECT + " 기간도 적었어요.", project)
        == project
    )
    with pytest.raises(RecordChanged):
        await school.projects.review("s_2", project, 1, marks, "")
    assert (await school.projects.review("s_2", project, 2, marks, "")).passed
    own = await school.desk.own("s_1")
    assert {one.name for one in own.certificates} == {"AI 리터러시", "AI 그린"}
    assert counted(school) == 1, "two certificates of one person are one learner"
    with pytest.raises(RecordChanged):
        await school.projects.hand_in("s_1", "길 안내 줄이기", PROJECT, project)


async def test_a_project_is_seen_by_its_author_and_a_reviewer_alone(school: School) -> None:
    project = await school.projects.hand_in("s_1", "길 안내 줄이기", PROJECT)
    assert (await school.projects.see("s_1", project, reviews=True)).may_judge is False
    assert (await school.projects.see("s_2", project, reviews=True)).may_judge
    for staff, name, reviews in (("s_2", project, False), ("s_2", "p_none", True)):
        with pytest.raises(UnknownRecord):
            await school.projects.see(staff, name, reviews=reviews)
    with pytest.raises(UnknownRecord):
        await school.projects.hand_in("s_2", "남의 과제", PROJECT, project)
    newer = await school.projects.hand_in("s_1", "길 안내 줄이기", PROJECT + " 더 적었어요.", project)
    seen = await school.projects.see("s_1", newer, reviews=False)
    assert [row.state for row in seen.versions] == ["waiting", "replaced"]
    await school.projects.review("s_2", project, 2, {one.id: 3 for one in LEARNING.rubric.criteria}, "")
    with pytest.raises(UnknownRecord):
        await school.projects.see("s_3", project, reviews=True)


async def test_own_records_are_taken_along_and_erased_with_a_line_in_the_ledger(school: School) -> None:
    await school.desk.take_intake("s_1", GUIDE)
    await pass_level(school, "s_1", 1)
    await call(school, "s_1", "freeze_angry")
    await school.projects.hand_in("s_1", "길 안내 줄이기", PROJECT)
    await school.answer("s_2", "ai_limits")
    told = await school.records.statements("s_1", "https://city.example/")
    assert told == await school.records.statements("s_1", "https://city.example/"), "the same ids each time"
    assert len({one["id"] for one in told}) == len(told) == len(await school.wanted("s_1", 1)) + 2
    text = json.dumps(told, ensure_ascii=False)
    assert "s_1" not in text
    assert "https://city.example/office/learning/lessons/ai_limits" in text
    assert '"completed"' in text
    copy = await school.records.copy("s_1")
    assert copy["projects"][0]["text"] == PROJECT
    gone = await school.records.erase("s_1")
    assert gone == len(copy["records"]) + 1
    assert await school.records.copy("s_1") == {"records": [], "projects": []}
    assert await school.records.erase("s_1") == 0
    lines = school.store.look(destructions.newest)
    assert {(line.kind, line.reason) for line in lines} == {
        ("learner_entries", "erased"),
        ("learner_projects", "erased"),
    }
    assert (await school.desk.own("s_2")).quizzes == {"ai_limits"}
    assert counted(school) == 1


async def test_texts_of_people_are_sealed(school: School) -> None:
    await school.desk.take_intake("s_1", GUIDE)
    await school.projects.hand_in("s_1", "길 안내 줄이기", PROJECT)

    def raw(tx: Any) -> str:
        rows = [
            *tx.connection.execute(select(learner_tables.learner_entries)),
            *tx.connection.execute(select(learner_tables.learner_projects)),
        ]
        return str(rows)

    assert "guide" not in school.store.look(raw)
    assert "안내" not in school.store.look(raw)


async def test_signals_propose_to_the_person_alone_and_store_nothing(school: School) -> None:
    def fill(tx: Any) -> None:
        for table in (tables.conversations, tables.handovers):
            row = {column.name: value(column, 1) for column in table.columns}
            tx.connection.execute(insert(table).values(**row))
        talk = value(tables.conversations.c.id, 1)
        for number in range(5):
            at = NOW - timedelta(days=number)
            detail = f"rejected:p_{number}"
            row_of = LineRow(value(tables.handovers.c.id, 1), talk, "suggestion", at, "s_1", detail)
            handover_lines.add(tx, row_of)
            if number < 3:
                said = LineRow(
                    row_of.handover_id, talk, "counsellor", at, "s_1", text="제 번호는 900101-1234567"
                )
                handover_lines.add(tx, said)

    school.store.run(fill)
    assert {one.lesson for one in await school.desk.proposed("s_1")} == {"suggested_answers", "never_collect"}
    assert await school.desk.proposed("s_2") == (), "nobody else sees them"
    assert await school.records.copy("s_1") == {"records": [], "projects": []}, "nothing is stored"
    await school.answer("s_1", "never_collect")
    assert {one.lesson for one in await school.desk.proposed("s_1")} == {"suggested_answers"}
    school.wait(days=31)
    assert await school.desk.proposed("s_1") == ()


def test_months_are_counted_to_the_end_of_shorter_ones() -> None:
    assert after_months(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert after_months(date(2026, 12, 1), 24) == date(2028, 12, 1)


QUESTIONS = {one.id: one for one in LEARNING.questions.questions}


@pytest.mark.parametrize(
    ("question", "words", "fields"),
    [
        ("role", "상담 일을 해요", {"role": "counsel"}),
        ("role", "이것저것 해요", {}),
        ("citizen_facing", "네 만나요", {"citizen_facing": "yes"}),
        ("citizen_facing", "아니요", {"citizen_facing": "no"}),
        ("tasks", "전화를 하루에 스무 통 한 번에 육 분쯤 받고 보고서는 한 주에 두 번 한 시간 반 걸려요",
         {"task0": "call", "times0": "100", "minutes0": "6",
          "task1": "report", "times1": "2", "minutes1": "90"}),
        ("tasks", "회의록은 두 번이요", {"task0": "minutes", "times0": "2"}),
        ("tasks", "글쎄요", {}),
        ("regularity", "한 주에 몇 번", {"regularity": "weekly"}),
        ("network", "업무망이요", {"network": "business"}),
        ("network", "업무망하고 인터넷망이요", {}),
        ("data_grade", "잘 모르겠어요", {"data_grade": "unknown"}),
        ("target", "이 단계요", {"target": "2"}),
    ],
)  # fmt: skip
def test_a_spoken_answer_fills_what_is_certain(question: str, words: str, fields: dict[str, str]) -> None:
    assert heard_answer(QUESTIONS[question], words) == fields


def test_what_is_heard_is_an_answer_that_can_be_given() -> None:
    for one in LEARNING.questions.questions:
        assert one.said, one.id
        if one.choices:
            assert set(one.said) == set(one.choices), one.id
    assert set(QUESTIONS["role"].said) == set(LEARNING.curriculum.roles.roles)
    assert set(QUESTIONS["tasks"].said) == set(LEARNING.curriculum.roles.tasks)


def test_every_shown_choice_is_heard_as_itself() -> None:
    for one in LEARNING.questions.questions:
        for chosen, words in one.choices.items():
            assert heard_answer(one, words) == {one.id: chosen}, words


def test_what_a_certificate_wants_does_not_depend_on_evidence() -> None:
    official = OFFICIALS[0]
    intake = own_plan.Intake.model_validate(official["intake"])
    whole = make_plan(LEARNING.curriculum, intake, {})
    wanted = own_plan.wanted_lessons(LEARNING, intake, 1)
    steps = {str(item.step) for item in whole.items if item.step.level == 1}
    assert {LEARNING.lessons[name].step for name in wanted} == steps
