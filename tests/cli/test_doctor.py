"""`donghaeng doctor` on a sound machine and on sick ones."""

from __future__ import annotations

import json
import shutil
import socket
import sys
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner
from tests.databases import standing_for
from tests.knowledge.made import Here
from tests.language_models.server import answers, model_server, says
from tests.understanding.proposing.scene import answer

from donghaeng.app.application import seoul_now
from donghaeng.app.memory import Reading
from donghaeng.city.services import load_catalogue
from donghaeng.cli import doctor as module
from donghaeng.cli import doctor_engines, doctor_records, doctor_running
from donghaeng.cli.database import database
from donghaeng.cli.doctor import doctor, examine
from donghaeng.cli.doctor_records import documents
from donghaeng.knowledge.details import Details
from donghaeng.knowledge.due import DUE_DAYS
from donghaeng.knowledge.library import Library
from donghaeng.language_models.fake import NOTHING
from donghaeng.settings import load_settings
from donghaeng.store import Store, conversations, leaks, notices, outbox
from donghaeng.store.outbox import OutboxRow
from donghaeng.trust.leaks import Extent, LeakLine
from donghaeng.trust.sealing import make_sealer

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def fake_engines(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("RECOGNISER", "SYNTHESISER", "VOICE_ACTIVITY", "EMBEDDER"):
        monkeypatch.setenv(f"DONGHAENG_{name}", "fake")
    # A real voice in reserve takes the doctor more time than everything else together.
    monkeypatch.setenv("DONGHAENG_SYNTHESISER_FALLBACKS", '["fake"]')
    monkeypatch.setenv("DONGHAENG_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("DONGHAENG_DATABASE", raising=False)


def _run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(doctor, arguments, catch_exceptions=False)
    return result.exit_code, result.stdout


def _findings() -> dict[str, Any]:
    status, text = _run("--json")
    told = json.loads(text)
    assert told["healthy"] == (status == 0)
    for one in told["findings"]:
        assert one["state"] == "ok" or one["remedy"], one
    return {one["part"]: one for one in told["findings"]}


def test_a_sound_machine() -> None:
    found = _findings()
    needed = ["packages", "synthesiser", "voice activity", "recogniser", "embedder"]
    needed += ["data folder", "database", "documents", "catalogue"]
    assert [found[part]["state"] for part in needed] == ["ok"] * len(needed)
    assert found["synthesiser"]["figures"]["cpu_s_per_audio_s"] >= 0
    assert "numpy" in found["packages"]["figures"]
    status, text = _run()
    assert status == 0
    assert "catalogue" in text


@pytest.mark.parametrize(
    ("variable", "value", "part", "words"),
    [
        ("DONGHAENG_RECOGNISER", "ear", "recogniser", "'ear' is not installed"),
        ("DONGHAENG_SYNTHESISER", "mouth", "synthesiser", "'mouth' is not installed"),
        ("DONGHAENG_EMBEDDER", "brain", "embedder", "'brain' is not installed"),
        ("DONGHAENG_DATA", "/proc/donghaeng", "data folder", "/proc/donghaeng"),
        pytest.param(
            "DONGHAENG_DATABASE",
            "sqlite:////proc/none/d.db",
            "database",
            "/proc/none",
            marks=pytest.mark.sqlite,
        ),
        ("DONGHAENG_CATALOGUE", "/proc/none", "catalogue", "/proc/none"),
    ],
)
def test_what_is_missing_is_named_with_its_remedy(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, part: str, words: str
) -> None:
    monkeypatch.setenv(variable, value)
    finding = _findings()[part]
    assert finding["state"] == "broken"
    assert words in finding["detail"] or part == "database"
    assert _run("--json")[0] == 1


def test_a_service_file_that_is_wrong(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(CHECKOUT / "catalogue", tmp_path / "catalogue"))
    with (folder / "services" / "weather" / "service.yaml").open("a", encoding="utf-8") as file:
        file.write("colour: blue\n")
    monkeypatch.setenv("DONGHAENG_CATALOGUE", str(folder))
    finding = _findings()["catalogue"]
    assert (finding["state"], finding["remedy"]) == ("broken", "donghaeng services check")


def test_documents_that_somebody_has_to_look_at_are_counted() -> None:
    settings, day = load_settings(), seoul_now().date()
    sound = documents(settings)
    assert (sound.state, sound.figures["published"]) == ("ok", 0)
    with Store.open(settings.database_url, make_sealer(None, settings.data)) as store:
        library = Library(store, Here(), clock=seoul_now)
        for number, said in enumerate(
            (
                {"valid_until": day - timedelta(days=1)},
                {"review_by": day - timedelta(days=1)},
                {"review_by": day + timedelta(days=DUE_DAYS)},
                {"review_by": day + timedelta(days=DUE_DAYS + 1)},
            )
        ):
            library.add(f"{number}.md", f"# 글\n\n{number}번 글이에요.\n".encode(), Details("과", **said))
        library.add("초안.md", b"# x\n\nx.\n", Details("과", review_by=day), publish=False)
    finding = documents(settings)
    assert finding.figures == {"published": 4, "expired": 1, "overdue": 1, "due_soon": 1}
    assert finding.state == "absent", "the machine is sound all the same"
    assert finding.remedy == "donghaeng knowledge list --due"
    assert finding.detail.startswith("3 answer; 1 no longer hold")


def test_an_engine_that_crashes_does_not_stop_the_doctor(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object) -> None:
        raise RuntimeError("illegal instruction")

    monkeypatch.setattr(doctor_engines.engines, "hear", crash)
    found = _findings()
    assert "illegal instruction" in found["recogniser"]["detail"]
    assert found["catalogue"]["state"] == "ok"


def test_little_room_and_missing_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.shutil, "disk_usage", lambda _: SimpleNamespace(free=1_000_000))
    monkeypatch.setattr(module, "requires", lambda _: ["numpy>=2", "not-there>=1", "x; extra == 'talk'"])
    found = _findings()
    assert "only 1 MB" in found["data folder"]["detail"]
    assert found["packages"]["remedy"] == f"{sys.executable} -m pip install not-there"


def test_side_roads_do_not_fail_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.shutil, "which", lambda _: None)
    monkeypatch.setattr(module, "find_spec", lambda _: None)
    found = _findings()
    assert found["sox"]["state"] == "absent"
    assert "apt-get install -y sox" in found["sox"]["remedy"]
    assert "libportaudio2" in found["microphone and loudspeaker"]["remedy"]
    assert _run("--json")[0] == 0


