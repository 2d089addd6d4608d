"""What the method of a case is given, and by which name it is found."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, Final, cast

import numpy as np

from donghaeng.city.places.table import PlaceTable
from donghaeng.errors import InputError
from donghaeng.store import Store
from donghaeng.tower.cases.result import CaseResult
from donghaeng.understanding.embed.protocol import Embedder

GROUP: Final = "donghaeng.cases"
"""Entry points of methods that other packages bring."""
OWN: Final[Mapping[str, str]] = {
    "water_meter_freeze": "donghaeng.tower.cases.freeze",
    "unmet_demand": "donghaeng.tower.cases.unmet",
    "digital_exclusion": "donghaeng.tower.cases.help_desks",
}
"""Modules of our own methods, each with ``run``."""

Progress = Callable[[str, int, int], None]
"""Called with the step's Korean name, how much of it is done, and how much there is."""


def _silent(step: str, done: int, total: int) -> None:
    del step, done, total


@dataclass(frozen=True, slots=True)
class CaseContext:
    """One run."""

    seed: int
    today: date
    assumptions: Mapping[str, Any] = field(default_factory=dict, repr=False)
    tables: Mapping[str, Path] = field(default_factory=dict)
    """Files that somebody supplied, by name; without them data are generated."""
    places: PlaceTable | None = None
    """Positions of districts and neighbourhoods."""
    store: Store | None = None
    """The installation's own records."""
    embedder: Embedder | None = None
    """Tells how near two texts are."""
    progress: Progress = _silent

    def rng(self, stream: int = 0) -> np.random.Generator:
        """Chance of its own for a part of the run: one part drawing more changes no other."""
        return np.random.default_rng([self.seed, stream])


Method = Callable[[CaseContext], CaseResult]


def method_of(name: str) -> Method:
    """The method of that name.

    Raises:
        InputError: nothing has it.
    """
    if name in OWN:
        return cast(Method, importlib.import_module(OWN[name]).run)
    for point in entry_points(group=GROUP):
        if point.name == name:
            return cast(Method, point.load())
    raise InputError(f"no method {name}", remedy=f"methods: {', '.join(sorted(OWN))}")
