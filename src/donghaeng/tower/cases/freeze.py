"""Case "water-meter freeze risk": which meters freeze, when, and whom to call before.

Winters come from the city's tables where they are given, else from stated assumptions. The model is
back-tested: each winter is forecast from those before it alone, and compared with last winter's rate by
district, the simplest thing that a city could do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from pydantic import ValidationError

from donghaeng.errors import InputError
from donghaeng.tower.cases.context import CaseContext
from donghaeng.tower.cases.district_tiles import TILES
from donghaeng.tower.cases.freeze_calls import as_kept, cells_of
from donghaeng.tower.cases.freeze_model import (
    FreezeModel,
    day_groups,
    fit,
    last_years_rate,
    winter_chances,
)
from donghaeng.tower.cases.freeze_tables import read_city
from donghaeng.tower.cases.freeze_winters import (
    BUILDINGS,
    Floats,
    FreezeAssumptions,
    Stock,
    Winter,
    cause_share,
    intercept_of,
    make_winter,
    stock_of,
)
from donghaeng.tower.cases.result import CaseResult, Cell, Chart, Figure, Table
from donghaeng.tower.cases.scores import Bin, Gain, brier, calibration_error, gain_in_brier, reliability

WINTERS: Final = 5
FIRST_TRAINED_ON: Final = 2
"""Winters before the first that is forecast."""
GENERATED_NOTE: Final = (
    "이 쪽의 수는 가정으로 만든 겨울에서 나왔어요. "
    "실제 서울에 대한 말은 시의 자료가 들어온 뒤에야 할 수 있어요."
)
CITY_NOTE: Final = "이 쪽의 수는 시가 준 표에서 나왔어요. 빠진 줄은 아래에 적혀 있어요."


@dataclass(frozen=True, slots=True)
class BackTest:
    """How the forecasts of the left-out winters did."""

    gain: Gain
    model: float
    baseline: float
    """Brier scores."""
    bins: list[Bin]
    totals: tuple[tuple[int, float, int], ...]
    """Winter, freezes forecast, freezes that came."""

    @property
    def skill(self) -> float:
        """Part of the baseline's Brier score that the model saves."""
        return self.gain.value / self.baseline


def run(context: CaseContext) -> CaseResult:
    """Carry the case out.

    Raises:
        InputError: assumptions or tables are wrong.
    """
    try:
        assumed = FreezeAssumptions.model_validate(context.assumptions)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InputError(f"assumptions.yaml: {where}: {first['msg']}") from None
    stock, winters, notes = _data(context, assumed)
    context.progress("모형 맞추기", 0, 1)
    model = fit(stock, winters)
    context.progress("모형 맞추기", 1, 1)
    test = back_test(stock, winters, assumed.weather.forecast_sd, context)
    yearly = winter_chances(model, stock, winters)
    return CaseResult(
        figures=_figures(assumed, stock, winters, test, yearly),
        charts=_charts(stock, model, test, yearly),
        tables=(_effects(model), _cells(stock, yearly)),
        notes=notes,
        private={"model": model, "stock": stock, "winters": winters, "yearly": yearly},
        kept={"cells": as_kept(cells_of(stock, yearly))},
    )


def back_test(stock: Stock, winters: Sequence[Winter], forecast_sd: float, context: CaseContext) -> BackTest:
    """Forecast each winter, day by day, from the winters before it.

    Raises:
        InputError: there are too few winters.
    """
    if len(winters) <= FIRST_TRAINED_ON:
        raise InputError(f"{len(winters)} winters are too few", remedy=f"at least {FIRST_TRAINED_ON + 1}")
    forecasts: list[Floats] = []
    baselines: list[Floats] = []
    came: list[Floats] = []
    groups = []
    totals = []
    left_out = winters[FIRST_TRAINED_ON:]
    for place, winter in enumerate(left_out):
        context.progress("지난 겨울로 시험", place, len(left_out))
        before = winters[: FIRST_TRAINED_ON + place]
        forecast = fit(stock, before).of_winter(stock, winter, forecast_sd=forecast_sd)
        totals.append((winter.year, float((forecast * stock.count).sum()), winter.total))
        forecasts.append(forecast.ravel())
        baselines.append(np.tile(last_years_rate(stock, before[-1]), len(winter.days)))
        came.append((winter.freezes / stock.count).ravel())
        groups.append(day_groups(winter, len(stock)) + place * 1_000)
    context.progress("지난 겨울로 시험", len(left_out), len(left_out))
    weight = np.tile(stock.count, sum(len(winter.days) for winter in left_out))
    model, baseline, yes = (np.concatenate(parts) for parts in (forecasts, baselines, came))
    gain = gain_in_brier(model, baseline, yes, np.concatenate(groups), context.rng(9), weight=weight)
    return BackTest(
        gain,
        brier(model, yes, weight),
        brier(baseline, yes, weight),
        reliability(model, yes, weight),
        tuple(totals),
    )


def _data(
    context: CaseContext, assumed: FreezeAssumptions
) -> tuple[Stock, tuple[Winter, ...], tuple[str, ...]]:
    if context.tables:
        city = read_city(
            context.tables, tuple(assumed.districts), lambda rows: context.progress("표", rows, rows)
        )
        skipped = [
            f"{table.file} {row.line}줄: {row.reason}" for table in city.tables for row in table.skipped[:20]
        ]
        return city.stock, city.winters, (CITY_NOTE, *city.left_out, *skipped)
    stock = stock_of(assumed)
    intercept = intercept_of(assumed, stock)
    winters = []
    for place in range(WINTERS):
        context.progress("겨울 만들기", place, WINTERS)
        year = assumed.first_winter + place
        winters.append(make_winter(assumed, stock, intercept, year, context.rng(place + 1)))
    context.progress("겨울 만들기", WINTERS, WINTERS)
    return stock, tuple(winters), (GENERATED_NOTE,)


