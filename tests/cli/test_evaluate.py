"""`donghaeng eval` as its users call it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner

from donghaeng.app import open_for_tests
from donghaeng.cli.evaluate import evaluate
from donghaeng.cli.http_agent import HttpAgent, must_answer
from donghaeng.conversation.scenario_runner import play
from donghaeng.conversation.scenarios import Scenario
from donghaeng.errors import DonghaengError, InputError
from donghaeng.web.app import create_app
from donghaeng.web.services import WebServices

NOW = "2026-11-23T10:00:00+09:00"


@pytest.fixture(autouse=True)
def fake_engines(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("RECOGNISER", "SYNTHESISER", "VOICE_ACTIVITY", "EMBEDDER"):
        monkeypatch.setenv(f"DONGHAENG_{name}", "fake")
    monkeypatch.setenv("DONGHAENG_DATA", str(tmp_path / "data"))


def _jsonl(file: Path, *rows: dict[str, Any]) -> str:
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return str(file)


def _run(*arguments: str) -> dict[str, Any]:
    result = CliRunner().invoke(evaluate, arguments, catch_exceptions=False)
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) == 1
    summary: dict[str, Any] = json.loads(result.stdout)
    return summary


def _rows(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_every_kind_of_text_case(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    learn = _jsonl(
        tmp_path / "t.jsonl",
        *({"text": text, "intent": "bus"} for text in ("버스 언제 와요", "버스 몇 분")),
        *({"text": text, "intent": "rain"} for text in ("비 와요", "오늘 비 와요")),
    )
    summary = _run("intents", "--train", learn, "--test", learn, "--predictions", str(out))
    assert (summary["accuracy"], summary["embedder"], len(_rows(out))) == (1.0, "hashing", 4)

    report = tmp_path / "r.md"
    _run("intents", "--train", learn, "--test", learn, "--predictions", str(out), "--report", str(report))
    assert "모두 맞은 것 2가지: bus, rain" in report.read_text(encoding="utf-8")

    cases = _jsonl(tmp_path / "e.jsonl", {"text": "스물세 명", "now": NOW, "kind": "number"})
    assert _run("expressions", "--cases", cases, "--predictions", str(out))["cases"] == 1
    assert _rows(out) == [{"values": [23]}]

    assert _run("reading", "--cases", cases, "--predictions", str(out))["kind"] == "reading"
    assert _rows(out) == [{"reading": "스물세 명"}]

    passages = _jsonl(tmp_path / "p.jsonl", {"id": "p", "title": "가", "text": "나"})
    questions = _jsonl(tmp_path / "q.jsonl", {"id": "q", "question": "다?"})
    summary = _run("answers", "--passages", passages, "--questions", questions, "--predictions", str(out))
    assert summary["engine"] != "none"
    assert _rows(out)[0]["abstained"] is True


def test_hearing_and_speaking(tmp_path: Path) -> None:
    texts, out = tmp_path / "t.txt", tmp_path / "out.jsonl"
    texts.write_text("버스가 3분 뒤에 와요.\n네.\n", encoding="utf-8")
    summary = _run(
        "speaking", "--texts", str(texts), "--out", str(tmp_path / "wav"), "--predictions", str(out)
    )
    spoken = _rows(out)
    assert (summary["cases"], summary["failed"], summary["engine"]) == (2, 0, "fake 1")
    clips = _jsonl(tmp_path / "m.jsonl", *({"audio": row["audio"], "text": "네"} for row in spoken))
    summary = _run("hearing", "--manifest", clips, "--predictions", str(out))
    assert [row["audio_s"] for row in _rows(out)] == [row["audio_s"] for row in spoken]
    assert summary["engine"] == "fake 1"


def test_routing_through_the_served_catalogue(tmp_path: Path) -> None:
    out, report = tmp_path / "out.jsonl", tmp_path / "r.json"
    cases = _jsonl(
        tmp_path / "c.jsonl",
        {"text": "사람하고 얘기할래요", "now": NOW, "service": "counsellor"},
        {"text": "강남역 지하철 언제 와요", "now": NOW, "home_district": "강남구", "service": "weather"},
        {"text": "네", "home_district": "없는구", "service": "none"},
    )
    summary = _run("routing", "--cases", cases, "--predictions", str(out), "--report", str(report))
    found = _rows(out)
    assert [row.get("service") for row in found[:2]] == ["counsellor", "subway_arrival"]
    assert "강남" in str(found[1]["slots"]["station"])
    assert "InputError" in found[2]["error"]
    assert (summary["services"], summary["failed"]) == (42, 1)
    told = json.loads(report.read_text(encoding="utf-8"))
    assert [(pair["right"], pair["wrong"]) for pair in told["pairs"]] == [
        ("none", "(실패)"),
        ("weather", "subway_arrival"),
    ]
    assert "지하철" in {word["word"] for word in told["pairs"][1]["words"]}
    assert told["names"]["weather"] == "날씨"


def test_scenarios_in_this_process(tmp_path: Path) -> None:
    file, out = tmp_path / "s.yaml", tmp_path / "out.jsonl"
    file.write_text(
        "- {scenario: 사람, end: {handover: true}, turns: [{citizen: 상담사, expect: {asks: null}}]}\n"
        "- {scenario: 딴소리, turns: [{citizen: 상담사, expect: {service: weather}}]}\n",
        encoding="utf-8",
    )
    (tmp_path / "service.yaml").write_text("id: weather", encoding="utf-8")
    summary = _run("scenarios", str(tmp_path), "--repeat", "2", "--predictions", str(out))
    assert [row["passed"] for row in _rows(out)] == [True, True, False, False]
    assert {"scenario", "passed", "failed_step", "why"} <= set(_rows(out)[0])
    assert (summary["pass^1"], summary["pass^2"], summary["passed_clean"]) == (0.5, 0.5, 1)


@pytest.mark.parametrize(
    ("arguments", "content", "what"),
    [
        (("reading", "--cases", "{file}"), '{"text": "가"}\n{oops', ":2: is no JSON"),
        (("reading", "--cases", "{file}"), '{"words": "가"}', ":1: 'text' is absent"),
        (("reading", "--cases", "{file}"), "", "has no case"),
        (("hearing", "--manifest", "{file}"), '{"sound": 1}', ":1: is no clip"),
        (("hearing", "--manifest", "{file}"), "\n", "has no case"),
        (("routing", "--cases", "{file}"), '{"text": "가", "now": "x"}', ":1: 'now' is no time"),
        (
            ("routing", "--cases", "{file}", "--report", "{file}.md"),
            '{"text": "가"}',
            "not every case says which 'service' is right",
        ),
        (("intents", "--train", "{file}", "--test", "{file}"), '{"text": "가"}', ":1: 'intent' is absent"),
        (("scenarios", "{file}"), "scenario: 가\nturns: [{citizen: 나, expect: 3}]", ":2:"),
        (("scenarios", "{file}.absent"), "", "does not exist"),
    ],
)
def test_bad_input_names_file_and_line(
    tmp_path: Path, arguments: tuple[str, ...], content: str, what: str
) -> None:
    file = tmp_path / "cases.yaml"
    file.write_text(content, encoding="utf-8")
    given = [part.format(file=file) for part in arguments]
    with pytest.raises(InputError) as caught:
        CliRunner().invoke(
            evaluate, [*given, "--predictions", str(tmp_path / "out.jsonl")], catch_exceptions=False
        )
    assert str(file) in str(caught.value)
    assert what in str(caught.value)
    assert not (tmp_path / "out.jsonl").exists()


def _scenario(**fields: Any) -> Scenario:
    return Scenario.model_validate(
        {
            "scenario": "소파",
            "home_district": "마포구",
            "location": {"lat": 37.55, "lon": 126.91},
            "city": {"seed": 3, "faults": [{"service": "weather", "kind": "empty"}]},
            "turns": [{"citizen": "상담사", "expect": {"service": "counsellor"}}],
            "end": {"handover": True, "calls": [], "never": ["비밀"]},
            **fields,
        }
    )


async def test_the_agent_behind_http_plays_like_the_one_inside() -> None:
    async with open_for_tests() as application:
        app = create_app(
            WebServices(
                conversations=application.conversations,
                settings=application.settings,
                list_services=list,
                checks={},
            )
        )
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            await must_answer(client)
            agent = HttpAgent(client)
            verdict = await play(_scenario(), agent)
            assert (verdict.passed, verdict.why) == (True, None)
            assert verdict.replies[-1]["handover"] is not None
            refused = await play(_scenario(home_district="없는구"), agent)
    assert not refused.passed
    assert "HTTP 422" in str(refused.why)


async def test_errors_of_the_server_fail_the_run() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/healthz":
            raise httpx.ConnectError("nobody")
        return httpx.Response(503, json={"detail": "too busy"})

    async with httpx.AsyncClient(
        transport=httpx.MockTransport(answer), base_url="http://127.0.0.1"
    ) as client:
        with pytest.raises(InputError, match="start a server there"):
            await must_answer(client)
        with pytest.raises(DonghaengError, match="HTTP 503: too busy"):
            await HttpAgent(client).open(_scenario())


@pytest.mark.audio
def test_real_voice_is_heard_by_the_real_recogniser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DONGHAENG_RECOGNISER", "whisper")
    monkeypatch.setenv("DONGHAENG_SYNTHESISER", "kokoro")
    texts, out = tmp_path / "t.txt", tmp_path / "out.jsonl"
    texts.write_text("강남역에 지하철이 언제 오는지 알려 주세요.\n", encoding="utf-8")
    _run("speaking", "--texts", str(texts), "--out", str(tmp_path / "wav"), "--predictions", str(out))
    row = _rows(out)[0]
    assert isinstance(row["audio"], str)
    clips = _jsonl(tmp_path / "m.jsonl", {"audio": row["audio"], "text": texts.read_text("utf-8")})
    summary = _run("hearing", "--manifest", clips, "--predictions", str(out))
    assert summary["cer"] < 0.4
    assert _rows(out)[0]["decode_s"] > 0
