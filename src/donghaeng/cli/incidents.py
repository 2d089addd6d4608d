"""`donghaeng incidents …`: what went wrong with AI systems (docs/control-tower.md)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine
from datetime import UTC, date, datetime
from typing import Any, TypeVar

import click
from rich.console import Console
from rich.table import Table

from donghaeng.app.records import open_store
from donghaeng.app.telling import ways_of
from donghaeng.cli.user import user_name
from donghaeng.errors import InputError
from donghaeng.settings import load_settings
from donghaeng.tower.incidents import incident as steps
from donghaeng.tower.incidents.desk import IncidentDesk
from donghaeng.tower.incidents.incident import Incident, NewLine
from donghaeng.tower.process.desk import ProcessDesk
from donghaeng.tower.process.loading import load_risk_form, load_rules
from donghaeng.tower.process.state import SEOUL, subject_of
from donghaeng.trust.leaks import Extent

T = TypeVar("T")


@click.group()
def incidents() -> None:
    """What went wrong with an AI system: who answers for it, what mends it, what was learnt.

    A leak's 72-hour clock is kept by `donghaeng leak`; `report --leak` starts it.

    \b
    Examples:
      donghaeng incidents report service/weather --title "틀린 날씨" --severity 3 --words "비가 안 왔어요"
      donghaeng incidents list --open
      donghaeng incidents own inc_abcdefgh 날씨팀
      donghaeng incidents mend inc_abcdefgh https://git.example/change/7
      donghaeng incidents learn inc_abcdefgh "예보 시각을 함께 말해요"
      donghaeng incidents close inc_abcdefgh
    """


@incidents.command(name="list")
@click.option("--open", "only_open", is_flag=True, help="Only what is not closed.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object an incident.")
def list_(only_open: bool, as_json: bool) -> None:
    """Show every incident, the overdue first.

    \b
    Examples:
      donghaeng incidents list
      donghaeng incidents list --open --json
    """
    found, told = _do(_everything)
    rows = [one for one in found if not (only_open and one.closed)]
    rows.sort(key=lambda one: (one.closed, not told[one.id]["overdue"], -one.severity))
    if as_json:
        for one in rows:
            click.echo(json.dumps(told[one.id], ensure_ascii=False))
        return
    table = Table("incident", "subject", "severity", "what", "owner", "to be closed")
    for one in rows:
        said = told[one.id]
        due = "closed" if one.closed else f"{said['due']}{' LATE' if said['overdue'] else ''}"
        table.add_row(one.id, one.subject, str(one.severity), one.title, one.owner or "-", due)
    Console().print(table)


@incidents.command()
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def show(name: str, as_json: bool) -> None:
    """Show one incident: what is lacking, and its timeline.

    \b
    Example:
      donghaeng incidents show inc_abcdefgh
    """

    async def work(desk: IncidentDesk) -> tuple[Incident, dict[str, Any]]:
        one = await desk.get(name)
        return one, _described(desk, one)

    one, told = _do(work)
    if as_json:
        lines = [[line.at.isoformat(), line.kind.value, line.by, line.words] for line in one.lines]
        click.echo(json.dumps({**told, "lines": lines}, ensure_ascii=False))
        return
    _tell(one)


@incidents.command()
@click.argument("subject")
@click.option("--title", required=True, help="What happened, in a line.")
@click.option("--severity", required=True, type=int, help="1 (light) to 4 (very grave).")
@click.option("--words", required=True, help="What happened, without anybody's data; masked.")
@click.option("--on", help="The day (2026-11-23); today when left out.")
@click.option("--leak", is_flag=True, help="Personal data leaked, or may have: starts the 72-hour clock.")
@click.option("--known", help="When somebody of the city first knew of the leak (2026-11-23T10:00).")
@click.option("--persons", type=int, help="How many persons the leak concerns, as far as is known.")
def report(  # noqa: PLR0917  each option is one parameter
    subject: str,
    title: str,
    severity: int,
    words: str,
    on: str | None,
    leak: bool,
    known: str | None,
    persons: int | None,
) -> None:
    """Write down that something went wrong with SUBJECT (service/weather).

    \b
    Examples:
      donghaeng incidents report service/weather --title "틀린 날씨" --severity 2 --words "비가 안 왔어요"
      donghaeng incidents report system/donghaeng --title "잘못 보낸 문자" --severity 4 \\
          --words "다른 분의 접수번호" --leak --known 2026-11-23T10:00 --persons 3
    """
    extent = Extent(_moment(known), persons) if leak else None
    kind, _, identity = subject.partition("/")

    async def work(desk: IncidentDesk) -> Incident:
        return await desk.report(
            _by(),
            subject_of(kind, identity),
            title=title,
            severity=severity,
            happened_on=_day(on) or desk.today(),
            words=words,
            leak=extent,
        )

    _tell(_do(work))


@incidents.command()
@click.argument("name")
@click.argument("owner")
def own(name: str, owner: str) -> None:
    """Say who answers for it.

    \b
    Example:
      donghaeng incidents own inc_abcdefgh 날씨팀
    """
    _act(name, lambda one: steps.own(one, owner))


@incidents.command()
@click.argument("name")
@click.argument("words")
def note(name: str, words: str) -> None:
    """Write down what was found or done; masked.

    \b
    Example:
      donghaeng incidents note inc_abcdefgh "기상청 자료가 한 시간 늦었어요"
    """
    _act(name, lambda one: steps.note(one, words))


@incidents.command()
@click.argument("name")
@click.argument("link")
@click.option("--words", default="", help="What was mended.")
def mend(name: str, link: str, words: str) -> None:
    """Name the change that mends it: an address, or a path of the console.

    \b
    Example:
      donghaeng incidents mend inc_abcdefgh /console/review/proposals/p_12 --words "쉬는 날을 넣음"
    """
    _act(name, lambda one: steps.mend(one, link, words))


@incidents.command()
@click.argument("name")
@click.argument("words")
def learn(name: str, words: str) -> None:
    """Write down what is done otherwise from now on.

    \b
    Example:
      donghaeng incidents learn inc_abcdefgh "공휴일마다 시험해요"
    """
    _act(name, lambda one: steps.learn(one, words))


@incidents.command()
@click.argument("name")
@click.argument("severity", type=int)
@click.option("--why", required=True, help="In a few words.")
def grade(name: str, severity: int, why: str) -> None:
    """Say that it is graver or lighter than was thought.

    \b
    Example:
      donghaeng incidents grade inc_abcdefgh 3 --why "많은 분이 들었어요"
    """
    _do(
        lambda desk: desk.act(name, _by(), lambda one: steps.grade(desk.scale, one, severity, why)), tell=True
    )


@incidents.command()
@click.argument("name")
@click.argument("words", default="")
@click.option("--back", is_flag=True, help="Take it from the public; say why with WORDS.")
def publish(name: str, words: str, back: bool) -> None:
    """Let the public read WORDS of it on the register's page of its system; not by who reported it.

    \b
    Examples:
      donghaeng incidents publish inc_abcdefgh "11월 3일 날씨를 잘못 알려 드렸고, 그날 고쳤어요."
      donghaeng incidents publish inc_abcdefgh --back "다시 살펴요"
    """
    by = _by()
    _act(name, lambda one: steps.unpublish(one, words) if back else steps.publish(one, by, words))


@incidents.command()
@click.argument("name")
@click.option("--words", default="", help="For the record.")
def close(name: str, words: str) -> None:
    """Close it, when nothing is lacking; not by who reported it.

    \b
    Example:
      donghaeng incidents close inc_abcdefgh
    """
    _do(lambda desk: desk.close(name, _by(), words), tell=True)


@incidents.command()
@click.argument("name")
@click.option("--why", required=True, help="In a few words.")
def reopen(name: str, why: str) -> None:
    """Open it again: it was not over.

    \b
    Example:
      donghaeng incidents reopen inc_abcdefgh --why "같은 일이 또 났어요"
    """
    _act(name, lambda one: steps.reopen(one, why))


@incidents.command()
def remind() -> None:
    """Write down today's reminders now; a running server does so each hour.

    \b
    Example:
      donghaeng incidents remind
    """
    click.echo(f"{_do(lambda desk: desk.sweep())} reminders.")


async def _everything(desk: IncidentDesk) -> tuple[list[Incident], dict[str, dict[str, Any]]]:
    found = list(await desk.every())
    return found, {one.id: _described(desk, one) for one in found}


def _described(desk: IncidentDesk, one: Incident) -> dict[str, Any]:
    return {
        "id": one.id,
        "subject": one.subject,
        "title": one.title,
        "severity": one.severity,
        "happened_on": one.happened_on.isoformat(),
        "owner": one.owner,
        "due": one.due(desk.scale).isoformat(),
        "overdue": one.overdue(desk.scale, desk.today()),
        "closed": one.closed,
        "leak": one.leak or None,
        "rule": one.rule or None,
        "mends": list(one.mends),
        "lessons": list(one.lessons),
        "public": one.public or None,
        "lacking": list(steps.lacking(one)) if not one.closed else [],
    }


def _act(name: str, decide: Callable[[Incident], NewLine]) -> None:
    _do(lambda desk: desk.act(name, _by(), decide), tell=True)


def _tell(one: Incident) -> None:
    click.echo(f"{one.id}  {one.subject}  {one.severity}: {one.title}{' (closed)' if one.closed else ''}")
    if not one.closed and steps.lacking(one):
        click.echo(f"  lacks: {', '.join(steps.lacking(one))}")
    if one.leak:
        click.echo(f"  leak: donghaeng leak list ({one.leak})")
    for link in one.mends:
        click.echo(f"  mended: {link}")
    for line in one.lines[-10:]:
        at = line.at.astimezone(SEOUL)
        click.echo(f"  {at:%Y-%m-%d %H:%M}  {line.kind.value}  {line.by}  {line.words}")


def _do(work: Callable[[IncidentDesk], Coroutine[Any, Any, T]], *, tell: bool = False) -> T:
    settings = load_settings()
    with open_store(settings) as store:

        def clock() -> datetime:
            return datetime.now(UTC)

        process = ProcessDesk(store, load_rules(), load_risk_form(), clock)
        done = asyncio.run(work(IncidentDesk(store, process, clock, ways=ways_of(settings))))
    if tell and isinstance(done, Incident):
        _tell(done)
    return done


def _day(written: str | None) -> date | None:
    try:
        return date.fromisoformat(written) if written else None
    except ValueError:
        raise InputError(f"{written}: no day", remedy="write it as 2026-11-23") from None


def _moment(written: str | None) -> datetime:
    if written is None:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        raise InputError(f"{written}: no moment", remedy="write it as 2026-11-23T10:00") from None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=SEOUL)


def _by() -> str:
    return f"command:{user_name()}"[:64]