@pytest.mark.audio
def test_the_real_engines(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("RECOGNISER", "SYNTHESISER", "SYNTHESISER_FALLBACKS", "VOICE_ACTIVITY", "EMBEDDER"):
        monkeypatch.delenv(f"DONGHAENG_{name}")
    found = {one.part: one for one in examine(load_settings())}
    assert found["recogniser"].state == found["synthesiser"].state == "ok"
    assert found["recogniser"].figures["letters_wrong"] < 0.4
    assert "sha256" in found["recogniser"].detail


def _model(**settings: Any) -> Any:
    return doctor_engines.language_model(load_settings(language_model_name="small", **settings))


def test_a_language_model_is_named_only_where_one_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for part in ("language_model", "catalogue"):
        monkeypatch.setattr(module, part, lambda settings, part=part: module.Finding(part, "ok", ""))
    parts: dict[bool, set[str]] = {}
    for url in (None, "http://127.0.0.1:9/v1"):
        findings = examine(load_settings(language_model_url=url))
        parts[url is not None] = {finding.part for finding in findings}
    assert parts[True] - parts[False] == {"language_model"}


def test_a_language_model_that_answers() -> None:
    first = next(name for name in load_catalogue(load_settings().catalogue) if name != "emergency")
    with model_server(says(answer("ask", first))) as server:
        found = _model(language_model_url=server.url, language_model_deadline_s=10.0)
    assert found.state == "ok"
    assert found.figures["well_formed"]
    assert "small at 127.0.0.1 answered in" in found.detail
    assert "rightly" in found.detail


def test_a_language_model_in_no_form() -> None:
    with model_server(says("네")) as server:
        found = _model(language_model_url=server.url)
    assert (found.state, found.figures["well_formed"]) == ("absent", False)
    assert "FORMAT" in found.remedy


def test_a_language_model_that_is_late() -> None:
    with model_server(says(NOTHING)) as server:
        found = _model(language_model_url=server.url, language_model_deadline_s=1e-6)
    assert found.state == "absent"
    assert "DEADLINE" in found.remedy


def test_a_language_model_that_fails_or_is_misspelt() -> None:
    with model_server(answers(b"", 503)) as server:
        found = _model(language_model_url=server.url)
    assert found.state == "absent", "nothing needs it"
    assert "HTTP 503" in found.detail
    assert _model(language_model_url="nowhere").state == "broken"


def test_what_waits_and_what_is_due_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DONGHAENG_DATABASE", standing_for(load_settings().database_url))
    settings, now = load_settings(), seoul_now()

    def found() -> dict[str, Any]:
        return {one.part: one for one in doctor_running.running(settings)}

    fresh = found()
    assert {part: one.state for part, one in fresh.items()} == {
        "waiting writes": "ok",
        "backup": "absent",
        "incidents": "ok",
    }
    assert "donghaeng database backup" in (fresh["backup"].remedy or "")
    CliRunner().invoke(database, ["backed-up"], catch_exceptions=False)
    leak = LeakLine("leak_a", now, "known", "lee", "x", Extent(now - timedelta(hours=71), 1))
    hour_old = now - timedelta(hours=1)
    row = OutboxRow("o", "c_1", "call", "road", "gateway.road", {"a": 1}, "k", hour_old, now)
    with Store.open(settings.database_url, make_sealer(None, settings.data)) as store:
        store.run(lambda tx: leaks.add(tx, leak))
        store.run(lambda tx: conversations.add(tx, conversations.Conversation("c_1", "web", now, "v"), "t"))
        store.run(lambda tx: outbox.add(tx, row))
    later = found()
    assert (later["backup"].state, later["backup"].detail) == ("ok", "0 hours old")
    assert later["incidents"].state == "absent"
    assert later["incidents"].detail.startswith("leak_a: 1.0 h left")
    assert later["waiting writes"].detail.startswith(
        "1 confirmed requests wait for the city, the oldest since"
    )


def test_a_collector_of_traces_is_tried() -> None:
    assert doctor_running.traces({}).detail == "not sent"
    with socket.create_server(("127.0.0.1", 0)) as here:
        port = here.getsockname()[1]
        address = {"OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{port}"}
        assert doctor_running.traces(address).state == "ok"
    gone = doctor_running.traces(address)
    assert gone.state == "absent"
    assert gone.remedy
    wrong = doctor_running.traces({**address, "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"})
    assert (wrong.state, wrong.remedy) == ("broken", "unset it; port 4318")


def test_memory_that_is_short_and_weights_that_are_damaged_are_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    damaged = tmp_path / "cache" / "weights" / ("0" * 16) / "model.bin"
    damaged.parent.mkdir(parents=True)
    damaged.write_bytes(b"not what the folder's name says")
    damaged.with_name("model.bin.verified").write_text("{}")
    settings = load_settings(cache=tmp_path / "cache", data=tmp_path)
    weights = doctor_engines.weights(settings)
    assert weights.state == "broken"
    assert str(damaged) in weights.detail
    assert weights.remedy is not None
    assert weights.remedy.startswith(f"rm {damaged}")
    assert doctor_records.memory(settings).state == "ok"
    monkeypatch.setattr(doctor_records, "readings", lambda most: [Reading("container", 95, 100)])
    memory = doctor_records.memory(settings)
    assert (memory.state, memory.figures) == ("broken", {"container": 0.95})
    assert "refused" in memory.detail


def test_who_is_told_of_alerts_and_what_could_not_be_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DONGHAENG_DATABASE", standing_for(load_settings().database_url))
    assert doctor_running.alerts(load_settings()).detail == "shown in the console; sent to nobody"
    settings = load_settings(alert_webhook="https://city.example/alerts")
    with Store.open(settings.database_url, make_sealer(None, settings.data)) as store:
        notice = notices.Notice("alert/1", "a", "b", "/console/")
        now = seoul_now()
        store.run(lambda tx: notices.add(tx, notice, ["webhook"], now, at=now))
        waiting = doctor_running.alerts(settings)
        (row,) = store.run(lambda tx: notices.claim(tx, "x", ["webhook"], now))
        store.run(lambda tx: notices.mark(tx, row, "failed", now, error="NoticeRefused"))
    assert (waiting.state, waiting.detail) == ("ok", "sent by webhook: 0 sent, 1 wait")
    given_up = doctor_running.alerts(settings)
    assert (given_up.state, given_up.detail) == ("absent", "sent by webhook: 0 sent, 0 wait, 1 given up")
    assert "tell-test" in (given_up.remedy or "")
