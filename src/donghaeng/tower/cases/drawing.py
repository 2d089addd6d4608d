"""Charts as SVG by Matplotlib. Shapes, strokes and printed values tell what colours tell, so a picture can be
read in black and white; the table beside it says the same to a screen reader."""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from donghaeng.tower.cases.result import Cell, Chart
from donghaeng.tower.plotting import drawing

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NOTHING: Final = "그릴 자료가 없어요"
_SETTINGS: Final[Any] = {
    "svg.fonttype": "path",  # the typeface need not be on the reader's machine
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
}
_INK: Final = "#1b3a5c"
_SECOND: Final = "#b45309"
_LINES: Final = (("-", "o", _INK), ("--", "s", _SECOND), (":", "^", "#3f6212"), ("-.", "D", "#581c87"))
_MOST_LABELS: Final = 14
_DARK: Final = 0.55
"""Part of the ramp from which labels are white."""


@lru_cache(maxsize=64)
def draw(chart: Chart) -> str:
    """An SVG document; of a chart without rows, one that says so.

    The same chart gives the same bytes.
    """
    # Half a second, which only charts pay.
    from matplotlib.backends.backend_svg import FigureCanvasSVG  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    with drawing(_SETTINGS):
        height = max(3.2, 0.34 * len(chart.table.rows) + 1) if chart.kind in ("bar", "interval") else 4.4
        figure = Figure(figsize=(7.2, min(height, 12)), layout="constrained")
        FigureCanvasSVG(figure)
        axes = figure.subplots()
        if not chart.table.rows:
            axes.axis("off")
            axes.text(0.5, 0.5, NOTHING, ha="center", va="center")
        else:
            _DRAWERS[chart.kind](axes, chart)
            if chart.kind != "tiles":
                axes.set_xlabel(chart.x)
                axes.set_ylabel(chart.y)
        out = io.BytesIO()
        # Without the moment of drawing, which would make each run another.
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": "donghaeng"})
    return out.getvalue().decode()


def _number(cell: Cell) -> float:
    return float(cell) if isinstance(cell, int | float) else math.nan


def _column(chart: Chart, place: int) -> list[float]:
    return [_number(row[place]) for row in chart.table.rows]


def _names(chart: Chart) -> list[str]:
    return [str(row[0]) for row in chart.table.rows]


def _plain(value: float, _: object) -> str:
    """Powers of ten as plain numbers, whose signs the typeface has."""
    return f"{value:g}"


def _line(axes: Axes, chart: Chart) -> None:
    names = _names(chart)
    across = list(range(len(names)))
    for place, name in enumerate(chart.table.columns[1:], start=1):
        stroke, mark, colour = _LINES[(place - 1) % len(_LINES)]
        axes.plot(across, _column(chart, place), stroke, marker=mark, color=colour, label=name, markersize=5)
    step = max(1, math.ceil(len(names) / _MOST_LABELS))
    axes.set_xticks(across[::step], names[::step])
    axes.set_ylim(bottom=0)
    axes.grid(axis="y", alpha=0.3)
    axes.legend(frameon=False)


def _bar(axes: Axes, chart: Chart) -> None:
    values = _column(chart, 1)
    bars = axes.barh(_names(chart)[::-1], values[::-1], color=_INK)
    axes.bar_label(bars, labels=[f"{value:g}" for value in values[::-1]], padding=3)
    axes.margins(x=0.12)


def _interval(axes: Axes, chart: Chart) -> None:
    names = _names(chart)
    places = list(range(len(names)))[::-1]
    value, low, high = (_column(chart, place) for place in (1, 2, 3))
    finite = [math.isfinite(bound) for bound in high]
    for place, middle, least, most, shown in zip(places, value, low, high, finite, strict=True):
        if shown:
            axes.plot([least, most], [place, place], "-", color=_INK, linewidth=2)
        axes.plot([middle], [place], "o", color=_INK)
        axes.annotate(
            f"{middle:.3g}", (middle, place), xytext=(0, 6), textcoords="offset points", ha="center"
        )
    axes.set_yticks(places, names)
    if min(low) > 0 and max(value) / min(value) > 20:
        axes.set_xscale("log")
        axes.xaxis.set_major_formatter(_plain)
        axes.axvline(1.0, color="#444444", linewidth=1, linestyle="--")
    axes.grid(axis="x", alpha=0.3)
    axes.margins(y=0.12)


def _reliability(axes: Axes, chart: Chart) -> None:
    forecast, observed, low, high = (_column(chart, place) for place in range(4))
    below = [value - bound for value, bound in zip(observed, low, strict=True)]
    above = [bound - value for value, bound in zip(observed, high, strict=True)]
    axes.errorbar(
        forecast, observed, yerr=[below, above], fmt="o", color=_INK, capsize=3, label="실제와 구간"
    )
    ends = [min(forecast + [value for value in observed if value > 0]), max(forecast + observed)]
    axes.plot(ends, ends, "--", color="#444444", label="예보 그대로라면")
    if ends[0] > 0:
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.xaxis.set_major_formatter(_plain)
        axes.yaxis.set_major_formatter(_plain)
    axes.grid(alpha=0.3)
    axes.legend(frameon=False)


def _tiles(axes: Axes, chart: Chart) -> None:
    from matplotlib.patches import Rectangle  # noqa: PLC0415

    values = _column(chart, 3)
    least, most = min(values), max(values)
    span = (most - least) or 1.0
    for row, value in zip(chart.table.rows, values, strict=True):
        across, down = _number(row[1]), _number(row[2])
        part = (value - least) / span
        # One hue that only grows darker stays in order in black and white.
        colour = tuple(1 - part * (1 - end) for end in (0.08, 0.20, 0.36))
        axes.add_patch(Rectangle((across, -down), 0.94, 0.94, facecolor=colour, edgecolor="#444444"))
        ink = "white" if part > _DARK else "black"
        axes.text(
            across + 0.47, -down + 0.62, str(row[0]).removesuffix("구"), ha="center", color=ink, fontsize=8
        )
        axes.text(across + 0.47, -down + 0.2, f"{value:.3g}", ha="center", color=ink, fontsize=9)
    axes.set_xlim(-0.1, max(_column(chart, 1)) + 1.1)
    axes.set_ylim(-max(_column(chart, 2)) - 0.1, 1.1)
    axes.set_aspect("equal")
    axes.axis("off")


_DRAWERS: Final[Mapping[str, Callable[[Axes, Chart], None]]] = {
    "line": _line,
    "bar": _bar,
    "interval": _interval,
    "reliability": _reliability,
    "tiles": _tiles,
}
