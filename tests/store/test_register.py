"""Versions of records in the database: one after another, never changed, persons' names sealed."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import delete, text, update
from tests.databases import stored_bytes

from donghaeng.errors import RecordChanged, StoreError
from donghaeng.store import Store, register
from donghaeng.store.register import MACHINE, StepRow, VersionRow
from donghaeng.store.register_tables import register_steps, register_versions

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
ROW = VersionRow(
    "bus", 1, NOW, "st_kim", {"name_ko": "버스 안내"}, {"oversight_person": {"name": "홍길동"}}, "처음"
)
OUT = StepRow("bus", 1, "published", "st_kim", "st_lee", NOW)


def add(store: Store, *rows: VersionRow) -> None:
    for row in rows:
        store.run(lambda tx, row=row: register.add(tx, row))


def test_versions_come_back_as_they_were(store: Store) -> None:
    second = replace(ROW, version=2, values={"name_ko": "버스"}, personal={}, note="")
    other = replace(ROW, record="air")
    add(store, ROW, second, other)
    assert store.look(lambda tx: register.get(tx, "bus", 1)) == ROW
    assert store.look(lambda tx: register.get(tx, "bus")) == second
    assert store.look(lambda tx: register.get(tx, "none")) is None
    assert store.look(lambda tx: register.listed(tx, "bus")) == [ROW, second]
    assert store.look(register.current) == [other, second]


def test_a_version_comes_once_and_in_its_turn(store: Store) -> None:
    add(store, ROW)
    for version in (1, 3):
        with pytest.raises(RecordChanged, match=f"version {version} is there already"):
            add(store, replace(ROW, version=version))
    assert len(store.look(lambda tx: register.listed(tx, "bus"))) == 1


@pytest.mark.store
def test_of_many_editors_at_once_one_wins(store: Store) -> None:
    add(store, ROW)
    begin = threading.Barrier(6)

    def change(number: int) -> bool:
        begin.wait(timeout=30)
        try:
            add(store, replace(ROW, version=2, by=f"st_{number}"))
        except RecordChanged:
            return False
        return True

    with ThreadPoolExecutor(6) as editors:
        won = list(editors.map(change, range(6)))
    assert sum(won) == 1
    newest = store.look(lambda tx: register.get(tx, "bus"))
    assert newest is not None
    assert newest.by == f"st_{won.index(True)}"


def test_nothing_is_changed_or_removed(store: Store) -> None:
    add(store, ROW)
    store.run(lambda tx: register.do(tx, OUT))
    for change in (
        update(register_versions).values(by="st_x"),
        delete(register_versions),
        update(register_steps).values(by="st_x"),
        delete(register_steps),
    ):
        with pytest.raises(StoreError, match="only added"):
            store.run(lambda tx, change=change: tx.connection.execute(change))


def test_the_database_itself_wants_two_persons(store: Store) -> None:
    add(store, ROW)
    with pytest.raises(StoreError, match="two_persons"):
        store.run(lambda tx: register.do(tx, replace(OUT, by="st_kim")))
    with pytest.raises(StoreError):
        store.run(lambda tx: register.do(tx, replace(OUT, version=9)))
    done = [OUT, replace(OUT, author=MACHINE, by=MACHINE), replace(OUT, operation="retracted", by="st_kim")]
    for step in done:
        store.run(lambda tx, step=step: register.do(tx, step))
    assert store.look(register.history) == done
    assert store.look(lambda tx: register.history(tx, "air")) == []


def test_names_of_persons_are_sealed_for_their_row(store: Store, database: Path) -> None:
    add(store, ROW, replace(ROW, version=2))
    written = stored_bytes(database)
    assert "홍길동".encode() not in written
    assert "버스 안내".encode() in written
    moved = text("SELECT sealed FROM register_versions WHERE version = 1")
    blob = store.look(lambda tx: tx.connection.execute(moved).scalar_one())
    with pytest.raises(StoreError, match="damaged or was moved"):
        store.look(lambda tx: tx.unseal(bytes(blob), "register_versions/bus/2"))
