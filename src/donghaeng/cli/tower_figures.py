"""`donghaeng tower …`: the control tower's figures from the command line."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from donghaeng.app.application import seoul_now
from donghaeng.app.telling import open_sender, ways_of
from donghaeng.city.services import load_catalogue
from donghaeng.errors import InputError, ProviderError
from donghaeng.settings import Settings, load_settings
from donghaeng.store import Store
from donghaeng.store.notices import Notice
from donghaeng.tower.figures import feeds, reporting, rolling
from donghaeng.tower.figures.definitions import load_definitions
from donghaeng.trust.sealing import make_sealer


@click.command(name="report")
@click.argument("month")
@click.option(
    "--kind",
    type=click.Choice(["pdf", "hwpx", "both"]),
    default="both",
    show_default=True,
    help="Which file.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="Folder for the files; the current one by default.",
)
def report(month: str, kind: str, out: Path) -> None:
    """Write the report of a MONTH such as 2026-11; figures are brought up to date first."""
    settings = load_settings()
    days = reporting.month_of(month)
    definitions = load_definitions(settings.catalogue)
    names: Mapping[str, str] = {
        name: service.name for name, service in load_catalogue(settings.catalogue).items()
    }
    with _store(settings) as store:
        _catch_up(store)
        content = store.look(lambda tx: reporting.content_of(tx, definitions, days, names))
    out.mkdir(parents=True, exist_ok=True)
    kinds: tuple[reporting.Kind, ...] = ("pdf", "hwpx")
    for each in kinds:
        if kind in {each, "both"}:
            path = out / f"donghaeng-{month}.{each}"
            path.write_bytes(reporting.make(each, content))
            click.echo(str(path))


@click.command(name="tell-test")
def tell_test() -> None:
    """Send one notice by each way that the settings name, as alerts are sent.

    \b
    Example:
      donghaeng tower tell-test
    """
    settings = load_settings()
    ways = ways_of(settings)
    if not ways:
        remedy = "set DONGHAENG_ALERT_WEBHOOK, or DONGHAENG_ALERT_MAIL_HOST with DONGHAENG_ALERT_MAIL_TO"
        raise InputError("no way is set", remedy=remedy)
    notice = Notice(f"test/{seoul_now().isoformat()}", "시험", "알림이 잘 가는지 보는 글이에요.", "/console/")

    async def work(store: Store) -> int:
        sender = open_sender(settings, store, clock=seoul_now)
        failed = 0
        try:
            for way, carrier in sender.carriers.items():
                try:
                    await carrier.send(notice)
                    click.echo(f"{way}: sent")
                except ProviderError as error:
                    failed += 1
                    click.echo(f"{way}: {error}")
        finally:
            await sender.aclose()
        return failed

    with _store(settings) as store:
        failed = asyncio.run(work(store))
    if failed:
        raise InputError(f"{failed} of {len(ways)} ways failed", remedy="see the lines above")


@click.group(name="feed")
def feed() -> None:
    """Other systems that report their figures.

    \b
    Examples:
      donghaeng tower feed add parking --name "주차 안내" --every 300
      donghaeng tower feed list
      donghaeng tower feed stop parking
    """


@feed.command(name="add")
@click.argument("system")
@click.option("--name", required=True, help="Its name in the console.")
@click.option(
    "--every",
    default=300,
    show_default=True,
    type=click.IntRange(10, 86_400),
    help="Seconds between two of its reports; three times as long without one is silence.",
)
@click.option(
    "--metric", "metrics", multiple=True, help="What it may report; everything where none is named."
)
def add(system: str, name: str, every: int, metrics: tuple[str, ...]) -> None:
    """Let SYSTEM report, or give it a new token. The token is shown this once."""
    if not system.replace("-", "").replace("_", "").isalnum() or system != system.lower() or len(system) > 64:
        raise InputError(f"{system}: small letters, digits, - and _")
    with _store(load_settings()) as store:
        token = store.run(
            lambda tx: feeds.register(tx, system, name, seoul_now(), every_seconds=every, metrics=metrics)
        )
    click.echo(token)


@feed.command(name="list")
def listing() -> None:
    """Who reports, and when they did last."""
    with _store(load_settings()) as store:
        found = store.look(feeds.every)
    table = Table("system", "name", "every", "last report", "clock ahead by", "metrics", "state")
    for one in found:
        table.add_row(
            one.system,
            one.name,
            f"{one.every_seconds} s",
            one.last_at.isoformat(timespec="seconds") if one.last_at else "never",
            f"{one.skew_seconds:+.0f} s" if one.skew_seconds is not None else "–",
            ", ".join(one.metrics) or "all",
            "stopped" if one.stopped_at else "reports",
        )
    Console().print(table)


@feed.command(name="stop")
@click.argument("system")
def stop(system: str) -> None:
    """Take SYSTEM's token back; its figures stay."""
    with _store(load_settings()) as store:
        if not store.run(lambda tx: feeds.stop(tx, system, seoul_now())):
            raise InputError(f"no system {system} reports")


def _store(settings: Settings) -> Store:
    sealer = make_sealer(settings.key.get_secret_value() if settings.key else None, settings.data)
    return Store.open(settings.database_url, sealer)


def _catch_up(store: Store) -> None:
    while store.run(rolling.roll).conversations:
        pass
    while store.run(rolling.count_waits):
        pass
    store.run(lambda tx: rolling.count_left(tx, seoul_now()))
