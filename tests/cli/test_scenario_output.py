"""`donghaeng services test` as its users call it: figures, files, colours."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from defusedxml import ElementTree

from donghaeng.cli.services import services
from donghaeng.errors import InputError

FAILING = """- scenario: 날씨가 아닌 날씨
  turns: [{citizen: "오늘 비 온대요?", expect: {service: weather, slots: {date: "2026-11-24"}}}]
"""


@pytest.fixture(autouse=True)
def fake_engines(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DONGHAENG_EMBEDDER", "fake")
    monkeypatch.setenv("DONGHAENG_DATA", str(tmp_path / "data"))


def test_a_service_is_tested_with_files_and_coverage(tmp_path: Path) -> None:
    junit, coverage = tmp_path / "j.xml", tmp_path / "c.json"
    arguments = ["test", "air_quality", "--repeat", "2", "--junit", str(junit), f"--coverage={coverage}"]
    result = CliRunner().invoke(services, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    assert " passed, 0 failed" in result.stdout
    suite = ElementTree.parse(junit).getroot()[0]
    assert suite.get("name") == "air_quality"
    assert {case.get("name").rpartition(" (")[2] for case in suite} == {"run 1)", "run 2)"}
    found = json.loads(coverage.read_text(encoding="utf-8"))
    assert found["services"] == {"all": 1, "reached": 1, "never": []}
    assert "never reached, acts:" in result.stderr


@pytest.mark.parametrize("color", [True, False])
def test_a_failure_shows_the_whole_talk_and_is_coloured_for_a_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, color: bool
) -> None:
    file = tmp_path / "tests.yaml"
    file.write_text(FAILING, encoding="utf-8")
    monkeypatch.setattr("donghaeng.cli.services._test_files", lambda catalogue, ids: [file])
    result = CliRunner().invoke(services, ["test", "weather"], color=color, catch_exceptions=False)
    assert result.exit_code == 1
    assert "citizen  오늘 비 온대요?" in result.stdout
    assert "✗ slots.date: expected '2026-11-24'" in result.stdout
    assert "0 passed, 1 failed" in result.stdout
    assert ("\x1b[31m" in result.stdout) == color


def test_an_unknown_service_or_a_file_that_cannot_be_written_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no service 'teleport'"):
        CliRunner().invoke(services, ["test", "teleport"], catch_exceptions=False)
    arguments = ["test", "weather", "--junit", str(tmp_path)]
    with pytest.raises(InputError, match="cannot be written"):
        CliRunner().invoke(services, arguments, catch_exceptions=False)
