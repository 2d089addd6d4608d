"""Runs the commands of a page as its reader would, in a copy of the catalogue.

:func:`run` starts a shell and the programs; :func:`run_here` calls ``donghaeng`` in this process, which saves
the seconds that every start of the program takes.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from donghaeng.cli.main import cli

CHECKOUT = Path(__file__).resolve().parents[2]


def copy_catalogue(folder: Path) -> None:
    """Put a copy of the catalogue into ``folder``."""
    shutil.copytree(CHECKOUT / "catalogue", folder / "catalogue")


def settings_in(folder: Path) -> dict[str, str]:
    """The settings under which a page is followed."""
    return {
        "DONGHAENG_CATALOGUE": str(folder / "catalogue"),
        "DONGHAENG_DATA": str(folder / "data"),
        "DONGHAENG_EMBEDDER": "fake",
    }


def run_here(commands: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """As :func:`run`, for commands that are all ``donghaeng …``, one a line."""
    monkeypatch.chdir(folder)
    for name, value in settings_in(folder).items():
        monkeypatch.setenv(name, value)
    said = ""
    for line in commands.splitlines():
        program, *arguments = shlex.split(line, comments=True)
        assert program == "donghaeng", line
        result = CliRunner().invoke(cli, arguments, catch_exceptions=False)
        assert result.exit_code == 0, result.output
        said += result.stdout
    return said


def run(commands: str, folder: Path) -> str:
    """What ``commands`` print in ``folder``, with its own catalogue and data and the embedder without a
    model; a command that fails fails the test."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, **settings_in(folder)}
    done = subprocess.run(
        ["sh", "-e", "-c", commands],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout
