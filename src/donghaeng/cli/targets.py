"""`donghaeng targets …`, `donghaeng alliance …`: what is counted, and the tables that it is counted from."""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress
from rich.table import Table

from donghaeng.app.application import seoul_now
from donghaeng.cli.user import user_name
from donghaeng.errors import InputError
from donghaeng.settings import Settings, load_settings
from donghaeng.store import Store
from donghaeng.tower.csv_files import BOM, csv_line
from donghaeng.tower.importing import Imported, Kind, import_file
from donghaeng.tower.sheets import Skipped
from donghaeng.tower.targets.counting import Board, Standing
from donghaeng.trust.sealing import make_sealer

SHOWN: Final = 10
"""Rows that could not be used which are named one by one; the rest is counted."""

_file = click.argument("file", type=click.Path(path_type=Path))
_verbose = click.option("--verbose", is_flag=True, help="Name every row that could not be used.")
_faults = click.option(
    "--faults", type=click.Path(path_type=Path), help="CSV file for every row that could not be used."
)


@click.group()
def targets() -> None:
    """The year's targets, each counted from records.

    \b
    Examples:
      donghaeng targets show
      donghaeng targets import learners 수료.xlsx
      donghaeng targets import survey 설문.csv
    """


@targets.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
def show(as_json: bool) -> None:
    """Show how every target stands."""
    with _store() as (settings, store):
        board = Board(settings.catalogue, seoul_now().date())
        found = store.look(board.standings)
    if as_json:
        for one in found:
            click.echo(json.dumps(_told(one), ensure_ascii=False))
        return
    table = Table("target", "now", "goal", "even pace", "forecast (95 %)")
    for one in found:
        told = _told(one)
        forecast = "-" if told["forecast"] is None else "{:,.0f} ({:,.0f}~{:,.0f})".format(*told["forecast"])
        due = "-" if told["due_today"] is None else f"{told['due_today']:,.0f}"
        now = "-" if told["now"] is None else f"{told['now']:,.1f}"
        table.add_row(escape(one.target.name), now, f"{one.target.goal:,.0f}", due, forecast)
    Console().print(table)


@targets.command(name="import")
@click.argument("kind", type=click.Choice(["learners", "survey"]))
@_file
@_verbose
@_faults
def import_counted(kind: Kind, file: Path, verbose: bool, faults: Path | None) -> None:
    """Take completed courses or survey answers in (CSV, XLSX)."""
    _import(kind, file, verbose, faults)


@click.group()
def alliance() -> None:
    """Tables of the smart-city alliance.

    \b
    Examples:
      donghaeng alliance import members 회원.csv
      donghaeng alliance import events 행사.xlsx
      donghaeng alliance import attendance 참석.csv
    """


@alliance.command(name="import")
@click.argument("kind", type=click.Choice(["members", "events", "attendance"]))
@_file
@_verbose
@_faults
def import_alliance(kind: Kind, file: Path, verbose: bool, faults: Path | None) -> None:
    """Take members, events or attendance in (CSV, XLSX); the same file twice is once."""
    _import(kind, file, verbose, faults)


def _import(kind: Kind, file: Path, verbose: bool, faults: Path | None) -> None:
    now = seoul_now()
    with (
        _store() as (settings, store),
        _fault_file(faults) as fault,
        _no_search_for_cycles(),
        Progress(console=Console(stderr=True), transient=True) as shown,
    ):
        task = shown.add_task(file.name, total=None)
        survey = Board(settings.catalogue, now.date()).survey if kind == "survey" else None
        found = import_file(
            store,
            kind,
            file,
            now=now,
            today=now.date(),
            by=f"command:{user_name()}"[:64],
            survey=survey,
            progress=lambda rows: shown.update(task, completed=rows, description=f"{file.name} {rows:,}"),
            told=fault,
        )
    _tell(found, verbose)


@contextmanager
def _no_search_for_cycles() -> Iterator[None]:
    """Rows refer to nothing that refers back: to look for such among hundreds of thousands of them in memory
    is a fifth of an import's time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@contextmanager
def _fault_file(path: Path | None) -> Iterator[Callable[[Skipped], None]]:
    if path is None:
        yield lambda row: None
        return
    try:
        opened = path.open("w", encoding="utf-8", newline="")
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}", remedy="name a file that can be written") from None
    with opened as file:
        file.write(BOM + csv_line(("line", "reason")))

        def tell(row: Skipped) -> None:
            file.write(csv_line((row.line, row.reason)))

        yield tell


def _tell(found: Imported, verbose: bool) -> None:
    click.echo(f"{found.read} rows: {found.new} new, {found.known} known, {found.left_out} skipped")
    named = found.skipped if verbose else found.skipped[:SHOWN]
    for row in named:
        click.echo(f"  line {row.line}: {row.reason}")
    if len(named) < found.left_out:
        click.echo(f"  and {found.left_out - len(named)} more (--verbose names the first thousand)")


def _told(one: Standing) -> dict[str, Any]:
    pace, score = one.pace, one.score
    forecast = pace.forecast if pace is not None else None
    now = pace.total if pace is not None else (score.value if score is not None else None)
    return {
        "id": one.target.id,
        "name": one.target.name,
        "now": now,
        "goal": one.target.goal,
        "due_today": None if pace is None else pace.due_today,
        "standing": None if pace is None else pace.standing,
        "forecast": None if forecast is None else [forecast.value, forecast.low, forecast.high],
        "interval": None if score is None else [score.low, score.high],
    }


@contextmanager
def _store() -> Iterator[tuple[Settings, Store]]:
    settings = load_settings()
    sealer = make_sealer(settings.key.get_secret_value() if settings.key else None, settings.data)
    with Store.open(settings.database_url, sealer) as store:
        yield settings, store
