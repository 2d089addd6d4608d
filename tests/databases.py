"""On which database the tests' stores are: SQLite, or with ``--database=postgresql`` PostgreSQL.

A test opens its store on SQLite, in a file or in memory. On PostgreSQL each such address stands for a
database of its own, cloned from a migrated one, so that the very same tests run on both. Tests marked
``sqlite`` are about what SQLite alone has, those marked ``databases`` choose for themselves; both are left
out there.

On SQLite an empty database gets a copy of a migrated one likewise.

The run on SQLite notes which tests open a store; ``--store-tests`` runs those alone.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections import Counter
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event, inspect, make_url, text
from tests import postgres

from donghaeng.store import engine as engines
from donghaeng.store import store as stores
from donghaeng.store.migrate import migrate

_NOTES = "store-tests"
_CASES = 3
"""Of a test with many cases the first ones: the others differ in what is said, not in what is stored."""
_MOST_SECONDS = 4.0
"""CPU time on SQLite beyond which a test is about learning or models; those marked ``store`` run anyway."""
_BEGAN = pytest.StashKey[float]()
_LEFT_OUT = ("audio", "browser")
"""Marks of tests that look for minutes at a sound or a page; the store behind them is looked at elsewhere."""

_made: dict[str, str] = {}
"""Path of an SQLite file → name of the PostgreSQL database that stands for it."""
_openers: set[str] = set()
"""Tests that opened a store."""
_open: dict[int, str] = {}
"""Every engine that is open → the file of the test that opened it."""
_making = threading.Lock()
_run = SimpleNamespace(on_postgresql=False)


def on_postgresql() -> bool:
    """Whether the stores of this run are on PostgreSQL."""
    found: bool = _run.on_postgresql
    return found


def standing_for(address: str) -> str:
    """The address at which a store is opened where a test names ``address``; for processes of their own."""
    if not on_postgresql() or not address.startswith("sqlite:"):
        return address
    url = make_url(address)
    if _in_memory(address):
        return postgres.server().address(postgres.server().migrated())
    path = str(Path(str(url.database)).absolute())
    with _making:
        if path not in _made:
            _made[path] = postgres.server().migrated()
        return postgres.server().address(_made[path])


def stored_bytes(file: Path) -> bytes:
    """Everything that the database has written: SQLite's files, or every value of every row."""
    if not on_postgresql():
        return b"".join(one.read_bytes() for one in sorted(file.parent.glob(f"{file.name}*")))
    engine = engines.make_engine(standing_for(f"sqlite:///{file}"), synchronous="FULL")
    found: list[bytes] = []
    with engine.connect() as connection:
        for table in inspect(connection).get_table_names():
            for row in connection.execute(text(f'SELECT * FROM "{table}"')):
                found += [bytes(one) if isinstance(one, bytes) else str(one).encode() for one in row]
    engine.dispose()
    return b"\n".join(found)


def add_options(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=("sqlite", "postgresql"),
        default="sqlite",
        help="where the tests' stores are",
    )
    parser.addoption(
        "--store-tests",
        action="store_true",
        help="only tests that opened a store in the run before: no sound, no page, few cases, quick ones",
    )


def begin(config: pytest.Config) -> None:
    """Let every store be opened on the database of this run, and note who opens one."""
    _run.on_postgresql = config.getoption("--database") == "postgresql"
    if not on_postgresql() and not hasattr(config, "workerinput"):
        for old in _notes(config).glob("*.txt"):
            old.unlink()
    make = engines.make_engine

    def make_noted(address: str, *, synchronous: Any) -> Engine:
        real = standing_for(address)
        engine = make(real, synchronous=synchronous)
        test = os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" (")[0]
        _openers.add(test)
        _open[id(engine)] = _file_of(test)

        @event.listens_for(engine, "engine_disposed")
        def _closed(closed: Engine) -> None:
            _open.pop(id(closed), None)
            if real != address and _in_memory(address):
                postgres.server().drop(str(make_url(real).database))

        return engine

    stores.make_engine = make_noted
    stores.migrate = _migrate_quickly


