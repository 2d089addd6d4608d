"""`donghaeng bench tower`: the control tower's figures at a city's size."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from donghaeng.city.services.loading import load_catalogue
from donghaeng.measuring import tower_figures
from donghaeng.measuring.cases import JsonObject, Progress
from donghaeng.settings import load_settings
from donghaeng.store import Store
from donghaeng.tower.figures.definitions import load_definitions
from donghaeng.trust.sealing import Sealer

F = TypeVar("F", bound=Callable[..., Any])


def options(command: F) -> F:
    """What the command is told."""
    count = click.option(
        "--conversations",
        "count",
        default=1_000_000,
        show_default=True,
        type=click.IntRange(100),
        help="How many, over a year; each has ten events.",
    )
    folder = click.option(
        "--folder",
        type=click.Path(file_okay=False, path_type=Path),
        help="Keep the database there; filled already, only what is new in it is counted.",
    )
    return count(folder(command))


def measure(count: int, folder: Path | None, progress: Progress) -> JsonObject:
    """Make the year, count it, and look at every page."""
    catalogue = load_settings().catalogue
    services = list(load_catalogue(catalogue))
    with tempfile.TemporaryDirectory(prefix="donghaeng-tower-") as made:
        place = (folder or Path(made)) / "tower.db"
        with Store.open(f"sqlite:///{place}", Sealer([b"k" * 32]), synchronous="NORMAL") as store:
            return tower_figures.run(
                store, load_definitions(catalogue), services, count=count, progress=progress
            )
