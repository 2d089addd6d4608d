"""Routing, scenarios, turns a second and live voice, measured on a stand-in for the conversations."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.measuring.talking import TalkingConversations
from tests.spoken import PHRASES

from donghaeng.conversation.live_mouth import LiveOptions
from donghaeng.conversation.scenario_report import plain
from donghaeng.conversation.scenario_runner import InProcessAgent
from donghaeng.conversation.scenarios import End, Scenario, Step, Written
from donghaeng.errors import InputError
from donghaeng.measuring import routing, scenarios, turns, voice
from donghaeng.speech.activity.fake import EnergyActivity
from donghaeng.speech.load import Ears, Speech, SpeechPool
from donghaeng.speech.recognise.fake import FakeRecogniser
from donghaeng.speech.synthesise.cache import PhraseCache
from donghaeng.speech.synthesise.fake import FakeSynthesiser


async def test_routing_takes_the_first_turn_of_fresh_conversations(tmp_path: Path) -> None:
    rows = [
        {"text": "버스 언제 와요", "now": "2026-11-23T10:00:00+09:00", "home_district": "마포구"},
        {"text": "고장"},
        {"text": "노래해 줘"},
    ]
    gold = ["bus_arrival", "water_bill", "none"]
    file = tmp_path / "cases.jsonl"
    cases = [{**row, "service": service} for row, service in zip(rows, gold, strict=True)]
    file.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in cases), encoding="utf-8")
    stream, conversations = io.StringIO(), TalkingConversations()
    summary = await routing.run(conversations, ["bus_arrival"], routing.read(file), stream)
    found = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert found[0] == {"service": "bus_arrival", "slots": {"route": "6411"}}
    assert "RuntimeError: broken" in found[1]["error"]
    assert found[2] == {"service": "none", "slots": {}}
    assert [str(opening.now)[:10] for opening in conversations.openings] == ["2026-11-23", "None", "None"]
    assert conversations.openings[0].home_district == "마포구"
    assert conversations.ended == ["c_1", "c_3"]
    assert (summary["failed"], summary["accuracy"]) == (1, 0.6667)
    assert summary["accuracy_served"] == 0.6667


def test_routing_names_a_wrong_clock(tmp_path: Path) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_text('{"text": "가"}\n{"text": "가", "now": "모레"}', encoding="utf-8")
    with pytest.raises(InputError, match=r"cases.jsonl:2: 'now' is no time"):
        routing.read(file)


def _scenario(name: str, *citizen: str, **expect: Any) -> Written:
    steps = [Step(citizen=text) for text in citizen]
    steps[-1] = Step(citizen=citizen[-1], expect=expect)
    return Written(Scenario(scenario=name, turns=steps, end=End()), Path("bus/tests.yaml"), 1)


async def test_scenarios_are_repeated_and_failures_shown() -> None:
    stream, shown, told, kept = io.StringIO(), [], [], []
    conversations = TalkingConversations()
    long = "육사일일 번 버스가 합정역에 언제 도착하는지 알려 주세요"
    found = [
        _scenario("버스", long, service="bus_arrival"),
        _scenario("날씨", "날씨", service="weather"),
        _scenario("고장", "고장"),
    ]
    summary = await scenarios.run(
        InProcessAgent(conversations),
        found,
        8,
        stream,
        progress=lambda done, total: told.append((done, total)),
        tell=shown.append,
        keep=kept.append,
    )
    rows = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [(row["scenario"], row["run"]) for row in rows[:9]] == [("버스", k) for k in range(1, 9)] + [
        ("날씨", 1)
    ]
    assert {row["failed_step"] for row in rows if row["scenario"] == "날씨"} == {1}
    assert "expected 'weather'" in rows[8]["why"]
    assert "RuntimeError: broken" in rows[16]["why"]
    assert summary["passed_clean"] == 1
    passed = sum(row["passed"] for row in rows)
    assert summary["pass^1"] == pytest.approx(passed / 24, abs=1e-4)
    assert "pass^8" in summary
    texts = [plain(lines) for lines in shown]
    assert any("FAILED: 날씨 (run 1)" in text and "citizen  날씨" in text for text in texts)
    assert [(run.suite, run.number, run.repeated) for run in kept[:2]] == [("bus", 1, True), ("bus", 2, True)]
    assert told[-1] == (24, 24)
    spoken = [text for text in conversations.said if "합정역" in text]
    assert spoken[0] == long
    assert len(set(spoken)) > 1


def test_noise_is_the_same_on_every_machine() -> None:
    long = "육사일일 번 버스가 합정역에 언제 도착하는지 알려 주세요"
    assert scenarios.noise_for("버스", 1)(long) == long
    twice = [[scenarios.noise_for("버스", k)(long) for k in range(2, 12)] for _ in range(2)]
    assert twice[0] == twice[1]
    assert len(set(twice[0])) > 1


async def test_turns_hold_whole_conversations() -> None:
    conversations = TalkingConversations()
    scripts = [["버스 와요", "고마워요"], ["끝"]]
    summary = await turns.run(
        conversations, scripts, seconds=0.1, together=3, settles=lambda text: text.startswith("버스")
    )
    assert 0 < summary["settled_by_first_stage"] < 1
    assert summary["first_stage_turns_per_s"] is None
    assert summary["turns"] > 4
    assert summary["turns_per_s"] > 0
    assert summary["p95_ms"] >= summary["p50_ms"]
    assert len(conversations.openings) >= turns.OPEN_CONVERSATIONS
    assert all(opening.home_district == "마포구" for opening in conversations.openings)


async def test_the_rate_of_the_first_stage_is_told_of_one_conversation_at_a_time() -> None:
    said = [["버스 와요", "고마워요"]]
    summary = await turns.run(
        TalkingConversations(), said, seconds=0.1, together=1, settles=lambda text: text.startswith("버스")
    )
    assert summary["first_stage_turns_per_s"] > 0


class _Script(FakeRecogniser):
    """Hears the same words always."""

    def recognise(self, *arguments: Any) -> Any:
        self._texts.append("버스 언제 와요")
        return super().recognise(*arguments)


def _speech() -> Speech:
    synthesiser = FakeSynthesiser()
    return Speech(
        Ears(_Script(), EnergyActivity()), PhraseCache(None, synthesiser), synthesiser.rate, SpeechPool(2)
    )


async def test_voice_measures_from_the_end_of_speech(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voice, "THINKING_SECONDS", 0.1)
    monkeypatch.setattr(voice, "STAGGER_SECONDS", 0.1)
    speech = _speech()
    recording = voice.record(speech.voice, "버스 언제 와요")
    try:
        level = await voice.run_level(
            TalkingConversations(),
            speech,
            [recording],
            live=2,
            requests=1,
            options=LiveOptions(PHRASES),
        )
    finally:
        speech.pool.close()
    assert (level["live"], level["turns"], level["unanswered"], level["too_early"]) == (2, 2, 0, 0)
    assert 200 < level["p50_ms"] <= level["p95_ms"]
    assert level["endpoint_p50_ms"] > 200
    assert level["cpu_per_conversation"] > 0
    assert level["clauses_made"] >= 1


async def test_voice_keeps_a_pace_and_a_share_of_cached_sound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voice, "THINKING_SECONDS", 0.1)
    speech = _speech()
    recording = voice.record(speech.voice, "버스 언제 와요")
    try:
        level = await voice.run_level(
            TalkingConversations(),
            speech,
            [recording],
            live=1,
            requests=2,
            options=LiveOptions(PHRASES),
            pace=6.0,
            cached=0.0,
        )
    finally:
        speech.pool.close()
    assert level["turn_every_s"] == pytest.approx(6.0, abs=0.5)
    assert level["cached_share"] == 0.0
    assert level["unanswered"] == 0


@pytest.mark.parametrize(
    ("limit", "unanswered", "measured", "most"), [(2000.0, 0, [1, 2, 4], 2), (9000.0, 1, [1, 2, 4], 2)]
)
async def test_voice_stops_where_the_limit_is_passed(
    monkeypatch: pytest.MonkeyPatch, limit: float, unanswered: int, measured: list[int], most: int
) -> None:
    async def level(*_: object, live: int, **__: object) -> dict[str, Any]:
        return {"live": live, "p95_ms": live * 900.0, "unanswered": unanswered if live == 4 else 0}

    monkeypatch.setattr(voice, "run_level", level)
    speech, told = _speech(), []
    summary = await voice.run(
        TalkingConversations(),
        speech,
        ["버스 언제 와요"],
        levels=(1, 2, 4, 8),
        requests=1,
        limit_ms=limit,
        options=LiveOptions(PHRASES),
        tell=told.append,
    )
    speech.pool.close()
    assert [one["live"] for one in summary["levels"]] == measured
    assert summary["most_live_below_limit"] == most
    assert len(told) == 1 + len(measured)


def test_recordings_end_with_the_last_sound() -> None:
    tone = np.full(voice.FRAME_SAMPLES * 2 + 5, 0.5, np.float32)
    frames = voice.frames_of(np.concatenate([tone, np.zeros(16_000, np.float32)]))
    assert len(frames) == 3
    assert {len(frame) for frame in frames} == {2 * voice.FRAME_SAMPLES}
    assert voice.frames_of(np.zeros(100, np.float32)) == []
