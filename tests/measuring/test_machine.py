"""Understanding, engines and the start of a server, measured."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from donghaeng.app import open_for_tests
from donghaeng.errors import DonghaengError
from donghaeng.measuring import engines, starting, understanding
from donghaeng.speech.activity.fake import EnergyActivity
from donghaeng.speech.engines import EngineInfo
from donghaeng.speech.recognise.fake import FakeRecogniser
from donghaeng.speech.synthesise.fake import FakeSynthesiser
from donghaeng.understanding.embed.fake import HashingEmbedder

SERVER = """
import http.server, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
    def log_message(self, *a): pass
http.server.HTTPServer(("127.0.0.1", int(sys.argv[-1])), Handler).serve_forever()
"""


def _ready(address: str) -> bool:
    import httpx

    try:
        return httpx.get(address, trust_env=False).is_success
    except httpx.HTTPError:
        return False


def _start(code: str, *, answers: bool = True, patience: float = 20.0) -> dict[str, object]:
    return starting.run(
        [sys.executable, "-c", code],
        {},
        ready=_ready,
        answers=lambda _: answers,
        patience=patience,
        idle_seconds=0.0,
    )


def test_start_measures_a_server_and_ends_it() -> None:
    figures = _start(SERVER)
    assert 0 < figures["ready_s"] <= figures["first_answer_s"] < 20  # type: ignore[operator]
    assert figures["idle_memory_mb"] > 1  # type: ignore[operator]


def test_start_tells_what_went_wrong() -> None:
    with pytest.raises(DonghaengError, match="ended with status 3"):
        _start("import sys; sys.exit(3)")
    with pytest.raises(DonghaengError, match="not ready in time"):
        _start("import time; time.sleep(60)", patience=0.2)
    with pytest.raises(DonghaengError, match="did not answer"):
        _start(SERVER, answers=False)


def test_folder_counts_a_linked_file_once(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "a").write_bytes(b"x" * 1_000_000)
    (tmp_path / "b").hardlink_to(tmp_path / "deep" / "a")
    assert starting.folder_megabytes(tmp_path) == pytest.approx(1.0, abs=0.1)


def test_engines_are_run_and_described() -> None:
    spoken = engines.speak(FakeSynthesiser())
    assert spoken.sound is not None
    heard = engines.hear(FakeRecogniser([engines.SENTENCE] * 2), spoken.sound)
    assert heard.figures["letters_wrong"] == 0
    assert engines.find_speech(EnergyActivity(), spoken.sound).figures["speech_share"] > 0.9
    silence = type(spoken.sound)(np.zeros(24_000, np.float32), 24_000)
    assert engines.find_speech(EnergyActivity(), silence).figures["speech_share"] == 0
    assert set(engines.embed(HashingEmbedder()).figures) == {"p50_ms", "p95_ms"}
    info = EngineInfo("whisper", "1", "base", sha256="ab" * 32)
    assert engines.describe(info) == "whisper: base (1, sha256 abababababababab…)"


def test_utterances_are_distinct() -> None:
    found = understanding.distinct(["소파를 하나 버려야 하는데요", "네", "네"], 20)
    assert len(set(found)) == len(found)
    assert found[:2] == ["소파를 하나 버려야 하는데요", "네"]
    assert 5 < len(found) <= 20
    assert understanding.distinct(["네"], 5) == ["네"]


async def test_understanding_is_timed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DONGHAENG_EMBEDDER", "fake")
    async with open_for_tests() as application:
        figures = understanding.run(
            application.understanding_or_fail(),
            ["강남역 지하철 언제 와요", "오늘 비 와요"],
            datetime.fromisoformat("2026-11-23T10:00:00+09:00"),
        )
    assert figures["utterances"] == 2
    assert 0 <= figures["embeddings"] <= 2
    assert figures["first_stage_p50_ms"] > 0
    assert figures["p95_ms"] >= figures["p50_ms"] > 0
