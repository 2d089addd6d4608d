"""A trial of the grouping on made wishes: what was planted is found again, and nothing else is told. Pure.

The case forecasts nothing, so what can be tried is what it claims: that it says what many asked for, most
first, and where, and that it tells of no wish that fewer than five had. Conversations are drawn from written
wishes (``assumptions.yaml``): some by many, some of those from one district more than from others, some by
too few to be told, some by one alone. The plain baseline puts together only what was said in the same words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Final

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from donghaeng.errors import InputError
from donghaeng.tower.cases.district_tiles import TILES
from donghaeng.tower.cases.unmet_groups import FEWEST, NO_PLACE, Group, Wish, group_wishes
from donghaeng.understanding.embed.protocol import Vectors

MOSTLY: Final = 0.8
"""Share of a group that is of one planted wish where the group is that wish, and share of the wish that it
must hold to be found whole."""
NAMED_SHARE: Final = 0.5
"""Share of a group's conversations from which a district is where the wish comes from."""
DAY: Final = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
"""When all made wishes are said: times of day are not tried."""

Words = Annotated[str, StringConstraints(min_length=2, max_length=80)]
Said = Annotated[tuple[Words, ...], Field(min_length=1)]
Range = tuple[Annotated[int, Field(ge=1)], Annotated[int, Field(ge=1)]]


class Planted(BaseModel):
    """One wish in the words of several people."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    district: str | None = None
    """Where most of it comes from; None where from everywhere alike."""
    said: Said


class UnmetAssumptions(BaseModel):
    """``assumptions.yaml`` of the case."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    draws: int = Field(ge=1, le=500)
    conversations: Range
    """Of a wish of ``topics``: fewest, most."""
    small: Range
    """Of a wish of ``few``."""
    placed_share: float = Field(gt=NAMED_SHARE, le=1)
    topics: tuple[Planted, ...]
    few: tuple[Planted, ...]
    alone: Said


@dataclass(frozen=True, slots=True)
class Trial:
    """Shares over all draws; each with the range in which 95 of 100 draws lie."""

    whole: tuple[float, float, float]
    """Planted wishes of many that one told group holds whole, and nearly nothing else."""
    whole_by_words: tuple[float, float, float]
    """The same where only equal words are put together."""
    mixed: tuple[float, float, float]
    """Told groups that are of no one wish."""
    leaked: int
    """Told groups of a wish that too few had, or that one had alone, over all draws."""
    first: float
    """Draws in which the group told first is the wish that most had."""
    placed: float
    """Wishes found whole that come from one district: it is told as most of the group."""
    invented: float
    """Wishes found whole that come from everywhere: a district is told as most of the group all the same."""


def assumed(values: Mapping[str, Any]) -> UnmetAssumptions:
    """The assumptions of a file.

    Raises:
        InputError: they are wrong, or a district is none of Seoul's.
    """
    try:
        found = UnmetAssumptions.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InputError(f"assumptions.yaml: {where}: {first['msg']}") from None
    unknown = [one.district for one in found.topics if one.district is not None and one.district not in TILES]
    if unknown:
        raise InputError(f"assumptions.yaml: topics: no district {unknown[0]}", remedy="자치구")
    return found


def texts_of(assumptions: UnmetAssumptions) -> list[str]:
    """Every made wish once."""
    planted = (*assumptions.topics, *assumptions.few)
    return sorted({text for one in planted for text in one.said} | set(assumptions.alone))


