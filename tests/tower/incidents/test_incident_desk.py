"""Incidents over a real database, beside the process that what failed goes through."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.tower.process.office import BUS, FORM, NOW, RULES

from donghaeng.store import Store, leaks, process
from donghaeng.store.process import ActionRow
from donghaeng.tower.incidents import incident as steps
from donghaeng.tower.incidents.desk import CAUSE, IncidentDesk
from donghaeng.tower.process.desk import Present, ProcessDesk
from donghaeng.tower.process.imported import load_imported
from donghaeng.tower.process.refusals import ProcessConflict, ProcessRefused
from donghaeng.tower.process.rules import Kind
from donghaeng.tower.process.state import Subject, day_of
from donghaeng.trust.leaks import Extent, LeakLine
from donghaeng.trust.sealing import Sealer

CATALOGUE = Path(__file__).resolve().parents[3] / "catalogue"
WEATHER = Subject(Kind.SERVICE, "weather")
TODAY = day_of(NOW)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path}/incidents.db", Sealer([b"k" * 32])) as opened:
        yield opened


@pytest.fixture
def desk(store: Store) -> ProcessDesk:
    made = ProcessDesk(store, RULES, FORM, lambda: NOW)
    asyncio.run(made.begin(load_imported(CATALOGUE), {WEATHER: Present("날씨", "a")}))
    return made


@pytest.fixture
def incidents(store: Store, desk: ProcessDesk) -> IncidentDesk:
    return IncidentDesk(store, desk, lambda: NOW)


async def report(incidents: IncidentDesk, severity: int = 2, **more: object):
    given = {"title": "틀린 날씨", "happened_on": TODAY, "words": "비가 안 왔어요"} | more
    return await incidents.report("kim", WEATHER, severity=severity, **given)  # type: ignore[arg-type]


async def test_a_grave_incident_calls_what_failed_to_a_review_and_a_light_one_does_not(
    incidents: IncidentDesk, desk: ProcessDesk
) -> None:
    light = await report(incidents)
    assert (await desk.subject(WEATHER)).due == {}
    await incidents.act(
        light.id, "lee", lambda one: steps.grade(incidents.scale, one, 3, "많은 분이 들었어요")
    )
    state = await desk.subject(WEATHER)
    assert set(state.due) == {CAUSE}
    assert RULES.serves(state.stage), "it goes on answering until its day"
    await report(incidents, severity=4)
    assert (await desk.subject(WEATHER)).version == state.version, "it is called once"


async def test_the_board_of_the_process_shows_no_incidents_and_the_chain_holds_both(
    incidents: IncidentDesk, desk: ProcessDesk, store: Store
) -> None:
    await report(incidents)
    assert [one.subject for one in await desk.board()] == [WEATHER]
    assert [one.title for one in await incidents.every()] == ["틀린 날씨"]
    assert store.look(process.verify).broken is None
    store.run(
        lambda tx: process.add(
            tx, [ActionRow(process.INCIDENT, "inc_x", 1, NOW, "kim", "noted", {"words": "900101-1234567"})]
        )
    )
    assert "900101" not in str([row.told for row in store.look(process.incidents)])


async def test_a_leak_starts_its_clock_and_is_not_closed_while_that_runs(
    incidents: IncidentDesk, store: Store
) -> None:
    found = await report(incidents, severity=4, leak=Extent(NOW - timedelta(hours=3), 12))
    (clock,) = store.look(leaks.every)
    assert (clock.id, clock.ticking, clock.extent.persons) == (found.leak, True, 12)
    for decide in (
        lambda one: steps.own(one, "정보보호팀"),
        lambda one: steps.mend(one, "https://city.example/1", ""),
        lambda one: steps.learn(one, "주소를 두 번 봐요"),
    ):
        await incidents.act(found.id, "kim", decide)
    with pytest.raises(ProcessRefused, match="72시간"):
        await incidents.close(found.id, "lee", "")
    store.run(lambda tx: leaks.add(tx, LeakLine(found.leak, NOW, "notified", "kim", "문자로 알림")))
    assert (await incidents.close(found.id, "lee", "")).closed


async def test_of_two_who_write_at_once_one_is_told(incidents: IncidentDesk) -> None:
    found = await report(incidents)
    await incidents.act(found.id, "lee", lambda one: steps.note(one, "봤어요"), version=found.version)
    with pytest.raises(ProcessConflict, match="먼저"):
        await incidents.act(found.id, "park", lambda one: steps.note(one, "저도"), version=found.version)
    assert (await incidents.get(found.id)).version == 2


async def test_what_goes_through_no_process_has_no_incidents(incidents: IncidentDesk) -> None:
    given = {"title": "x", "severity": 1, "happened_on": date(2026, 11, 1), "words": "y"}
    with pytest.raises(ProcessRefused, match="그런 대상이 없어요"):
        await incidents.report("kim", BUS, **given)  # type: ignore[arg-type]
    assert await incidents.every() == ()
