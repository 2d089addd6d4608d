"""Winters of water meters: the stock of meters, daily temperatures, freezes; and winters that are made from
stated assumptions with planted effects. Pure; chance comes in.

A meter's chance to freeze on a day is logistic: an intercept, degrees below −5 °C today and on the three
days before (the city's own warning stages begin at −5 °C), poor insulation, long absence, kind of building,
kind of meter. The intercept is set so that a mean winter has as many freezes as the winter that the
assumptions name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Annotated, Final

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field
from scipy.optimize import brentq
from scipy.special import expit

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

COLD_BELOW: Final = -5.0
"""Degrees Celsius at which the city's first freeze warning ("주의") begins."""
DAYS_BEFORE: Final = 3
BUILDINGS: Final = ("단독주택", "연립·다세대", "복도식 아파트", "계단식 아파트")
METERS: Final = ("습식", "건식", "디지털")
FIRST_DAY: Final = (11, 15)
LAST_DAY: Final = (3, 15)

Share = Annotated[float, Field(ge=0, le=1)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DistrictAssumption(_Part):
    """What is assumed of a district."""

    meters: float = Field(gt=0, description="its part of the city's meters, relative to the others")
    colder: float = Field(description="degrees by which its nights are colder than the city's mean")
    poor: Share = Field(description="share of its meters that are poorly insulated")


class Weather(_Part):
    """Daily lowest temperatures: a seasonal mean, a winter's own shift, days that resemble the day before."""

    mean_january: float = Field(description="mean lowest temperature in mid-January, °C")
    mean_november: float = Field(description="and in mid-November")
    winter_sd: float = Field(ge=0, description="standard deviation of a winter's shift, °C")
    day_sd: float = Field(gt=0, description="standard deviation of a day around that, °C")
    persistence: float = Field(ge=0, lt=1, description="correlation of a day with the day before")
    forecast_sd: float = Field(ge=0, description="standard deviation of tomorrow's forecast error, °C")


class Effects(_Part):
    """Planted effects in log-odds."""

    cold_today: float
    """A degree below −5 °C today."""
    cold_before: float
    """A degree below it on the mean of the three days before."""
    poor: float
    absent: float
    buildings: Mapping[str, float]
    """Against the first of :data:`BUILDINGS`."""
    meters: Mapping[str, float]
    """Against the first of :data:`METERS`."""


class FreezeAssumptions(_Part):
    """``assumptions.yaml`` of the case."""

    first_winter: int = Field(ge=1900, le=2100, description="year in which the first made winter begins")
    meters: int = Field(gt=0, description="water meters of the city")
    freezes: int = Field(gt=0, description="freezes of the winter before, which a mean winter has")
    digital_meters: int = Field(ge=0)
    weak_spots: int = Field(ge=0, description="meters that the city looks after before the cold")
    absent: Share = Field(description="share of meters whose household is away for long")
    building_shares: Mapping[str, Share]
    dry_share: Share = Field(description="of the meters that are not digital")
    weather: Weather
    effects: Effects
    districts: Mapping[str, DistrictAssumption]


@dataclass(frozen=True, slots=True)
class Stock:
    """The meters, in cells of equal ones; every array has one entry a cell."""

    districts: tuple[str, ...]
    district: Ints
    building: Ints
    poor: NDArray[np.bool_]
    absent: NDArray[np.bool_]
    meter: Ints
    count: Floats

    def __len__(self) -> int:
        return len(self.count)

    @property
    def at_risk(self) -> NDArray[np.bool_]:
        """Cells with poor insulation or long absence."""
        risky: NDArray[np.bool_] = self.poor | self.absent
        return risky


@dataclass(frozen=True, slots=True)
class Winter:
    """One winter. ``low`` and ``forecast``: lowest temperature in °C, days × districts; ``freezes``: days ×
    cells of the stock."""

    year: int
    """In which it began."""
    days: tuple[date, ...]
    low: Floats
    forecast: Floats
    """What had been forecast the day before."""
    freezes: Floats = field(repr=False)

    @property
    def total(self) -> int:
        """Freezes of the whole winter."""
        return int(self.freezes.sum())


def stock_of(assumed: FreezeAssumptions) -> Stock:
    """The stock that the assumptions describe; digital meters stand where insulation is poor, as a city puts
    them there first."""
    names = tuple(assumed.districts)
    parts = np.array([assumed.districts[name].meters for name in names])
    parts = parts / parts.sum() * assumed.meters
    rows: list[tuple[int, int, bool, bool, int, float]] = []
    poor_total = sum(part * assumed.districts[name].poor for part, name in zip(parts, names, strict=True))
    digital = min(1.0, assumed.digital_meters / max(poor_total, 1.0))
    for place, name in enumerate(names):
        for building, kind in enumerate(BUILDINGS):
            for poor in (False, True):
                of_poor = assumed.districts[name].poor
                digital_share = digital if poor else 0.0
                shares = (
                    (1 - digital_share) * (1 - assumed.dry_share),
                    (1 - digital_share) * assumed.dry_share,
                    digital_share,
                )
                for absent in (False, True):
                    many = (
                        parts[place]
                        * assumed.building_shares[kind]
                        * (of_poor if poor else 1 - of_poor)
                        * (assumed.absent if absent else 1 - assumed.absent)
                    )
                    rows += [
                        (place, building, poor, absent, meter, many * share)
                        for meter, share in enumerate(shares)
                        if many * share >= 0.5
                    ]
    district, building_of, poor_of, absent_of, meter_of, count = (
        np.array(column) for column in zip(*rows, strict=True)
    )
    return Stock(
        names, district, building_of, poor_of.astype(bool), absent_of.astype(bool), meter_of, np.round(count)
    )


def days_of(year: int) -> tuple[date, ...]:
    """The days of the winter that begins in ``year``."""
    first, last = date(year, *FIRST_DAY), date(year + 1, *LAST_DAY)
    return tuple(first + timedelta(days=place) for place in range((last - first).days + 1))


def make_lows(
    assumed: FreezeAssumptions, days: Sequence[date], rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Lowest temperatures of a winter and what was forecast of each the day before, days × districts, °C."""
    weather = assumed.weather
    middle = date(days[0].year + 1, 1, 15)
    span = (middle - days[0]).days
    away = np.array([abs((day - middle).days) / span for day in days])
    mean = (
        weather.mean_january + (weather.mean_november - weather.mean_january) * np.minimum(away, 1.2) ** 1.5
    )
    shift = rng.normal(0.0, weather.winter_sd)
    shocks = rng.normal(0.0, weather.day_sd * np.sqrt(1 - weather.persistence**2), len(days))
    anomaly = np.empty(len(days))
    before = rng.normal(0.0, weather.day_sd)
    for place, shock in enumerate(shocks):
        before = weather.persistence * before + shock
        anomaly[place] = before
    colder = np.array([one.colder for one in assumed.districts.values()])
    forecast = (mean + shift + anomaly)[:, None] - colder[None, :]
    # What comes is the forecast and an error that the forecast does not know of.
    error = rng.normal(0.0, weather.forecast_sd, len(days))
    return forecast + error[:, None], forecast


def cold(low: Floats) -> Floats:
    """Degrees below −5 °C, 0 where it is warmer."""
    below: Floats = np.maximum(0.0, COLD_BELOW - low)
    return below


def cold_before(low: Floats) -> Floats:
    """The mean of :func:`cold` over the :data:`DAYS_BEFORE` days before each, days × districts; days before
    the first are taken as warm."""
    below = np.vstack([np.zeros((DAYS_BEFORE, low.shape[1])), cold(low)])
    mean: Floats = np.mean([below[place : place + len(low)] for place in range(DAYS_BEFORE)], axis=0)
    return mean


def static_score(stock: Stock, effects: Effects) -> Floats:
    """The part of the planted log-odds that no weather changes, of each cell, without the intercept."""
    buildings = np.array([effects.buildings.get(name, 0.0) for name in BUILDINGS])
    meters = np.array([effects.meters.get(name, 0.0) for name in METERS])
    score: Floats = (
        effects.poor * stock.poor
        + effects.absent * stock.absent
        + buildings[stock.building]
        + meters[stock.meter]
    )
    return score


def chances(stock: Stock, low: Floats, effects: Effects, intercept: float) -> Floats:
    """The true chance of each cell's meters on each day, days × cells."""
    weather = _weather_score(low, effects)
    found: Floats = expit(intercept + weather[:, stock.district] + static_score(stock, effects)[None, :])
    return found


def _weather_score(low: Floats, effects: Effects) -> Floats:
    return effects.cold_today * cold(low) + effects.cold_before * cold_before(low)


def intercept_of(assumed: FreezeAssumptions, stock: Stock, *, winters: int = 20, seed: int = 1) -> float:
    """The intercept with which a mean winter has :attr:`FreezeAssumptions.freezes` freezes."""
    rng = np.random.default_rng(seed)
    days = days_of(2000)
    static = np.round(static_score(stock, assumed.effects), 6)
    # Cells of one district and one score are one: a tenth of the sums.
    weather = []
    for _ in range(winters):
        low, _ = make_lows(assumed, days, rng)
        weather.append(
            assumed.effects.cold_today * cold(low) + assumed.effects.cold_before * cold_before(low)
        )
    stacked = np.vstack(weather)
    scores, place = np.unique(static, return_inverse=True)
    counts = np.zeros((len(stock.districts), len(scores)))
    np.add.at(counts, (stock.district, place), stock.count)

    def surplus(intercept: float) -> float:
        expected = sum(
            float((expit(intercept + score + stacked).sum(axis=0) * counts[:, column]).sum())
            for column, score in enumerate(scores)
        )
        return expected / winters - assumed.freezes

    return float(brentq(surplus, -30.0, 0.0, xtol=1e-6))


def make_winter(
    assumed: FreezeAssumptions, stock: Stock, intercept: float, year: int, rng: np.random.Generator
) -> Winter:
    """A winter drawn from the assumptions."""
    days = days_of(year)
    low, forecast = make_lows(assumed, days, rng)
    chance = chances(stock, low, assumed.effects, intercept)
    freezes = rng.binomial(stock.count.astype(np.int64)[None, :], chance).astype(np.float64)
    return Winter(year, days, low, forecast, freezes)


def cause_share(stock: Stock, winters: Sequence[Winter]) -> float:
    """The share of freezes with poor insulation or long absence."""
    risky = sum(float(winter.freezes[:, stock.at_risk].sum()) for winter in winters)
    return risky / max(1.0, sum(float(winter.freezes.sum()) for winter in winters))