def tried(
    assumptions: UnmetAssumptions,
    vectors: Mapping[str, Vectors],
    words_of: Callable[[str], Set[str]],
    rng: np.random.Generator,
) -> Trial:
    """Carry the trial out.

    Args:
        assumptions: what is planted.
        vectors: of each text of :func:`texts_of`, a row of length one.
        words_of: the words of a text that carry meaning.
        rng: draws who says what, and where.
    """
    alike = {text: np.eye(1, len(vectors), place, dtype=np.float32)[0] for place, text in enumerate(vectors)}
    judged, plain = [], []
    for _ in range(assumptions.draws):
        wishes, about = _drawn(assumptions, rng)
        judged.append(_judged(assumptions, wishes, about, vectors, words_of))
        plain.append(_judged(assumptions, wishes, about, alike, words_of))
    placed = [right for one in judged for right in one.placed]
    invented = [wrong for one in judged for wrong in one.invented]
    return Trial(
        whole=_spread([one.whole for one in judged]),
        whole_by_words=_spread([one.whole for one in plain]),
        mixed=_spread([one.mixed for one in judged]),
        leaked=sum(one.leaked for one in judged),
        first=float(np.mean([one.first for one in judged])),
        placed=float(np.mean(placed)) if placed else 0.0,
        invented=float(np.mean(invented)) if invented else 0.0,
    )


@dataclass(frozen=True, slots=True)
class _Draw:
    whole: float
    mixed: float
    leaked: int
    first: bool
    placed: Sequence[bool]
    invented: Sequence[bool]


def _drawn(assumptions: UnmetAssumptions, rng: np.random.Generator) -> tuple[list[Wish], list[str]]:
    """Wishes, a conversation each, and what each is about."""
    districts = sorted(TILES)
    said: list[tuple[str, str, str]] = []
    of_many = [(one, assumptions.conversations) for one in assumptions.topics]
    for planted, (fewest, most) in (*of_many, *((one, assumptions.small) for one in assumptions.few)):
        for _ in range(int(rng.integers(fewest, most + 1))):
            here = planted.district is not None and rng.random() < assumptions.placed_share
            district = planted.district if here and planted.district else str(rng.choice(districts))
            said.append((planted.name, str(rng.choice(planted.said)), district))
    said += [(text, text, str(rng.choice(districts))) for text in assumptions.alone]
    wishes = [
        Wish(f"c_{number}", text, "no_match", DAY, where) for number, (_, text, where) in enumerate(said)
    ]
    return wishes, [about for about, _, _ in said]


def _judged(
    assumptions: UnmetAssumptions,
    wishes: Sequence[Wish],
    about: Sequence[str],
    vectors: Mapping[str, Vectors],
    words_of: Callable[[str], Set[str]],
) -> _Draw:
    told = group_wishes(wishes, np.vstack([vectors[wish.text] for wish in wishes]), words_of).groups
    many, counts = {one.name: one for one in assumptions.topics}, Counter(about)
    whole: dict[str, Group] = {}
    mixed = leaked = 0
    first = False
    for place, group in enumerate(told):
        name, own = Counter(about[member] for member in group.members).most_common(1)[0]
        if own < MOSTLY * len(group.members):
            mixed += 1
        elif name not in many:
            leaked += 1
        else:
            first = first or (place == 0 and counts[name] == max(counts.values()))
            if own >= MOSTLY * counts[name]:
                whole[name] = group
    return _Draw(
        whole=len(whole) / len(many),
        mixed=mixed / len(told) if told else 0.0,
        leaked=leaked,
        first=first,
        placed=[
            _most_from(group) == many[name].district for name, group in whole.items() if many[name].district
        ],
        invented=[_most_from(group) is not None for name, group in whole.items() if not many[name].district],
    )


def _most_from(group: Group) -> str | None:
    """The district that a group's table tells as where most of it comes from."""
    told = {name: count for name, count in group.districts.items() if count and name != NO_PLACE}
    name = max(told, key=lambda one: told[one] or 0, default=None)
    if name is None or (told[name] or 0) < max(FEWEST, NAMED_SHARE * group.conversations):
        return None
    return name


def _spread(values: Sequence[float]) -> tuple[float, float, float]:
    low, high = np.quantile(values, [0.025, 0.975])
    return float(np.mean(values)), float(low), float(high)
