"""`donghaeng eval minutes`: minutes of scripted meetings."""

from __future__ import annotations

import json
from pathlib import Path

import click

from donghaeng.measuring import minutes
from donghaeng.measuring.cases import predictions_file
from donghaeng.office.minutes.loading import load_clerk
from donghaeng.settings import load_settings

_FILE = click.Path(path_type=Path)


@click.command(name="minutes")
@click.option("--meetings", required=True, type=_FILE, help="Folder of scripted meetings with labels.")
@click.option(
    "--predictions", required=True, type=_FILE, help="Where the minutes go, one JSON object a line."
)
def eval_minutes(meetings: Path, predictions: Path) -> None:
    """Agenda, decisions and actions of scripted meetings (bench/office/README.md has the match rule)."""
    scripts = minutes.read(meetings)
    with predictions_file(predictions) as stream:
        figures = minutes.run(load_clerk(load_settings().catalogue), scripts, stream)
    click.echo(json.dumps(figures, ensure_ascii=False))
