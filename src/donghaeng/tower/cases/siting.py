"""Where a number of desks covers the most demand: gradual maximal covering, solved to its optimum. Pure.

Church and ReVelle, "The maximal covering location problem" (1974); with steps of coverage by distance as in
Berman and Krass, "The generalized maximal covering location problem" (2002). Solved by HiGHS through SciPy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, hstack, identity, vstack

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Step:
    """Within ``metres`` of a desk, ``part`` of the demand uses it."""

    metres: float
    part: float


@dataclass(frozen=True, slots=True)
class Siting:
    """Chosen sites."""

    chosen: Ints
    """Places of the candidates, rising; those that stand already are among them."""
    covered: float
    """Demand that is served."""
    gap: float
    """Proven relative distance from the optimum; 0 where it was reached."""


def best_sites(
    demand: Floats,
    distance: Floats,
    steps: Sequence[Step],
    count: int,
    *,
    standing: Sequence[int] = (),
    seconds: float = 60.0,
) -> Siting:
    """Where ``count`` more desks cover the most demand.

    Args:
        demand: of each neighbourhood, people.
        distance: metres, neighbourhoods × candidates.
        steps: coverage by distance; parts fall as metres rise.
        count: desks to be added.
        standing: candidates where one stands already.
        seconds: the solver's time; what it has found by then is given with its gap.

    Raises:
        ValueError: there are fewer candidates than desks, or the solver found nothing.
    """
    sites = distance.shape[1]
    fixed = sorted(set(standing))
    if not 0 <= count <= sites - len(fixed):
        raise ValueError(f"{count} desks for {sites - len(fixed)} free places")
    ordered = sorted(steps, key=lambda step: step.metres)
    # A neighbourhood within the first step counts in all of them: each step adds the difference of its part.
    gains = [
        step.part - (ordered[place + 1].part if place + 1 < len(ordered) else 0.0)
        for place, step in enumerate(ordered)
    ]
    places = len(demand)
    open_costs = np.zeros(sites)
    costs = np.concatenate([open_costs, *(-gain * demand for gain in gains)])
    rows = []
    for level, step in enumerate(ordered):
        near = coo_array((distance <= step.metres).astype(np.float64))
        blocks = [-near]
        blocks += [
            identity(places, format="coo") if other == level else coo_array((places, places))
            for other in range(len(ordered))
        ]
        rows.append(hstack(blocks))
    budget = hstack([coo_array(np.ones((1, sites))), coo_array((1, places * len(ordered)))])
    low = np.zeros(len(costs))
    low[fixed] = 1.0
    integral = np.concatenate([np.ones(sites), np.zeros(places * len(ordered))])
    solved = milp(
        costs,
        constraints=[
            LinearConstraint(vstack(rows).tocsr(), ub=0.0),
            LinearConstraint(budget.tocsr(), ub=float(count + len(fixed))),
        ],
        bounds=Bounds(low, 1.0),
        integrality=integral,
        options={"time_limit": seconds, "mip_rel_gap": 1e-6},
    )
    if solved.x is None:
        raise ValueError(f"no siting was found: {solved.message}")
    chosen = np.flatnonzero(solved.x[:sites] > 0.5)
    return Siting(chosen, coverage(demand, distance, ordered, chosen), float(solved.mip_gap or 0.0))


def coverage(demand: Floats, distance: Floats, steps: Sequence[Step], chosen: Ints | Sequence[int]) -> float:
    """Demand that desks at ``chosen`` serve."""
    return float(demand @ parts_served(distance, steps, chosen))


def parts_served(distance: Floats, steps: Sequence[Step], chosen: Ints | Sequence[int]) -> Floats:
    """The part of each neighbourhood's demand that is served."""
    if not len(chosen):
        return np.zeros(len(distance))
    nearest = distance[:, np.asarray(chosen)].min(axis=1)
    served = np.zeros(len(distance))
    for step in sorted(steps, key=lambda one: -one.metres):
        served[nearest <= step.metres] = step.part
    return served


def largest_first(demand: Floats, count: int, standing: Sequence[int] = ()) -> Ints:
    """The plain baseline: desks in the ``count`` neighbourhoods of the largest demand."""
    taken = set(standing)
    order = [int(place) for place in np.argsort(-demand, kind="stable") if int(place) not in taken]
    return np.array(sorted([*taken, *order[:count]]), dtype=np.int64)
