"""The tables of docs/capacity.md, from the simulation. Pure; `donghaeng cluster capacity` prints them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from typing import Final

from donghaeng.cluster.city_load import Plan, plan
from donghaeng.measuring.capacity import Costs

LEVELS: Final = (10, 30, 100, 300, 1_000, 3_000, 10_000)
MEASURED: Final = Costs(hear=0.14, speak=1.02, listen=0.006)
"""CPU seconds for a second of sound (docs/measurements.md, `donghaeng doctor`, 2026-11-22, f2405d3)."""
CITIZENS: Final = 9_400_000
EXAMPLE: Final = 1_000
"""Calls at which what drives the cost is compared."""

_HEAD: Final = (
    "calls at a time", "calls in the busy hour", "agents", "recognisers", "synthesisers", "embedders",
    "answers", "cores", "memory, GiB", "machines", "turns a second", "sound, Mbit/s", "p95, s",
    "engines in use",
)  # fmt: skip
_DRIVERS: Final = (
    "at 1,000 calls",
    "recognisers",
    "synthesisers",
    "cores",
    "memory, GiB",
    "machines",
    "p95, s",
)


@cache
def capacity_document(costs: Costs = MEASURED) -> str:
    """Both tables as Markdown, one empty line between them."""
    return "\n".join([_table(_HEAD, map(_row, levels(costs))), "", _table(_DRIVERS, drivers(costs)), ""])


def levels(costs: Costs = MEASURED) -> list[Plan]:
    """A plan for each of :data:`LEVELS`."""
    return [plan(calls, costs) for calls in LEVELS]


def drivers(costs: Costs = MEASURED) -> list[tuple[str, ...]]:
    """What changes when one thing changes."""
    changed: Sequence[tuple[str, Plan]] = (
        ("as above", plan(EXAMPLE, costs)),
        ("no clause in the cache", plan(EXAMPLE, costs, cached=0.0)),
        ("nine clauses of ten in the cache", plan(EXAMPLE, costs, cached=0.9)),
        ("voice at half the cost", plan(EXAMPLE, replace(costs, speak=costs.speak / 2))),
        ("recogniser at twice the cost", plan(EXAMPLE, replace(costs, hear=costs.hear * 2))),
        ("a turn every 20 s instead of 12", plan(EXAMPLE, costs, turn_seconds=20.0)),
    )
    return [
        (
            name,
            f"{one.recognisers:,}",
            f"{one.synthesisers:,}",
            f"{one.cores:,}",
            f"{one.memory_gib:,.0f}",
            f"{one.machines:,}",
            f"{one.p95_seconds:.2f}",
        )
        for name, one in changed
    ]


def _row(one: Plan) -> tuple[str, ...]:
    return (
        f"{one.calls:,}",
        f"{one.busy_hour:,}",
        f"{one.agents:,}",
        f"{one.recognisers:,}",
        f"{one.synthesisers:,}",
        f"{one.embedders:,}",
        f"{one.answers:,}",
        f"{one.cores:,}",
        f"{one.memory_gib:,.0f}",
        f"{one.machines:,}",
        f"{one.turns_per_second:,.1f}",
        f"{one.megabit:,.0f}",
        f"{one.p95_seconds:.2f}",
        f"{one.utilisation:.0%}".replace("%", " %"),
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])
