"""`donghaeng cases …`: data cases, each of which anybody can run again."""

from __future__ import annotations

import json
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress, TaskID
from rich.table import Table

from donghaeng.app.application import seoul_now
from donghaeng.app.records import open_store
from donghaeng.city.places import load_builtin
from donghaeng.city.services import load_catalogue
from donghaeng.cli.user import user_name
from donghaeng.errors import InputError
from donghaeng.settings import Settings, load_settings
from donghaeng.store import Store, case_runs
from donghaeng.tower.cases.background import EMBEDS
from donghaeng.tower.cases.context import CaseContext
from donghaeng.tower.cases.freeze_calls import HOUSEHOLD_COLUMNS, book, call_list, cells_of
from donghaeng.tower.cases.loading import LoadedCase, find_case, load_cases
from donghaeng.tower.cases.report import figure_words
from donghaeng.tower.cases.running import Ran, run_case
from donghaeng.tower.sheets import Rows
from donghaeng.understanding.load import load_embedder

FREEZE = "water_meter_freeze"

_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")


@click.group()
def cases() -> None:
    """Data cases: questions answered from data by a method that anybody can run again.

    \b
    Examples:
      donghaeng cases list
      donghaeng cases run water_meter_freeze --seed 7
      donghaeng cases run water_meter_freeze --table meters=m.csv --table freezes=f.csv --table weather=w.xlsx
      donghaeng cases show water_meter_freeze
    """


@cases.command(name="list")
@_json
def list_cases(as_json: bool) -> None:
    """List the cases and their newest runs."""
    settings = load_settings()
    found = load_cases(settings.catalogue)
    with _store(settings) as store:
        runs = store.look(case_runs.listed)
    newest = {run.case: run for run in reversed(runs)}
    if as_json:
        for name, case in found.items():
            run = newest.get(name)
            told = {
                "id": name,
                "title": case.package.title,
                "accepted": case.package.accepted,
                "version": case.version,
                "ran_at": None if run is None else run.at.isoformat(timespec="seconds"),
                "hash": None if run is None else run.hash,
                "current": run is not None and run.version == case.version,
            }
            click.echo(json.dumps(told, ensure_ascii=False))
        return
    table = Table("id", "title", "review", "last run", "result")
    for name, case in found.items():
        run = newest.get(name)
        when = "-" if run is None else f"{run.at:%Y-%m-%d %H:%M}"
        review = "accepted" if case.package.accepted else "waits"
        table.add_row(name, escape(case.package.title), review, when, "-" if run is None else run.hash[:12])
    Console().print(table)


@cases.command()
@click.argument("name")
@_json
def show(name: str, as_json: bool) -> None:
    """Show one case and its runs."""
    settings = load_settings()
    case = find_case(settings.catalogue, name)
    with _store(settings) as store:
        runs = store.look(lambda tx: case_runs.listed(tx, name))
    if as_json:
        click.echo(json.dumps(case.package.model_dump(mode="json"), ensure_ascii=False))
        return
    package = case.package
    click.echo(f"{package.title} ({package.id}, {case.version})\n{package.claim}\n")
    click.echo(f"물음: {package.question}\n방법: {package.method}\n맡은 곳: {package.owner.department}")
    review = "아직 없음" if package.review is None else f"{package.review.by} {package.review.verdict}"
    click.echo(f"살핌: {review}")
    for source in package.data:
        click.echo(f"자료: {source.name} ({source.licence}, {source.dated})")
    for run in runs[:20]:
        click.echo(f"{run.at:%Y-%m-%d %H:%M}  seed {run.seed}  {run.hash[:16]}  {run.by}")


