"""Case "digital exclusion": where help desks and classes should stand.

Demand is older people who cannot do by themselves what needs a telephone or a screen. It comes from a table
of the city where one is given, else from stated assumptions. The optimum is compared with the plain baseline
(desks where most such people live), and held against other assumptions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Final

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from donghaeng.city.places.model import Kind, Place, distance_m
from donghaeng.errors import InputError
from donghaeng.tower.cases.context import CaseContext
from donghaeng.tower.cases.district_tiles import TILES
from donghaeng.tower.cases.result import CaseResult, Chart, Figure, Table
from donghaeng.tower.cases.siting import (
    Floats,
    Ints,
    Siting,
    Step,
    best_sites,
    coverage,
    largest_first,
    parts_served,
)
from donghaeng.tower.sheets import Column, Rows, number, text

POPULATION_COLUMNS: Final = (
    Column("자치구", text(20), also=("구",)),
    Column("행정동", text(20), also=("동", "행정동명")),
    Column("65세이상", number(0, 200_000), also=("65세 이상", "고령인구")),
)
"""Of the table ``population``."""
GENERATED_NOTE: Final = (
    "동마다 어르신 수는 가정으로 만든 것이에요. "
    "실제 서울의 자리를 말하려면 시의 인구표와 디지털 역량 조사가 있어야 해요."
)
_Share = Annotated[float, Field(ge=0, le=1)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CoverStep(_Part):
    """Within so many metres, this part comes."""

    metres: float = Field(gt=0)
    part: _Share


class DeskAssumptions(_Part):
    """``assumptions.yaml`` of the case."""

    older: int = Field(gt=0, description="people of 65 and more in the city")
    cannot: _Share = Field(description="share of them who cannot do it by themselves")
    spread: float = Field(ge=0, description="standard deviation of the logarithm of a neighbourhood's number")
    district_older: Mapping[str, float] = Field(description="relative number of older people by district")
    steps: Annotated[tuple[CoverStep, ...], Field(min_length=1)]
    desks: int = Field(gt=0, description="desks to be added")
    standing: tuple[str, ...] = Field(description="neighbourhoods where a plaza stands (자치구 행정동)")
    draws: int = Field(ge=10, description="draws of the demand for the interval")
    solver_seconds: float = Field(gt=0)


@dataclass(frozen=True, slots=True)
class Town:
    """What is chosen among."""

    dongs: tuple[Place, ...]
    demand: Floats
    distance: Floats
    """Metres, neighbourhoods × neighbourhoods."""
    standing: tuple[int, ...]
    steps: tuple[Step, ...]


def run(context: CaseContext) -> CaseResult:
    """Carry the case out.

    Raises:
        InputError: assumptions, tables or places are wrong.
    """
    try:
        assumed = DeskAssumptions.model_validate(context.assumptions)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InputError(f"assumptions.yaml: {where}: {first['msg']}") from None
    if context.places is None:
        raise InputError("no places are known", remedy="see catalogue/places")
    dongs = sorted(context.places.places(Kind.DONG), key=lambda one: one.key)
    demand, notes = _demand(context, assumed, dongs)
    distance = np.array([[distance_m(a.lat, a.lon, b.lat, b.lon) for b in dongs] for a in dongs])
    standing = _standing(assumed, dongs)
    steps = tuple(Step(one.metres, one.part) for one in assumed.steps)
    town = Town(tuple(dongs), demand, distance, standing, steps)
    context.progress("자리 고르기", 0, 1)
    best = best_sites(
        demand, distance, steps, assumed.desks, standing=standing, seconds=assumed.solver_seconds
    )
    context.progress("자리 고르기", 1, 1)
    plain = largest_first(demand, assumed.desks, standing)
    gains = _gains(context, assumed, town, best, plain)
    scenarios, times = _sensitivity(context, assumed, town, best)
    total = float(demand.sum())
    now = coverage(demand, distance, steps, standing)
    return CaseResult(
        figures=(
            Figure("도움이 필요한 어르신", round(total), "명", note="가정"),
            Figure("지금 닿는 몫", 100 * now / total, "%"),
            Figure("고른 자리로 닿는 몫", 100 * best.covered / total, "%"),
            Figure(
                "어르신이 많은 동 차례로 두면", 100 * coverage(demand, distance, steps, plain) / total, "%"
            ),
            Figure(
                "그보다 더 닿는 몫",
                100 * float(gains.mean()),
                "%p",
                100 * float(np.quantile(gains, 0.025)),
                100 * float(np.quantile(gains, 0.975)),
                "어르신 수를 다시 뽑아 센 평균과 95 % 구간",
            ),
            Figure("풀이와 최선의 차이", 100 * best.gap, "%", note="풀이기가 증명한 값"),
        ),
        charts=_charts(town, best, times, len(scenarios.rows)),
        tables=(scenarios,),
        notes=notes,
        private={"best": best, "plain": plain, "demand": demand, "distance": distance, "gains": gains},
    )


def _drawn(assumed: DeskAssumptions, dongs: Sequence[Place], rng: np.random.Generator) -> Floats:
    """A demand that the assumptions allow."""
    weights = np.array([assumed.district_older.get(one.district, 0.0) for one in dongs])
    members = Counter(one.district for one in dongs)
    each = weights / np.array([members[one.district] for one in dongs])
    drawn = each * rng.lognormal(-(assumed.spread**2) / 2, assumed.spread, len(dongs))
    found: Floats = drawn / drawn.sum() * assumed.older * assumed.cannot
    return found


def _demand(
    context: CaseContext, assumed: DeskAssumptions, dongs: Sequence[Place]
) -> tuple[Floats, tuple[str, ...]]:
    if "population" not in context.tables:
        return _drawn(assumed, dongs, context.rng(0)), (GENERATED_NOTE,)
    told = context.progress
    sheet = Rows(context.tables["population"], POPULATION_COLUMNS, lambda rows: told("표", rows, rows))
    place = {(one.district, name): row for row, one in enumerate(dongs) for name in (one.name, *one.aliases)}
    older = np.zeros(len(dongs))
    unknown: dict[str, None] = {}
    for row in sheet:
        key = (row["자치구"], row["행정동"])
        if key in place:
            older[place[key]] += row["65세이상"]
        else:
            unknown[f"모르는 동이어서 뺐어요: {' '.join(key)}"] = None
    if not older.sum():
        raise InputError(f"{sheet.file}: no row can be used", remedy="columns: 자치구, 행정동, 65세이상")
    skipped = [f"{sheet.file} {one.line}줄: {one.reason}" for one in sheet.skipped[:20]]
    share = f"그 가운데 도움이 필요한 몫 {assumed.cannot:.0%}는 가정이에요."
    return older * assumed.cannot, (
        "어르신 수는 시가 준 표에서 왔어요. " + share,
        *list(unknown)[:20],
        *skipped,
    )


def _standing(assumed: DeskAssumptions, dongs: Sequence[Place]) -> tuple[int, ...]:
    names = {one.key: place for place, one in enumerate(dongs)}
    unknown = [name for name in assumed.standing if name not in names]
    if unknown:
        raise InputError(f"assumptions.yaml: standing: no neighbourhood {unknown[0]}", remedy="자치구 행정동")
    return tuple(sorted(names[name] for name in assumed.standing))


def _gains(context: CaseContext, assumed: DeskAssumptions, town: Town, best: Siting, plain: Ints) -> Floats:
    """The share that the chosen sites reach beyond the baseline where demand is another than was planned for;
    both stay where they are."""
    rng = context.rng(1)
    ahead = parts_served(town.distance, town.steps, best.chosen)
    behind = parts_served(town.distance, town.steps, plain)
    draws = [_drawn(assumed, town.dongs, rng) for _ in range(assumed.draws)]
    return np.array([float(drawn @ (ahead - behind)) / float(drawn.sum()) for drawn in draws])


def _sensitivity(
    context: CaseContext, assumed: DeskAssumptions, town: Town, best: Siting
) -> tuple[Table, Counter[int]]:
    """How other assumptions change the sites: each is solved anew, and the plan held against its optimum."""
    demand, distance, standing = town.demand, town.distance, town.standing
    base = [Step(one.metres, one.part) for one in assumed.steps]
    halved = [Step(one.metres * 0.7, one.part) for one in assumed.steps]
    wider = [Step(one.metres * 1.3, one.part) for one in assumed.steps]
    all_alike = np.full(len(demand), demand.mean())
    variants = (
        ("걷는 거리를 7할로", demand, halved, assumed.desks),
        ("걷는 거리를 1.3배로", demand, wider, assumed.desks),
        ("자리를 절반만", demand, base, max(1, assumed.desks // 2)),
        ("자리를 두 배로", demand, base, assumed.desks * 2),
        ("모든 동에 같은 수", all_alike, base, assumed.desks),
        ("어르신 수의 차이를 두 배로", demand**2 / (demand**2).sum() * demand.sum(), base, assumed.desks),
    )
    rows = []
    times: Counter[int] = Counter()
    for place, (name, people, steps, count) in enumerate(variants):
        context.progress("가정을 바꾸어 보기", place, len(variants))
        found = best_sites(people, distance, steps, count, standing=standing, seconds=assumed.solver_seconds)
        times.update(int(site) for site in found.chosen)
        same = len(set(found.chosen.tolist()) & set(best.chosen.tolist())) - len(standing)
        kept = (
            coverage(people, distance, steps, best.chosen) / found.covered if count == assumed.desks else None
        )
        rows.append((name, count, same, None if kept is None else round(100 * kept, 1)))
    context.progress("가정을 바꾸어 보기", len(variants), len(variants))
    columns = ("가정", "자리", "같은 자리", "이 계획이 그때 최선의 몇 %")
    return Table("sensitivity", "가정을 바꾸면", columns, tuple(rows)), times


def _charts(town: Town, best: Siting, times: Counter[int], scenarios: int) -> tuple[Chart, ...]:
    dongs, demand, distance, steps = town.dongs, town.demand, town.distance, town.steps
    served = demand * parts_served(distance, steps, best.chosen)
    people: Counter[str] = Counter()
    reached: Counter[str] = Counter()
    for place, one in enumerate(dongs):
        people[one.district] += demand[place]
        reached[one.district] += served[place]
    tiles = tuple(
        (name, *TILES[name], round(100 * reached[name] / people[name], 1))
        for name in sorted(people)
        if name in TILES and people[name]
    )
    worst = min(tiles, key=lambda row: row[3])
    new = [int(site) for site in best.chosen if int(site) not in town.standing]
    sites = tuple(
        (dongs[site].key, round(float(demand[distance[:, site] <= steps[0].metres].sum())), times[site])
        for site in sorted(new, key=lambda site: -times[site])
    )
    steady = sum(times[site] == scenarios for site in new)
    return (
        Chart(
            "tiles",
            Table("map", "구별로 닿는 몫 (%)", ("자치구", "칸", "줄", "닿는 몫"), tiles),
            f"고른 자리로도 {worst[0]}에서는 {worst[3]:.0f} %에게만 닿아요.",
        ),
        Chart(
            "bar",
            Table("sites", "새로 둘 자리", ("동", "가까이 사는 어르신", "가정을 바꾸어도 남은 횟수"), sites),
            f"새 자리 {len(new)}곳 가운데 {steady}곳은 가정 {scenarios}가지를 어떻게 바꾸어도 남아요.",
            f"{steps[0].metres:.0f} m 안에 사는, 도움이 필요한 어르신 (명)",
        ),
    )
