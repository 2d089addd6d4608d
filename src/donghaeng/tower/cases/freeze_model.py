"""The model of freezes: logistic regression over cells and days, its forecasts, and last year's rate as the
baseline. Pure.

Fitted without a penalty (scikit-learn, Newton-Cholesky); standard errors from the Fisher information
(McCullagh and Nelder, "Generalized Linear Models", section 4.4). Forecasts of tomorrow are averaged over the
forecast's own error by Gauss-Hermite nodes, so that an uncertain temperature does not look certain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from donghaeng.tower.cases.freeze_winters import BUILDINGS, METERS, Floats, Stock, Winter, cold, cold_before

STATIC: Final = ("보온이 부족함", "오래 비움", *BUILDINGS[1:], *METERS[1:])
NAMES: Final = ("오늘 영하 5도보다 1도 더 추움", "앞선 사흘이 1도 더 추움", *STATIC)
"""Columns of the model, in their order."""
NODES: Final = 5
"""Of the average over the forecast's error."""
_LEAST_WINTERS: Final = 1


@dataclass(frozen=True, slots=True)
class Effect:
    """One fitted effect in log-odds, with its standard error."""

    name: str
    value: float
    error: float

    @property
    def odds(self) -> tuple[float, float, float]:
        """Odds ratio with its 95 % interval."""
        low, high = self.value - 1.96 * self.error, self.value + 1.96 * self.error
        return float(np.exp(self.value)), float(np.exp(low)), float(np.exp(high))


@dataclass(frozen=True, slots=True)
class FreezeModel:
    """A fitted model."""

    intercept: float
    effects: tuple[Effect, ...]

    def chances(self, stock: Stock, today: Floats, before: Floats, *, forecast_sd: float = 0.0) -> Floats:
        """The chance of a meter of each cell on each day, days × cells.

        Args:
            stock: the meters.
            today: lowest temperature, days × districts, measured or forecast, °C.
            before: mean degrees below −5 °C of the days before, days × districts.
            forecast_sd: standard deviation of the error of ``today``; 0 where it was measured.
        """
        values = np.array([one.value for one in self.effects])
        fixed = self.intercept + static_columns(stock) @ values[2:]
        nodes, weights = (
            np.polynomial.hermite_e.hermegauss(NODES) if forecast_sd else (np.zeros(1), np.ones(1))
        )
        found = np.zeros((len(today), len(stock)))
        for node, weight in zip(nodes, weights / weights.sum(), strict=True):
            score = values[0] * cold(today + node * forecast_sd) + values[1] * before
            found += weight * expit(fixed[None, :] + score[:, stock.district])
        return found

    def of_winter(self, stock: Stock, winter: Winter, *, forecast_sd: float = 0.0) -> Floats:
        """Forecasts for each day as they were possible the day before."""
        today = winter.forecast if forecast_sd else winter.low
        return self.chances(stock, today, cold_before(winter.low), forecast_sd=forecast_sd)


def static_columns(stock: Stock) -> Floats:
    """What no weather changes, cells × columns, in the order of :data:`STATIC`."""
    columns = [stock.poor, stock.absent]
    columns += [stock.building == place for place in range(1, len(BUILDINGS))]
    columns += [stock.meter == place for place in range(1, len(METERS))]
    return np.column_stack(columns).astype(np.float64)


def fit(stock: Stock, winters: Sequence[Winter]) -> FreezeModel:
    """Fit the model to winters.

    Raises:
        ValueError: there is no winter, or not one freeze to learn from.
    """
    if len(winters) < _LEAST_WINTERS or not any(winter.total for winter in winters):
        raise ValueError("a model needs at least one winter with freezes")
    columns, yes, many = _observed(stock, winters)
    frozen = yes > 0
    # A row of n meters of which k froze is two weighted rows; most days of most cells need one.
    x = np.vstack([columns, columns[frozen]])
    y = np.concatenate([np.zeros(len(columns)), np.ones(int(frozen.sum()))])
    weight = np.concatenate([many - yes, yes[frozen]])
    # An effect that nothing in the data shows (no digital meter anywhere) stays at nothing.
    seen = columns.std(axis=0) > 0
    method = LogisticRegression(C=np.inf, solver="newton-cholesky", tol=1e-8, max_iter=200)
    method.fit(x[:, seen], y, sample_weight=weight)
    values = np.zeros(columns.shape[1])
    values[seen] = method.coef_[0]
    intercept = float(method.intercept_[0])
    errors = np.full(columns.shape[1], np.inf)
    errors[seen] = _errors(columns[:, seen], values[seen], intercept, many)
    return FreezeModel(
        intercept,
        tuple(
            Effect(name, float(value), float(error))
            for name, value, error in zip(NAMES, values, errors, strict=True)
        ),
    )


def _observed(stock: Stock, winters: Sequence[Winter]) -> tuple[Floats, Floats, Floats]:
    """Columns, freezes and meters of each cell and day; days without any cold are one day, as nothing in the
    columns tells them apart."""
    static = static_columns(stock)
    rows, came, counts = [], [], []
    calm_yes, calm_many = np.zeros(len(stock)), np.zeros(len(stock))
    for winter in winters:
        today, before = cold(winter.low)[:, stock.district], cold_before(winter.low)[:, stock.district]
        calm = (today == 0) & (before == 0)
        calm_yes += np.where(calm, winter.freezes, 0).sum(axis=0)
        calm_many += calm.sum(axis=0) * stock.count
        days, cells = np.nonzero(~calm)
        rows.append(np.column_stack([today[days, cells], before[days, cells], static[cells]]))
        came.append(winter.freezes[days, cells])
        counts.append(stock.count[cells])
    some = calm_many > 0
    rows.append(np.column_stack([np.zeros((int(some.sum()), 2)), static[some]]))
    came.append(calm_yes[some])
    counts.append(calm_many[some])
    return np.vstack(rows), np.concatenate(came), np.concatenate(counts)


def _errors(columns: Floats, values: Floats, intercept: float, many: Floats) -> Floats:
    chance = expit(intercept + columns @ values)
    information = many * chance * (1 - chance)
    full = np.column_stack([np.ones(len(columns)), columns])
    covariance = np.linalg.inv((full * information[:, None]).T @ full)
    errors: Floats = np.sqrt(np.diag(covariance))[1:]
    return errors


def last_years_rate(stock: Stock, before: Winter) -> Floats:
    """The baseline: each district's freezes a meter and day in the winter before, of each cell."""
    districts = len(stock.districts)
    meters = np.bincount(stock.district, weights=stock.count, minlength=districts)
    frozen = np.bincount(stock.district, weights=before.freezes.sum(axis=0), minlength=districts)
    rate = frozen / np.maximum(meters * len(before.days), 1.0)
    found: Floats = rate[stock.district]
    return found


def winter_chances(model: FreezeModel, stock: Stock, winters: Sequence[Winter]) -> Floats:
    """The chance of a meter of each cell to freeze at least once in a winter such as ``winters``, on average
    over them."""
    spared = [
        np.prod(1 - model.chances(stock, winter.low, cold_before(winter.low)), axis=0) for winter in winters
    ]
    found: Floats = 1 - np.mean(spared, axis=0)
    return found


def day_groups(winter: Winter, cells: int) -> NDArray[np.int64]:
    """The day of each entry of a flattened days × cells array: days share their weather."""
    return np.repeat(np.arange(len(winter.days), dtype=np.int64), cells)