@cases.command()
@click.argument("name")
@click.option("--seed", type=click.IntRange(0, 2**32 - 1), help="Of the run; the case's own when left out.")
@click.option("--table", "tables", multiple=True, metavar="NAME=FILE", help="A table that the city supplied.")
@_json
def run(name: str, seed: int | None, tables: tuple[str, ...], as_json: bool) -> None:
    """Run a case: figures, a report page, and a line in the records."""
    settings = load_settings()
    case = find_case(settings.catalogue, name)
    with _store(settings) as store:
        ran = carry_out(case, settings, store, seed=seed, tables=tables_of(tables))
    if as_json:
        told = {
            "case": name,
            "seed": ran.run.seed,
            "hash": ran.run.hash,
            "report": str(ran.report),
            "figures": {one.name: [one.value, one.low, one.high] for one in ran.result.figures},
        }
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    for figure in ran.result.figures:
        click.echo(f"{figure.name}: {figure_words(figure)}")
    for note in ran.result.notes:
        click.echo(note)
    click.echo(f"hash {ran.run.hash}")
    click.echo(f"report {ran.report}")


@cases.command()
@click.option("--households", required=True, type=click.Path(path_type=Path), help="List with consents.")
@click.option("--most", default=8_300, type=click.IntRange(1, 100_000), help="Households at most.")
@click.option("--seed", type=click.IntRange(0, 2**32 - 1), help="Of the run that gives the risks.")
@click.option("--table", "tables", multiple=True, metavar="NAME=FILE", help="A table that the city supplied.")
@click.option("--book", "really", is_flag=True, help="Hand them to the agent; without it they are counted.")
def calls(households: Path, most: int, seed: int | None, tables: tuple[str, ...], really: bool) -> None:
    """Households to call before the cold, the highest risk first; only those that consented.

    Columns: 전화번호, 자치구, 건물유형, 보온상태, 장기부재, 계량기종류, 동의일, 동의문안, 동의한 말, 철회일
    (docs/data-cases.md).
    """
    settings = load_settings()
    case = find_case(settings.catalogue, FREEZE)
    sheet = Rows(households, HOUSEHOLD_COLUMNS)
    with _store(settings) as store:
        ran = carry_out(case, settings, store, seed=seed, tables=tables_of(tables))
        given = ran.result.private
        found = call_list(sheet, cells_of(given["stock"], given["yearly"]), seoul_now().date(), most=most)
        if really:
            author = f"command:{user_name()}"[:64]
            edition = load_catalogue(settings.catalogue).version
            row = store.run(
                lambda tx: book(
                    tx, ran.run.id, FREEZE, found, author=author, now=seoul_now(), edition=edition
                )
            )
            click.echo(f"{row.id}: {row.booked} calls booked")
            left_out = row.left_out
        else:
            click.echo(f"{len(found.households)} households may be called; --book hands them to the agent")
            left_out = found.left_out
    for skipped in sheet.skipped[:20]:
        click.echo(f"  line {skipped.line}: {skipped.reason}")
    for reason, count in sorted(left_out.items()):
        click.echo(f"  left out, {reason}: {count}")


def carry_out(
    case: LoadedCase, settings: Settings, store: Store, *, seed: int | None, tables: dict[str, Path]
) -> Ran:
    """Run a case with progress on standard error."""
    with Progress(console=Console(stderr=True), transient=True) as shown:
        tasks: dict[str, TaskID] = {}

        def told(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = shown.add_task(step, total=total)
            shown.update(tasks[step], completed=done, total=total)

        now = seoul_now()
        context = CaseContext(
            seed=case.package.seed if seed is None else seed,
            today=now.date(),
            assumptions=case.assumptions,
            tables=tables,
            places=load_builtin(settings.catalogue / "places"),
            store=store,
            embedder=load_embedder(settings.embedder) if case.package.code in EMBEDS else None,
            progress=told,
        )
        return run_case(case, context, data=settings.data, by=f"command:{user_name()}"[:64], clock=seoul_now)


def tables_of(given: tuple[str, ...]) -> dict[str, Path]:
    """Files by name.

    Raises:
        InputError: one is not written as NAME=FILE, or does not exist.
    """
    found: dict[str, Path] = {}
    for one in given:
        name, sign, file = one.partition("=")
        if not sign or not name:
            raise InputError(f"{one!r}", remedy="write --table NAME=FILE")
        if not Path(file).is_file():
            raise InputError(f"{file}: no such file", remedy="give a table that exists")
        found[name] = Path(file)
    return found


def _store(settings: Settings) -> Store:
    # With the vault's keys: numbers of households go in there, and the server takes them out to call.
    return open_store(settings)
