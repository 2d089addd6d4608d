"""Accounts, sessions, and the record of accesses that nobody changes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from donghaeng.errors import InputError, StoreError
from donghaeng.store import Store, accesses, staff
from donghaeng.store.accesses import AccessRow
from donghaeng.store.staff import StaffRow
from donghaeng.trust.permissions import Role

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
ROW = StaffRow("st_1", "kim", "김상담", Role.COUNSELLOR, "$hash", NOW, NOW)
LOOK = AccessRow(NOW, "kim", "203.0.113.7", "c_1", "open_case", "handover")


@pytest.fixture
def kim(store: Store) -> StaffRow:
    store.run(lambda tx: staff.add(tx, ROW))
    return ROW


def test_an_account_comes_back_and_its_name_is_taken(store: Store, kim: StaffRow) -> None:
    assert store.look(lambda tx: staff.by_name(tx, "kim")) == kim
    assert store.look(lambda tx: staff.by_name(tx, "lee")) is None
    assert store.look(staff.everyone) == [kim]
    with pytest.raises(InputError, match="kim already"):
        store.run(lambda tx: staff.add(tx, StaffRow("st_2", "kim", "", Role.ADMIN, "", NOW, NOW)))


def test_the_shown_name_is_sealed_and_the_session_token_hashed(store: Store, kim: StaffRow) -> None:
    store.run(lambda tx: staff.begin_session(tx, "secret token", kim.id, NOW))
    rows = store.look(
        lambda tx: [
            repr(tuple(row))
            for table in ("staff", "staff_sessions")
            for row in tx.connection.execute(text(f"SELECT * FROM {table}"))
        ]
    )
    assert len(rows) == 2
    assert not any("김상담" in row or "secret token" in row for row in rows)


def test_a_session_ends_alone_or_with_all_of_its_account(store: Store, kim: StaffRow) -> None:
    def begin(*tokens: str) -> None:
        for token in tokens:
            assert store.run(lambda tx, token=token: staff.begin_session(tx, token, kim.id, NOW))

    def alive(*tokens: str) -> list[bool]:
        return [store.look(lambda tx, one=one: staff.session(tx, one)) is not None for one in tokens]

    begin("a", "b")
    store.run(lambda tx: staff.end_session(tx, "a"))
    assert alive("a", "b", "c") == [False, True, False]
    begin("a")
    store.run(lambda tx: staff.set_password(tx, kim.id, "$other", NOW))
    assert alive("a", "b") == [False, False]
    begin("a")
    store.run(lambda tx: staff.disable(tx, kim.id, NOW))
    assert alive("a") == [False]
    assert not store.run(lambda tx: staff.begin_session(tx, "d", kim.id, NOW))


def test_old_sessions_are_forgotten(store: Store, kim: StaffRow) -> None:
    for token, began, seen in (("old", 13, 0), ("idle", 2, 2), ("good", 2, 0)):
        at = NOW - timedelta(hours=began)
        store.run(lambda tx, token=token, at=at: staff.begin_session(tx, token, kim.id, at))
        last = NOW - timedelta(hours=seen)
        store.run(lambda tx, token=token, last=last: staff.see_session(tx, token, last))
    hours = timedelta(hours=1)
    store.run(lambda tx: staff.end_sessions_before(tx, began=NOW - 12 * hours, seen=NOW - hours))
    left = [
        token for token in ("old", "idle", "good") if store.look(lambda tx, t=token: staff.session(tx, t))
    ]
    assert left == ["good"]


def test_looks_are_listed_newest_first_and_by_conversation(store: Store) -> None:
    other = AccessRow(NOW, "lee", "203.0.113.8", "c_2", "read_transcript", "complaint")
    for row in (LOOK, other):
        store.run(lambda tx, row=row: accesses.note(tx, row))
    assert store.look(accesses.newest) == [other, LOOK]
    assert store.look(lambda tx: accesses.newest(tx, conversation_id="c_1")) == [LOOK]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE accesses SET staff_name = 'lee'",
        "UPDATE accesses SET purpose = 'quality'",
        "DELETE FROM accesses",
    ],
)
def test_the_database_refuses_to_change_a_look(store: Store, change: str) -> None:
    recent = AccessRow(datetime.now(UTC), *(getattr(LOOK, name) for name in AccessRow.__slots__[1:]))
    store.run(lambda tx: accesses.note(tx, recent))
    with pytest.raises(StoreError, match="accesses are"):
        store.run(lambda tx: tx.connection.execute(text(change)))
    assert store.look(accesses.newest) == [recent]


def test_looks_older_than_two_years_may_go(store: Store) -> None:
    old = datetime.now(UTC) - timedelta(days=2 * 366)
    row = AccessRow(old, *(getattr(LOOK, name) for name in AccessRow.__slots__[1:]))
    store.run(lambda tx: accesses.note(tx, row))
    store.run(lambda tx: tx.connection.execute(text("DELETE FROM accesses")))
    assert store.look(accesses.newest) == []
