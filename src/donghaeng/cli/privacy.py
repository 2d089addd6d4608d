"""`donghaeng privacy …`: destroy what is due, check the records, give or erase what is a citizen's own."""

from __future__ import annotations

import json
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any, TextIO

import click
from rich.console import Console
from rich.table import Table

from donghaeng.app.application import seoul_now
from donghaeng.app.records import open_store
from donghaeng.cli.user import user_name
from donghaeng.conversation import data_subject
from donghaeng.conversation.data_subject import Asked
from donghaeng.errors import InputError
from donghaeng.settings import load_settings
from donghaeng.store import accesses, destructions
from donghaeng.store.chain import Verdict
from donghaeng.store.retaining import destroy_due
from donghaeng.trust.retention import load_retention

BROKEN_STATUS = 1


@click.group()
def privacy() -> None:
    """Personal data: what is due goes, what was done is recorded, a citizen gets theirs.

    \b
    Examples:
      donghaeng privacy retain --dry-run
      donghaeng privacy verify
      donghaeng privacy export DH/SEL-20261123-0001 --out copy.json
      donghaeng privacy erase DH/SEL-20261123-0001
      donghaeng privacy stop-seeing DH/SEL-20261123-0001
    """


@privacy.command()
@click.option("--dry-run", is_flag=True, help="Destroy nothing; say how much would be.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
def retain(dry_run: bool, as_json: bool) -> None:
    """Destroy every record whose period is over, and write it into the ledger.

    The server does the same once a day. Doing it again destroys nothing more.
    """
    settings = load_settings()
    rules = load_retention(settings.catalogue)

    def progress(kind: str, count: int) -> None:
        if sys.stderr.isatty():
            click.echo(f"{kind}: {count}", err=True)

    with open_store(settings) as store:
        found = destroy_due(store, rules, seoul_now(), settings.data, dry_run=dry_run, progress=progress)
    if as_json:
        for due in found:
            click.echo(json.dumps({**asdict(due), "law": rules[due.kind].law, "destroyed": not dry_run}))
        return
    table = Table("kind", "due" if dry_run else "destroyed", "law")
    for due in found:
        table.add_row(due.kind, str(due.count), rules[due.kind].law)
    Console().print(table)


@privacy.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
@click.pass_context
def verify(ctx: click.Context, as_json: bool) -> None:
    """Look through the record of accesses and the ledger; names the first line that does not hold.

    Leaves with status 1 if one does not.
    """
    with open_store(load_settings()) as store:
        verdicts = {
            "accesses": store.look(accesses.verify),
            "destructions": store.look(destructions.verify),
        }
    for name, verdict in verdicts.items():
        click.echo(
            json.dumps({"record": name, **asdict(verdict)}) if as_json else f"{name}: {_told(verdict)}"
        )
    ctx.exit(BROKEN_STATUS if any(one.broken is not None for one in verdicts.values()) else 0)


@privacy.command()
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True)
def ledger(limit: int) -> None:
    """The newest lines of the ledger of destroyed data, one JSON object a line."""
    with open_store(load_settings()) as store:
        rows = store.look(lambda tx: destructions.newest(tx, limit=limit))
    for row in rows:
        click.echo(json.dumps({**asdict(row), "at": row.at.isoformat()}, ensure_ascii=False))


@privacy.command()
@click.argument("name")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="A new file instead of the screen."
)
def export(name: str, out: Path | None) -> None:
    """Everything that is held about NAME, a receipt number or a conversation, as JSON.

    Who asked was checked before. The export is recorded as an access.
    """
    with _new_file(out) as file, open_store(load_settings()) as store:
        asked = _asked()
        found = store.run(
            lambda tx: [
                data_subject.export(tx, one, asked) for one in data_subject.conversations_of(tx, name)
            ]
        )
        text = json.dumps(found, ensure_ascii=False, indent=2, default=_plain)
        click.echo(text, file=file)
    if out is not None:
        click.echo(f"{out}: {len(found)} conversation(s)")


@privacy.command()
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask again.")
def erase(name: str, yes: bool) -> None:
    """Erase everything about NAME, a receipt number or a conversation; says what the law keeps."""
    with open_store(load_settings()) as store:
        wanted = store.look(lambda tx: data_subject.conversations_of(tx, name))
        if not yes:
            click.confirm(f"Erase {len(wanted)} conversation(s) for ever?", abort=True)
        asked = _asked()
        kept: dict[str, str] = {}
        for one in wanted:
            kept |= store.run(partial(data_subject.erase, conversation_id=one, asked=asked))
        store.forget_deleted()
    click.echo(f"{len(wanted)} conversation(s) are erased. Kept:")
    for kind, why in kept.items():
        click.echo(f"  {kind}: {why}")


@privacy.command()
@click.argument("name")
def stop_seeing(name: str) -> None:
    """Let nobody see along any longer what was requested under NAME, a receipt number or a conversation.

    A citizen ends it by voice ("이제 못 보게 해 줘"); this is for one who cannot. `export` tells who sees.
    """
    with open_store(load_settings()) as store:
        asked = _asked()
        found = store.run(
            lambda tx: [
                who
                for one in data_subject.conversations_of(tx, name)
                for who in data_subject.stop_seeing(tx, one, asked)
            ]
        )
    click.echo(f"{len(found)} see nothing any more: {', '.join(found)}" if found else "nobody saw anything")


def _told(verdict: Verdict) -> str:
    if verdict.broken is not None:
        return f"line {verdict.broken} does not hold: {verdict.why}"
    end = "" if verdict.sealed else " (the end is sealed with the next line)"
    return f"{verdict.rows} lines hold{end}; the last is {verdict.head[:16] or '-'}"


def _asked() -> Asked:
    """The account on this machine: whoever may run commands here is known to it by that name."""
    return Asked(seoul_now(), f"cli:{user_name()}"[:32], socket.gethostname()[:64])


@contextmanager
def _new_file(path: Path | None) -> Iterator[TextIO | None]:
    """A file that only its owner reads, taken away again where nothing came of it; None for the screen."""
    if path is None:
        yield None
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("x", encoding="utf-8")
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}", remedy="name a new file with --out") from error
    try:
        with file:
            path.chmod(0o600)
            yield file
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _plain(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
