"""`donghaeng key …`: the key that seals the records, and its change (docs/security/keys.md)."""

from __future__ import annotations

import json
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from donghaeng.app.records import open_store
from donghaeng.cli.key_status import BROKEN_STATUS, tell
from donghaeng.errors import SettingsError
from donghaeng.settings import Settings, load_settings
from donghaeng.store import resealing
from donghaeng.store.resealing import KeyUse
from donghaeng.trust.sealing import load_or_make_key, new_key, write_key_file

_NOTHING = KeyUse(0, 0)


@click.group()
def key() -> None:
    """The key that seals what citizens said: which keys are in use, a new one, and old rows under it.

    \b
    Examples:
      donghaeng key status
      donghaeng key new        # with the servers stopped
      donghaeng key reseal     # while they run
    """


@key.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def status(ctx: click.Context, as_json: bool) -> None:
    """How many values of the records each key seals. Leaves with status 1 where a key is missing."""
    with open_store(load_settings()) as store:
        ids, used = store.look(lambda tx: (tx.sealer.key_ids, resealing.uses(tx)))
    lost = sorted(set(used) - set(ids))
    if as_json:
        keys = {one: _told(used.get(one, _NOTHING)) for one in ids}
        missing = {one: _told(used[one]) for one in lost}
        click.echo(json.dumps({"current": ids[0], "keys": keys, "missing": missing}))
    else:
        uses = {one: used.get(one, _NOTHING) for one in ids}
        said = {
            one: f"{use.changeable} values, {use.kept} in records that are only added"
            for one, use in uses.items()
        }
        tell(
            "what citizens said, in the records",
            ids,
            said,
            {one: sum(_told(used[one]).values()) for one in lost},
        )
    ctx.exit(BROKEN_STATUS if lost else 0)


@key.command()
def new() -> None:
    """Put a new key before the others in the key file. Stop the servers first, and start them afterwards: one
    that runs cannot open what another seals with the new key."""
    file = _file(load_settings())
    keys = load_or_make_key(file)
    write_key_file(file, [new_key(), *keys])
    click.echo(
        f"{file}: a new key is in force, {len(keys)} older ones still open. Copy the file to its safe."
    )


@key.command()
def reseal() -> None:
    """Seal every value anew with the key in force, or finish what an interrupted run left. Servers that have
    the new key go on meanwhile."""
    with open_store(load_settings()) as store:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            tasks: dict[str, int] = {}

            def told(column: str, done: int, total: int) -> None:
                if column not in tasks:
                    tasks[column] = bar.add_task(column, total=total)
                bar.update(tasks[column], completed=done, total=total)  # type: ignore[arg-type]

            done = resealing.reseal(store, told)
        ids = store.look(lambda tx: tx.sealer.key_ids)
        idle = store.run(lambda tx: resealing.retire(tx, ids))
        used = store.look(resealing.uses)
        store.forget_deleted()
    click.echo(f"{done} values were sealed anew with key {ids[0]}")
    for one in ids[1:]:
        if one in idle:
            click.echo(f"{one} seals nothing any more: take it out once no backup needs it")
        else:
            use = used.get(one, _NOTHING)
            click.echo(f"{one} stays: {use.changeable + use.kept} values, {use.kept} of them only added")


def _file(settings: Settings) -> Path:
    if settings.key is not None:
        raise SettingsError(
            "the key stands in DONGHAENG_KEY; no key is made in a setting",
            remedy="put a new one before the others there: openssl rand -base64 32",
        )
    return settings.data / "key"


def _told(use: KeyUse) -> dict[str, int]:
    return {"values": use.changeable, "only_added": use.kept}
