"""The core's coverage is reckoned from the report, and a module that nothing ran counts against it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tools.core_coverage import CHECKOUT, covered, main, percent
from tools.pure_core import PACKAGE, pure_modules

MODULES = [PACKAGE / "korean" / "jamo.py", PACKAGE / "korean" / "spans.py"]


def report(*modules: Path) -> dict[str, object]:
    lines = {"executed_lines": [1, 2, 3], "missing_lines": [4]}
    return {"files": {str(module.relative_to(CHECKOUT)): lines for module in modules}}


def test_lines_of_all_modules_count_together() -> None:
    found = covered(report(*MODULES), MODULES)
    assert [(one.ran, one.missed) for one in found] == [(3, (4,)), (3, (4,))]
    assert percent(found) == 75.0


def test_a_module_that_nothing_ran_is_missed_whole() -> None:
    ran, never = covered(report(MODULES[0]), MODULES)
    assert (never.ran, len(never.missed)) == (0, len(MODULES[1].read_text(encoding="utf-8").splitlines()))
    assert percent([ran, never]) < 10


@pytest.mark.parametrize(("modules", "status"), [(pure_modules(), 1), ([], 1)])
def test_too_little_is_status_one(modules: list[Path], status: int, tmp_path: Path) -> None:
    file = tmp_path / "coverage.json"
    file.write_text(json.dumps(report(*modules)), encoding="utf-8")
    assert main([str(file)]) == status


def test_enough_is_status_zero(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole = {
        str(module.relative_to(CHECKOUT)): {"executed_lines": [1], "missing_lines": []}
        for module in pure_modules()
    }
    file = tmp_path / "coverage.json"
    file.write_text(json.dumps({"files": whole}), encoding="utf-8")
    assert main([str(file)]) == 0
    assert "100.0 %" in capsys.readouterr().out


def test_wrong_usage_is_status_two() -> None:
    assert main([]) == 2
