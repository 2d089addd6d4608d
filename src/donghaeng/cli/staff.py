"""`donghaeng staff …`: the accounts of the console. A first account can be made only here."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TypeVar

import click
from rich.console import Console
from rich.table import Table

from donghaeng.app.records import open_store
from donghaeng.errors import InputError
from donghaeng.people.accounts import FIRST_LASTS, StaffAccounts
from donghaeng.people.sign_on import link
from donghaeng.settings import load_settings
from donghaeng.store import Store
from donghaeng.store.staff import StaffRow
from donghaeng.trust.passwords import Passwords, made_password
from donghaeng.trust.permissions import Role

T = TypeVar("T")

_from_stdin = click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input, its first line."
)

_made = click.option(
    "--make-password", is_flag=True, help="Make a random password and show it, once, instead of asking."
)


@click.group()
def staff() -> None:
    """Accounts of counsellors and other staff.

    \b
    Examples:
      donghaeng staff add kim.sangdam --role counsellor --shown-as 김상담
      donghaeng staff list
      donghaeng staff disable kim.sangdam
    """


@staff.command()
@click.argument("name")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--shown-as", help="What colleagues and citizens read; the account's name when left out.")
@click.option("--department", help="Whose shared documents the account reads (`/office/library`).")
@_from_stdin
@_made
@click.option("--no-password", is_flag=True, help="Only the organisation's login server lets them in.")
def add(
    name: str,
    role: str,
    *,
    shown_as: str | None,
    department: str | None,
    password_stdin: bool,
    make_password: bool,
    no_password: bool,
) -> None:
    """Make an account. The password is typed twice, read from standard input, or made and shown once; never
    an argument. It is a first password: it opens for 72 hours, and its owner chooses another."""
    password = None if no_password else _password(password_stdin, make_password)
    _with_accounts(
        lambda accounts: accounts.add(
            name, shown_as or name, Role(role), password, first=True, department=department
        )
    )
    click.echo(f"{name} may log in at /console/ as {role}.")
    _tell_first(password)


@staff.command()
@click.argument("name")
@click.argument("department", required=False)
def department(name: str, department: str | None) -> None:
    """Put an account into a DEPARTMENT, whose shared documents it then reads; into none where it is left out.

    \b
    Example:
      donghaeng staff department lee.gong 노인복지과
    """
    _with_accounts(lambda accounts: accounts.set_department(name, department))
    click.echo(f"{name} is in {department}." if department else f"{name} is in no department.")


@staff.command()
@click.argument("name")
@_from_stdin
@_made
def password(name: str, password_stdin: bool, make_password: bool) -> None:
    """Give an account another first password; it is logged out everywhere."""
    new = _password(password_stdin, make_password)
    _with_accounts(lambda accounts: accounts.set_password(name, new))
    click.echo(f"{name} has another password and is logged out everywhere.")
    _tell_first(new)


@staff.command(name="reset-factor")
@click.argument("name")
def reset_factor(name: str) -> None:
    """Take an account's authenticator away, for instance after the telephone was lost; it is logged out
    everywhere, and takes over another at the next login. Be sure first that it is the owner who asks."""
    had = _with_accounts(lambda accounts: accounts.factors.reset(name))
    click.echo(f"{name} has no second factor any more." if had else f"{name} had no second factor.")


@staff.command()
@click.argument("name", required=False)
@click.option("--everybody", is_flag=True, help="Every account, for instance after a leak.")
def logout(name: str | None, everybody: bool) -> None:
    """Log an account out everywhere, or everybody."""
    if (name is None) is not everybody:
        raise click.UsageError("name an account, or --everybody")
    ended = _with_accounts(lambda accounts: accounts.end_sessions(name))
    click.echo(f"{ended} logins ended.")


@staff.command(name="link")
@click.argument("name")
@click.argument("subject")
def link_subject(name: str, subject: str) -> None:
    """Let somebody whom the organisation's login server knows as SUBJECT (claim `sub`) log in as NAME."""
    issuer = load_settings().oidc_issuer
    if issuer is None:
        raise InputError("no login server is set", remedy="set DONGHAENG_OIDC_ISSUER")
    _with_store(lambda store: link(store, issuer, name, subject, at=datetime.now(UTC)))
    click.echo(f"{name} may log in by the organisation's server.")


@staff.command()
@click.argument("name")
def disable(name: str) -> None:
    """Let an account log in no more; it is logged out everywhere."""
    _with_accounts(lambda accounts: accounts.disable(name))
    click.echo(f"{name} can log in no more.")


@staff.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
def list_staff(as_json: bool) -> None:
    """List every account."""
    rows, having = _with_accounts(_rows)
    shown = [
        {
            "name": row.name,
            "shown_as": row.shown_name,
            "role": row.role.value,
            "department": row.department or "",
            "since": row.created_at.date().isoformat(),
            "second_factor": row.id in having,
            "disabled": row.disabled_at is not None,
        }
        for row in rows
    ]
    if as_json:
        for entry in shown:
            click.echo(json.dumps(entry, ensure_ascii=False))
        return
    table = Table("name", "shown as", "role", "department", "since", "second factor", "disabled")
    for entry in shown:
        table.add_row(*(str(value) if value is not False else "" for value in entry.values()))
    Console().print(table)


async def _rows(accounts: StaffAccounts) -> tuple[list[StaffRow], frozenset[str]]:
    return await accounts.everyone(), await accounts.factors.with_factor()


def _tell_first(password: str | None) -> None:
    if password is not None:
        hours = int(FIRST_LASTS.total_seconds() // 3600)
        click.echo(f"The password opens for {hours} hours; its owner chooses another at the first login.")


def _password(from_stdin: bool, made: bool) -> str:
    if from_stdin and made:
        raise click.UsageError("--password-stdin or --make-password, not both")
    if made:
        password = made_password()
        click.echo(f"First password, shown this once: {password}")
        return password
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    typed: str = click.prompt("Password", hide_input=True, confirmation_prompt="Once more")
    return typed


def _with_accounts(work: Callable[[StaffAccounts], Awaitable[T]]) -> T:
    return _with_store(lambda store: work(StaffAccounts(store, Passwords(), clock=lambda: datetime.now(UTC))))


def _with_store(work: Callable[[Store], Awaitable[T]]) -> T:
    with open_store(load_settings()) as store:

        async def run() -> T:
            return await work(store)

        return asyncio.run(run())
