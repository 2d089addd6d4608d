"""`donghaeng staff …`."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from donghaeng.cli.staff import staff as command
from donghaeng.errors import InputError
from donghaeng.trust.passwords import check_password

PASSWORD = "비 오는 날의 우산 하나"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DONGHAENG_DATA", str(tmp_path))
    return tmp_path


def run(*arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(command, [*arguments], input=typed, catch_exceptions=False)


def listed() -> list[dict[str, object]]:
    return [json.loads(line) for line in run("list", "--json").output.splitlines()]


def test_a_password_is_typed_twice_and_never_shown() -> None:
    made = run(
        "add", "kim", "--role", "counsellor", "--shown-as", "김상담", typed=f"{PASSWORD}\n{PASSWORD}\n"
    )
    assert made.exit_code == 0
    assert PASSWORD not in made.output
    (entry,) = listed()
    assert (entry["name"], entry["shown_as"], entry["role"], entry["disabled"]) == (
        "kim",
        "김상담",
        "counsellor",
        False,
    )
    assert "김상담" in run("list").output


def test_passwords_that_differ_make_no_account() -> None:
    made = run("add", "kim", "--role", "counsellor", typed=f"{PASSWORD}\n{PASSWORD}!\n")
    assert made.exit_code != 0
    assert listed() == []


def test_programs_give_the_password_on_standard_input() -> None:
    assert run("add", "kim", "--role", "admin", "--password-stdin", typed=f"{PASSWORD}\n").exit_code == 0
    assert run("password", "kim", "--password-stdin", typed="바람 부는 날의 연 하나\n").exit_code == 0
    assert run("disable", "kim").exit_code == 0
    assert listed()[0]["disabled"] is True


def test_a_first_password_is_made_by_chance_and_shown_once() -> None:
    made = [run("add", name, "--role", "admin", "--make-password").output for name in ("kim", "lee")]
    passwords = [re.search(r"shown this once: ([a-z-]{23})\n", output) for output in made]
    assert all(passwords)
    shown = {match[1] for match in passwords if match is not None}
    assert len(shown) == 2
    assert "72 hours" in made[0]
    for password in shown:
        check_password(password, "kim")
    again = run("password", "kim", "--make-password")
    assert "72 hours" in again.output
    assert run("password", "kim", "--make-password", "--password-stdin").exit_code == 2


def test_a_lost_factor_is_taken_away() -> None:
    run("add", "kim", "--role", "admin", "--make-password")
    assert listed()[0]["second_factor"] is False
    assert "had no second factor" in run("reset-factor", "kim").output
    with pytest.raises(InputError, match="staff list"):
        run("reset-factor", "lee")


def test_a_password_is_no_argument_and_a_role_must_exist() -> None:
    assert run("add", "kim", "--role", "admin", "--password", PASSWORD).exit_code == 2
    assert run("add", "kim", "--role", "king", "--password-stdin", typed=PASSWORD).exit_code == 2
    with pytest.raises(InputError):
        run("add", "kim", "--role", "admin", "--password-stdin", typed="short\n")
    assert listed() == []
