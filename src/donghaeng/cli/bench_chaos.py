"""`donghaeng bench chaos`: servers that are killed at random points while citizens talk to them."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import click

from donghaeng.app.cities import open_ledger
from donghaeng.cli.bench_http import SERVE, TEXT_ALONE
from donghaeng.errors import DonghaengError
from donghaeng.measuring import chaos
from donghaeng.measuring.cases import JsonObject, Progress, no_progress
from donghaeng.measuring.chaos_plan import plan
from donghaeng.measuring.chaos_verdict import Held
from donghaeng.measuring.own_server import free_port
from donghaeng.sandbox.ledger import CANCELLED
from donghaeng.settings import Settings, load_settings
from donghaeng.store import Store, outbox, requests
from donghaeng.store.engine import check_address, without_password
from donghaeng.trust.sealing import Sealer, make_sealer

FORK: Final = (sys.executable, "-m", "donghaeng.app.fork_server")
PATIENCE_S: Final = 300.0


class OwnServers:
    """Servers of our own, forked from a loaded process or started from nothing, one at a time on one port."""

    def __init__(self, fork: subprocess.Popen[str], environment: Mapping[str, str], log: Path) -> None:
        self._fork, self._environment, self._log = fork, environment, log
        self._port = free_port()
        self.address = f"http://127.0.0.1:{self._port}"
        self._forked: int | None = None
        self._whole: subprocess.Popen[bytes] | None = None

    def start(self, *, whole: bool) -> None:
        """Begin a process."""
        if whole:
            with self._log.open("ab") as log:
                self._whole = subprocess.Popen(  # noqa: S603  our own program
                    [*SERVE, "--port", str(self._port)],
                    env=dict(self._environment),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                )
        else:
            self._forked = int(ask(self._fork, f"serve {self._port}"))

    def kill(self) -> None:
        """SIGKILL, and see it gone."""
        if self._whole is not None:
            self._whole.kill()
            self._whole.wait()
            self._whole = None
        if self._forked is not None:
            ask(self._fork, f"kill {self._forked}")
            self._forked = None

    def check(self) -> None:
        """Check that it lives."""
        over = self._whole is not None and self._whole.poll() is not None
        over |= self._forked is not None and ask(self._fork, f"alive {self._forked}") != "1"
        if over:
            raise DonghaengError("the server ended by itself", remedy=f"read {self._log}")


class OwnRecords:
    """What the city and the database hold, read beside the servers."""

    def __init__(self, settings: Settings, sealer: Sealer, city: Settings) -> None:
        self._settings, self._sealer, self._city = settings, sealer, city

    def held(self) -> list[Held]:
        """Everything that the city holds."""
        ledger = open_ledger(self._city, self._sealer)
        try:
            return [
                Held(str(one.arguments["phone"]), one.receipt, one.state == CANCELLED)
                for one in ledger.entries()
            ]
        finally:
            ledger.close()

    def recorded(self) -> list[str]:
        """Receipts of the requests recorded here."""
        with Store.open(self._settings.database_url, self._sealer) as store:
            return store.look(requests.receipts)

    def waiting(self) -> int:
        """Writes that the outbox still holds."""
        with Store.open(self._settings.database_url, self._sealer) as store:
            return len(store.look(outbox.pending))


def ask(fork: subprocess.Popen[str], line: str) -> str:
    """One line to the process that forks, and its answer.

    Raises:
        DonghaengError: it has ended.
    """
    assert fork.stdin is not None
    assert fork.stdout is not None
    try:
        fork.stdin.write(f"{line}\n")
        fork.stdin.flush()
    except BrokenPipeError:
        raise DonghaengError("the process that forks servers ended", remedy="read its log") from None
    answer = fork.stdout.readline().strip()
    if not answer:
        raise DonghaengError("the process that forks servers ended", remedy="read its log")
    return answer


@contextmanager
def forking(environment: Mapping[str, str], log: Path) -> Iterator[subprocess.Popen[str]]:
    """The process that forks servers, loaded, until the block ends."""
    with log.open("ab") as out:
        fork = subprocess.Popen(  # noqa: S603  our own program
            FORK, env=dict(environment), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=out, text=True
        )
    try:
        assert fork.stdout is not None
        if fork.stdout.readline().strip() != "ready":
            raise DonghaengError("the process that forks servers did not start", remedy=f"read {log}")
        yield fork
    finally:
        assert fork.stdin is not None
        fork.stdin.close()
        fork.wait(20)


def measure(
    *,
    kills: int,
    whole: int,
    seed: int,
    citizens: int,
    minutes: float | None = None,
    database: str | None = None,
    folder: Path | None = None,
    meanwhile: Callable[[int], Awaitable[None]] | None = None,
    progress: Progress = no_progress,
    settings: Mapping[str, str] | None = None,
) -> JsonObject:
    """Start everything on data folders of its own, kill as planned, and compare.

    Args:
        kills: how many.
        whole: how many of them of processes started from nothing.
        seed: of the plan and of the gateway's moods.
        citizens: who talk at once.
        minutes: after which no further kill follows.
        database: an empty PostgreSQL database; SQLite in the folder when None.
        folder: where records and logs are; one that is gone afterwards when None.
        meanwhile: awaited before each kill with its number.
        progress: told the kills done.
        settings: of the servers, over those of this process.

    Raises:
        SettingsError: the database's address cannot be used.
        DonghaengError: a server did not start or ended by itself.
    """
    with tempfile.TemporaryDirectory(prefix="donghaeng-") as own:
        here = folder or Path(own)
        address = database or f"sqlite:///{here}/donghaeng.db"
        check_address(address)
        city_port = free_port()
        environment = {
            **os.environ,
            **TEXT_ALONE,
            "DONGHAENG_LOG_LEVEL": "warning",
            "DONGHAENG_EMBEDDER": "fake",
            **(settings or {}),
            "DONGHAENG_DATA": str(here),
            "DONGHAENG_DATABASE": address,
            "DONGHAENG_SANDBOX_URL": f"http://127.0.0.1:{city_port}",
        }
        known = load_settings(data=here, database=address, city="sandbox")
        sealer = make_sealer(known.key.get_secret_value() if known.key else None, here)
        log = here / "servers.log"
        with forking(environment, log) as fork:
            ask(fork, f"city {city_port} {seed}")
            servers = OwnServers(fork, environment, log)
            records = OwnRecords(known, sealer, known)
            figures = asyncio.run(
                chaos.run(
                    plan(seed, kills, whole=whole),
                    servers,
                    records,
                    citizens=citizens,
                    patience=PATIENCE_S,
                    seconds=None if minutes is None else minutes * 60,
                    meanwhile=meanwhile,
                    progress=progress,
                )
            )
        return {"database": without_password(address).partition(":")[0], "seed": seed, **figures}


def holds(figures: JsonObject) -> bool:
    """Whether nothing was lost, doubled, told wrongly or answered as it may not be."""
    return not any(figures[name] for name in ("lost", "doubled", "untrue", "errors"))


def options(command: Callable[..., None]) -> Callable[..., None]:
    """The command's options."""
    given = (
        click.option("--kills", default=40, show_default=True, type=click.IntRange(1), help="How many."),
        click.option(
            "--whole",
            default=0,
            show_default=True,
            type=click.IntRange(0),
            help="Of these, of processes started from nothing; the others are forks of a loaded one.",
        ),
        click.option("--seed", default=1, show_default=True, help="Of when each falls."),
        click.option("--citizens", default=8, show_default=True, type=click.IntRange(1), help="At once."),
        click.option("--minutes", type=click.FloatRange(0.1), help="After which no further kill follows."),
        click.option("--database", help="Empty PostgreSQL database; SQLite in a folder when left out."),
    )
    for one in reversed(given):
        command = one(command)
    return command
