"""`donghaeng review …`: what went wrong, and what reviewers make of it."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress
from rich.table import Table

from donghaeng.app.application import seoul_now
from donghaeng.app.effect_run import carry_out
from donghaeng.app.published_catalogue import PublishedCatalogue
from donghaeng.app.reviewing import open_collector, open_review
from donghaeng.app.sign_on import second_factor_roles
from donghaeng.city.services import load_catalogue
from donghaeng.errors import InputError
from donghaeng.people.accounts import Staff, StaffAccounts
from donghaeng.review.desk import ProposalView, ReviewDesk
from donghaeng.review.effects import Effect, Measured
from donghaeng.review.items import Kind
from donghaeng.review.measuring import Run, Runner
from donghaeng.settings import Settings, load_settings
from donghaeng.store import Store
from donghaeng.trust.passwords import Passwords
from donghaeng.trust.permissions import Permission
from donghaeng.trust.sealing import make_sealer

T = TypeVar("T")

_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
_as = click.option("--as", "name", required=True, help="Account of who does it; its password is asked for.")
_stdin = click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input, its first line."
)


@dataclass(frozen=True, slots=True)
class _Open:
    """What a command works with."""

    desk: ReviewDesk
    accounts: StaffAccounts
    store: Store
    settings: Settings


@click.group()
def review() -> None:
    """What went wrong in conversations, and what reviewers make of it.

    \b
    Examples:
      donghaeng review collect
      donghaeng review list --kind no_match
      donghaeng review show ri_abc
      donghaeng review propose ri_abc --as kim --set kind=word --set lexicon=books --set word=토지 …
      donghaeng review effect pr_abc
      donghaeng review publish pr_abc --as lee
      donghaeng review rollback pr_abc --as lee --reason '다른 말까지 약국으로 가요'
    """


@review.command()
@click.option("--all", "everything", is_flag=True, help="Of all time, not of the last two days alone.")
def collect(everything: bool) -> None:
    """Look for what went wrong now; the server does so by itself every ten seconds."""

    async def work(here: _Open) -> tuple[int, int]:
        desk = here.desk
        collector = open_collector(
            here.settings, here.store, catalogue=lambda: desk.catalogue, clock=seoul_now
        )
        return await collector.collect(everything=everything), await collector.group()

    new, clusters = _run(work)
    click.echo(f"{new} new items, {clusters} clusters open")


@review.command(name="list")
@click.option("--kind", type=click.Choice([one.value for one in Kind]), help="Only items of this kind.")
@_json
def list_clusters(kind: str | None, as_json: bool) -> None:
    """List open items by meaning, the most first."""
    clusters = _run(lambda here: here.desk.board.clusters(kind))
    if as_json:
        for one in clusters:
            plain = {"id": one.id, "label": one.label, "count": one.count, "kinds": dict(one.kinds)}
            click.echo(json.dumps(plain, ensure_ascii=False))
        return
    table = Table("id", "count", "what citizens said", "kinds")
    for one in clusters:
        kinds = ", ".join(f"{name} {number}" for name, number in one.kinds.items())
        table.add_row(one.id, str(one.count), escape(one.label), kinds)
    Console().print(table)


@review.command()
@click.argument("name")
def show(name: str) -> None:
    """Show a cluster by the id of one of its items, or a proposal by its own."""
    if name.startswith("pr_"):
        _tell(_run(lambda here: here.desk.proposal(name)))
        return
    view, rows = _run(lambda here: here.desk.board.cluster(name))
    click.echo(f"{view.label} ({view.count})")
    for row in rows:
        click.echo(f"  {row.id}  {row.at:%Y-%m-%d %H:%M}  {row.kind}  {row.text}")


@review.command()
@click.argument("item")
@_as
@_stdin
@click.option("--set", "fields", multiple=True, metavar="FIELD=VALUE", required=True, help="Of the change.")
@click.option("--words", help="What the test's citizen says; the cluster's own words when left out.")
@click.option("--note", default="", help="For the second person.")
def propose(
    *, item: str, name: str, password_stdin: bool, fields: tuple[str, ...], words: str | None, note: str
) -> None:
    """Propose a change for the cluster of an item.

    \b
    Fields by kind (a list is separated by `|`):
      kind=example   service, text
      kind=word      lexicon, word, says
      kind=passage   title, text, department, source
      kind=rule      topic, words, examples, not_examples; a new topic also name, way, urgent, reply
    """
    values: dict[str, object] = {}
    for field in fields:
        key, found, value = field.partition("=")
        if not found:
            raise click.UsageError(f"{field!r}: write FIELD=VALUE")
        values[key] = value.split("|") if key in ("words", "examples", "not_examples") else value
    password = _password(password_stdin)

    async def work(here: _Open) -> ProposalView:
        author = await _who(here, name, password, Permission.REVIEW)
        view, rows = await here.desk.board.cluster(item)
        ids = [row.id for row in rows]
        return await here.desk.propose(
            author.id, values, items=ids, words=words if words is not None else view.label, note=note
        )

    made = _run(work)
    click.echo(f"{made.row.id}: {made.title}")
    click.echo(f"now: donghaeng review effect {made.row.id}")


@review.command()
@_json
def proposals(as_json: bool) -> None:
    """List proposals, the newest first."""

    async def work(here: _Open) -> list[dict[str, str]]:
        return [
            {
                "id": row.id,
                "state": row.state,
                "kind": row.kind,
                "title": here.desk.title(row),
                "created_at": row.created_at.isoformat(timespec="seconds"),
            }
            for row in await here.desk.all_proposals()
        ]

    _print(_run(work), as_json)


@review.command()
@click.argument("proposal")
def effect(proposal: str) -> None:
    """Run every conversation test and labelled utterance without and with a proposal, and compare."""
    with Progress(console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task("tests and utterances", total=None)

        async def runner(run: Run, progress: Callable[[int, int], None]) -> Measured:
            def told(done: int, total: int) -> None:
                shown.update(task, completed=done, total=total)
                progress(done, total)

            return await carry_out(run, load_settings(), told)

        _tell_effect(_run(lambda here: here.desk.measure(proposal), runner))


@review.command()
@click.argument("proposal")
@_as
@_stdin
@click.option("--reason", default="", help="Why, where conversation tests break.")
def publish(proposal: str, name: str, password_stdin: bool, reason: str) -> None:
    """Let a proposal take effect; its author cannot. A running server goes by it within seconds."""
    password = _password(password_stdin)

    async def work(here: _Open) -> ProposalView:
        staff = await _who(here, name, password, Permission.PUBLISH)
        return await here.desk.publish(proposal, staff.id, reason)

    click.echo(f"published: {_run(work).title}")


@review.command()
@click.argument("proposal")
@_as
@_stdin
@click.option("--reason", required=True, help="Why.")
def rollback(proposal: str, name: str, password_stdin: bool, reason: str) -> None:
    """Take a published proposal back; everything else that was published stays."""
    password = _password(password_stdin)

    async def work(here: _Open) -> ProposalView:
        staff = await _who(here, name, password, Permission.PUBLISH)
        return await here.desk.roll_back(proposal, staff.id, reason)

    click.echo(f"rolled back: {_run(work).title}")


@review.command()
@_json
def history(as_json: bool) -> None:
    """List every publication and roll-back, the newest first."""

    async def work(here: _Open) -> list[dict[str, str]]:
        names = {row.id: row.name for row in await here.accounts.everyone()}
        return [
            {
                "at": step.at.isoformat(timespec="seconds"),
                "action": step.action,
                "by": names.get(step.staff, step.staff),
                "proposal": step.proposal_id,
                "title": here.desk.title(row) if row is not None else "",
                "reason": step.reason,
            }
            for step, row in await here.desk.history()
        ]

    _print(_run(work), as_json)


@review.command()
@click.argument("folder", type=click.Path(path_type=Path))
def export(folder: Path) -> None:
    """Write the catalogue with all that is published into a new folder, to take it over into one's own."""
    count = _run(lambda here: here.desk.export(folder))
    click.echo(f"{count} changes in {folder}; passages stay among the documents (`donghaeng knowledge list`)")


