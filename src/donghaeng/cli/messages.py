"""`donghaeng messages …`: the text messages of this installation."""

from __future__ import annotations

import json
from typing import Final, get_args

import click
from rich.console import Console
from rich.table import Table

from donghaeng.app.records import open_store
from donghaeng.settings import load_settings
from donghaeng.store.messages import MessageRow, State, newest

SHOWN: Final = 50
"""Messages that are listed unless another number is asked for."""


@click.group()
def messages() -> None:
    """Text messages to citizens: what waits, what was sent, what failed.

    \b
    Example:
      donghaeng messages list --state failed
    """


@messages.command(name="list")
@click.option("--state", type=click.Choice(get_args(State)), help="Only messages in this state.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=SHOWN, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
def list_messages(state: State | None, limit: int, as_json: bool) -> None:
    """List messages, newest first; of numbers only the ends are shown."""
    settings = load_settings()
    with open_store(settings) as store:
        rows = store.look(lambda tx: newest(tx, limit=limit, state=state))
    if as_json:
        for row in rows:
            click.echo(json.dumps(_shown(row), ensure_ascii=False))
        return
    table = Table("when", "state", "tries", "to", "service", "text")
    for row in rows:
        shown = _shown(row)
        table.add_row(*(str(shown[name]) for name in ("at", "state", "attempts", "to", "service", "text")))
    Console().print(table)


def _shown(row: MessageRow) -> dict[str, object]:
    return {
        "at": row.created_at.isoformat(timespec="seconds"),
        "state": row.state,
        "attempts": row.attempts,
        "to": _hidden(row.number),
        "service": row.service,
        "kind": row.kind,
        "text": row.text.replace(row.number, _hidden(row.number)) if row.number else row.text,
        "error": row.error,
    }


def _hidden(number: str) -> str:
    """``010-****-5678``; a dash where the vault holds it no more."""
    if not number:
        return "-"
    first, *_, last = number.split("-")
    return f"{first}-****-{last}"
