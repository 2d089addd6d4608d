"""Charts by matplotlib: as SVG that a page with a strict policy may hold, and as PNG for documents.

The SVG has no style and no script of its own: colours are classes of the page's style sheet, so that dark and
high contrast follow the page. It is read without colour: lines differ by dash and marker, bars by hatching,
and every line and bar is labelled where it ends. ``<title>`` and ``<desc>`` tell it to a screen reader.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any, Final

from donghaeng.tower.figures.asking import Series
from donghaeng.tower.figures.telling import NO_DATA, Point
from donghaeng.tower.figures.values import HIDDEN, written
from donghaeng.tower.plotting import drawing

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INCHES: Final = (9.0, 3.6)
BAR_INCHES: Final = 0.34
MOST_BARS: Final = 30
_MOST_LABELS: Final = 12

# On paper these are greys; on the screen each stands for a class.
_INK, _LINE, _EARLIER, _BAR, _GRID = "#111111", "#1a1a1b", "#6b6b6c", "#c9c9ca", "#dedede"
_CLASSES: Final[Mapping[str, str]] = {
    _INK: "ink",
    _LINE: "line",
    _EARLIER: "earlier",
    _BAR: "bar",
    _GRID: "grid",
}
_SETTINGS: Final[Mapping[str, Any]] = {
    "font.size": 11,
    "svg.fonttype": "none",  # letters stay letters, which a screen reader and a search find
    "hatch.color": _LINE,
    "hatch.linewidth": 0.8,
    **dict.fromkeys(("text.color", "axes.labelcolor", "xtick.color", "ytick.color"), _INK),
    "axes.edgecolor": _GRID,
}


def svg_of(series: Series, sentence: str, *, name: str) -> str:
    """The chart as an ``<svg>`` element.

    Args:
        series: what is drawn.
        sentence: what it shows, for a screen reader.
        name: begins every id in it, so that several may stand in one page.
    """
    return _accessible(_drawn(series, "svg").decode(), series.metric.name, sentence, name)


def png_of(series: Series, *, dots: int = 200) -> bytes:
    """The chart for a document, in greys."""
    return _drawn(series, "png", dots)


def _drawn(series: Series, kind: str, dots: int = 100) -> bytes:
    out = io.BytesIO()
    with drawing(_SETTINGS):
        from matplotlib.figure import Figure  # noqa: PLC0415  half a second, which only charts pay

        figure = Figure(figsize=_size(series), layout="constrained")
        if series.dimension in {"day", "month"}:
            _course(figure, series)
        elif series.dimension == "hour":
            _columns(figure, series)
        else:
            _bars(figure, series)
        figure.savefig(
            out,
            format=kind,
            dpi=dots,
            transparent=kind == "svg",
            metadata={"Date": None} if kind == "svg" else None,
        )
    return out.getvalue()


def _size(series: Series) -> tuple[float, float]:
    if series.dimension in {"day", "month", "hour"}:
        return INCHES
    bars = min(MOST_BARS, len(series.points))
    return INCHES[0], max(1.6, 0.9 + BAR_INCHES * bars)


def _axes(figure: Figure, series: Series, *, values: str) -> Axes:
    axes = figure.subplots()
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.grid(axis="y" if values == "y" else "x", color=_GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    from matplotlib.ticker import FuncFormatter, MaxNLocator  # noqa: PLC0415

    axis = axes.yaxis if values == "y" else axes.xaxis
    axis.set_major_formatter(FuncFormatter(lambda value, _: written(series.metric, value)))
    axis.set_major_locator(MaxNLocator(nbins=5, integer=series.metric.unit in {"건", "번"}))
    return axes


def _empty(figure: Figure) -> None:
    figure.text(0.5, 0.5, NO_DATA, ha="center", va="center")


def _course(figure: Figure, series: Series) -> None:
    if not any(point.value is not None for point in series.points):
        _empty(figure)
        return
    axes = _axes(figure, series, values="y")
    places = range(len(series.points))
    lines = (
        (series.points, "이번 기간", _LINE, "solid", "o"),
        (series.before, series.than, _EARLIER, (0, (4, 3)), "s"),
    )
    marked = len(series.points) <= 31
    ends: list[tuple[int, float, str]] = []
    for points, label, colour, dash, marker in lines:
        values = [float("nan") if point.value is None else point.value for point in points]
        known = [n for n, point in enumerate(points) if point.value is not None]
        if not known:
            continue
        every = 1 if marked else max(1, len(values) // 10)
        axes.plot(places[: len(values)], values, color=colour, linestyle=dash, marker=marker, markersize=4,
                  markevery=every, linewidth=1.8)  # fmt: skip
        ends.append((known[-1], values[known[-1]], label))
    # Where both end at the same height, one label stands above the other, and none on the line of the axis.
    highest = max(end for _, end, _ in ends) or 1.0
    near = len(ends) == 2 and abs(ends[0][1] - ends[1][1]) < highest / 12
    for (place, end, label), up in zip(ends, (14, 4) if near else (4, 4), strict=False):
        axes.annotate(label, (place, end), xytext=(6, up), textcoords="offset points", va="center")
    axes.set_ylim(bottom=0)
    axes.margins(x=0.02)
    _ticks(axes, series.points)


def _columns(figure: Figure, series: Series) -> None:
    values = [point.value or 0.0 for point in series.points]
    if not any(values):
        _empty(figure)
        return
    axes = _axes(figure, series, values="y")
    bars = axes.bar(range(len(values)), values, color=_BAR, edgecolor=_LINE, linewidth=0.8)
    highest = values.index(max(values))
    bars[highest].set_hatch("////")
    label = written(series.metric, values[highest])
    axes.annotate(label, (highest, values[highest]), xytext=(0, 3), textcoords="offset points", ha="center")
    _ticks(axes, series.points)


def _bars(figure: Figure, series: Series) -> None:
    points = series.points[:MOST_BARS][::-1]
    if not points:
        _empty(figure)
        return
    axes = _axes(figure, series, values="x")
    values = [point.value or 0.0 for point in points]
    bars = axes.barh(range(len(points)), values, color=_BAR, edgecolor=_LINE, linewidth=0.8, height=0.7)
    for bar, point in zip(bars, points, strict=True):
        if point.hidden:
            bar.set_hatch("xxxx")
        text = HIDDEN if point.hidden else written(series.metric, point.value)
        place = (bar.get_width(), bar.get_y() + bar.get_height() / 2)
        axes.annotate(text, place, xytext=(4, 0), textcoords="offset points", va="center")
    axes.set_yticks(range(len(points)), [point.name for point in points])
    axes.margins(x=0.12)
    axes.set_xlim(left=0)


def _ticks(axes: Axes, points: Sequence[Point]) -> None:
    step = max(1, -(-len(points) // _MOST_LABELS))
    chosen = list(range(0, len(points), step))
    axes.set_xticks(chosen, [points[n].name for n in chosen])


_STYLE: Final = re.compile(r' style="([^"]*)"')
_HEAD: Final = re.compile(r"^.*?<svg[^>]*viewBox=\"([^\"]+)\"[^>]*>", re.DOTALL)
_LEFT_OUT: Final = re.compile(r"<metadata>.*?</metadata>|<style[^>]*>.*?</style>|<!--.*?-->", re.DOTALL)
_ID: Final = re.compile(r'(\bid="|href="#|url\(#)')
_COLOUR: Final = re.compile(r' (fill|stroke)="(#[0-9a-f]{6})"')
"""Of hatching, whose colours are attributes of their own."""
_SHORT_FONT: Final = re.compile(r"^([\d.]+)px")


def _accessible(svg: str, title: str, sentence: str, name: str) -> str:
    head = _HEAD.match(svg)
    assert head is not None
    body = _ID.sub(rf"\g<1>{name}-", _LEFT_OUT.sub("", svg[head.end() :]))
    body = _STYLE.sub(lambda found: _attributes(found[1]), body).replace("xlink:href", "href")
    body = _COLOUR.sub(lambda found: f' class="{found[1]}-{_CLASSES.get(found[2], "ink")}"', body)
    return (
        f'<svg class="chart" viewBox="{head[1]}" role="img" aria-labelledby="{name}-title {name}-desc">'
        f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-desc">{escape(sentence)}</desc>'
        f"{body}"
    )


def _attributes(style: str) -> str:
    """Declarations of a style as attributes, colours as classes: an attribute is no inline style, which the
    page's policy forbids."""
    classes, kept = [], {}
    for declaration in style.replace("&quot;", "'").split(";"):
        key, _, value = (part.strip() for part in declaration.partition(":"))
        if key in {"fill", "stroke"} and value in _CLASSES:
            classes.append(f"{key}-{_CLASSES[value]}")
        elif key == "font":
            size = _SHORT_FONT.match(value)
            kept["font-size"] = size[1] if size else "11"
        elif key and key != "font-family":
            kept[key] = value.removesuffix("px")
    named = f' class="{" ".join(classes)}"' if classes else ""
    return named + "".join(f' {key}="{escape(value)}"' for key, value in kept.items())
