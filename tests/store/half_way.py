"""Migrates a database, tells that all steps but the commit are done, and waits to be killed."""

from __future__ import annotations

import signal
import sys

from alembic import command

from donghaeng.store.engine import make_engine
from donghaeng.store.migrate import migrate

_real = command.upgrade


def stopping(*arguments: object) -> None:
    _real(*arguments)  # type: ignore[arg-type]
    sys.stdout.write("half way\n")
    sys.stdout.flush()
    signal.pause()


if __name__ == "__main__":
    command.upgrade = stopping  # type: ignore[assignment]
    migrate(make_engine(sys.argv[1], synchronous="FULL"))
