"""What one page of figures shows, ready to be written down: cards, and charts with their sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from donghaeng.errors import InputError
from donghaeng.store.figures import OWN
from donghaeng.store.store import Transaction
from donghaeng.tower.figures.asking import (
    BEFORE,
    CHOSEN,
    NAMES,
    Range,
    Series,
    Shown,
    course,
    cuts_of,
    groups,
    overview,
)
from donghaeng.tower.figures.charting import svg_of
from donghaeng.tower.figures.definitions import Definitions
from donghaeng.tower.figures.tabling import head_of, rows_of
from donghaeng.tower.figures.telling import tell_change, tell_course, tell_groups
from donghaeng.tower.figures.values import written

CHANNELS: Final[Mapping[str, str]] = {"web": "웹", "kiosk": "키오스크", "phone": "전화", "chat": "채팅"}
COHORTS: Final[Mapping[str, str]] = {"slow": "느리게 듣는 분", "loud": "크게 듣는 분", "ordinary": "보통"}
NOTHING_IN_HAND: Final = "서비스 밖"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asked for."""

    days: Range
    metric: str = "conversations"
    cut: str = "channel"
    system: str = OWN
    against: Range | None = None
    """The days that it is compared with; those before where None."""


@dataclass(frozen=True, slots=True)
class Card:
    """One figure in words."""

    id: str
    name: str
    value: str
    change: str
    words: str
    missed: bool
    """It is beyond its target."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture with all that stands beside it."""

    name: str
    title: str
    sentence: str
    svg: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


def cards(tx: Transaction, definitions: Definitions, wanted: Wanted) -> list[Card]:
    """Every figure of the range, each against the range before."""
    than = BEFORE if wanted.against is None else CHOSEN
    found = overview(tx, definitions, wanted.days, against=wanted.against, system=wanted.system)
    return [_card(one, than) for one in found]


def series(
    tx: Transaction, definitions: Definitions, wanted: Wanted, services: Mapping[str, str]
) -> dict[str, Series]:
    """What the charts are drawn from: the course, and the groups where the metric is cut.

    Args:
        tx: the database.
        definitions: the metrics.
        wanted: what is asked for.
        services: names of services by id.

    Raises:
        InputError: there is no such metric, or it is not cut so.
    """
    try:
        metric = definitions.metric(wanted.metric)
    except KeyError:
        raise InputError("there is no such metric") from None
    found = {"course": course(tx, metric, wanted.days, against=wanted.against, system=wanted.system)}
    if not cuts_of(metric):
        return found
    cut = wanted.cut if wanted.cut in cuts_of(metric) else "channel"
    names = {"channel": CHANNELS, "cohort": COHORTS, "service": {"none": NOTHING_IN_HAND, **services}}.get(
        cut
    )
    found["groups"] = groups(tx, metric, cut, wanted.days, names=names, system=wanted.system)
    return found


def sentence_of(one: Series) -> str:
    """What the chart shows."""
    if one.dimension in {"day", "month"}:
        return tell_course(one.metric, one.points)
    return tell_groups(one.metric, one.points, NAMES[one.dimension])


def draw(name: str, one: Series) -> Chart:
    """The picture; takes some hundredths of a second of a processor."""
    sentence = sentence_of(one)
    by = "" if one.dimension in {"day", "month"} else f" · {NAMES[one.dimension]}별"
    title = f"{one.metric.name}{by}"
    return Chart(name, title, sentence, svg_of(one, sentence, name=name), head_of(one), rows_of(one))


def _card(one: Shown, than: str) -> Card:
    metric, value = one.metric, one.value
    missed = False
    if metric.target is not None and value is not None:
        missed = value < metric.target if metric.better == "up" else value > metric.target
    change = tell_change(metric, value, one.before, than)
    return Card(metric.id, metric.name, written(metric, value), change, metric.words, missed)