def _run(work: Callable[[_Open], Awaitable[T]], runner: Runner | None = None) -> T:
    settings = load_settings()
    sealer = make_sealer(settings.key.get_secret_value() if settings.key else None, settings.data)
    with Store.open(settings.database_url, sealer) as store:
        catalogue = load_catalogue(PublishedCatalogue(settings.catalogue, settings.cache, store)())
        accounts = StaffAccounts(
            store, Passwords(), clock=seoul_now, second_factor=second_factor_roles(settings)
        )
        desk = open_review(settings, store, catalogue=lambda: catalogue, clock=seoul_now, runner=runner)

        async def run() -> T:
            return await work(_Open(desk, accounts, store, settings))

        return asyncio.run(run())


async def _who(here: _Open, name: str, password: str, permission: Permission) -> Staff:
    if (await here.accounts.prove(name, password)).outcome == "factor":
        raise InputError(
            f"{name} has a second factor, which the console asks for", remedy="use /console/review"
        )
    token = await here.accounts.login(name, password)
    staff = await here.accounts.find(token) if token is not None else None
    if token is None or staff is None:
        raise InputError("name and password do not fit", remedy="see `donghaeng staff list`")
    await here.accounts.logout(token)
    if staff.must is not None:
        raise InputError(f"{name} has no {staff.must} of their own yet", remedy="log in to the console once")
    if not staff.may(permission):
        raise InputError(f"{name} may not do this as {staff.role}", remedy=f"it takes {permission}")
    return staff


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    typed: str = click.prompt("Password", hide_input=True)
    return typed


def _print(rows: list[dict[str, str]], as_json: bool) -> None:
    if as_json:
        for row in rows:
            click.echo(json.dumps(row, ensure_ascii=False))
        return
    table = Table(*(rows[0] if rows else ["nothing yet"]))
    for row in rows:
        table.add_row(*(escape(value) for value in row.values()))
    Console().print(table)


def _tell(view: ProposalView) -> None:
    click.echo(f"{view.row.id} ({view.row.state}): {view.title}")
    for item in view.items:
        click.echo(f"  {item.kind}  {item.text}")
    click.echo(json.dumps(dict(view.row.test), ensure_ascii=False, indent=2))
    if view.effect is None:
        click.echo("not measured yet" if view.effect_row is None else f"measuring: {view.effect_row.state}")
    else:
        _tell_effect(view.effect)
        if not view.is_fresh and view.row.state == "draft":
            click.echo("measured on what was in force before; measure it anew")


def _tell_effect(effect: Effect) -> None:
    click.echo(f"{effect.tests} tests: {len(effect.broken)} break, {len(effect.mended)} are mended")
    for name, why in effect.broken.items():
        click.echo(f"  breaks: {name}: {why}")
    for name in effect.mended:
        click.echo(f"  mended: {name}")
    click.echo(f"{effect.cases} utterances: right {effect.right_before} -> {effect.right_after}")
    for what, moved in (("better", effect.better), ("worse", effect.worse), ("moved", effect.items)):
        for one in moved:
            click.echo(f"  {what}: {one.text}: {one.before} -> {one.after}")
    click.echo(effect.refusal or "its own test fails without it and passes with it")
    click.echo(f"{effect.seconds} s")
