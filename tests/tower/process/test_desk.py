"""The process over a database: who was first counts, nothing is changed behind it, everybody sees it soon."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text
from tests.databases import drop_trigger
from tests.tower.process.office import BUS, FORM, NOW, RULES, answers, piece

from donghaeng.errors import StoreError
from donghaeng.store import Store, notices, process
from donghaeng.tower.process import deciding
from donghaeng.tower.process.desk import MOST_FILE_BYTES, Present, ProcessDesk
from donghaeng.tower.process.gate import ProcessGate
from donghaeng.tower.process.gates import missing
from donghaeng.tower.process.imported import load_imported
from donghaeng.tower.process.refusals import ProcessConflict, ProcessRefused, UnknownSubject
from donghaeng.tower.process.rules import Kind
from donghaeng.tower.process.state import ActionKind, Subject, subject_of
from donghaeng.trust.sealing import Sealer

CATALOGUE = Path(__file__).resolve().parents[3] / "catalogue"
SHIPPED = {
    Subject(Kind.SERVICE, "weather"): Present("날씨", "a"),
    Subject(Kind.SERVICE, "of_a_city"): Present("우리 시 서비스", "b"),
    Subject(Kind.ENGINE, "recogniser.whisper"): Present("받아쓰기"),
}


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path}/d.db", Sealer([b"k" * 32])) as opened:
        yield opened


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(store: Store, clock: Clock) -> ProcessDesk:
    return ProcessDesk(store, RULES, FORM, clock)


async def make(desk: ProcessDesk, subject: Subject = BUS) -> None:
    await desk.create(subject, "lee", name="버스 도착", owner="교통실", words="")


async def walk(desk: ProcessDesk, subject: Subject, *stages: str) -> None:
    for to in stages:
        state = await desk.subject(subject)
        if state.level is None:
            filling = partial(deciding.fill_risk, RULES, form=FORM, answers=answers())
            state = await desk.act(subject, "lee", filling)
        for kind in missing(RULES, state, to):
            await desk.add_evidence(subject, "lee", piece(kind))
        state = await desk.act(subject, "lee", lambda one, to=to: deciding.submit(RULES, one, to, "올려요"))
        if state.review is not None:
            await desk.act(subject, "park", lambda one: deciding.approve(RULES, one, "park"))


async def test_what_was_done_stands_in_the_database_and_is_chained(store: Store, desk: ProcessDesk) -> None:
    await make(desk)
    await walk(desk, BUS, "prior_review", "test", "pilot", "operation")
    state = await desk.subject(BUS)
    assert (state.stage, state.name, state.owner) == ("operation", "버스 도착", "교통실")
    verdict = store.look(process.verify)
    assert (verdict.rows, verdict.broken, verdict.sealed) == (state.version, None, True)
    assert await desk.board() == (state,)


async def test_of_two_reviewers_at_once_one_counts(desk: ProcessDesk) -> None:
    await make(desk)
    await walk(desk, BUS, "prior_review")
    for kind in missing(RULES, await desk.subject(BUS), "test"):
        await desk.add_evidence(BUS, "lee", piece(kind))
    seen = await desk.act(BUS, "lee", lambda one: deciding.submit(RULES, one, "test"))

    async def approve(who: str) -> str:
        try:
            await desk.act(BUS, who, lambda one: deciding.approve(RULES, one, who), version=seen.version)
        except ProcessConflict as error:
            return str(error)
        return "counted"

    said = await asyncio.gather(*(approve(who) for who in ("park", "choi", "kim", "han")))
    assert sorted(said)[0] == "counted"
    assert [one for one in said if one != "counted"] == [
        "그사이에 다른 분이 먼저 처리했어요. 새로 고친 화면을 보고 다시 해 주세요"
    ] * 3
    state = await desk.subject(BUS)
    assert state.stage == "test"
    assert sum(one.kind is ActionKind.APPROVED for one in state.history) == 1


@pytest.mark.parametrize("table", ["process_actions", "process_files"])
async def test_the_database_refuses_to_change_or_delete(store: Store, desk: ProcessDesk, table: str) -> None:
    await make(desk)
    await desk.add_evidence(BUS, "lee", piece("legal_review", link=""), content=b"%PDF-1.7")
    column = "by" if table == "process_actions" else "size"
    for statement in (f'UPDATE {table} SET "{column}" = "{column}"', f"DELETE FROM {table}"):
        with pytest.raises(StoreError, match=f"{table} are only added"):
            store.run(lambda tx, statement=statement: tx.connection.execute(text(statement)))


async def test_a_line_changed_around_the_database_is_found(store: Store, desk: ProcessDesk) -> None:
    await make(desk)
    await walk(desk, BUS, "prior_review")
    store.run(lambda tx: drop_trigger(tx, "process_actions", "process_actions_stay"))
    store.run(lambda tx: tx.connection.execute(text("UPDATE process_actions SET \"by\" = 'x' WHERE seq = 2")))
    assert store.look(process.verify).broken == 2


async def test_a_file_is_kept_under_its_hash_and_numbers_of_persons_are_masked(desk: ProcessDesk) -> None:
    await make(desk)
    one = piece("legal_review", link="", title="검토서 900101-1234567", file_name="검토.pdf")
    state = await desk.add_evidence(BUS, "lee", one, content=b"content")
    await desk.add_evidence(BUS, "lee", piece("legal_review", 2, link=""), content=b"content")
    assert await desk.file(state.evidence[one.id].file) == b"content"
    assert await desk.file("0" * 64) is None
    assert "1234567" not in (await desk.subject(BUS)).evidence[one.id].title
    with pytest.raises(ProcessRefused, match="20MB"):
        await desk.add_evidence(BUS, "lee", one, content=b"x" * (MOST_FILE_BYTES + 1))


async def test_evidence_that_rests_on_anothers_goes_with_it(desk: ProcessDesk) -> None:
    engine = Subject(Kind.ENGINE, "whisper")
    await make(desk)
    await make(desk, engine)
    await desk.add_evidence(engine, "lee", piece("legal_review"))
    await desk.add_evidence(BUS, "lee", piece("legal_review", link="", relies_on="engine/whisper"))
    with pytest.raises(ProcessRefused, match="서로 기대게"):
        await desk.add_evidence(
            engine, "lee", piece("legal_review", 2, link="", relies_on="service/bus_arrival")
        )
    await desk.act(
        engine, "lee", lambda one: deciding.withdraw_evidence(RULES, one, "e_legal_review_1", "틀렸어요")
    )
    state = await desk.subject(BUS)
    assert state.evidence == {}
    assert state.history[-1].by == "system"


async def test_what_is_shipped_begins_in_pilot_the_rest_as_a_draft_and_only_once(desk: ProcessDesk) -> None:
    record = load_imported(CATALOGUE)
    assert await desk.begin(record, SHIPPED) == 3
    assert await desk.begin(record, SHIPPED) == 0
    stages = {state.subject.id: (state.stage, state.name) for state in await desk.board()}
    assert stages == {
        "weather": ("pilot", "날씨"),
        "of_a_city": ("draft", "우리 시 서비스"),
        "recogniser.whisper": ("pilot", "받아쓰기"),
    }


async def test_what_is_made_of_something_else_is_to_be_reviewed_anew(desk: ProcessDesk) -> None:
    await desk.begin(load_imported(CATALOGUE), SHIPPED)
    changed = {key: Present(one.name, one.seen and "c") for key, one in SHIPPED.items()}
    assert await desk.begin(load_imported(CATALOGUE), changed) == 3
    weather, own = (Subject(Kind.SERVICE, name) for name in ("weather", "of_a_city"))
    assert set((await desk.subject(weather)).due) == {"definition_changed"}
    assert (await desk.subject(weather)).stage == "pilot", "it goes on answering until its day"
    assert (await desk.subject(own)).due == {}, "a draft is reviewed anyway"
    assert await desk.begin(load_imported(CATALOGUE), changed) == 0
    assert await desk.begin(load_imported(CATALOGUE), SHIPPED) == 2, "the day that is set stays"


async def test_programs_that_start_together_take_the_record_over_once(desk: ProcessDesk) -> None:
    record = load_imported(CATALOGUE)
    counts = await asyncio.gather(*(desk.begin(record, SHIPPED) for _ in range(4)))
    assert sorted(counts) == [0, 0, 0, 3]


async def test_the_day_is_done_once(desk: ProcessDesk, clock: Clock) -> None:
    await make(desk)
    await walk(desk, BUS, "prior_review", "test", "pilot", "operation")
    assert await desk.sweep() == 0
    clock.now = NOW + timedelta(days=366)
    assert await desk.sweep() > 0
    assert await desk.sweep() == 0
    assert (await desk.subject(BUS)).stage == "change_review"


async def test_names_that_cannot_be_are_unknown(desk: ProcessDesk) -> None:
    for kind, name in (("spell", "bus"), ("service", "../x"), ("service", "")):
        with pytest.raises(UnknownSubject):
            subject_of(kind, name)
    with pytest.raises(UnknownSubject):
        await desk.subject(BUS)
    await make(desk)
    with pytest.raises(ProcessRefused, match="이미 있어요"):
        await make(desk)
    with pytest.raises(ProcessRefused, match="이름을"):
        await desk.propose_idea("lee", name=" ", owner="", words="")


async def test_with_the_live_city_only_pilot_and_operation_answer(store: Store, desk: ProcessDesk) -> None:
    live = ProcessGate(store, RULES, live=True)
    assert "weather" in live.services(), "nothing answers before the first look"
    await desk.begin(load_imported(CATALOGUE), SHIPPED)
    assert await live.look()
    assert not await live.look(), "nothing has changed"
    assert "weather" not in live.services()
    assert "of_a_city" in live.services()
    assert "never_seen" in live.services()
    assert "counsellor" not in live.services()
    assert "recogniser.whisper" not in live.engines()
    assert "recogniser.other" in live.engines()
    assert "weather" in live.knowledge(), "a service is no knowledge set"
    weather = Subject(Kind.SERVICE, "weather")
    for to in ("suspended", "change_review"):
        await desk.act(weather, "lee", lambda one, to=to: deciding.submit(RULES, one, to, "틀린 안내"))
        await live.look()
        assert "weather" in live.services()


async def test_the_sandbox_serves_all_that_nobody_stopped(store: Store, desk: ProcessDesk) -> None:
    sandbox = ProcessGate(store, RULES, live=False)
    await desk.begin(None, SHIPPED)
    await sandbox.look()
    assert [one for one in ("weather", "of_a_city", "never_seen") if one in sandbox.services()] == []
    weather = Subject(Kind.SERVICE, "weather")
    await desk.act(weather, "lee", lambda one: deciding.submit(RULES, one, "retired", "안 써요"))
    await sandbox.look()
    assert "weather" in sandbox.services()


async def test_a_part_that_changes_calls_the_system_to_a_review_and_says_which(desk: ProcessDesk) -> None:
    system = Subject(Kind.SYSTEM, "donghaeng")
    parts = {"model/recogniser": "a", "prompt/rewording": "none", "knowledge/sets": "s"}

    async def look(**changed: str) -> None:
        told = parts | {name.replace("_", "/"): value for name, value in changed.items()}
        await desk.begin(load_imported(CATALOGUE), {system: Present("동행", parts=told)})

    await look()
    await look(model_weights="w")
    assert (await desk.subject(system)).due == {}, "what is seen first is no change"
    await look(prompt_rewording="p")
    state = await desk.subject(system)
    assert set(state.due) == {"prompt_changed"}
    assert state.history[-1].words == "프로그램이 알아챘어요: rewording"
    await look(prompt_rewording="p", model_recogniser="b", model_weights="v")
    state = await desk.subject(system)
    assert set(state.due) == {"prompt_changed", "model_changed"}
    assert state.history[-1].words == "프로그램이 알아챘어요: recogniser, weights"
    version = state.version
    await look(prompt_rewording="p", model_recogniser="b")
    assert (await desk.subject(system)).version == version, "a part that is not looked at stays as it was"


async def test_of_two_that_would_rest_on_each_other_at_once_one_is_refused(desk: ProcessDesk) -> None:
    both = BUS, Subject(Kind.SERVICE, "subway")
    for one in both:
        await make(desk, one)
        await desk.add_evidence(one, "lee", piece("legal_review"))
    leaning = [
        desk.add_evidence(one, "lee", piece("legal_review", 2, relies_on=str(other)))
        for one, other in (both, both[::-1])
    ]
    done = await asyncio.gather(*leaning, return_exceptions=True)
    (refused,) = [one for one in done if isinstance(one, ProcessRefused)]
    assert "서로 기대게" in str(refused)


async def test_what_is_due_is_told_outside_the_console_once(store: Store, clock: Clock) -> None:
    desk = ProcessDesk(store, RULES, FORM, clock, ways=("webhook",))
    await make(desk)
    await walk(desk, BUS, "prior_review")
    clock.now = NOW + timedelta(days=20)
    assert await desk.sweep() == 1
    assert await desk.sweep() == 0
    rows = store.run(lambda tx: notices.claim(tx, "x", ["webhook"], clock.now))
    assert [(one.notice.title, one.notice.text) for one in rows] == [(str(BUS), "단계의 기한: 2026-12-23")]