def _migrate_quickly(engine: Engine) -> None:
    """As a store migrates when it is opened, but an empty SQLite database gets a copy of a migrated one: to
    run every migration takes longer than most tests of a store. They have tests of their own."""
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            if connection.execute(text("SELECT count(*) FROM sqlite_master")).scalar() == 0:
                connection.rollback()
                _migrated().backup(_driver(connection))
    migrate(engine)


@cache
def _migrated() -> sqlite3.Connection:
    """A migrated database without a row, in memory."""
    engine = engines.make_engine("sqlite://", synchronous="FULL")
    migrate(engine)
    made = sqlite3.connect(":memory:", check_same_thread=False)
    with engine.connect() as connection:
        _driver(connection).backup(made)
    engine.dispose()
    return made


def _driver(connection: Connection) -> sqlite3.Connection:
    found = connection.connection.driver_connection
    assert isinstance(found, sqlite3.Connection)
    return found


def before_setup(item: pytest.Item) -> None:
    item.stash[_BEGAN] = time.process_time()


def before_teardown(item: pytest.Item) -> None:
    """Note a test that had a store, its own or one that its file's tests share, and the CPU time it took."""
    if not on_postgresql() and (item.nodeid in _openers or _file_of(item.nodeid) in _open.values()):
        worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        with (_notes(item.config) / f"{worker}.txt").open("a") as notes:
            notes.write(f"{time.process_time() - item.stash[_BEGAN]:.2f} {item.nodeid}\n")


def after_teardown(item: pytest.Item, following: pytest.Item | None) -> None:
    """Remove the databases that nobody needs any more."""
    over = following is None or _file_of(following.nodeid) != _file_of(item.nodeid)
    for path, name in list(_made.items()):
        if over or not Path(path).parent.exists():
            postgres.server().drop(name)
            del _made[path]


def choose(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is not to run on this database."""
    chosen = list(items)
    if on_postgresql():
        chosen = [one for one in chosen if not _has(one, "sqlite", "databases")]
    if config.getoption("--store-tests"):
        notes = [file.read_text().splitlines() for file in _notes(config).glob("*.txt")]
        if not notes:
            raise pytest.UsageError(
                "no run on SQLite has noted which tests open a store; run the tests first"
            )
        took = {name: float(seconds) for lines in notes for seconds, _, name in map(_parts, lines)}
        noted = [one for one in chosen if one.nodeid in took and not _has(one, *_LEFT_OUT)]
        chosen = _first_cases(
            [one for one in noted if took[one.nodeid] <= _MOST_SECONDS or _has(one, "store")]
        )
    left_out = [one for one in items if one not in set(chosen)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = chosen


def _first_cases(items: list[pytest.Item]) -> list[pytest.Item]:
    seen: Counter[str] = Counter()
    chosen = []
    for item in items:
        test = item.nodeid.partition("[")[0]
        seen[test] += 1
        if seen[test] <= _CASES:
            chosen.append(item)
    return chosen


def _in_memory(address: str) -> bool:
    return make_url(address).database in (None, "", ":memory:")


def _file_of(test: str) -> str:
    return test.partition("::")[0]


def _parts(line: str) -> tuple[str, str, str]:
    return line.partition(" ")


def _has(item: pytest.Item, *marks: str) -> bool:
    return any(item.get_closest_marker(mark) is not None for mark in marks)


def _notes(config: pytest.Config) -> Path:
    assert config.cache is not None
    return Path(config.cache.mkdir(_NOTES))


def drop_trigger(transaction: Any, table: str, name: str) -> None:
    """Take a guard of a table away, on either database; nothing where it has none of that name."""
    on = f" ON {table}" if transaction.connection.dialect.name == "postgresql" else ""
    transaction.connection.execute(text(f"DROP TRIGGER IF EXISTS {name}{on}"))
