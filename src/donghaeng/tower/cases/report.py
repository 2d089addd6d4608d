"""The page of a run: question, claim, figures, pictures with the table beside each, data, review."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from donghaeng.store.case_runs import CaseRun
from donghaeng.tower.cases.drawing import draw
from donghaeng.tower.cases.package import CasePackage
from donghaeng.tower.cases.result import CaseResult, Cell, Chart, Figure

MOST_ROWS: Final = 200
"""Of a table on the page; its CSV has all."""
KINDS: Final = {"generated": "만든 자료", "table": "받은 표", "records": "이 시스템의 기록"}
VERDICTS: Final = {
    "accepted": "받아들임",
    "accepted_with_limits": "조건을 붙여 받아들임",
    "rejected": "받아들이지 않음",
    "withdrawn": "받아들인 것을 거둠",
}


def cell_words(cell: Cell) -> str:
    """A cell as it is shown: thousands with commas, at most four digits of a fraction."""
    if cell is None:
        return "–"
    if isinstance(cell, float) and not cell.is_integer():
        return f"{cell:,.4g}" if abs(cell) < 1_000 else f"{cell:,.0f}"
    return f"{cell:,.0f}" if isinstance(cell, int | float) else cell


def figure_words(figure: Figure) -> str:
    """A figure with its unit and interval."""
    told = f"{cell_words(figure.value)}{figure.unit}"
    if figure.low is None or figure.high is None:
        return told
    return f"{told} ({cell_words(figure.low)}~{cell_words(figure.high)})"


def picture(chart: Chart) -> str:
    """A chart as an address that an image takes: nothing in it can run or style the page."""
    return "data:image/svg+xml;base64," + base64.b64encode(draw(chart).encode()).decode()


_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.filters.update(cell=cell_words, figure=figure_words, picture=picture)


def render_report(package: CasePackage, result: CaseResult, run: CaseRun) -> str:
    """A whole page that needs no other file."""
    return _templates.get_template("report.html").render(
        case=package, result=result, run=run, kinds=KINDS, verdicts=VERDICTS, most=MOST_ROWS
    )
