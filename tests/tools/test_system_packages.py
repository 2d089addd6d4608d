"""System packages: found, installed by root, asked for by others."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tools import system_packages
from tools.errors import SetupError
from tools.system_packages import SystemPackage, absent, advice, install, is_present

FONT = SystemPackage("fonts-test", "letters", files=("usr/share/fonts/**/Test*",))
NOWHERE = SystemPackage("nowhere", "nothing", commands=("no-such-command-anywhere",))
SHELL = SystemPackage("shell", "a command that is there", commands=("no-such-command-anywhere", "sh"))


def test_presence_by_file_or_command(tmp_path: Path) -> None:
    assert not is_present(FONT, tmp_path)
    font = tmp_path / "usr/share/fonts/truetype/test/TestGothic.ttf"
    font.parent.mkdir(parents=True)
    font.touch()
    assert is_present(FONT, tmp_path)
    assert absent([FONT, NOWHERE, SHELL], tmp_path) == [NOWHERE]


def test_advice_is_a_command_with_reasons() -> None:
    told = advice([FONT, NOWHERE])
    assert "apt-get install -y fonts-test nowhere" in told
    assert "letters" in told


class Apt:
    """Answers each command with the next exit status."""

    def __init__(self, *statuses: int) -> None:
        self.statuses = list(statuses)
        self.commands: list[Sequence[str]] = []

    def __call__(self, command: Sequence[str]) -> int:
        self.commands.append(command)
        return self.statuses.pop(0)


def test_lists_are_updated_before_installing() -> None:
    apt = Apt(0, 0)
    install([FONT, NOWHERE], apt)
    assert [command[2] if command[1] == "-q" else command for command in apt.commands][0] == "update"
    assert list(apt.commands[1][-2:]) == ["fonts-test", "nowhere"]


@pytest.mark.parametrize("statuses", [(100, 0, 0), (0, 100, 0, 0)])
def test_one_failure_is_tried_again(statuses: tuple[int, ...]) -> None:
    apt = Apt(*statuses)
    install([FONT], apt)
    assert apt.statuses == []


def test_two_failures_are_an_error() -> None:
    with pytest.raises(SetupError, match="fonts-test"):
        install([FONT], Apt(0, 100, 0, 100))


def test_without_root_nothing_is_installed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(system_packages, "PACKAGES", (NOWHERE,))
    monkeypatch.setattr(system_packages.os, "geteuid", lambda: 1000)
    assert system_packages.main() == 2
    assert "apt-get install -y nowhere" in capsys.readouterr().err


def test_all_present_is_quiet(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(system_packages, "PACKAGES", (SHELL,))
    assert system_packages.main() == 0
    assert capsys.readouterr().out == ""
