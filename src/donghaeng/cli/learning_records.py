"""`donghaeng learning export|erase`: what staff passed, for a record store or for who has no login now."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from donghaeng.app.application import seoul_now
from donghaeng.app.records import open_store
from donghaeng.errors import InputError
from donghaeng.learning.own_records import copy_of, statements_of
from donghaeng.learning.statements import Version
from donghaeng.settings import load_settings
from donghaeng.store import Transaction, learners, staff

_VERSIONS: tuple[Version, ...] = ("1.0.3", "2.0.0")


@click.command()
@click.option("--xapi", is_flag=True, help="xAPI statements instead of the records as they are kept.")
@click.option("--account", help="Only this account's; without it everybody's, which wants --xapi.")
@click.option("--home", help="Address of this installation, for --xapi (https://desk.city.example).")
@click.option("--version", type=click.Choice(_VERSIONS), default="1.0.3", show_default=True, help="Of xAPI.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="File; else standard output.")
def export(xapi: bool, account: str | None, home: str | None, version: Version, out: Path | None) -> None:
    """Export what staff passed: as xAPI statements without names, or one account's own records.

    A statement has the same id each time, so that a record store keeps it once.

    \b
    Examples:
      donghaeng learning export --xapi --home https://desk.city.example --out statements.json
      donghaeng learning export --account kim --out kim.json
    """
    if xapi and not (home or "").startswith(("http://", "https://")):
        raise InputError("--xapi wants the address of this installation", remedy="--home https://…")
    if not xapi and account is None:
        raise InputError("whose records?", remedy="--account NAME, or --xapi for statements without names")

    def work(tx: Transaction) -> Any:
        chosen = learners.everybody(tx) if account is None else [_id(tx, account)]
        if not xapi:
            return copy_of(tx, chosen[0])
        return [one for each in chosen for one in statements_of(tx, each, home or "", version)]

    with open_store(load_settings()) as store:
        told = json.dumps(store.look(work), ensure_ascii=False, indent=1)
    if out is None:
        click.echo(told)
        return
    try:
        out.write_text(f"{told}\n", encoding="utf-8")
    except OSError as error:
        raise InputError(f"{out}: {error.strerror}") from None
    click.echo(f"wrote {out}", err=True)


@click.command()
@click.argument("account")
@click.confirmation_option(prompt="Erase all that this account learnt? It cannot be undone.")
def erase(account: str) -> None:
    """Erase what an account learnt, with lines in the ledger, as its owner can on the page themselves.

    \b
    Example:
      donghaeng learning erase kim --yes
    """
    with open_store(load_settings()) as store:
        gone = store.run(lambda tx: learners.forget(tx, _id(tx, account), seoul_now()))
    click.echo(f"{gone} records erased")


def _id(tx: Transaction, account: str) -> str:
    row = staff.by_name(tx, account)
    if row is None:
        raise InputError(f"no account {account!r}", remedy="`donghaeng staff list` names them")
    return row.id
