"""The register and the process are told what the other knows: the public record, and the risk level."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest
from tests.conftest import CHECKOUT
from tests.tower.process.office import BUS, FORM, NOW, RULES, piece
from tests.tower.process.test_desk import walk

from donghaeng.app.registers import NO_OVERSEER, NOT_PUBLIC, fill_levels, publication_fault, register_over
from donghaeng.store import Store
from donghaeng.store.register import MACHINE
from donghaeng.tower.process import deciding
from donghaeng.tower.process.desk import UNPUBLISHED, Present, ProcessDesk
from donghaeng.tower.process.imported import load_imported
from donghaeng.tower.process.refusals import ProcessRefused
from donghaeng.tower.process.rules import Kind
from donghaeng.tower.process.state import Subject
from donghaeng.tower.register.register import OWN, Register
from donghaeng.trust.sealing import Sealer

SYSTEM = Subject(Kind.SYSTEM, OWN)
OVERSEER = {"name": "이감독", "contact": "02-120"}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path}/r.db", Sealer([b"k" * 32])) as opened:
        yield opened


class City:
    def __init__(self, store: Store) -> None:
        self.now = NOW
        self.store = store
        self.register: Register = register_over(store, self.clock)
        fault = partial(publication_fault, self.register)
        self.desk = ProcessDesk(store, RULES, FORM, self.clock, unpublished=fault)

    def clock(self) -> datetime:
        return self.now


@pytest.fixture
def city(store: Store) -> City:
    made = City(store)
    found = {SYSTEM: Present("동행", "a"), BUS: Present("버스", "a")}
    asyncio.run(made.desk.begin(load_imported(CHECKOUT / "catalogue"), found))
    return made


def publish(city: City, **values: object) -> None:
    version = city.register.save(OWN, {"name": "Donghaeng", **values}, by="st_kim", base=0).version
    city.register.publish(OWN, version, by="st_lee")


async def test_publication_is_what_the_register_shows_with_its_overseer(city: City) -> None:
    with pytest.raises(ProcessRefused, match=NOT_PUBLIC):
        await city.desk.add_evidence(SYSTEM, "lee", piece("publication"))
    publish(city)
    with pytest.raises(ProcessRefused, match=NO_OVERSEER[:20]):
        await city.desk.add_evidence(SYSTEM, "lee", piece("publication"))
    row, values = city.register.version(OWN)
    row = city.register.save(OWN, values | {"oversight_person": OVERSEER}, by="st_kim", base=row.version)
    city.register.publish(OWN, row.version, by="st_lee")
    await city.desk.add_evidence(SYSTEM, "lee", piece("publication"))
    await city.desk.add_evidence(BUS, "lee", piece("publication", 2))  # stands in the system's record


async def test_what_serves_is_reviewed_anew_when_its_record_is_taken_from_the_public(city: City) -> None:
    publish(city, oversight_person=OVERSEER)
    await walk(city.desk, BUS, "operation")
    assert await city.desk.sweep() == 0
    city.register.retract(OWN, by="st_lee")
    assert await city.desk.sweep() == 1
    assert await city.desk.sweep() == 1, "the day of the review is reminded of"
    assert await city.desk.sweep() == 0
    state = await city.desk.subject(BUS)
    assert set(state.due) == {UNPUBLISHED}
    assert state.stage == "operation", "citizens are answered until its day"


async def test_the_level_of_the_scored_form_is_written_into_the_record(city: City) -> None:
    publish(city)
    level = (await city.desk.subject(SYSTEM)).level
    assert fill_levels(city.register, city.store) == 1
    (shown,) = city.register.published()
    assert shown.values["risk_level"] == level
    assert city.register.version(OWN)[0].by == MACHINE
    assert fill_levels(city.register, city.store) == 0
    high = {one.id: one.choices[-1].code for one in FORM.questions}
    await city.desk.act(SYSTEM, "lee", lambda one: deciding.fill_risk(RULES, one, FORM, high))
    now = (await city.desk.subject(SYSTEM)).level
    assert now != level
    assert fill_levels(city.register, city.store) == 1
    assert city.register.version(OWN)[1]["risk_level"] == now
