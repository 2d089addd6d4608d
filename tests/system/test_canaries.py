"""Numbers that are never collected, planted in every input of the served application: nowhere on its disk."""

from __future__ import annotations

import json
import logging
import re
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
import structlog
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from tests.system.canaries import CARD, RESIDENT, OpenSealer, forms, found_in

from donghaeng.app import application as composition
from donghaeng.app import serving as web_composition
from donghaeng.app.privacy import private_words
from donghaeng.app.serving import open_web
from donghaeng.app.tracing import traces
from donghaeng.city.services import Catalogue
from donghaeng.city.services.loading import load_catalogue
from donghaeng.conversation.reply import Reply
from donghaeng.knowledge.details import Details
from donghaeng.knowledge.documents.blocks import Block, BlockKind, Document
from donghaeng.knowledge.library import Library
from donghaeng.people.accounts import StaffAccounts
from donghaeng.settings import load_settings
from donghaeng.speech.activity.fake import EnergyActivity
from donghaeng.speech.audio import wav_bytes
from donghaeng.speech.engines import Audio
from donghaeng.speech.load import Ears, Speech, SpeechPool
from donghaeng.speech.recognise.fake import FakeRecogniser
from donghaeng.speech.synthesise.cache import PhraseCache
from donghaeng.speech.synthesise.fake import RATE, FakeSynthesiser
from donghaeng.store import Store
from donghaeng.trust.logging import set_up_logging
from donghaeng.trust.passwords import Passwords
from donghaeng.trust.permissions import Role
from donghaeng.trust.tracing import Step
from donghaeng.web.console.session import csrf_of

KEY = b"k" * 32
PASSWORD = "비 오는 날의 우산 하나"
SECRET = "a-secret-of-sixteen-characters"
PHONE = "01077776666"
OPEN_HOURS = "2026-11-23T10:00:00+09:00"
FORM = "application/x-www-form-urlencoded"
STEPS_OVER_HTTP = set(Step) - {Step.SPOKEN, Step.SYNTHESISE}
"""A live line's own steps are traced in tests/conversation/test_live_traced.py."""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where everything that the program writes is: data, logs, sound, temporary files."""
    for name in ("data", "tmp", "phrases"):
        (tmp_path / name).mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    monkeypatch.setattr(composition, "make_sealer", lambda key, data: OpenSealer([KEY]))
    handlers, level = logging.getLogger().handlers[:], logging.getLogger().level
    with (tmp_path / "log.jsonl").open("w", encoding="utf-8") as log:
        set_up_logging("debug", stream=log)
        yield tmp_path
    logging.getLogger().handlers[:] = handlers
    logging.getLogger().setLevel(level)
    structlog.reset_defaults()


def spoken_sound() -> bytes:
    tone = np.sin(np.arange(16_000) / 8).astype(np.float32) * 0.5
    return wav_bytes(Audio(tone, 16_000))


class Text:
    """Reads a file as one paragraph."""

    def read(self, name: str, data: bytes) -> Document:
        return Document("text", (Block(BlockKind.TEXT, data.decode()),))


class Mouth(FakeSynthesiser):
    """Keeps what it was asked to speak."""

    def __init__(self) -> None:
        super().__init__()
        self.spoken: list[str] = []

    def synthesise(self, text: str, **how: Any) -> Audio:
        self.spoken.append(text)
        return super().synthesise(text, **how)


class Spans(SpanExporter):
    """Writes what would be sent to a collector."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        with self._file.open("a", encoding="utf-8") as out:
            out.writelines(f"{span.to_json(indent=None)}\n" for span in spans)
        return SpanExportResult.SUCCESS


@dataclass(frozen=True, slots=True)
class Served:
    client: httpx.AsyncClient
    catalogue: Catalogue
    voice: PhraseCache
    mouth: Mouth


