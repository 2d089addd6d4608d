"""What `donghaeng services test` and `donghaeng eval scenarios` print and write besides their figures."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click

from donghaeng.city.emergencies import load_emergencies
from donghaeng.city.services import Catalogue
from donghaeng.conversation.scenario_report import Line, Tone
from donghaeng.conversation.scenario_runner import JsonObject
from donghaeng.dialogue.phrases import load_phrases
from donghaeng.errors import InputError
from donghaeng.measuring.junit import Run, write_junit
from donghaeng.measuring.scenario_coverage import cover, table

_COLOURS = {
    Tone.PASSED: {"fg": "green"},
    Tone.FAILED: {"fg": "red", "bold": True},
    Tone.CITIZEN: {"fg": "cyan"},
    Tone.FACT: {"dim": True},
    Tone.WANTED: {"fg": "red"},
    Tone.GOT: {"fg": "yellow"},
}

junit_option = click.option(
    "--junit", type=click.Path(path_type=Path), help="Write the runs there as JUnit XML."
)
coverage_option = click.option(
    "--coverage",
    is_flag=False,
    flag_value="-",
    help="Say what the tests reach of the catalogue and what never; FILE gets the same as JSON.",
)


def paint(lines: Sequence[Line], *, err: bool = False) -> None:
    """Print lines, coloured where they go to a terminal."""
    for line in lines:
        style = _COLOURS.get(line.tone, {})
        click.echo(click.style(line.text, **style), err=err)  # type: ignore[arg-type]


def _tell_coverage(runs: Sequence[Run], catalogue: Catalogue, where: str, only: Sequence[str]) -> None:
    """Print what the runs reached, and write it to the file ``where`` unless that is ``-``."""
    lexicon = catalogue.folder / "lexicon"
    found = cover(
        catalogue,
        load_phrases(lexicon / "phrases.yaml"),
        load_emergencies(lexicon / "emergencies.yaml"),
        (run.verdict for run in runs),
        only,
    )
    for line in table(found):
        click.echo(line, err=True)
    if where != "-":
        _write(Path(where), found)


def write_reports(
    runs: Sequence[Run],
    catalogue: Catalogue,
    *,
    junit: Path | None,
    coverage: str | None,
    only: Sequence[str] = (),
) -> None:
    """Write and print what was asked for; ``only`` names the services whose coverage counts.

    Raises:
        InputError: a file cannot be written.
    """
    if junit is not None:
        write_junit(junit, runs)
    if coverage is not None:
        _tell_coverage(runs, catalogue, coverage, only)


def _write(file: Path, content: JsonObject) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        remedy = "choose a file that can be written"
        raise InputError(f"{file}: cannot be written ({error.strerror})", remedy=remedy) from None
