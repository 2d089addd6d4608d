"""`donghaeng register …`: the register of AI systems (docs/control-tower.md)."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from donghaeng.app.application import open_application, seoul_now
from donghaeng.app.own_record import keep_own, running
from donghaeng.app.records import open_store
from donghaeng.app.registers import open_register
from donghaeng.cli.user import user_name
from donghaeng.errors import UnknownRecord
from donghaeng.settings import load_settings
from donghaeng.tower.register import atrs, dutch, feed
from donghaeng.tower.register.importing import Read, read_records
from donghaeng.tower.register.json_schema import json_schema
from donghaeng.tower.register.publishing import Shown
from donghaeng.tower.register.register import OWN, Entry, Register
from donghaeng.tower.register.stages import STAGES
from donghaeng.tower.register.tables import to_csv

FORMATS = ("atrs", "csv", "nl", "own", "schema")


@click.group()
def register() -> None:
    """The register of AI systems: what each is, who answers for it, what is missing.

    \b
    Examples:
      donghaeng register list
      donghaeng register show donghaeng --missing
      donghaeng register self
      donghaeng register import other-register.csv --check
      donghaeng register export --format csv --out register.csv
      donghaeng register export donghaeng --format nl
    """


@register.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a record.")
def list_(as_json: bool) -> None:
    """Show every record: its stage, its newest version, the public one, how much is missing.

    \b
    Example:
      donghaeng register list --json
    """
    with _open() as found:
        entries = found.entries()
    if as_json:
        for one in entries:
            click.echo(json.dumps(_told(one), ensure_ascii=False))
        return
    table = Table("record", "name", "stage", "version", "public", "missing")
    for one in entries:
        out = "-" if one.out is None else str(one.out)
        table.add_row(
            one.id, one.name, STAGES[one.stage], str(one.newest.version), out, str(len(one.missing))
        )
    Console().print(table)


@register.command()
@click.argument("record")
@click.option("--version", type=click.IntRange(min=1), help="This version; the newest if not set.")
@click.option("--against", type=click.IntRange(min=0), help="Show what changed since that version instead.")
@click.option("--missing", "only_missing", is_flag=True, help="Show what is missing at its stage instead.")
def show(record: str, version: int | None, against: int | None, only_missing: bool) -> None:
    """Show a record as JSON, what changed in it, or what it lacks.

    \b
    Examples:
      donghaeng register show donghaeng
      donghaeng register show donghaeng --missing
      donghaeng register show donghaeng --against 1
    """
    with _open() as found:
        if only_missing:
            for one in found.entry(record).missing:
                click.echo(f"{one.field}\t{one.title}")
            return
        row, values = found.version(record, version)
        if against is not None:
            for change in found.difference(record, against, row.version):
                click.echo(change.sentence)
            return
    told = {"id": record, "version": row.version, "at": row.at.isoformat(), "by": row.by, **values}
    click.echo(json.dumps(told, ensure_ascii=False, indent=2))


@register.command(name="import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--check", "only_check", is_flag=True, help="Judge the file and write nothing.")
@click.option("--good-rows", is_flag=True, help="Write what fits although other rows do not.")
@click.option("--note", default="", help="Why, for the record's history.")
def import_(file: Path, only_check: bool, good_rows: bool, note: str) -> None:
    """Read records from a JSON or CSV file in ATRS v1.1, Dutch or our own fields.

    A row with an id that is known becomes its next version; the same again changes nothing. Unless
    --good-rows is given nothing is written where a row does not fit; exit status 1 then. A record is public
    only when somebody else lets it out (/console/register).

    \b
    Examples:
      donghaeng register import atrs.csv --check
      donghaeng register import records.json --note "from the districts"
    """
    with _open() as found:
        rows = read_records(found.schema, file.read_bytes())
        bad = [one for one in rows if one.faults] + _doubled(rows)
        for one in bad:
            for fault in one.faults or ("같은 번호가 이 파일에 두 번 있어요.",):
                click.echo(f"{one.place} {one.record}: {fault}", err=True)
        good = [one for one in rows if one not in bad]
        if only_check or (bad and not good_rows):
            click.echo(f"{len(good)} records fit, {len(bad)} do not; nothing written")
        else:
            written = sum(_write(found, one, note or f"import {file.name}") for one in good)
            click.echo(f"{written} records written, {len(good) - written} unchanged, {len(bad)} refused")
    if bad:
        sys.exit(1)


@register.command()
@click.argument("record", required=False)
@click.option("--format", "kind", type=click.Choice(FORMATS), default="atrs", show_default=True)
@click.option("--public", is_flag=True, help="Public records and fields alone, as /registry shows them.")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="File; standard output if not set."
)
def export(record: str | None, kind: str, public: bool, out: Path | None) -> None:
    """Write records, one or all, in others' fields or ours; `schema` is the JSON Schema of ours.

    Without --public the newest versions go out, drafts and fields that are not public among them; persons'
    names and contacts too.

    \b
    Examples:
      donghaeng register export --format csv --out register.csv
      donghaeng register export donghaeng --format nl --public
      donghaeng register export --format schema
    """
    with _open() as found:
        if kind == "schema":
            text = json.dumps(json_schema(found.schema), ensure_ascii=False, indent=2) + "\n"
        else:
            records = found.published() if public else _all(found)
            chosen = [one for one in records if record in {None, one.id}]
            if record is not None and not chosen:
                raise UnknownRecord(f"no record {record}", remedy="see donghaeng register list")
            text = _written(found, chosen, kind, alone=record is not None)
    if out is None:
        click.echo(text, nl=False)
        return
    out.write_text(text, encoding="utf-8", newline="")
    click.echo(f"written to {out}", err=True)


@register.command(name="self")
@click.option("--speech/--no-speech", default=True, show_default=True, help="Load the speech engines too.")
def self_(speech: bool) -> None:
    """Write Donghaeng's own record from what runs with these settings, and show what nobody has written yet.

    \b
    Example:
      donghaeng register self
    """
    asyncio.run(_write_own(speech=speech))


async def _write_own(*, speech: bool) -> None:
    settings = load_settings()
    async with open_application(settings, speech=speech, words=False, watch=False) as application:
        found = open_register(settings, application.store, seoul_now)
        row = await asyncio.to_thread(lambda: keep_own(found, running(application, seoul_now())))
        entry = found.entry(OWN)
    click.echo("nothing has changed" if row is None else f"version {row.version} written")
    click.echo(f"{len(entry.missing)} fields are missing at the stage {STAGES[entry.stage]}:")
    for one in entry.missing:
        click.echo(f"  {one.field}\t{one.title}")


def _told(one: Entry) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "stage": one.stage,
        "version": one.newest.version,
        "public": one.out,
        "archived": one.archived,
        "missing": [gap.field for gap in one.missing],
    }


def _doubled(rows: Sequence[Read]) -> list[Read]:
    """Rows whose id an earlier row of the file has."""
    seen: set[str] = set()
    found = []
    for one in rows:
        if not one.faults and one.record in seen:
            found.append(one)
        seen.add(one.record)
    return found


def _write(found: Register, one: Read, note: str) -> bool:
    """Whether a version was written. What the file does not speak of stays as it is."""
    base = 0
    before: Mapping[str, Any] = {}
    with suppress(UnknownRecord):
        row, before = found.version(one.record)
        base = row.version
    values = {**before, **one.values}
    return found.save(one.record, values, by=_by(), base=base, note=note).version != base


def _all(found: Register) -> list[Shown]:
    """Every record's newest version, whole."""
    return [
        Shown(one.id, one.newest.version, one.newest.at, one.stage, one.values) for one in found.entries()
    ]


def _written(found: Register, records: Sequence[Shown], kind: str, *, alone: bool) -> str:
    schema = found.schema
    if kind == "csv":
        return to_csv([atrs.to_atrs(schema, one.id, one.values, one.phase) for one in records])
    if kind == "own":
        documents: list[dict[str, Any]] = [feed.as_document(one) for one in records]
    elif kind == "nl":
        documents = [dutch.to_dutch(schema, one.id, one.values, one.dutch_status) for one in records]
    else:
        documents = [atrs.to_atrs(schema, one.id, one.values, one.phase) for one in records]
    told: Any = documents[0] if alone else {"records": documents}
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def _by() -> str:
    return f"command:{user_name()}"[:64]


@contextmanager
def _open() -> Iterator[Register]:
    settings = load_settings()
    with open_store(settings) as store:
        yield open_register(settings, store, lambda: datetime.now(UTC))
