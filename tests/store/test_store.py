"""Opening, migrating, transactions and errors."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from tests.databases import standing_for

from donghaeng.errors import SettingsError, StoreError
from donghaeng.store import Store, Transaction, conversations
from donghaeng.store.tables import metadata
from donghaeng.trust.sealing import Sealer

KEY = b"k" * 32
CRASHER = Path(__file__).with_name("crasher.py")


@pytest.mark.sqlite
def test_the_settings_of_sqlite_hold(store: Store, database: Path) -> None:
    def pragmas(tx: Transaction) -> list[object]:
        names = ("journal_mode", "foreign_keys", "synchronous")
        return [tx.connection.execute(text(f"PRAGMA {name}")).scalar() for name in names]

    assert store.run(pragmas) == ["wal", 1, 2]
    assert stat.S_IMODE(database.parent.stat().st_mode) == 0o700


def test_tables_and_migrations_agree(store: Store) -> None:
    def differences(tx: Transaction) -> list[object]:
        return compare_metadata(
            MigrationContext.configure(tx.connection, opts={"compare_type": True}), metadata
        )

    assert store.run(differences) == []


def test_processes_that_open_together_agree(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path}/a.db"
    with ThreadPoolExecutor(6) as pool:
        stores = list(pool.map(lambda _: Store.open(address, Sealer([KEY])), range(6)))
    for opened in stores:
        opened.close()


def test_a_newer_database_is_refused(store: Store, database: Path) -> None:
    store.run(lambda tx: tx.connection.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    with pytest.raises(StoreError, match="9999, which this version does not know"):
        Store.open(f"sqlite:///{database}", Sealer([KEY]))


def test_another_key_is_noticed_at_the_start(store: Store, database: Path) -> None:
    with pytest.raises(StoreError, match="sealed with another key"):
        Store.open(f"sqlite:///{database}", Sealer([b"o" * 32]))
    Store.open(f"sqlite:///{database}", Sealer([b"o" * 32, KEY])).close()
    with pytest.raises(StoreError, match="sealed with another key"):
        Store.open(f"sqlite:///{database}", Sealer([KEY]))


@pytest.mark.sqlite
def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_bytes(b"hello" * 1000)
    with pytest.raises(StoreError, match="not a database"):
        Store.open(f"sqlite:///{tmp_path}/a.db", Sealer([KEY]))


@pytest.mark.parametrize("address", ["nonsense", "mysql://a/b", "oracle://x"])
def test_an_address_that_cannot_be_used_is_refused(address: str) -> None:
    with pytest.raises(SettingsError, match="DONGHAENG_DATABASE"):
        Store.open(address, Sealer([KEY]))


@pytest.mark.sqlite
def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="DONGHAENG_DATA"):
        Store.open(f"sqlite:///{tmp_path}/file/a.db", Sealer([KEY]))


def test_a_database_in_memory_works(talk_now: datetime) -> None:
    with Store.open("sqlite://", Sealer([KEY])) as store:
        conversation = conversations.Conversation("c_9", "chat", talk_now, "v1")
        store.run(lambda tx: conversations.add(tx, conversation, "t"))
        assert store.look(lambda tx: conversations.by_token(tx, "t")) == conversation
        store.ping()


@pytest.fixture
def talk_now() -> datetime:
    return datetime.fromisoformat("2026-11-23T10:00:00+09:00")


def test_work_that_fails_leaves_nothing(store: Store, talk: str, talk_now: datetime) -> None:
    def work(tx: Transaction) -> None:
        conversations.end(tx, talk, talk_now)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store.run(work)
    assert store.look(lambda tx: conversations.get(tx, talk, "token")).ended_at is None


def test_values_of_a_failed_statement_are_not_told(store: Store, talk: str, talk_now: datetime) -> None:
    conversation = conversations.Conversation(talk, "chat", talk_now, "v1", home_district="마포구")
    with pytest.raises(StoreError) as caught:
        store.run(lambda tx: conversations.add(tx, conversation, "secret token"))
    assert "마포구" not in str(caught.value)
    assert "마포구" not in str(caught.value.__cause__)


@pytest.mark.sqlite
def test_a_lock_held_by_another_process_is_told(
    store: Store, database: Path, talk: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("donghaeng.store.engine.BUSY_TIMEOUT_S", 0.05)
    with Store.open(f"sqlite:///{database}", Sealer([KEY])) as hasty:
        other = sqlite3.connect(database, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="locked; try again"):
            hasty.run(lambda tx: conversations.advance(tx, talk, expected=0, to=1))
        other.execute("ROLLBACK")
        other.close()
        hasty.run(lambda tx: conversations.advance(tx, talk, expected=0, to=1))


@pytest.mark.sqlite
async def test_transactions_run_off_the_loop_and_one_at_a_time(store: Store, talk: str) -> None:
    running = 0
    most = 0
    main = threading.get_ident()

    def work(tx: Transaction) -> int:
        nonlocal running, most
        running += 1
        most = max(most, running)
        tx.connection.execute(text("UPDATE conversations SET last_seq = last_seq + 1"))
        running -= 1
        return threading.get_ident()

    threads = await asyncio.gather(*(store.transact(work) for _ in range(20)))
    assert most == 1
    assert main not in threads
    assert (await store.read(lambda tx: conversations.get_as_staff(tx, talk))).last_seq == 20


async def test_a_cancelled_caller_does_not_take_its_turn_back(store: Store, talk: str) -> None:
    started, go_on = threading.Event(), threading.Event()

    def work(tx: Transaction) -> None:
        tx.connection.execute(text("UPDATE conversations SET last_seq = 7"))
        started.set()
        assert go_on.wait(10)

    task = asyncio.ensure_future(store.transact(work))
    await asyncio.to_thread(started.wait, 10)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    go_on.set()
    assert (await store.transact(lambda tx: conversations.get_as_staff(tx, talk))).last_seq == 7


async def test_readers_do_not_wait_for_the_writer(store: Store, talk: str) -> None:
    inside, go_on = threading.Event(), threading.Event()

    def slow(tx: Transaction) -> None:
        tx.connection.execute(text("UPDATE conversations SET last_seq = 5"))
        inside.set()
        assert go_on.wait(10)

    writing = asyncio.ensure_future(store.transact(slow))
    await asyncio.to_thread(inside.wait, 10)
    assert (await store.read(lambda tx: conversations.get_as_staff(tx, talk))).last_seq == 0
    go_on.set()
    await writing


@pytest.mark.parametrize("committed", [5, 23])
def test_a_killed_process_loses_no_committed_turn(tmp_path: Path, committed: int) -> None:
    """The child tells each committed turn and is killed with SIGKILL while it writes the next."""
    child = subprocess.Popen(
        [sys.executable, str(CRASHER), standing_for(f"sqlite:///{tmp_path}/a.db")],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    for line in child.stdout:
        if int(line) >= committed:
            child.kill()
            break
    child.wait()
    from donghaeng.store import events, outbox, replies

    with Store.open(f"sqlite:///{tmp_path}/a.db", Sealer([KEY])) as store:
        found = store.look(lambda tx: events.of_conversation(tx, "c_1"))
        conversation = store.look(lambda tx: conversations.get(tx, "c_1", "token"))
        turns = found[-1].turn
        assert turns >= committed
        assert [event.seq for event in found] == list(range(1, conversation.last_seq + 1))
        assert len(found) == 4 * turns
        assert found[-1].private == {"text": f"차례 {turns}"}
        last = store.look(lambda tx: replies.last(tx, "c_1"))
        assert last is not None
        assert last["turn"] == turns
        assert len(store.look(outbox.pending)) == turns
