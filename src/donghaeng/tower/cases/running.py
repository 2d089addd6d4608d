"""Runs a case: its method, its result's hash, its files, and the line that says so in the records."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from donghaeng.errors import InputError
from donghaeng.store import Store, case_runs
from donghaeng.store.case_runs import CaseRun
from donghaeng.tower.cases.context import CaseContext, method_of
from donghaeng.tower.cases.drawing import draw
from donghaeng.tower.cases.loading import LoadedCase
from donghaeng.tower.cases.report import render_report
from donghaeng.tower.cases.result import CaseResult, result_hash
from donghaeng.tower.csv_files import write_csv
from donghaeng.trust.tokens import make_id

RESULT_FILE: Final = "result.json"
KEPT_FILE: Final = "kept.json"
REPORT_FILE: Final = "report.html"


@dataclass(frozen=True, slots=True)
class Ran:
    """What a run gave, and where it lies."""

    run: CaseRun
    result: CaseResult
    folder: Path

    @property
    def report(self) -> Path:
        """Its page."""
        return self.folder / REPORT_FILE


def run_case(
    case: LoadedCase, context: CaseContext, *, data: Path, by: str, clock: Callable[[], datetime]
) -> Ran:
    """Run a case and keep what came out.

    The same version, seed and tables give the same hash; whoever doubts a result runs it again.

    Args:
        case: what to run.
        context: seed, tables, records.
        data: the data folder; files go to ``cases/ID/HASH``.
        by: who ran it.
        clock: the program's own time.

    Raises:
        InputError: what the method was given is wrong.
        StoreError: the run cannot be recorded.
    """
    result = method_of(case.package.code)(context)
    hashed = result_hash(result)
    at = clock()
    run = CaseRun(
        id=make_id("cr"),
        case=case.package.id,
        version=case.version,
        seed=context.seed,
        hash=hashed,
        at=at,
        by=by,
        accepted=case.package.accepted,
        own_data=bool(context.tables),
    )
    folder = data / "cases" / case.package.id / hashed[:16]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / RESULT_FILE).write_text(
            json.dumps(result.public(), ensure_ascii=False, indent=1), encoding="utf-8"
        )
        if result.kept:
            (folder / KEPT_FILE).write_text(json.dumps(result.kept, ensure_ascii=False), encoding="utf-8")
        for table in (*result.tables, *(chart.table for chart in result.charts)):
            text = write_csv(table.columns, table.rows)
            (folder / f"{table.id}.csv").write_text(text, encoding="utf-8", newline="")
        for chart in result.charts:
            (folder / f"{chart.table.id}.svg").write_text(draw(chart), encoding="utf-8")
        (folder / REPORT_FILE).write_text(render_report(case.package, result, run), encoding="utf-8")
    except OSError as error:
        raise InputError(f"{folder}: {error.strerror}", remedy="see DONGHAENG_DATA") from None
    if context.store is not None:
        _record(context.store, run)
    return Ran(run, result, folder)


def _record(store: Store, run: CaseRun) -> None:
    store.run(lambda tx: case_runs.add(tx, run))
