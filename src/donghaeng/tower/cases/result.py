"""What a run gives: figures, tables, charts as data, and the hash by which two runs are compared. Pure."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Literal

DIGITS: Final = 9
"""Significant digits that are compared: sums of floats differ in the last ones between machines."""

Cell = str | int | float | None
ChartKind = Literal["line", "bar", "interval", "reliability", "tiles"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One number, perhaps with an interval."""

    name: str
    """Korean, as the page shows it."""
    value: float
    unit: str = ""
    low: float | None = None
    high: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under named columns."""

    id: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture as data, with the sentence that says what it shows.

    ``kind`` says how ``table`` is drawn: ``line`` the first column across and a line for each other one;
    ``bar`` a bar a row; ``interval`` a point with a range (columns: name, value, low, high); ``reliability``
    forecast against observed share (columns: forecast, observed, low, high, count); ``tiles`` a map of tiles
    (columns: name, column, row, value).
    """

    kind: ChartKind
    table: Table
    says: str
    x: str = ""
    y: str = ""


@dataclass(frozen=True, slots=True)
class CaseResult:
    """Everything that a report shows. ``private`` and ``kept`` never go into it."""

    figures: tuple[Figure, ...]
    charts: tuple[Chart, ...] = ()
    tables: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()
    private: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)
    """What the caller goes on with and no report shows (households to call); not part of the hash."""
    kept: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)
    """What a later step works on, as JSON beside the result (``kept.json``): nothing about a person."""

    def figure(self, name: str) -> Figure:
        """The figure of that name.

        Raises:
            KeyError: there is none.
        """
        for one in self.figures:
            if one.name == name:
                return one
        raise KeyError(name)

    def public(self) -> dict[str, Any]:
        """As JSON, without what no report shows."""
        told = asdict(self)
        del told["private"], told["kept"]
        return told


def result_hash(result: CaseResult) -> str:
    """The same for two runs that found the same: SHA-256 of what is public, floats rounded to
    :data:`DIGITS`."""
    written = json.dumps(_rounded(result.public()), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(written.encode()).hexdigest()


def _rounded(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _rounded(one) for key, one in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_rounded(one) for one in value]
    if isinstance(value, float):
        # Numpy's floats are Python's; a whole number is written the same whether it was one or not.
        return None if math.isnan(value) else float(f"{value:.{DIGITS}g}")
    return value
