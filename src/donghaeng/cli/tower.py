"""`donghaeng tower …`: the control tower's process (docs/control-tower.md)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.console import Console
from rich.table import Table

from donghaeng.app.registers import publication_fault, register_over
from donghaeng.cli import tower_figures
from donghaeng.cli.user import user_name
from donghaeng.errors import InputError
from donghaeng.settings import load_settings
from donghaeng.store import Store, process
from donghaeng.tower.process import deciding
from donghaeng.tower.process.desk import ProcessDesk
from donghaeng.tower.process.gates import deadlines, held, level_of, missing
from donghaeng.tower.process.loading import load_risk_form, load_rules
from donghaeng.tower.process.rules import Kind
from donghaeng.tower.process.state import Evidence, Subject, SubjectState, day_of, subject_of
from donghaeng.trust.sealing import make_sealer
from donghaeng.trust.tokens import make_id

T = TypeVar("T")


@click.group()
def tower() -> None:
    """The control tower: what answers citizens, in which stage it is, and what it still needs.

    A subject is written kind/id: service/weather, knowledge/help, engine/recogniser.whisper.

    \b
    Examples:
      donghaeng tower list --overdue
      donghaeng tower show service/weather
      donghaeng tower evidence service/weather older_user_test --title "어르신 12분과 시험" \\
          --file report.pdf --field participants=12
      donghaeng tower move service/weather operation
      donghaeng tower approve service/weather
      donghaeng tower move service/weather suspended --why "틀린 안내"
      donghaeng tower report 2026-11
      donghaeng tower feed add parking --name "주차 안내" --every 300
    """


tower.add_command(tower_figures.report)
tower.add_command(tower_figures.feed)
tower.add_command(tower_figures.tell_test)


@tower.command(name="list")
@click.option("--kind", type=click.Choice([one.value for one in Kind]), help="Only this kind.")
@click.option("--overdue", is_flag=True, help="Only what is past its day.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a subject.")
def list_(kind: str | None, overdue: bool, as_json: bool) -> None:
    """Show every subject with its stage, the overdue first.

    \b
    Examples:
      donghaeng tower list
      donghaeng tower list --kind service --json
    """
    found = _do(lambda desk: desk.board())
    today = day_of(datetime.now(UTC))
    rows = [_described(one, today) for one in found if kind in (None, one.subject.kind.value)]
    rows = sorted((row for row in rows if row["overdue"] or not overdue), key=lambda row: not row["overdue"])
    if as_json:
        for row in rows:
            click.echo(json.dumps(row, ensure_ascii=False))
        return
    table = Table("subject", "name", "stage", "level", "next day", "review")
    for row in rows:
        late = f"{row['next']} LATE" if row["overdue"] else row["next"] or "-"
        table.add_row(
            row["subject"], row["name"], row["stage"], str(row["level"]), late, row["review"] or "-"
        )
    Console().print(table)


@tower.command()
@click.argument("subject")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def show(subject: str, as_json: bool) -> None:
    """Show one subject: what each next stage wants, evidence, history.

    \b
    Example:
      donghaeng tower show service/weather
    """
    state = _do(lambda desk: desk.subject(_subject(subject)))
    _tell(state, as_json=as_json)


@tower.command()
@click.argument("subject")
@click.argument("stage")
@click.option("--why", default="", help="In a few words; needed to stop something.")
def move(subject: str, stage: str, why: str) -> None:
    """Ask for a move to STAGE: it is made at once, or waits for another person's approval.

    \b
    Examples:
      donghaeng tower move service/weather pilot
      donghaeng tower move engine/recogniser.whisper suspended --why "잘못 알아들음"
    """
    rules = load_rules()
    _act(subject, lambda state: deciding.submit(rules, state, stage, why))


@tower.command()
@click.argument("subject")
@click.option("--words", default="", help="For the record.")
def approve(subject: str, words: str) -> None:
    """Approve the move that somebody else asked for.

    \b
    Example:
      donghaeng tower approve service/weather
    """
    rules, by = load_rules(), _by()
    _act(subject, lambda state: deciding.approve(rules, state, by, words))


@tower.command()
@click.argument("subject")
@click.argument("kind")
@click.option("--title", required=True, help="What it is.")
@click.option("--link", default="", help="Where it stands (https://…).")
@click.option(
    "--file", "path", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Or a file."
)
@click.option("--on", help="The day of the document or test (2026-11-23); today when left out.")
@click.option("--until", help="The last day on which it holds.")
@click.option("--result", default="", help="What came of it, where its kind has results.")
@click.option("--field", "fields", multiple=True, help="NAME=VALUE, where its kind has fields.")
def evidence(  # noqa: PLR0917  each option is one parameter
    subject: str,
    kind: str,
    title: str,
    link: str,
    path: Path | None,
    on: str | None,
    until: str | None,
    result: str,
    fields: tuple[str, ...],
) -> None:
    """Attach evidence of a KIND; a wrong one is answered with the kinds there are.

    \b
    Examples:
      donghaeng tower evidence service/weather legal_review --title "법무 검토서" --link https://city.example/1
      donghaeng tower evidence service/weather high_impact_review --title "검토서" --file a.pdf \\
          --result not_high --field reviewer=김검토
    """
    known = {name: one.name for name, one in load_rules().evidence.items() if not one.made_here}
    if kind not in known:
        kinds = ", ".join(f"{name} ({words})" for name, words in known.items())
        raise InputError(f"{kind}: no kind of evidence", remedy=f"one of {kinds}")
    today = day_of(datetime.now(UTC))
    one = Evidence(
        id=make_id("e")[:12],
        kind=kind,
        title=title,
        on=_day(on) or today,
        until=_day(until),
        link=link,
        file_name=path.name if path is not None else "",
        result=result,
        fields=dict(_pair(field) for field in fields),
    )
    content = path.read_bytes() if path is not None else b""
    state = _do(lambda desk: desk.add_evidence(_subject(subject), _by(), one, content=content))
    _tell(state)


@tower.command()
def verify() -> None:
    """Check that no line of the history was changed, removed or put in.

    \b
    Example:
      donghaeng tower verify
    """
    with _store() as store:
        verdict = store.look(process.verify)
    if verdict.broken is not None:
        raise InputError(f"line {verdict.broken} does not hold: {verdict.why}", remedy="restore a backup")
    click.echo(f"{verdict.rows} lines, unchanged.")


def _act(subject: str, decide: Callable[[SubjectState], deciding.Deeds]) -> None:
    _tell(_do(lambda desk: desk.act(_subject(subject), _by(), decide)))


def _tell(state: SubjectState, *, as_json: bool = False) -> None:
    rules, today = load_rules(), day_of(datetime.now(UTC))
    told = _described(state, today)
    if as_json:
        click.echo(json.dumps({**told, **_details(state)}, ensure_ascii=False))
        return
    click.echo(f"{told['subject']}  {state.name}: {rules.stages[state.stage].name} ({state.stage})")
    if state.review is not None:
        click.echo(f"  waits for approval: {state.review.to}, asked for by {state.review.by}")
    for one in _details(state)["moves"]:
        names = ", ".join(f"{rules.evidence[kind].name} ({kind})" for kind in one["missing"])
        click.echo(f"  → {one['to']}: {'misses ' + names if names else 'open'}")
    for action in state.history[-10:]:
        click.echo(f"  {action.at:%Y-%m-%d %H:%M}  {action.kind.value}  {action.by}  {action.words}")


def _described(state: SubjectState, today: date) -> dict[str, Any]:
    rules = load_rules()
    due = deadlines(rules, state)
    return {
        "subject": str(state.subject),
        "name": state.name,
        "stage": state.stage,
        "serves": rules.serves(state.stage),
        "level": level_of(rules, state),
        "next": due[0].on.isoformat() if due else None,
        "overdue": bool(due) and due[0].overdue(today),
        "review": state.review.to if state.review is not None else None,
        "version": state.version,
    }


def _details(state: SubjectState) -> dict[str, Any]:
    rules = load_rules()
    return {
        "evidence": sorted(held(rules, state)),
        "moves": [
            {"to": move.to, "way": move.way, "missing": list(missing(rules, state, move.to))}
            for move in rules.moves(state.subject.kind, state.stage)
        ],
    }


def _subject(written: str) -> Subject:
    kind, _, identity = written.partition("/")
    return subject_of(kind, identity)


def _day(written: str | None) -> date | None:
    try:
        return date.fromisoformat(written) if written else None
    except ValueError:
        raise InputError(f"{written}: no day", remedy="write it as 2026-11-23") from None


def _pair(written: str) -> tuple[str, str]:
    name, sign, value = written.partition("=")
    if not sign or not name:
        raise InputError(f"{written}: no field", remedy="write NAME=VALUE")
    return name, value


def _by() -> str:
    return f"command:{user_name()}"[:64]


def _do(work: Callable[[ProcessDesk], Coroutine[Any, Any, T]]) -> T:
    with _store() as store:

        def clock() -> datetime:
            return datetime.now(UTC)

        fault = partial(publication_fault, register_over(store, clock))
        desk = ProcessDesk(store, load_rules(), load_risk_form(), clock, unpublished=fault)
        return asyncio.run(work(desk))


@contextmanager
def _store() -> Iterator[Store]:
    settings = load_settings()
    sealer = make_sealer(settings.key.get_secret_value() if settings.key else None, settings.data)
    with Store.open(settings.database_url, sealer) as store:
        yield store
