"""`donghaeng off` and `donghaeng on`: the off switch of everything that the machine answers."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from donghaeng.cli.user import user_name
from donghaeng.conversation.machine_switch import switched
from donghaeng.settings import load_settings
from donghaeng.store import Store, machine_switch
from donghaeng.trust.sealing import make_sealer


@click.command()
@click.option("--reason", required=True, help="Why, in a few words; kept in the record.")
def off(reason: str) -> None:
    """Stop all that the machine answers, in every process of this database, within 5 seconds.

    Callers and writers are told to call 120, and reach a person if one is there. Requests that were confirmed
    before are still carried out.

    \b
    Example:
      donghaeng off --reason "틀린 안내가 나간다는 신고"
    """
    _switch(off=True, reason=reason)
    click.echo("The machine is off: every process stops within 5 seconds. On again with: donghaeng on")


@click.command()
def on() -> None:
    """Let the machine answer again, in every process of this database."""
    _switch(off=False, reason="")
    click.echo("The machine is on: every process answers again within 5 seconds.")


def _switch(*, off: bool, reason: str) -> None:
    settings = load_settings()
    sealer = make_sealer(settings.key.get_secret_value() if settings.key else None, settings.data)
    row = switched(off=off, by=f"command:{user_name()}"[:64], reason=reason, at=datetime.now(UTC))
    with Store.open(settings.database_url, sealer) as store:
        store.run(lambda tx: machine_switch.note(tx, row))
