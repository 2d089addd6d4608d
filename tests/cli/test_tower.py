"""`donghaeng tower`: the process from the command line."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from donghaeng.cli.tower import tower
from donghaeng.errors import DonghaengError
from donghaeng.settings import load_settings
from donghaeng.store import Store
from donghaeng.tower.process.desk import Present, ProcessDesk
from donghaeng.tower.process.imported import load_imported
from donghaeng.tower.process.loading import load_risk_form, load_rules
from donghaeng.tower.process.rules import Kind
from donghaeng.tower.process.state import Subject
from donghaeng.trust.sealing import make_sealer

CATALOGUE = Path(__file__).resolve().parents[2] / "catalogue"


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DONGHAENG_DATA", str(tmp_path))
    monkeypatch.setenv("DONGHAENG_DATABASE", f"sqlite:///{tmp_path}/d.db")
    monkeypatch.setenv("USER", "lee")
    settings = load_settings()
    with Store.open(settings.database_url, make_sealer(None, tmp_path)) as store:
        desk = ProcessDesk(store, load_rules(), load_risk_form(), lambda: datetime.now(UTC))
        found = {
            Subject(Kind.SERVICE, "weather"): Present("날씨", "a"),
            Subject(Kind.SERVICE, "own"): Present("우리 것"),
        }
        asyncio.run(desk.begin(load_imported(CATALOGUE), found))
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(tower, words, catch_exceptions=True)


def refused(*words: str) -> str:
    error = run(*words).exception
    assert isinstance(error, DonghaengError), error
    return str(error)


def test_the_list_tells_stage_and_whether_citizens_are_answered() -> None:
    rows = [json.loads(line) for line in run("list", "--json").output.splitlines()]
    assert {row["subject"]: (row["stage"], row["serves"]) for row in rows} == {
        "service/weather": ("pilot", True),
        "service/own": ("draft", False),
    }
    assert "service/weather" in run("list").output
    assert run("list", "--kind", "engine", "--json").output == ""
    assert run("list", "--overdue", "--json").output == ""


def test_what_is_missing_is_shown_and_evidence_is_attached(data: Path) -> None:
    (data / "report.pdf").write_bytes(b"%PDF-1.7")
    assert "어르신 사용 시험 (older_user_test)" in run("show", "service/weather").output
    added = run(
        *("evidence", "service/weather", "older_user_test", "--title", "어르신 12분"),
        *("--file", str(data / "report.pdf"), "--field", "participants=12"),
    )
    assert added.exit_code == 0, added.exception
    told = json.loads(run("show", "service/weather", "--json").output)
    assert "older_user_test" in told["evidence"]
    operation = next(one for one in told["moves"] if one["to"] == "operation")
    assert "older_user_test" not in operation["missing"]
    assert "digital_inclusion" in operation["missing"]


def test_a_stop_takes_effect_and_coming_back_needs_another_person() -> None:
    assert "까닭" in refused("move", "service/weather", "suspended")
    assert "중지" in run("move", "service/weather", "suspended", "--why", "틀린 안내").output
    assert "까닭" in refused("move", "service/weather", "change_review")
    run("move", "service/weather", "change_review", "--why", "고쳤어요")
    assert "waits for approval: pilot" in run("move", "service/weather", "pilot").output
    assert "올린 사람은 승인할 수 없어요" in refused("approve", "service/weather")
    assert "lines, unchanged" in run("verify").output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("show", "service/none"), "그런 대상이 없어요"),
        (("show", "weather"), "그런 대상이 없어요"),
        (("move", "service/own", "operation"), "바로 갈 수 없어요"),
        (("evidence", "service/own", "magic", "--title", "x"), "one of legal_review"),
        (("evidence", "service/own", "legal_review", "--title", "x", "--on", "soon"), "2026-11-23"),
        (("evidence", "service/own", "legal_review", "--title", "x", "--field", "x"), "NAME=VALUE"),
    ],
)
def test_what_is_wrong_is_said(words: tuple[str, ...], said: str) -> None:
    assert said in refused(*words)


@pytest.mark.parametrize("command", ["", "list", "show", "move", "evidence", "approve", "verify"])
def test_every_help_has_an_example(command: str) -> None:
    shown = run(*filter(None, [command]), "--help").output
    assert "donghaeng tower" in shown
    assert "Example" in shown
