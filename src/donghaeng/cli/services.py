"""`donghaeng services …`: the catalogue."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from donghaeng.city.apps import APPS_FILE, load_public_apps
from donghaeng.city.dialects import DIALECT_FILE, load_dialects
from donghaeng.city.emergencies import load_emergencies
from donghaeng.city.glossary import GLOSSARY_FILE, load_glossary
from donghaeng.city.imported import declared, read_imported
from donghaeng.city.providers.declared import OPERATIONS
from donghaeng.city.services.blanks import blanks
from donghaeng.city.services.checking import check_catalogue
from donghaeng.city.services.listing import describe
from donghaeng.city.services.loading import TESTS_FILE, Catalogue, read_catalogue
from donghaeng.city.services.positions import read_yaml
from donghaeng.city.services.speaking import PHRASES_FILE, Weight, check_speaking
from donghaeng.cli.drafting import new
from donghaeng.cli.scenario_output import coverage_option, junit_option, paint, write_reports
from donghaeng.conversation.scenario_report import report
from donghaeng.conversation.scenario_runner import InProcessAgent, play
from donghaeng.conversation.scenarios import Written, read_scenarios, read_written
from donghaeng.errors import CatalogueError, InputError
from donghaeng.measuring.junit import Run
from donghaeng.measuring.scenarios import noise_for
from donghaeng.settings import load_settings
from donghaeng.understanding.asking_back import load_asking_back
from donghaeng.understanding.commands import load_commands
from donghaeng.understanding.learnt_acts import read_act_examples
from donghaeng.understanding.load import (
    ACT_EXAMPLES_FILE,
    FOLLOW_UPS_FILE,
    OUT_OF_SCOPE_FILE,
    read_out_of_scope,
    read_slot_lexicons,
)
from donghaeng.understanding.overlap import find_warnings


@click.group()
def services() -> None:
    """List, show, check, test and draft the catalogue's services.

    \b
    Examples:
      donghaeng services list
      donghaeng services check
      donghaeng services test bulky_waste
      donghaeng services new --from openapi.yaml
    """


services.add_command(new)


@services.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON list.")
def list_services(as_json: bool) -> None:
    """Name every service, what it does and how it is carried out."""
    catalogue, _ = read_catalogue(load_settings().catalogue)
    if as_json:
        click.echo(json.dumps(describe(catalogue), ensure_ascii=False))
        return
    table = Table("id", "name", "domain", "effect", "carried out")
    for service in catalogue.values():
        table.add_row(service.id, service.name, service.domain, service.effect, service.carried_out)
    Console().print(table)


@services.command()
@click.argument("service")
def show(service: str) -> None:
    """Show one service as it is understood, defaults included."""
    catalogue, _ = read_catalogue(load_settings().catalogue)
    _must_know(service, catalogue)
    shown = catalogue[service].model_dump(mode="json", exclude_none=True)
    click.echo(json.dumps(shown, ensure_ascii=False, indent=2))


@services.command()
@click.argument("ids", nargs=-1)
@click.option("--strict", is_flag=True, help="Take warnings for errors.")
def check(ids: Sequence[str], strict: bool) -> None:
    """Validate service files and their tests; each finding has file, line and remedy.

    Warnings name examples that speak for another service (said there too, or taken for it by what all other
    examples teach) and words that are hard to follow by ear. They alone leave the exit status 0.
    """
    catalogue, findings = read_catalogue(load_settings().catalogue)
    imported, wrong = read_imported(catalogue.folder)
    findings += wrong
    findings += check_catalogue(catalogue, {**OPERATIONS, **declared(imported)})
    findings += _wrong_files(catalogue)
    warnings = list(find_warnings(catalogue))
    phrases = catalogue.folder / "lexicon" / PHRASES_FILE
    spoken = check_speaking(
        catalogue,
        {**OPERATIONS, **declared(imported)},
        read_yaml(phrases) if phrases.is_file() else None,
    )
    findings += [one.error for one in spoken if one.weight is Weight.ERROR]
    warnings += [one.error for one in spoken if one.weight is Weight.WARNING]
    if ids:
        known = {*catalogue, *(Path(one.file).parent.name for one in findings)}
        for service in ids:
            _must_know(service, known)
        findings, warnings = (
            [one for one in found if Path(one.file).parent.name in ids] for found in (findings, warnings)
        )
    for finding in findings:
        click.echo(str(finding), err=True)
    for warning in warnings:
        click.echo(f"warning: {warning}", err=True)
    if findings or (strict and warnings):
        count = len(findings) + (len(warnings) if strict else 0)
        raise InputError(f"{count} findings", remedy="mend the lines above")
    count = len(ids) or len(catalogue)
    order = "1 service is in order" if count == 1 else f"{count} services are in order"
    click.echo(f"{order}, {len(warnings)} warnings" if warnings else order)


def _wrong_files(catalogue: Catalogue) -> Iterator[CatalogueError]:
    """What is wrong with the services' conversation tests and the tables that they share, one a file."""
    for service in catalogue:
        for file in _test_files(catalogue, [service]):
            with suppress(CatalogueError):
                yield from blanks(read_yaml(file))
        yield from _wrong(partial(read_scenarios, _test_files(catalogue, [service])))
    yield from _wrong(partial(read_slot_lexicons, catalogue))
    for name, load in _LEXICONS.items():
        file = catalogue.folder / "lexicon" / name
        if file.is_file():
            yield from _wrong(partial(load, file))


