"""`donghaeng vault …`: the keys of the telephone numbers that are held, and their rotation."""

from __future__ import annotations

import json

import click
from rich.console import Console
from rich.progress import Progress

from donghaeng.app.records import open_store
from donghaeng.cli.key_status import BROKEN_STATUS, tell
from donghaeng.errors import SettingsError
from donghaeng.settings import load_settings
from donghaeng.store import vault as values
from donghaeng.trust.vault_keys import FROM, KeyFile


@click.group()
def vault() -> None:
    """The vault of telephone numbers: which keys seal how many, and a new key.

    \b
    Examples:
      donghaeng vault status
      donghaeng vault rotate
    """


@vault.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def status(ctx: click.Context, as_json: bool) -> None:
    """How many telephone numbers each key seals. Leaves with status 1 where a key is missing."""
    with open_store(load_settings()) as store:
        keys, counts = store.look(lambda tx: (tx.vault.ids, values.counts(tx)))
    lost = sorted(set(counts) - set(keys))
    if as_json:
        told = {"current": keys[0], "keys": {key: counts.get(key, 0) for key in keys}}
        click.echo(json.dumps({**told, "missing": {key: counts[key] for key in lost}}))
    else:
        said = {key: f"{counts.get(key, 0)} values" for key in keys}
        tell("telephone numbers, in the vault", keys, said, {key: counts[key] for key in lost})
    ctx.exit(BROKEN_STATUS if lost else 0)


@vault.command()
def rotate() -> None:
    """Seal every value anew with a new key, or finish what an interrupted rotation left.

    A new key goes before the others in the key file. Keys from a setting are changed there: put a new one
    before the others, start the servers again, then run this. Servers go on meanwhile.
    """
    with open_store(load_settings()) as store:
        keys, counts = store.look(lambda tx: (tx.vault, values.counts(tx)))
        if set(counts) <= {keys.current}:
            _make_key(keys.source)
        with Progress(console=Console(stderr=True)) as shown:
            task = shown.add_task("sealing anew", total=None)
            done = values.rotate(store, lambda made, of: shown.update(task, completed=made, total=of))
        store.forget_deleted()
    click.echo(f"{done} values are under key {keys.current}")
    click.echo("Keep the older keys behind it until `donghaeng vault status` says 0 for them after a day.")


def _make_key(source: object) -> None:
    if not isinstance(source, KeyFile):
        remedy = f"put a new one before the others in {FROM}: openssl rand -base64 32"
        raise SettingsError(
            "every value is under the key in force; no key is made in a setting", remedy=remedy
        )
    source.add_key()