@asynccontextmanager
async def serving(folder: Path, heard: list[str], monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Served]:
    mouth = Mouth()
    voice = PhraseCache(folder / "phrases", mouth)
    speech = Speech(
        ears=Ears(FakeRecogniser(heard), EnergyActivity()),
        voice=voice,
        rate=RATE,
        pool=SpeechPool(2),
    )
    monkeypatch.setattr(composition, "_ready_speech", lambda *_: speech)
    monkeypatch.setattr(web_composition, "traces", partial(traces, {}, Spans(folder / "spans.jsonl")))
    settings = load_settings(
        data=folder / "data",
        allow_test_clock=True,
        rate_limit="off",
        city="sandbox",
        database=None,
        rehearse=False,
        second_factor=(),
        channel_secrets={"kakao": SECRET},
    )
    with Store.open(settings.database_url, OpenSealer([KEY])) as store:
        accounts = StaffAccounts(
            store, Passwords(), clock=lambda: datetime.now(UTC), second_factor=frozenset()
        )
        await accounts.add("kim", "김상담", Role.COUNSELLOR, PASSWORD)
        library = Library(store, Text(), clock=lambda: datetime.now(UTC))
        for at, form in enumerate([*forms(RESIDENT), *forms(CARD)]):
            sentence = f"{at}번 안내. 창구는 아홉 시에 엽니다. 서류 번호는 {form}입니다."
            details = Details(department=f"민원과 {form}", owner=f"담당 {form}")
            library.add(f"{form} 상담 {at}.txt", sentence.encode(), details)
    async with open_web(settings, speech=True) as app:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test", timeout=60) as client:
            yield Served(client, load_catalogue(settings.catalogue), voice, mouth)


async def citizen(client: httpx.AsyncClient, texts: list[str], sounds: int = 0) -> tuple[str, list[str]]:
    """Open a conversation and say things; its id, and all that was answered."""
    opened = await client.post("/v1/conversations", json={"now": OPEN_HOURS, "home_district": "마포구"})
    reply = opened.json()
    path, headers = (
        f"/v1/conversations/{reply['conversation']}",
        {"Authorization": f"Bearer {reply['token']}"},
    )
    answers = []
    for text in texts:
        answers.append((await client.post(f"{path}/turns", json={"text": text}, headers=headers)).text)
    for _ in range(sounds):
        wav = {**headers, "Content-Type": "audio/wav"}
        answers.append((await client.post(f"{path}/turns", content=spoken_sound(), headers=wav)).text)
    answers.append((await client.get(path, headers=headers)).text)
    return reply["conversation"], answers


def speak(served: Served, answers: list[str]) -> list[str]:
    """Speak every reply as a live line does; what reached the engine."""
    for answer in answers:
        told = json.loads(answer) if answer.startswith("{") else {}
        if "say" in told and "expects" in told:
            reply = Reply.model_validate(told)
            private = private_words(reply, served.catalogue)
            list(served.voice.speak(reply.say, private=private if private is not None else lambda _: True))
    return served.mouth.spoken


async def counsellor(client: httpx.AsyncClient, canaries: list[str]) -> list[str]:
    form = await client.get("/console/login")
    csrf = re.search(r'name="csrf" value="([0-9a-f]{64})"', form.text)
    assert csrf is not None
    fields = {"name": "kim", "password": PASSWORD, "csrf": csrf[1], "next": "/console/"}
    assert (await client.post("/console/login", data=fields)).status_code == 303
    token = next(cookie.value or "" for cookie in client.cookies.jar if "donghaeng_staff" in cookie.name)
    headers = {"X-CSRF-Token": csrf_of(token), "HX-Request": "true"}
    case = await client.post("/console/desk/next", headers={**headers, "Content-Type": FORM})
    handover = re.search(r"/console/desk/([A-Za-z0-9_-]{8,})/say", case.text)
    assert handover is not None, case.text[:500]
    answers = [case.text]
    for form_of_it in canaries:
        for part, words in (
            ("say", f"번호가 {form_of_it} 맞으시지요?"),
            ("note", f"번호 {form_of_it} 확인함"),
        ):
            path = f"/console/desk/{handover[1]}/{part}"
            told = await client.post(path, data={"text": words, "key": ""}, headers=headers)
            assert told.status_code == 200, told.text
            answers.append(told.text)
    return answers


