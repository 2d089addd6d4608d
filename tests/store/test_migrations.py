"""Migrations, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, MetaData, inspect, text
from tests import postgres
from tests.conftest import CHECKOUT
from tests.store.rows import contents, fill

from donghaeng.store import Store, migrate
from donghaeng.store.engine import make_engine
from donghaeng.store.tables import metadata
from donghaeng.trust.sealing import Sealer

pytestmark = pytest.mark.databases


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/a.db"
        return
    with postgres.fresh(migrated=False) as made:
        yield made


@pytest.fixture
def engine(address: str) -> Iterator[Engine]:
    made = make_engine(address, synchronous="FULL")
    yield made
    made.dispose()


def revisions() -> list[str]:
    """Every revision, the newest first."""
    scripts = ScriptDirectory(str(Path(migrate.__file__).with_name("migrations")))
    return [one.revision for one in scripts.walk_revisions()]


def guards(engine: Engine) -> int:
    """How many triggers and functions there are."""
    query = {
        "sqlite": "SELECT count(*) FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT count(*) FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
    }[engine.dialect.name]
    with engine.connect() as connection:
        return int(connection.execute(text(query)).scalar_one())


def test_the_head_named_in_the_module_is_alembics() -> None:
    assert revisions()[0] == migrate.HEAD


def test_all_is_there_after_all_ways_and_gone_after_the_last(engine: Engine) -> None:
    migrate.migrate(engine)
    made = guards(engine)
    assert made > 0
    assert set(metadata.tables) <= set(inspect(engine).get_table_names())
    migrate.migrate(engine, migrate.EMPTY)
    assert inspect(engine).get_table_names() == ["alembic_version"]
    assert guards(engine) == 0
    migrate.migrate(engine)
    assert set(metadata.tables) <= set(inspect(engine).get_table_names())
    assert guards(engine) == made


def test_every_step_down_and_up_keeps_the_rows_of_what_stays(engine: Engine) -> None:
    """Down to each revision and up again: what that revision knows is as it was, the rest is empty."""
    migrate.migrate(engine)
    with engine.begin() as connection:
        fill(connection)
        whole = contents(connection)
    first = set()
    for target in revisions()[1:]:
        migrate.migrate(engine, target)
        known = set(inspect(engine).get_table_names())
        columns = {name: {one["name"] for one in inspect(engine).get_columns(name)} for name in known}
        migrate.migrate(engine)
        with engine.connect() as connection:
            found = contents(connection)
        for name, rows in whole.items():
            kept = [
                {key: value for key, value in row.items() if key in columns[name]}
                for row in (rows if name in known else [])
            ]
            again = [
                {key: value for key, value in row.items() if not kept or key in columns[name]}
                for row in found[name]
            ]
            assert again == kept, (target, name)
        first = known
    assert "conversations" in first


def test_a_failed_migration_leaves_nothing(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    from alembic import command

    real = command.upgrade

    def broken(*arguments: object) -> None:
        real(*arguments)  # type: ignore[arg-type]
        raise RuntimeError("power cut")

    monkeypatch.setattr(command, "upgrade", broken)
    with pytest.raises(RuntimeError):
        migrate.migrate(engine)
    assert inspect(engine).get_table_names() == []


def test_processes_that_start_together_agree(address: str) -> None:
    def start(_: int) -> None:
        with Store.open(address, Sealer([b"k" * 32])) as store:
            store.ping()

    with ThreadPoolExecutor(6) as pool:
        assert len(list(pool.map(start, range(6)))) == 6


def test_a_process_killed_half_way_leaves_what_was_there(address: str, engine: Engine) -> None:
    migrate.migrate(engine, "0004")
    older = MetaData()
    older.reflect(engine, only=["conversations", "events"])
    with engine.begin() as connection:
        fill(connection, older)
        before = contents(connection, older)
    command = [sys.executable, "-m", "tests.store.half_way", address]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=CHECKOUT) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "half way\n"
        process.kill()
    with engine.connect() as connection:
        assert migrate.revision(connection) == "0004"
        assert contents(connection, older) == before
    migrate.migrate(engine)
    assert set(metadata.tables) <= set(inspect(engine).get_table_names())