def _figures(
    assumed: FreezeAssumptions, stock: Stock, winters: Sequence[Winter], test: BackTest, yearly: Floats
) -> tuple[Figure, ...]:
    scale = 1e6
    listed, carried = worst(stock, yearly, assumed.weak_spots)
    return (
        Figure(
            "겨울 한 해 동파", float(np.mean([winter.total for winter in winters])), "건", note="겨울 평균"
        ),
        Figure("보온 부족이나 오래 비움이 까닭인 몫", 100 * cause_share(stock, winters), "%"),
        Figure(
            "브라이어 점수가 지난해 구별 비율보다 나은 만큼",
            scale * test.gain.value,
            "백만분의 1",
            scale * test.gain.low,
            scale * test.gain.high,
            "날짜를 뽑아 다시 센 95 % 구간; 0보다 크면 나아요",
        ),
        Figure("지난해 비율의 점수에서 줄인 몫", 100 * test.skill, "%"),
        Figure("예보와 실제가 어긋난 몫", 100 * calibration_error(test.bins), "%", note="0이면 그대로 맞음"),
        Figure("먼저 살필 계량기", float(listed), "개", note="위험이 높은 차례로"),
        Figure("그 계량기가 차지하는 예상 동파", 100 * carried, "%"),
    )


def worst(stock: Stock, yearly: Floats, places: int) -> tuple[int, float]:
    """How many meters the cells of the highest chance hold, at most ``places``, and the share of the freezes
    to be expected that they carry."""
    order = np.argsort(-yearly, kind="stable")
    within = np.cumsum(stock.count[order]) <= places
    expected = yearly * stock.count
    return int(stock.count[order][within].sum()), float(expected[order][within].sum() / expected.sum())


def _charts(stock: Stock, model: FreezeModel, test: BackTest, yearly: Floats) -> tuple[Chart, ...]:
    bins = tuple((one.forecast, one.observed, one.low, one.high, one.count) for one in test.bins)
    covered = sum(one.covers for one in test.bins)
    reliable = Table("reliability", "예보와 실제", ("예보", "실제", "아래", "위", "계량기·날"), bins)
    rates = _by_district(stock, yearly)
    highest = max(rates, key=lambda row: row[3])
    tiles = Table("map", "구별 위험", ("자치구", "칸", "줄", "만 개에 동파"), tuple(rates))
    odds: tuple[tuple[Cell, ...], ...] = tuple(
        (one.name, *(round(value, 3) for value in one.odds)) for one in model.effects
    )
    strongest = max(model.effects, key=lambda one: one.value)
    totals = tuple((f"{year}년", round(forecast, 1), came) for year, forecast, came in test.totals)
    return (
        Chart(
            "tiles",
            tiles,
            f"한 겨울에 계량기 만 개 중 {highest[3]:.0f}개꼴로 어는 {highest[0]}의 위험이 가장 높아요.",
        ),
        Chart(
            "reliability",
            reliable,
            f"예보를 {len(bins)}칸으로 나누어 보니 {covered}칸에서 예보가 실제의 구간 안이에요.",
            "예보한 비율",
            "실제 비율",
        ),
        Chart(
            "interval",
            Table("odds", "무엇이 위험을 몇 배로 하나", ("까닭", "배", "아래", "위"), odds),
            f"위험을 가장 크게 하는 것은 '{strongest.name}'이고 {strongest.odds[0]:.0f}배예요.",
            "위험 (배)",
        ),
        Chart(
            "line",
            Table("back_test", "겨울마다 예보와 실제", ("겨울", "예보", "실제"), totals),
            f"뒤로 돌려 본 {len(totals)}번의 겨울에서 예보한 건수와 실제 건수예요.",
            "겨울",
            "동파 (건)",
        ),
    )


def _by_district(stock: Stock, yearly: Floats) -> list[tuple[str, int, int, float]]:
    number = len(stock.districts)
    meters = np.bincount(stock.district, weights=stock.count, minlength=number)
    expected = np.bincount(stock.district, weights=yearly * stock.count, minlength=number)
    return [
        (
            name,
            *TILES.get(name, (place % 5, 10 + place // 5)),
            round(1e4 * expected[place] / max(meters[place], 1), 2),
        )
        for place, name in enumerate(stock.districts)
    ]


def _effects(model: FreezeModel) -> Table:
    rows = tuple((one.name, round(one.value, 4), round(one.error, 4)) for one in model.effects)
    return Table("effects", "모형의 계수 (로그 승산)", ("까닭", "계수", "표준 오차"), rows)


def _cells(stock: Stock, yearly: Floats) -> Table:
    """Expected freezes by district and kind of building."""
    rows = []
    for place, name in enumerate(stock.districts):
        for building, kind in enumerate(BUILDINGS):
            own = (stock.district == place) & (stock.building == building)
            meters = float(stock.count[own].sum())
            expected = float((yearly[own] * stock.count[own]).sum())
            rows.append(
                (name, kind, int(meters), round(expected, 2), round(1e4 * expected / max(meters, 1), 2))
            )
    return Table(
        "by_building", "구와 건물에 따라", ("자치구", "건물", "계량기", "예상 동파", "만 개에"), tuple(rows)
    )
