"""The run of all checks: every stage is timed, the closing line of the tests comes last."""

from __future__ import annotations

import sys

import pytest

from tools.checks import CLOSING_LINE, Outcome, Stage, main, run_stage, summary
from tools.pure_core import LOADERS, PACKAGE, pure_modules


@pytest.mark.parametrize(
    "line",
    [
        "============================== 51 passed in 0.26s ==============================",
        "=========== 1 failed, 3 passed, 2 skipped, 1 warning in 12.00s ===========",
        "=================== 2 errors in 0.17s ===================",
        "============= no tests ran in 0.01s =============",
    ],
)
def test_closing_line_is_known(line: str) -> None:
    assert CLOSING_LINE.match(line)


@pytest.mark.parametrize(
    "line",
    ["=========================== short test summary info ============================", "51 passed", "==="],
)
def test_other_lines_are_not_closing(line: str) -> None:
    assert not CLOSING_LINE.match(line)


def test_stage_passes_output_on_and_keeps_the_closing_line(capsys: pytest.CaptureFixture[str]) -> None:
    closing = "===== 3 passed in 0.10s ====="
    outcome = run_stage(Stage("tests", [sys.executable, "-c", f"print('hello'); print('{closing}')"]))
    assert (outcome.status, outcome.closing_line) == (0, closing)
    assert capsys.readouterr().out.splitlines()[1:] == ["hello", closing]


def test_failure_of_a_stage_is_seen() -> None:
    assert run_stage(Stage("broken", [sys.executable, "-c", "raise SystemExit(3)"])).status == 3


def test_summary_names_failures_and_ends_with_the_tests() -> None:
    text = summary([Outcome("mypy", 1, 2.0, None), Outcome("pytest", 0, 3.0, "== 3 passed in 3s ==")])
    assert "FAILED (exit status 1)" in text
    assert "5.0 s" in text
    assert text.splitlines()[-1] == "== 3 passed in 3s =="


def test_of_two_runs_of_tests_the_whole_ones_line_is_last() -> None:
    outcomes = [Outcome("pytest", 0, 3.0, "== 9 passed =="), Outcome("again", 0, 3.0, "== 3 passed ==")]
    assert summary(outcomes).splitlines()[-2:] == ["== 3 passed ==", "== 9 passed =="]


def test_wrong_usage_is_status_two() -> None:
    assert main(["some"]) == 2


def test_core_leaves_out_its_loaders() -> None:
    names = {str(module.relative_to(PACKAGE)) for module in pure_modules()}
    assert "korean/__init__.py" in names
    assert not any(name.startswith(loader) for name in names for loader in LOADERS)
