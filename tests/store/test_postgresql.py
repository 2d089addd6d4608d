"""PostgreSQL goes away and comes back; what it says is told without values and passwords."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text
from tests.postgres import PASSWORD, Server
from tests.store.conftest import KEY, NOW

from donghaeng.cli.doctor import database as examine_database
from donghaeng.errors import StoreError
from donghaeng.settings import load_settings
from donghaeng.store import Store, conversations
from donghaeng.store.engine import POSTGRES_CONNECTIONS, POSTGRES_MORE_CONNECTIONS
from donghaeng.trust.sealing import Sealer

pytestmark = pytest.mark.databases


@pytest.fixture
def store(postgresql: str) -> Iterator[Store]:
    with Store.open(postgresql, Sealer([KEY])) as opened:
        yield opened


def talk(name: str, **more: str) -> conversations.Conversation:
    return conversations.Conversation(name, "chat", NOW, "v1", **more)


def add(store: Store, name: str) -> None:
    store.run(lambda tx: conversations.add(tx, talk(name), f"token of {name}"))


def test_it_goes_and_comes_back_while_a_store_is_open(postgresql_server: Server) -> None:
    address = postgresql_server.address(postgresql_server.migrated())
    with Store.open(address, Sealer([KEY])) as store:
        add(store, "before")
        postgresql_server.stop("immediate")
        for _ in range(2):
            with pytest.raises(StoreError, match="start PostgreSQL") as caught:
                add(store, "meanwhile")
            assert PASSWORD not in str(caught.value)
            with pytest.raises(StoreError):
                store.ping()
        postgresql_server.start()
        add(store, "after")
        store.ping()
        kept = store.look(lambda tx: conversations.channels(tx, ["before", "meanwhile", "after"]))
        assert set(kept) == {"before", "after"}


def test_a_transaction_whose_connection_breaks_is_undone_and_told(store: Store) -> None:
    def work(tx: object) -> None:
        conversations.add(tx, talk("half"), "token")
        mine = tx.connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        store.run(
            lambda other: other.connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": mine})
        )
        tx.connection.execute(text("SELECT 1"))

    with pytest.raises(StoreError, match="start PostgreSQL"):
        store.run(work)
    add(store, "next")
    assert set(store.look(lambda tx: conversations.channels(tx, ["half", "next"]))) == {"next"}


def test_values_are_in_no_error(store: Store) -> None:
    add(store, "one")
    for broken in (talk("one"), talk("two", home_district="마포구" * 30)):
        with pytest.raises(StoreError) as caught:
            store.run(lambda tx, row=broken: conversations.add(tx, row, "token of one"))
        shown = logging.Formatter().formatException((caught.type, caught.value, caught.tb))
        assert "마포구" not in shown
        assert "DETAIL" not in shown


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda address: address.replace(PASSWORD, "wrong-secret"), "set the password"),
        (lambda address: address.replace("/test_", "/absent_"), "createdb"),
        (lambda address: address.split("?", maxsplit=1)[0] + "?host=/nowhere", "start PostgreSQL"),
    ],
)
def test_the_doctor_says_what_to_do_and_no_password(
    postgresql: str, tmp_path: Path, spoil, said: str
) -> None:
    found = examine_database(load_settings(data=tmp_path, database=spoil(postgresql)))
    assert found.state == "broken"
    assert said in str(found.remedy)
    for secret in (PASSWORD, "wrong-secret"):
        assert secret not in str(found)


def test_the_doctor_shows_where_without_the_password(postgresql: str, tmp_path: Path) -> None:
    found = examine_database(load_settings(data=tmp_path, database=postgresql))
    assert found.state == "ok"
    assert "postgresql" in found.detail
    assert PASSWORD not in str(found)


def test_a_look_does_not_write(store: Store) -> None:
    add(store, "c")
    with pytest.raises(StoreError, match="read-only"):
        store.look(lambda tx: conversations.end(tx, "c", NOW))
    assert store.run(lambda tx: conversations.end(tx, "c", NOW))


def test_more_work_than_connections_waits_its_turn(store: Store) -> None:
    most = POSTGRES_CONNECTIONS + POSTGRES_MORE_CONNECTIONS
    inside = threading.Semaphore(0)
    go_on = threading.Event()

    def slow(tx: object) -> int:
        inside.release()
        assert go_on.wait(30)
        return tx.connection.execute(text("SELECT 1")).scalar_one()

    with ThreadPoolExecutor(most + 3) as pool:
        waiting = [pool.submit(store.run, slow) for _ in range(most + 3)]
        for _ in range(most):
            assert inside.acquire(timeout=30)
        assert not inside.acquire(timeout=0.1)
        go_on.set()
        assert sum(one.result(30) for one in waiting) == most + 3


def test_a_held_row_is_not_waited_for_for_ever(
    postgresql: str, monkeypatch: pytest.MonkeyPatch, store: Store
) -> None:
    monkeypatch.setattr(
        "donghaeng.store.engine._POSTGRES_OPTIONS", {"lock_timeout": "50ms", "timezone": "UTC"}
    )
    add(store, "c")
    with Store.open(postgresql, Sealer([KEY])) as hasty:

        def hold(tx: object) -> None:
            conversations.end(tx, "c", NOW)
            with pytest.raises(StoreError, match="lock timeout; try again"):
                hasty.run(lambda other: conversations.advance(other, "c", expected=0, to=1))

        store.run(hold)
        hasty.run(lambda other: conversations.advance(other, "c", expected=0, to=1))


def test_moments_come_back_as_they_were_whatever_the_servers_time_zone(
    postgresql_server: Server,
) -> None:
    name = postgresql_server.migrated()
    postgresql_server.execute(f"ALTER DATABASE {name} SET timezone TO 'Asia/Seoul'")
    with Store.open(postgresql_server.address(name), Sealer([KEY])) as store:
        add(store, "c")
        found = store.look(lambda tx: conversations.get_as_staff(tx, "c"))
        assert found.opened_at == NOW
        assert found.opened_at.utcoffset() == NOW.utcoffset()
