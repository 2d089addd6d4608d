"""What an alert begins by itself: notices, a new review of the system, an incident; each once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from tests.conftest import CHECKOUT
from tests.tower.figures.test_alerting import count
from tests.tower.process.office import FORM, NOW, RULES

from donghaeng.store import Store, notices, process
from donghaeng.tower.consequences import CAUSE, Consequences
from donghaeng.tower.figures import alerting, feeds
from donghaeng.tower.figures.definitions import Definitions, load_definitions
from donghaeng.tower.figures.keeping import Keeper
from donghaeng.tower.figures.metering import Meter
from donghaeng.tower.incidents import incident as steps
from donghaeng.tower.incidents.desk import IncidentDesk
from donghaeng.tower.process.desk import Present, ProcessDesk
from donghaeng.tower.process.imported import load_imported
from donghaeng.tower.process.refusals import ProcessRefused
from donghaeng.tower.process.rules import Kind
from donghaeng.tower.process.state import Subject
from donghaeng.trust.sealing import Sealer

FIGURES = load_definitions(CHECKOUT / "catalogue")
OWN = Subject(Kind.SYSTEM, "donghaeng")


class Office:
    def __init__(self, store: Store) -> None:
        self.now = NOW
        self.store = store
        self.process = ProcessDesk(store, RULES, FORM, self.clock)
        self.incidents = IncidentDesk(store, self.process, self.clock, ways=("webhook",))
        opens = Consequences(FIGURES, self.process, self.incidents, ways=("webhook",))
        self.keeper = Keeper(store, FIGURES, Meter(self.clock), clock=self.clock, on_alerts=opens)
        asyncio.run(self.process.begin(load_imported(CHECKOUT / "catalogue"), {OWN: Present("동행")}))

    def clock(self) -> datetime:
        return self.now

    def waiting(self) -> list[str]:
        def work(tx) -> list[str]:
            return [one.notice.key for one in notices.claim(tx, "x", ["webhook"], self.now, limit=99)]

        return self.store.run(work)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with Store.open(f"sqlite:///{tmp_path}/c.db", Sealer([b"k" * 32])) as store:
        yield Office(store)


async def test_a_breach_calls_the_system_to_a_review_begins_an_incident_and_tells_once(
    office: Office,
) -> None:
    count(office.store, office.now, answers=100, answers_cited=10)
    await office.keeper.once()
    await office.keeper.once()
    state = await office.process.subject(OWN)
    assert state.due.keys() >= {CAUSE}
    why = next(one for one in state.history if one.told.get("cause") == CAUSE)
    assert "출처를 밝힌 답의 비율 10.0%, 기준 90.0%" in why.words
    (incident,) = await office.incidents.every()
    assert (incident.subject, incident.severity, incident.rule) == (str(OWN), 3, "uncited")
    assert office.waiting() == ["alert/1"]


async def test_while_the_incident_is_open_the_same_alert_is_written_into_it(office: Office) -> None:
    for _ in range(2):
        count(office.store, office.now, answers=100, answers_cited=10)
        await office.keeper.once()
        office.now += timedelta(days=3)
        await office.keeper.once()
    (incident,) = await office.incidents.every()
    assert [line.kind.value for line in incident.lines] == ["reported", "noted"]


async def test_of_a_machines_report_the_first_person_does_not_close(office: Office) -> None:
    count(office.store, office.now, answers=100, answers_cited=10)
    await office.keeper.once()
    (incident,) = await office.incidents.every()
    for decide in (
        lambda one: steps.own(one, "지식팀"),
        lambda one: steps.mend(one, "https://city.example/1", ""),
        lambda one: steps.learn(one, "출처를 시험해요"),
    ):
        await office.incidents.act(incident.id, "kim", decide)
    with pytest.raises(ProcessRefused, match="다른 사람"):
        await office.incidents.close(incident.id, "kim", "")
    assert (await office.incidents.close(incident.id, "lee", "")).closed


PARKING = Subject(Kind.SYSTEM, "parking")


async def test_a_system_that_reports_and_was_never_reviewed_enters_as_a_draft_with_its_incident(
    office: Office,
) -> None:
    office.store.run(lambda tx: feeds.register(tx, "parking", "주차 안내", NOW, every_seconds=60))
    office.now += timedelta(hours=1)
    await office.keeper.once()
    (incident,) = await office.incidents.every()
    assert (incident.subject, incident.rule) == (str(PARKING), "silent")
    state = await office.process.subject(PARKING)
    assert (state.stage, state.name) == ("draft", "주차 안내")
    assert office.waiting() == ["alert/1"]


async def test_another_system_in_operation_is_called_to_a_review_as_the_agent_is(office: Office) -> None:
    def reviewed(tx) -> None:
        feeds.register(tx, "parking", "주차 안내", office.now, every_seconds=3600)
        own = process.of(tx, "system", "donghaeng")[0]
        process.add(tx, [replace(own, subject="parking")])

    office.store.run(reviewed)
    count(office.store, office.now, system="parking", answers=100, answers_cited=10)
    await office.keeper.once()
    assert (await office.process.subject(PARKING)).due.keys() >= {CAUSE}
    assert CAUSE not in (await office.process.subject(OWN)).due
    (incident,) = await office.incidents.every()
    assert (incident.subject, incident.rule, incident.severity) == (str(PARKING), "uncited", 3)


async def test_what_was_seen_in_the_console_is_sent_to_nobody(office: Office) -> None:
    office.now = NOW.replace(hour=14)  # 23 o'clock of the city
    count(office.store, office.now, turns=200, no_match=150)
    await office.keeper.once()
    assert office.waiting() == []
    assert office.store.run(lambda tx: alerting.acknowledge(tx, 1, "김", office.now))
    office.now += timedelta(hours=9)
    assert office.waiting() == []


def test_what_opens_something_is_a_rule() -> None:
    told = FIGURES.model_dump(by_alias=True)
    told["alerts"]["opens"] = {"never_heard": {"review": True}}
    with pytest.raises(ValueError, match="no rule never_heard"):
        Definitions.model_validate(told)
