"""`donghaeng database …`: copy it to another one, back it up."""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from donghaeng.app.records import vault_keys_of
from donghaeng.errors import InputError, StoreError
from donghaeng.settings import load_settings
from donghaeng.store import Transaction, copying, standing
from donghaeng.store.engine import check_address, make_engine, without_password
from donghaeng.store.migrate import HEAD, revision
from donghaeng.trust.sealing import make_sealer


@click.group()
def database() -> None:
    """The records: copy them to another database, back them up (docs/operations.md).

    \b
    Examples:
      DONGHAENG_DATABASE=postgresql://… donghaeng database copy --from data/donghaeng.db
      donghaeng database backup /backup/donghaeng-2026-11-23.db
      pg_dump … && donghaeng database backed-up
    """


@database.command()
@click.option("--from", "source", required=True, help="An SQLite file, or an SQLAlchemy address.")
@click.option("--to", "target", help="The same; DONGHAENG_DATABASE when left out, which shows no password.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a table.")
def copy(source: str, target: str | None, as_json: bool) -> None:
    """Copy every record to a database without records: all of it, or nothing.

    Stop the servers first: the source takes no writes meanwhile, and what they wrote there afterwards would
    not be in the copy. Counts and hashes of every table are compared before the copy is kept.
    """
    settings = load_settings()
    into = target or settings.database
    if into is None:
        raise InputError("no target is named", remedy="set DONGHAENG_DATABASE, or name one with --to")
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, int] = {}

        def told(table: str, done: int, total: int) -> None:
            if table not in tasks:
                tasks[table] = bar.add_task(table, total=total)
            bar.update(tasks[table], completed=done)  # type: ignore[arg-type]

        copied = copying.copy(_address(source), _address(into), told)
    if as_json:
        for one in copied:
            click.echo(json.dumps(asdict(one)))
        return
    shown = Table("table", "rows", "sha-256 of rows, summed")
    for one in copied:
        shown.add_row(one.name, str(one.rows), one.digest[:16])
    Console().print(shown)
    rows = sum(one.rows for one in copied)
    click.echo(
        f"{rows} rows of {len(copied)} tables are in {without_password(_address(into))} and were compared."
    )


@database.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(file: Path) -> None:
    """Write the records to FILE while the server runs. SQLite only: PostgreSQL has pg_dump.

    The key that opens what is sealed is not in it: keep `key` of the data folder elsewhere.
    """
    address = load_settings().database_url
    url = make_url(address)
    if url.get_backend_name() != "sqlite":
        raise InputError(
            "the records are in PostgreSQL", remedy="use pg_dump --format=custom (docs/operations.md)"
        )
    if not Path(str(url.database)).is_file():
        raise InputError(
            f"{url.database}: no such database", remedy="set DONGHAENG_DATA or DONGHAENG_DATABASE"
        )
    if file.exists():
        raise InputError(f"{file} is there already", remedy="name a file that is not")
    try:
        # Sealed or not, records are for nobody else of this machine.
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        with closing(sqlite3.connect(str(url.database))) as source, closing(sqlite3.connect(file)) as kept:
            source.backup(kept)
            found = kept.execute("PRAGMA integrity_check").fetchone()[0]
    except (OSError, sqlite3.Error) as error:
        file.unlink(missing_ok=True)
        raise StoreError(f"{file}: {error}", remedy="make room, or name another file") from error
    if found != "ok":
        file.unlink()
        raise StoreError(
            f"the copy is damaged: {found}", remedy="restore the last backup (docs/operations.md)"
        )
    if not _note_backup():
        click.echo("The database took no note of it: the status page will not know.", err=True)
    click.echo(f"{file}: {file.stat().st_size} bytes, checked. Keep the key of the data folder elsewhere.")


@database.command(name="backed-up")
def backed_up() -> None:
    """Note that the records have just been backed up by other means, such as pg_dump.

    `donghaeng database backup` notes itself. The console's status page, `donghaeng doctor` and the gauge
    donghaeng_backup_age_seconds tell how long ago it was.
    """
    if not _note_backup():
        raise StoreError("the database took no note", remedy="start this version once, then note it again")
    click.echo("Noted: the records were backed up just now.")


def _note_backup() -> bool:
    """Note it; False where the database is of another version, locked or gone. Never brings it to this
    version: a backup is made before that."""
    settings = load_settings()
    sealer = make_sealer(settings.key.get_secret_value() if settings.key else None, settings.data)
    engine = make_engine(settings.database_url, synchronous="FULL")
    try:
        with engine.begin() as connection:
            if revision(connection) != HEAD:
                return False
            tx = Transaction(connection, sealer, vault_keys_of(settings))
            standing.note_backup(tx, datetime.now(UTC))
    except SQLAlchemyError:
        return False
    finally:
        engine.dispose()
    return True


def _address(given: str) -> str:
    address = given if "://" in given else f"sqlite:///{given}"
    check_address(address)
    return address
