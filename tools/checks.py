"""Every check of the project, timed, with a summary: ``python -m tools.checks all|lint|postgres|soak``."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.core_coverage import LEAST_PERCENT

CHECKOUT = Path(__file__).resolve().parents[1]
COVERED = Path(".cache") / "coverage.json"
SLOWEST_SHOWN = 15
SIDE_BY_SIDE = ["--numprocesses=2", "--dist=loadfile", "--no-loadscope-reorder"]
"""Two files of tests at a time: what a file sets up is set up once. Each process holds models: 1 to 2 GiB."""
SOAK_TEST_SECONDS = 3600
ON_POSTGRESQL = "--database=postgresql"
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1"}
"""As the program itself: plug-ins of pytest load NumPy before it is imported."""
CLOSING_LINE = re.compile(r"^=+ .*\b(?:passed|failed|errors?|no tests ran|skipped|deselected)\b.* =+$")

PYTEST = [sys.executable, "-m", "pytest"]
COUNTED = [sys.executable, "-m", "slipcover", "--source", "src/donghaeng", "--json", "--out", str(COVERED)]
"""Runs a module and counts the lines that ran, in the processes of the tests too."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One check: its name in the summary and the command, which runs in the checkout."""

    name: str
    command: Sequence[str]


LEARN = Stage("learn the catalogue", [sys.executable, "-m", "tests.learning"])
"""Before the tests, which then read it: minutes the first time, later seconds."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a stage ended: exit status, seconds it took, and pytest's closing line where there was one."""

    name: str
    status: int
    seconds: float
    closing_line: str | None


def lint_stages() -> list[Stage]:
    """Style, types and import rules: seconds."""
    python = sys.executable
    return [
        Stage("ruff check", [python, "-m", "ruff", "check", "--quiet", "."]),
        Stage("ruff format", [python, "-m", "ruff", "format", "--check", "."]),
        Stage("mypy", [python, "-m", "mypy"]),
        Stage("imports", [str(Path(python).parent / "lint-imports"), "--no-cache"]),
    ]


def test_stages() -> list[Stage]:
    """All tests, and the share of the pure core that they run."""
    core = [sys.executable, "-m", "tools.core_coverage", str(COVERED)]
    return [
        LEARN,
        Stage("pytest", [*COUNTED, "-m", "pytest", *SIDE_BY_SIDE, f"--durations={SLOWEST_SHOWN}"]),
        Stage(f"core coverage ≥ {LEAST_PERCENT} %", core),
        # Those that opened a store, as the run before has noted.
        Stage("pytest, PostgreSQL", [*PYTEST, *SIDE_BY_SIDE, ON_POSTGRESQL, "--store-tests"]),
    ]


def postgres_stages() -> list[Stage]:
    """All tests once more, their stores on PostgreSQL."""
    return [LEARN, Stage("pytest, PostgreSQL", [*PYTEST, *SIDE_BY_SIDE, ON_POSTGRESQL])]


def soak_stages() -> list[Stage]:
    """The tests with many more generated cases; nobody counts their lines."""
    options = ["--hypothesis-profile=soak", f"--timeout={SOAK_TEST_SECONDS}", f"--durations={SLOWEST_SHOWN}"]
    return [LEARN, Stage("pytest, soak", [*PYTEST, *options])]


STAGES: dict[str, Callable[[], list[Stage]]] = {
    "all": lambda: lint_stages() + test_stages(),
    "lint": lint_stages,
    "postgres": postgres_stages,
    "soak": soak_stages,
}


def run_stage(stage: Stage) -> Outcome:
    """Run a stage with its output passed on line by line."""
    print(f"── {stage.name} ──", flush=True)
    started = time.monotonic()
    closing_line = None
    with subprocess.Popen(
        stage.command,
        cwd=CHECKOUT,
        env={**ONE_THREAD, **os.environ, "PYTHONUNBUFFERED": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            if CLOSING_LINE.match(line.rstrip()):
                closing_line = line.rstrip()
    return Outcome(stage.name, process.returncode, time.monotonic() - started, closing_line)


def summary(outcomes: Sequence[Outcome]) -> str:
    """A table of stages and seconds, with pytest's closing line last where pytest ran."""
    lines = ["", "── summary ──"]
    for outcome in outcomes:
        verdict = "ok" if outcome.status == 0 else f"FAILED (exit status {outcome.status})"
        lines.append(f"{outcome.name:<24} {outcome.seconds:7.1f} s  {verdict}")
    lines.append(f"{'all':<24} {sum(outcome.seconds for outcome in outcomes):7.1f} s")
    # The whole run's line last, after that of a second run of some.
    lines += [outcome.closing_line for outcome in reversed(outcomes) if outcome.closing_line]
    return "\n".join(lines)


def main(arguments: Sequence[str]) -> int:
    """Exit status 0 when every stage passed, 1 when one failed, 2 on wrong usage."""
    if len(arguments) != 1 or arguments[0] not in STAGES:
        sys.stderr.write(f"usage: python -m tools.checks {'|'.join(STAGES)}\n")
        return 2
    outcomes = [run_stage(stage) for stage in STAGES[arguments[0]]()]
    print(summary(outcomes), flush=True)
    return 0 if all(outcome.status == 0 for outcome in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
