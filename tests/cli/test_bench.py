"""`donghaeng bench` as its users call it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner

from donghaeng.cli import bench as bench_module
from donghaeng.cli.bench import bench


@pytest.fixture(autouse=True)
def fake_engines(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("RECOGNISER", "SYNTHESISER", "VOICE_ACTIVITY", "EMBEDDER"):
        monkeypatch.setenv(f"DONGHAENG_{name}", "fake")


def _run(*arguments: str) -> tuple[list[str], dict[str, Any]]:
    result = CliRunner().invoke(bench, arguments, catch_exceptions=False)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    return lines, json.loads(lines[-1])


def test_turns_of_the_whole_agent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_module.turns, "OPEN_CONVERSATIONS", 20)
    lines, figures = _run("turns", "--seconds", "0.5", "--together", "2")
    assert any("turns_per_s" in line for line in lines[:-1])
    assert figures["turns"] >= 2
    assert figures["p95_ms"] >= figures["p50_ms"] > 0
    assert 0 <= figures["settled_by_first_stage"] <= 1
    assert figures["machine"]["cores"] >= 1


def test_understanding_as_json_alone() -> None:
    lines, figures = _run("understanding", "--utterances", "30", "--json")
    assert len(lines) == 1
    assert figures["utterances"] == 30
    assert figures["utterances_per_s"] > 0


def test_answers_are_timed_on_the_passages_of_the_catalogue() -> None:
    _, figures = _run("answers", "--many", "0", "--json")
    assert figures["engine"].startswith("bm25")
    assert 0 < figures["answered"] <= figures["questions"]
    assert figures["p95_ms"] >= figures["p50_ms"] > 0
    assert "many_passages" not in figures


def test_answers_are_timed_on_many_generated_passages_too() -> None:
    _, figures = _run("answers", "--many", "400", "--json")
    assert figures["many_passages"] == 400
    assert figures["many_right_first_by_words"] > 0.9
    assert figures["many_searchable_by_words_cpu_s"] > figures["many_searchable_again_cpu_s"] > 0
    assert figures["many_document_replaced_s"] > 0
    assert figures["many_p95_ms"] >= figures["many_p50_ms"] > 0
    assert figures["embedding_cpu_s_per_300_letters"] >= 0


def test_voice_shows_every_level(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, Any] = {}

    async def run(*given: Any, **options: Any) -> dict[str, Any]:
        asked.update(options, texts=given[2])
        options["tell"]({"live": 1})
        return {"kind": "voice", "levels": [{"live": 1, "p95_ms": None}]}

    monkeypatch.setattr(bench_module.voice, "run", run)
    lines, figures = _run("voice", "--quick")
    assert asked["levels"] == [1, 2]
    assert len(asked["texts"]) == 3
    assert figures["levels"][0]["live"] == 1
    assert any("p95_ms" in line for line in lines[:-1])
    _run("voice", "--most", "8", "--json")
    assert asked["levels"] == [1, 2, 4, 8]
    _run("voice", "--live", "3", "--turns", "5", "--pace", "12", "--cached", "0.7", "--json")
    assert (asked["levels"], asked["requests"], asked["pace"], asked["cached"]) == ((3,), 5, 12.0, 0.7)


@pytest.mark.system
def test_start_of_the_real_server() -> None:
    _, figures = _run("start", "--idle", "0", "--json")
    assert 0 < figures["ready_s"] <= figures["first_answer_s"]
    assert figures["idle_memory_mb"] > 50
    assert figures["installed_mb"] > 10
