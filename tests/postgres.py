"""A real PostgreSQL for tests: a server of its own on a socket in a folder of its own, gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import psycopg

from donghaeng.store.engine import make_engine
from donghaeng.store.migrate import migrate

USER = "owner_of_tests"
PASSWORD = "p4ss-w0rd-of-the-test-database"
"""Tests look for it in whatever is told, written and logged."""
_TEMPLATE = "donghaeng_template"
_SPEED = {
    # What a test stores need not outlive a power cut of the test's machine.
    "fsync": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "shared_buffers": "32MB",
    "max_connections": "100",
}


def binaries() -> Path:
    """The folder of initdb, pg_ctl, pg_dump; Debian keeps them apart from the path."""
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / "initdb").is_file():
            return folder
    found = shutil.which("initdb")
    assert found is not None, "PostgreSQL is absent: python -m tools.system_packages"
    return Path(found).parent


class Server:
    """A PostgreSQL server. It starts when it is made."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="donghaeng-pg-"))
        self._lock = threading.Lock()
        self._number = 0
        self._user = self._other_user()
        if self._user is not None:
            shutil.chown(self.folder, self._user)
        secret = self.folder / "password"
        secret.write_text(PASSWORD)
        if self._user is not None:
            shutil.chown(secret, self._user)
        self._run(
            "initdb",
            f"--pgdata={self._data}",
            f"--username={USER}",
            f"--pwfile={secret}",
            "--auth=password",
            "--locale=C.UTF-8",
            "--no-sync",
        )
        with (self._data / "postgresql.conf").open("a") as settings:
            settings.write(f"listen_addresses = ''\nunix_socket_directories = '{self.folder}'\n")
            settings.writelines(f"{name} = {value}\n" for name, value in _SPEED.items())
        self.start()

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    @staticmethod
    def _other_user() -> str | None:
        """PostgreSQL refuses to run as root."""
        if os.geteuid() != 0:
            return None
        known = {one.pw_name for one in pwd.getpwall()}
        return "postgres" if "postgres" in known else "nobody"

    def _run(self, command: str, *arguments: str, check: bool = True) -> None:
        done = subprocess.run(
            [str(binaries() / command), *arguments],
            user=self._user,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
        assert done.returncode == 0 or not check, done.stderr

    def start(self) -> None:
        """Start it (again) and wait until it answers."""
        self._run(
            "pg_ctl", "start", "--wait", f"--pgdata={self._data}", f"--log={self.folder / 'log'}", "--silent"
        )

    def stop(self, mode: str = "fast") -> None:
        """Stop it: ``fast`` ends every connection, ``immediate`` is a crash."""
        self.__dict__.pop("_admin", None)
        self._run("pg_ctl", "stop", f"--mode={mode}", f"--pgdata={self._data}", "--wait", check=False)

    def remove(self) -> None:
        """Stop it, and remove all that it held."""
        self.stop("immediate")
        shutil.rmtree(self.folder, ignore_errors=True)

    def address(self, database: str, *, user: str = USER, password: str = PASSWORD) -> str:
        """The SQLAlchemy address of a database, with its password."""
        return f"postgresql://{user}:{password}@/{database}?host={self.folder}"

    def libpq(self, database: str) -> str:
        """The same for psycopg and PostgreSQL's own programs."""
        return f"host={self.folder} dbname={database} user={USER} password={PASSWORD}"

    @cached_property
    def _admin(self) -> psycopg.Connection[Any]:
        return psycopg.connect(self.libpq("postgres"), autocommit=True)

    def execute(self, statement: str) -> None:
        """Run a statement on the server, outside every database of the tests."""
        with self._lock:
            self._admin.execute(statement)  # type: ignore[arg-type]

    def empty(self) -> str:
        """The name of a new database without tables."""
        return self._create("template0")

    def migrated(self) -> str:
        """The name of a new database with the tables of this version."""
        self._template  # noqa: B018 - made once
        return self._create(_TEMPLATE)

    def drop(self, name: str) -> None:
        """Remove a database, whoever is connected to it."""
        self.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    @cached_property
    def _template(self) -> None:
        self.execute(f"CREATE DATABASE {_TEMPLATE} TEMPLATE template0")
        engine = make_engine(self.address(_TEMPLATE), synchronous="FULL")
        migrate(engine)
        engine.dispose()

    def _create(self, template: str) -> str:
        with self._lock:
            self._number += 1
            name = f"test_{self._number}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name


_servers: list[Server] = []
_starting = threading.Lock()


def server() -> Server:
    """The server of this test process, started when it is first wanted."""
    with _starting:
        if not _servers:
            _servers.append(Server())
        return _servers[0]


def remove_server() -> None:
    """At the end of the test process."""
    while _servers:
        _servers.pop().remove()


@contextmanager
def fresh(*, migrated: bool = True) -> Iterator[str]:
    """The address of a database of its own while the block runs."""
    name = server().migrated() if migrated else server().empty()
    try:
        yield server().address(name)
    finally:
        server().drop(name)