@pytest.mark.system
@pytest.mark.timeout(300)
async def test_no_planted_number_is_anywhere_on_the_disk(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    canaries = [*forms(RESIDENT), *forms(CARD)]
    heard = [f"제 번호는 {form}이에요" for form in canaries]
    answers: list[str] = []
    async with serving(folder, heard, monkeypatch) as served:
        client = served.client
        _, told = await citizen(client, [f"제 번호는 {form}이에요" for form in canaries], len(canaries))
        answers += told
        # In a slot: asked for an address, a telephone number, a name; and in what is asked freely.
        for form in canaries:
            said = [
                "소파 하나 버리고 싶어요",
                f"마포구 양화로 45, {form}",
                "마포구 양화로 45",
                f"{form} 이고 전화는 {PHONE}",
            ]
            _, told = await citizen(client, said)
            answers += told
        _, told = await citizen(client, [f"{canaries[0]} 상담사 바꿔 주세요", f"{canaries[5]}이라니까요"])
        answers += told
        _, told = await citizen(client, [f"{canaries[0]} 오늘 마포구 날씨 어때요"])
        answers += told
        answers += await counsellor(client, canaries)
        for form in canaries:
            body = {"userRequest": {"user": {"id": "bot-user-key"}, "utterance": f"제 번호 {form} 이거예요"}}
            headers = {"Authorization": f"Bearer {SECRET}"}
            answers.append((await client.post("/channels/kakao", json=body, headers=headers)).text)
            rating = {"sentence": form[:40], "condition": form[:40], "rater": form[:32], "score": 5}
            answers.append((await client.post("/v1/listen/scores", json=rating)).text)
            # Where nobody should write one, and somebody does.
            answers.append((await client.get("/v1/services", params={"q": form})).text)
            answers.append((await client.get(f"/v1/conversations/{form}")).text)
        (folder / "metrics.txt").write_text((await client.get("/metrics")).text, encoding="utf-8")
        spoken = speak(served, answers)
        assert list((folder / "data").glob("*-wal"))
        assert found_in(folder, RESIDENT, CARD) == [], "while it runs, the write-ahead log included"
    steps = {json.loads(line)["name"] for line in (folder / "spans.jsonl").read_text().splitlines()}
    assert steps == {f"donghaeng.{step}" for step in STEPS_OVER_HTTP}
    for name in ("spans.jsonl", "metrics.txt", "log.jsonl"):
        kept = folder / "seen" / name
        kept.parent.mkdir(exist_ok=True)
        shutil.copy(folder / name, kept)
        if name != "log.jsonl":  # lines of libraries may be in Korean
            assert re.search("[가-힣]", kept.read_text(encoding="utf-8")) is None, "somebody's words"
    assert found_in(folder / "seen", PHONE) == [], "nor whose number"
    (folder / "spoken.txt").write_text("\n".join(spoken), encoding="utf-8")
    assert found_in(folder, RESIDENT, CARD) == []
    (folder / "answers.txt").write_text("\n".join(answers), encoding="utf-8")
    assert found_in(folder, RESIDENT, CARD) == [], "nobody is told one again"
    assert found_in(folder, PHONE) != [], "the search sees what the store keeps"
    assert list((folder / "phrases").rglob("*.flac")), "sound was kept"
    assert (folder / "log.jsonl").stat().st_size > 0


@pytest.mark.parametrize("digits", [RESIDENT, CARD])
def test_the_search_finds_every_form(tmp_path: Path, digits: str) -> None:
    for at, form in enumerate(forms(digits)):
        text = f"앞 {form} 뒤"
        for name, data in (
            ("plain", text.encode()),
            ("wide", b"x" + text.encode("utf-16-le")),
            ("escaped", json.dumps({"a": json.dumps(text)}).encode()),
            ("korean", text.encode("cp949")),
        ):
            place = tmp_path / f"{at}-{name}"
            place.mkdir()
            (place / "file").write_bytes(b"\x00\xff" + b"\x00" * 2 + data)
            assert found_in(place, digits), (form, name)
    (tmp_path / "clean").mkdir()
    (tmp_path / "clean" / "file").write_text("[가림]이에요 010-7777-6666", encoding="utf-8")
    assert found_in(tmp_path / "clean", digits) == []
