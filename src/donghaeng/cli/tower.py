"""`donghaeng tower …`: the control tower."""

from __future__ import annotations

import click

from donghaeng.cli import tower_figures


@click.group()
def tower() -> None:
    """The control tower: figures, reports and feeds of other systems.

    \b
    Examples:
      donghaeng tower report 2026-11
      donghaeng tower feed add parking --name "주차 안내" --every 300
    """


tower.add_command(tower_figures.report)
tower.add_command(tower_figures.feed)
