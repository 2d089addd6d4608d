"""The share of the pure core's lines that the tests ran: ``.venv/bin/python -m tools.core_coverage FILE``.

FILE is what ``slipcover --json --out FILE`` wrote. Exit status 1 below :data:`LEAST_PERCENT`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.pure_core import pure_modules

CHECKOUT = Path(__file__).resolve().parents[1]
LEAST_PERCENT = 95
WORST_SHOWN = 15


@dataclass(frozen=True, slots=True)
class Covered:
    """One module: lines that ran, and the numbers of those that did not."""

    module: str
    ran: int
    missed: tuple[int, ...]


def covered(report: Mapping[str, Any], modules: Iterable[Path]) -> list[Covered]:
    """What the report says of the modules; of one that it does not name all lines are missed."""
    files = {(CHECKOUT / name).resolve(): lines for name, lines in report["files"].items()}
    found = []
    for module in modules:
        lines = files.get(module)
        if lines is None:
            every = range(1, len(module.read_text(encoding="utf-8").splitlines()) + 1)
            lines = {"executed_lines": [], "missing_lines": list(every)}
        name = str(module.relative_to(CHECKOUT))
        found.append(Covered(name, len(lines["executed_lines"]), tuple(lines["missing_lines"])))
    return found


def percent(modules: Sequence[Covered]) -> float:
    """The share of all their lines that ran, in per cent; 0 where there are none."""
    ran = sum(one.ran for one in modules)
    every = ran + sum(len(one.missed) for one in modules)
    return 100 * ran / every if every else 0.0


def main(arguments: Sequence[str]) -> int:
    """Exit status 0 when enough ran, 1 when less did, 2 on wrong usage."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m tools.core_coverage FILE\n")
        return 2
    modules = covered(json.loads(Path(arguments[0]).read_text(encoding="utf-8")), pure_modules())
    for one in sorted(modules, key=lambda one: -len(one.missed))[:WORST_SHOWN]:
        if one.missed:
            print(f"{one.module}: {len(one.missed)} lines missed: {', '.join(map(str, one.missed[:20]))}")
    reached = percent(modules)
    print(f"{reached:.1f} % of the core's lines (least {LEAST_PERCENT} %)")
    return 0 if reached >= LEAST_PERCENT else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
