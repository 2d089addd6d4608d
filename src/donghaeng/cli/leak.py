"""`donghaeng leak …`: leaks of personal data and their 72-hour clock (docs/runbooks/leak.md)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar

import click
from rich.console import Console
from rich.table import Table

from donghaeng.app.application import SEOUL_TIME
from donghaeng.cli.user import user_name
from donghaeng.errors import InputError
from donghaeng.settings import load_settings
from donghaeng.store import Store, Transaction, leaks
from donghaeng.trust.leaks import MOST_WORDS, Extent, Leak, LeakLine, LineKind, check, may_close
from donghaeng.trust.masking import mask
from donghaeng.trust.sealing import make_sealer
from donghaeng.trust.tokens import make_id

ID_LETTERS = 11
"""Of a leak's name: short enough to be read out."""

F = TypeVar("F", bound=Callable[..., Any])

what_option = click.option("--what", default="", help="In a few words, without anybody's data; masked.")


@click.group()
def leak() -> None:
    """Leaks of personal data, real or possible: what was known when, and what was done.

    \b
    Examples:
      donghaeng leak open --known 2026-11-23T10:00 --what "잘못 보낸 메일" --persons 12
      donghaeng leak list
      donghaeng leak notified leak_abcdef --what "문자로 알림"
    """


def _extent_options(command: F) -> F:
    for option in (
        click.option("--persons", type=int, help="How many persons it concerns, as far as is known."),
        click.option("--sensitive/--not-sensitive", default=None, help="Sensitive data or resident numbers."),
        click.option("--intrusion/--no-intrusion", default=None, help="Somebody came in from outside."),
    ):
        command = option(command)
    return command


@leak.command(name="open")
@click.option("--known", help="When somebody of the city first knew (2026-11-23T10:00); now when left out.")
@_extent_options
@click.option("--what", required=True, help="What happened, without anybody's data; masked.")
def open_(
    known: str | None, persons: int | None, sensitive: bool | None, intrusion: bool | None, what: str
) -> None:
    """Write down that there is a leak, or may be one. The clock runs from the moment of knowing."""
    now = datetime.now(UTC)
    extent = Extent(_moment(known, now), persons, bool(sensitive), bool(intrusion))
    name = make_id("leak")[:ID_LETTERS]
    line = LeakLine(name, now, "known", _by(), _masked(what), check(extent, now))
    with _store() as store:
        store.run(lambda tx: leaks.add(tx, line))
        _tell(store.look(lambda tx: leaks.get(tx, name)), now)


@leak.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a leak.")
def list_(as_json: bool) -> None:
    """Show every leak and its clock."""
    now = datetime.now(UTC)
    with _store() as store:
        found = store.look(leaks.every)
    if as_json:
        for one in found:
            click.echo(json.dumps(_described(one, now), ensure_ascii=False))
        return
    table = Table("leak", "known", "due", "left", "missing")
    for one in found:
        told = _described(one, now)
        table.add_row(one.id, told["known_at"], told["due"], told["left"], ", ".join(told["missing"]) or "-")
    Console().print(table)


@leak.command()
@click.argument("name")
@_extent_options
@what_option
def change(name: str, persons: int | None, sensitive: bool | None, intrusion: bool | None, what: str) -> None:
    """Write down how grave it is, as is known by now. The clock does not begin anew."""
    now = datetime.now(UTC)
    with _store() as store:
        before = store.look(lambda tx: leaks.get(tx, name)).extent
        extent = Extent(
            before.known_at,
            before.persons if persons is None else persons,
            before.sensitive if sensitive is None else sensitive,
            before.intrusion if intrusion is None else intrusion,
        )
    _add(name, "changed", what, extent=check(extent, now))


@leak.command()
@click.argument("name")
@click.option("--what", required=True, help="What was found or done; masked.")
def note(name: str, what: str) -> None:
    """Write down what was found or done."""
    _add(name, "noted", what)


@leak.command()
@click.argument("name")
@what_option
def notified(name: str, what: str) -> None:
    """Those whom it concerns have been told (제34조 제1항)."""
    _add(name, "notified", what)


@leak.command()
@click.argument("name")
@what_option
def reported(name: str, what: str) -> None:
    """It has been reported to 개인정보보호위원회 or KISA (제34조 제3항)."""
    _add(name, "reported", what)


@leak.command()
@click.argument("name")
@click.option("--unfounded", is_flag=True, help="It was none; say why with --what.")
@what_option
def close(name: str, unfounded: bool, what: str) -> None:
    """Close it, when nothing is missing."""
    if unfounded and not what.strip():
        raise InputError("why it was none is missing", remedy="say it with --what")

    def allowed(found: Leak) -> None:
        if not unfounded:
            may_close(found)

    _add(name, "unfounded" if unfounded else "closed", what, first=allowed)


def _add(
    name: str,
    kind: LineKind,
    what: str,
    *,
    extent: Extent | None = None,
    first: Callable[[Leak], None] = lambda found: None,
) -> None:
    now = datetime.now(UTC)
    line = LeakLine(name, now, kind, _by(), _masked(what), extent)

    def work(tx: Transaction) -> None:
        found = leaks.get(tx, name)
        if found.closed_at is not None:
            raise InputError(f"{name} is closed", remedy="open another: donghaeng leak open")
        first(found)
        leaks.add(tx, line)

    with _store() as store:
        store.run(work)
        _tell(store.look(lambda tx: leaks.get(tx, name)), now)


def _tell(found: Leak, now: datetime) -> None:
    told = _described(found, now)
    if found.closed_at is not None:
        click.echo(f"{found.id}: closed.")
    elif not found.missing:
        click.echo(f"{found.id}: nothing is missing. donghaeng leak close {found.id}")
    else:
        click.echo(f"{found.id}: until {told['due']} ({told['left']}): {', '.join(found.missing)}")


def _described(found: Leak, now: datetime) -> dict[str, Any]:
    return {
        "id": found.id,
        "known_at": _shown(found.extent.known_at),
        "due": _shown(found.due),
        "left": _left(found, now),
        "missing": list(found.missing) if found.closed_at is None else [],
        "persons": found.extent.persons,
        "must_be_reported": found.extent.must_be_reported,
        "closed": found.closed_at is not None,
        "lines": [[_shown(line.at), line.kind, line.by, line.words] for line in found.lines],
    }


def _left(found: Leak, now: datetime) -> str:
    if not found.ticking:
        return "-"
    seconds = found.left(now).total_seconds()
    hours, minutes = divmod(int(abs(seconds)) // 60, 60)
    return f"{hours} h {minutes} min {'left' if seconds > 0 else 'LATE'}"


def _shown(moment: datetime) -> str:
    return moment.astimezone(SEOUL_TIME).isoformat(sep=" ", timespec="minutes")


def _moment(given: str | None, now: datetime) -> datetime:
    if given is None:
        return now
    try:
        moment = datetime.fromisoformat(given)
    except ValueError:
        raise InputError(f"{given}: no moment", remedy="write it as 2026-11-23T10:00") from None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=SEOUL_TIME)


def _masked(words: str) -> str:
    told = " ".join(words.split())
    if len(told) > MOST_WORDS:
        raise InputError(f"{len(told)} characters", remedy=f"at most {MOST_WORDS} are taken")
    return mask(told, "log").text


def _by() -> str:
    return f"command:{user_name()}"[:64]


@contextmanager
def _store() -> Iterator[Store]:
    settings = load_settings()
    sealer = make_sealer(settings.key.get_secret_value() if settings.key else None, settings.data)
    with Store.open(settings.database_url, sealer) as store:
        yield store
