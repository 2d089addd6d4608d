"""SQLite → PostgreSQL and back: everything arrives and is compared, or nothing is there."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Connection, text
from tests.postgres import PASSWORD, fresh
from tests.store.rows import FIRST, PER_TABLE, contents, fill

from donghaeng.cli.database import database as commands
from donghaeng.errors import InputError, StoreError
from donghaeng.store import Store, accesses, copying, handover_lines, migrate
from donghaeng.store import engine as engine_module
from donghaeng.store.copying import copy
from donghaeng.store.engine import make_engine, without_password
from donghaeng.store.handover_lines import LineRow
from donghaeng.store.tables import metadata
from donghaeng.trust.sealing import Sealer

pytestmark = pytest.mark.databases
KEY = b"k" * 32


@pytest.fixture
def source(tmp_path: Path) -> str:
    """An SQLite database with rows in every table."""
    address = f"sqlite:///{tmp_path}/source.db"
    with work_on(address) as connection:
        fill(connection)
    return address


@pytest.fixture
def empty() -> Iterator[str]:
    with fresh(migrated=False) as address:
        yield address


@contextmanager
def work_on(address: str) -> Iterator[Connection]:
    engine = make_engine(address, synchronous="FULL")
    migrate.migrate(engine)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def rows_of(address: str) -> dict[str, list[dict[str, object]]]:
    with work_on(address) as connection:
        return contents(connection)


def test_there_and_back_every_row_is_the_same(source: str, empty: str, tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    there = copy(source, empty, lambda *step: told.append(step))
    back = copy(empty, f"sqlite:///{tmp_path}/back.db")
    assert rows_of(source) == rows_of(empty) == rows_of(f"sqlite:///{tmp_path}/back.db")
    assert there == back
    assert {one.name: one.rows for one in there} == dict.fromkeys(metadata.tables, PER_TABLE)
    assert len({one.digest for one in there}) == len(there)
    for name in metadata.tables:
        mine = [(done, total) for table, done, total in told if table == name]
        assert mine[0] == (0, 2 * PER_TABLE)
        assert mine[-1] == (2 * PER_TABLE, 2 * PER_TABLE)


def test_numbers_go_on_after_those_of_erased_rows(source: str, empty: str, tmp_path: Path) -> None:
    with work_on(source) as connection:
        connection.execute(text("DELETE FROM handover_lines WHERE seq = 3"))
    copy(source, empty)
    copy(empty, f"sqlite:///{tmp_path}/back.db")
    for address in (empty, f"sqlite:///{tmp_path}/back.db"):
        with plain(address) as store:
            seq = store.run(lambda tx: handover_lines.add(tx, line()))
            assert seq == 4
            store.run(lambda tx: accesses.note(tx, look()))
            assert store.look(lambda tx: len(accesses.newest(tx))) == PER_TABLE + 1


def line() -> LineRow:
    return LineRow("id-2-한글", "id-2-한글", "note", FIRST)


def look() -> accesses.AccessRow:
    return accesses.AccessRow(FIRST, "kim", "127.0.0.1", "c", "claim", "handover")


@contextmanager
def plain(address: str) -> Iterator[Store]:
    """A store over rows that no key has sealed."""
    store = Store(make_engine(address, synchronous="FULL"), Sealer([KEY]))
    yield store
    store.close()


def test_what_arrives_changed_is_not_kept(source: str, empty: str, monkeypatch: pytest.MonkeyPatch) -> None:
    real = copying.digest

    def other(connection, table, progress):
        rows, found = real(connection, table, progress)
        return rows, found if table.name != "requests" else "0" * 64

    monkeypatch.setattr(copying, "digest", other)
    with pytest.raises(StoreError, match="table requests: 3 rows were sent and 3 arrived"):
        copy(source, empty)
    assert not any(rows_of(empty).values())
    monkeypatch.undo()
    assert copy(source, empty)


def test_an_interrupted_copy_leaves_nothing_and_can_be_made_again(source: str, empty: str) -> None:
    def stop(table: str, done: int, total: int) -> None:
        if table == "handovers" and done == total:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        copy(source, empty, stop)
    assert not any(rows_of(empty).values())
    assert copy(source, empty)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        ("UPDATE conversations SET channel = 'a channel of far too many letters'", "too long"),
        ("UPDATE conversations SET home_district = 'a' || char(0)", "NUL"),
    ],
)
def test_what_postgresql_refuses_is_told_with_its_table(
    source: str, empty: str, spoil: str, said: str
) -> None:
    with work_on(source) as connection:
        connection.execute(text(spoil))
    with pytest.raises(StoreError, match=f"table conversations: .*{said}") as caught:
        copy(source, empty)
    assert "far too many" not in str(caught.value)
    assert not any(rows_of(empty).values())


def test_rows_are_never_mixed(source: str, empty: str, tmp_path: Path) -> None:
    copy(source, empty)
    with pytest.raises(InputError, match="holds rows already") as caught:
        copy(source, empty)
    assert PASSWORD not in str(caught.value)
    with pytest.raises(InputError, match="same database"):
        copy(source, source)
    with pytest.raises(InputError, match="no such database"):
        copy(f"sqlite:///{tmp_path}/absent.db", empty)
    assert not (tmp_path / "absent.db").exists()


def test_nobody_writes_to_the_source_meanwhile(source: str, empty: str, tmp_path: Path) -> None:
    refused = []

    def write(table: str, done: int, total: int) -> None:
        other = sqlite3.connect(tmp_path / "source.db", timeout=0)
        try:
            other.execute("DELETE FROM quotas")
        except sqlite3.OperationalError as error:
            refused.append(str(error))
        other.close()

    copy(source, empty, write)
    assert set(refused) == {"database is locked"}


def test_the_command_copies_into_the_database_of_the_settings(
    source: str, empty: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DONGHAENG_DATABASE", empty)
    done = CliRunner().invoke(commands, ["copy", "--from", str(tmp_path / "source.db")])
    assert done.exit_code == 0, done.output
    assert f"{PER_TABLE * len(metadata.tables)} rows of {len(metadata.tables)} tables" in done.output
    assert PASSWORD not in done.output
    assert rows_of(source) == rows_of(empty)


def test_a_backup_of_sqlite_is_whole_and_for_nobody_else(
    tmp_path: Path, source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DONGHAENG_DATABASE", source)
    monkeypatch.setenv("DONGHAENG_DATA", str(tmp_path))
    monkeypatch.setattr(engine_module, "BUSY_TIMEOUT_S", 0.05)
    kept = tmp_path / "kept.db"
    with work_on(source) as connection:
        connection.execute(text("UPDATE quotas SET used = 99"))
        done = CliRunner().invoke(commands, ["backup", str(kept)])
        assert done.exit_code == 0, done.output
    assert kept.stat().st_mode & 0o077 == 0
    assert rows_of(f"sqlite:///{kept}")["quotas"][0]["used"] == 1
    again = CliRunner().invoke(commands, ["backup", str(kept)])
    assert isinstance(again.exception, InputError)


def test_a_backup_is_noted_and_brings_no_database_to_another_version(
    tmp_path: Path, source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DONGHAENG_DATABASE", source)
    monkeypatch.setenv("DONGHAENG_DATA", str(tmp_path))
    done = CliRunner().invoke(commands, ["backup", str(tmp_path / "kept.db")], catch_exceptions=False)
    assert "no note" not in done.output
    with work_on(source) as connection:
        assert "backup/last" in connection.execute(text("SELECT name FROM store_facts")).scalars().all()
    engine = make_engine(source, synchronous="FULL")
    migrate.migrate(engine, "0013")
    done = CliRunner().invoke(commands, ["backup", str(tmp_path / "older.db")], catch_exceptions=False)
    assert done.exit_code == 0
    assert "no note" in done.output
    with engine.connect() as connection:
        assert migrate.revision(connection) == "0013"
    engine.dispose()
    noted = CliRunner().invoke(commands, ["backed-up"])
    assert isinstance(noted.exception, StoreError)


def test_a_password_is_shown_nowhere() -> None:
    for address in (
        f"postgresql://u:{PASSWORD}@h/d",
        f"postgresql://u@h/d?password={PASSWORD}&sslmode=require",
        f"postgresql://u@h/d?sslpassword={PASSWORD}",
        f"nonsense {PASSWORD}",
    ):
        assert PASSWORD not in without_password(address)
    assert "u" in without_password(f"postgresql://u:{PASSWORD}@h/d")