def _wrong(read: Callable[[], object]) -> Iterator[CatalogueError]:
    try:
        read()
    except CatalogueError as error:
        yield error


_LEXICONS: Mapping[str, Callable[[Path], object]] = {
    "acts.yaml": load_commands,
    ACT_EXAMPLES_FILE: read_act_examples,
    APPS_FILE: load_public_apps,
    DIALECT_FILE: load_dialects,
    "emergencies.yaml": load_emergencies,
    FOLLOW_UPS_FILE: partial(load_asking_back, terms=()),
    GLOSSARY_FILE: load_glossary,
    OUT_OF_SCOPE_FILE: read_out_of_scope,
}


@services.command(name="test")
@click.argument("ids", nargs=-1)
@click.option("--show", "show_all", is_flag=True, help="Print every conversation, not only failed ones.")
@click.option("--repeat", default=1, show_default=True, type=click.IntRange(1, 64), help="Runs of each.")
@junit_option
@coverage_option
@click.pass_context
def run_tests(
    ctx: click.Context,
    ids: Sequence[str],
    *,
    show_all: bool,
    repeat: int,
    junit: Path | None,
    coverage: str | None,
) -> None:
    """Run the services' own conversation tests.

    Runs after the first hear the citizen as a recogniser would.
    """
    catalogue, errors = read_catalogue(load_settings().catalogue)
    if errors:
        raise errors[0]
    for service in ids:
        _must_know(service, catalogue)
    scenarios = read_written(_test_files(catalogue, ids or list(catalogue)))
    runs = asyncio.run(play_all(scenarios, repeat))
    failed = [run for run in runs if not run.verdict.passed]
    for run in runs if show_all else failed:
        name = f"{run.suite} / {run.verdict.scenario}"
        paint(report(run.verdict, name, run=run.number if run.repeated else None))
    write_reports(runs, catalogue, junit=junit, coverage=coverage, only=ids)
    seconds = sum(run.verdict.seconds for run in runs)
    click.echo(f"{len(runs) - len(failed)} passed, {len(failed)} failed, {seconds:.1f} s")
    ctx.exit(1 if failed else 0)


async def play_all(scenarios: Sequence[Written], repeat: int = 1) -> list[Run]:
    """Play scenarios one after another in a fresh in-memory installation."""
    from donghaeng.app import open_for_tests  # noqa: PLC0415  the engines load only for this

    runs: list[Run] = []
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    async with open_for_tests() as application:
        agent = InProcessAgent(application.conversations)
        with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
            task = progress.add_task("conversation tests", total=len(scenarios) * repeat)
            for written in scenarios:
                for number in range(1, repeat + 1):
                    noise = noise_for(written.scenario.scenario, number)
                    verdict = await play(written.scenario, agent, noise=noise)
                    runs.append(Run(written.suite, verdict, number, repeated=repeat > 1))
                    progress.advance(task)
    return runs


def _test_files(catalogue: Catalogue, ids: Sequence[str]) -> list[Path]:
    folders = (catalogue.documents[service].file.parent for service in ids)
    return [folder / TESTS_FILE for folder in folders if (folder / TESTS_FILE).is_file()]


def _must_know(service: str, known: Collection[str]) -> None:
    if service not in known:
        raise InputError(f"no service {service!r}", remedy=f"one of: {', '.join(sorted(known))}")
