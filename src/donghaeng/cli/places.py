"""`donghaeng places …`: official tables of places."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress

from donghaeng.app.stored_places import StoredPlaces
from donghaeng.city.places import load_builtin
from donghaeng.city.places.importer import FileReport, import_files
from donghaeng.errors import InputError
from donghaeng.settings import load_settings
from donghaeng.store import Store
from donghaeng.trust.sealing import make_sealer

SHOWN_REASONS = 10
"""Skipped rows that are named one by one; the rest is counted."""


@click.group()
def places() -> None:
    """Import official tables of places; their names are understood from then on.

    \b
    Example:
      donghaeng places import bus_stops.csv stations.csv
    """


@places.command(name="import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--verbose", is_flag=True, help="Name every skipped row.")
def import_places(files: tuple[Path, ...], verbose: bool) -> None:
    """Load stops, stations, districts, libraries … from CSV, TSV, JSON or GeoJSON tables.

    The kind of a table is known by its columns. Folders stand for the tables in them.
    """
    settings = load_settings()
    found = [one for file in files for one in (sorted(file.iterdir()) if file.is_dir() else [file])]
    for file in found:
        if not file.is_file():
            raise InputError(f"{file}: no such file", remedy="give a table that exists")
    sealer = make_sealer(settings.key.get_secret_value() if settings.key else None, settings.data)
    with Store.open(settings.database_url, sealer) as store:
        stored = StoredPlaces(store)
        known = load_builtin(settings.catalogue / "places").with_places(stored.load())
        with Progress(console=Console(stderr=True)) as progress:
            tasks = {file: progress.add_task(file.name, total=None) for file in found}
            reports = import_files(
                found,
                stored,
                known,
                progress=lambda file, done, total: progress.update(tasks[file], completed=done, total=total),
            )
    for report in reports:
        _show(report, verbose)
    click.echo(f"{sum(report.accepted for report in reports)} places imported")


def _show(report: FileReport, verbose: bool) -> None:
    click.echo(f"{report.file}: {report.accepted} accepted, {len(report.skipped)} skipped")
    shown = report.skipped if verbose else report.skipped[:SHOWN_REASONS]
    for row in shown:
        click.echo(f"  line {row.line}: {row.reason}")
    if len(shown) < len(report.skipped):
        click.echo(f"  and {len(report.skipped) - len(shown)} more (--verbose names them)")
