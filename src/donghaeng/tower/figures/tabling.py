"""A chart's numbers as a table."""

from __future__ import annotations

from typing import Final

from donghaeng.tower.csv_files import write_csv
from donghaeng.tower.figures.asking import NAMES, Series
from donghaeng.tower.figures.values import HIDDEN, written

_HEADS: Final = {"day": "날", "month": "달"}


def head_of(series: Series) -> list[str]:
    """The names of the columns."""
    first = _HEADS.get(series.dimension) or NAMES[series.dimension]
    return [first, series.metric.name, *([series.than] if series.before else [])]


def rows_of(series: Series) -> list[list[str]]:
    """One row a point, values as they are read."""
    before = dict(enumerate(series.before))
    found = []
    for number, point in enumerate(series.points):
        row = [point.name, HIDDEN if point.hidden else written(series.metric, point.value)]
        if series.before:
            earlier = before.get(number)
            row.append(written(series.metric, earlier.value if earlier else None))
        found.append(row)
    return found


def csv_of(series: Series) -> bytes:
    """The chart's numbers as a CSV file."""
    return write_csv(head_of(series), rows_of(series)).encode()
