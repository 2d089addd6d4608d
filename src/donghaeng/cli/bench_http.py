"""`donghaeng bench http`: servers as they are run, asked as browsers ask them."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Callable, Sequence
from typing import Final

import click

from donghaeng.measuring import http_turns
from donghaeng.measuring.cases import JsonObject, Progress
from donghaeng.measuring.turns import Script
from donghaeng.store.engine import check_address, without_password

SERVE: Final = (sys.executable, "-c", "from donghaeng.cli.main import main; main()", "serve")
TEXT_ALONE: Final = {
    "DONGHAENG_RECOGNISER": "fake",
    "DONGHAENG_SYNTHESISER": "fake",
    "DONGHAENG_VOICE_ACTIVITY": "fake",
    "DONGHAENG_REHEARSE": "false",
    "DONGHAENG_RATE_LIMIT": "off",
    "DONGHAENG_ALLOW_TEST_CLOCK": "1",
}
"""Settings of the servers: nothing is heard or spoken, and one client may ask for all citizens."""


def measure(
    scripts: Sequence[Script],
    *,
    database: str | None,
    processes: int,
    open_conversations: int,
    together: int,
    seconds: float,
    rate: float | None,
    patience: float,
    progress: Progress,
) -> JsonObject:
    """Start the servers on a data folder of their own, ask, and say on which database they were.

    Raises:
        SettingsError: the database's address cannot be used.
        DonghaengError: a server did not start.
    """
    with tempfile.TemporaryDirectory(prefix="donghaeng-") as folder:
        address = database or f"sqlite:///{folder}/donghaeng.db"
        check_address(address)
        environment = {**TEXT_ALONE, "DONGHAENG_DATA": folder, "DONGHAENG_DATABASE": address}
        with http_turns.servers(SERVE, environment, count=processes, patience=patience) as addresses:
            figures = asyncio.run(
                http_turns.run(
                    addresses,
                    scripts,
                    open_conversations=open_conversations,
                    together=together,
                    seconds=seconds,
                    rate=rate,
                    progress=progress,
                )
            )
    return {"database": without_password(address).partition(":")[0], **figures}


def options(command: Callable[..., None]) -> Callable[..., None]:
    """The command's options."""
    given = (
        click.option("--database", help="Empty PostgreSQL database; SQLite in a folder when left out."),
        click.option("--processes", default=2, show_default=True, type=click.IntRange(1)),
        click.option("--open", "open_conversations", default=500, show_default=True, type=click.IntRange(1)),
        click.option("--together", default=8, show_default=True, help="Requests under way at once."),
        click.option("--seconds", default=60.0, show_default=True, type=click.FloatRange(0.1)),
        click.option("--rate", type=float, help="Turns offered a second; no bound if left out."),
        click.option("--patience", default=300.0, show_default=True, help="Seconds until servers are ready."),
    )
    for one in reversed(given):
        command = one(command)
    return command
