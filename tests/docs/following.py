"""Runs the commands of a page as its reader would, in a copy of the catalogue."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]


def copy_catalogue(folder: Path) -> None:
    """Put a copy of the catalogue into ``folder``."""
    shutil.copytree(CHECKOUT / "catalogue", folder / "catalogue")


def run(commands: str, folder: Path) -> str:
    """What ``commands`` print in ``folder``, with its own catalogue and data and the embedder without a
    model; a command that fails fails the test."""
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "DONGHAENG_CATALOGUE": str(folder / "catalogue"),
        "DONGHAENG_DATA": str(folder / "data"),
        "DONGHAENG_EMBEDDER": "fake",
    }
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
