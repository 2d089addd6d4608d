"""The owners' desk by the real parts: a draft talks in a process of its own, and answers once published."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from tests.review.owners import OwnersRunner
from tests.review.small import few_tests, small_catalogue

from donghaeng.app.application import Application, open_application
from donghaeng.app.effect_run import carry_out
from donghaeng.app.reviewing import open_review
from donghaeng.app.service_owners import TrialVoice, open_services
from donghaeng.app.tryout_run import SubprocessTryouts
from donghaeng.conversation.door import Opening, Said
from donghaeng.errors import AudioError
from donghaeng.review.measuring import Run
from donghaeng.review.rules import ReviewRefused
from donghaeng.review.service_desk import ServiceDesk
from donghaeng.settings import Settings, load_settings
from donghaeng.speech.audio import read_audio, wav_bytes
from donghaeng.speech.engines import Audio
from donghaeng.tower.process.rules import Kind
from donghaeng.tower.process.state import ActionKind, Subject

MARK = "우산을 꼭 챙기세요."
KIM, LEE = "st_kim", "st_lee"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("owners")
    base = small_catalogue(folder / "catalogue")
    few_tests(base)
    return load_settings(
        data=folder / "data",
        catalogue=base,
        embedder="fake",
        cache=folder / "cache",
        database=None,
        allow_test_clock=True,
        city="sandbox",
    )


def desk_of(application: Application, settings: Settings) -> ServiceDesk:
    """Its runs are scripted: what they do is tested with the effects."""
    clock, runner = application.conversations._clock, OwnersRunner()
    review = open_review(
        settings, application.store, catalogue=lambda: application.catalogue, clock=clock, runner=runner
    )
    return open_services(settings, application.store, review, application.process, clock=clock, runner=runner)


async def hears(application: Application) -> str:
    opened = await application.conversations.open(Opening())
    said = Said(text="오늘 날씨 어때요")
    return (await application.conversations.turn(opened.conversation, opened.token, said)).show.text


async def settled(desk: ServiceDesk) -> None:
    while desk._runs._tasks:
        for task in list(desk._runs._tasks):
            await task


async def test_what_is_published_answers_and_one_step_takes_it_back(settings: Settings) -> None:
    async with open_application(settings, watch=False) as application:
        desk = desk_of(application, settings)
        view = await desk.draft("weather")
        await desk.save("weather", KIM, edited(view.definition), view.tests, version=0)
        await desk.begin_run("weather", "tests")
        await settled(desk)
        assert MARK not in await hears(application)
        made = await desk.submit("weather", KIM, version=1)
        await desk.review.measure(made.row.id)
        await desk.review.publish(made.row.id, LEE)
        assert await application.editions.refresh()
        assert MARK in await hears(application)
        await desk.review.roll_back(made.row.id, LEE, "너무 길어요")
        assert await application.editions.refresh()
        assert MARK not in await hears(application)
        subject = Subject(Kind.SERVICE, "weather")
        history = (await application.process.subject(subject)).history
        told = [one.by for one in history if one.kind in (ActionKind.CREATED, ActionKind.NOTED)]
        assert told == [KIM, LEE, LEE]


async def test_a_draft_talks_in_a_process_of_its_own(settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "drafted"
    shutil.copytree(settings.catalogue, folder)
    file = folder / "services" / "weather" / "service.yaml"
    file.write_text(edited(file.read_text(encoding="utf-8")), encoding="utf-8")
    rooms = SubprocessTryouts(settings)
    try:
        first = await rooms.talk(folder, ["오늘 날씨 어때요"])
        assert MARK in first.replies[-1]["show"]["text"]
        more = await rooms.talk(folder, ["오늘 날씨 어때요", "내일은요"])
        assert [one["turn"] for one in more.replies] == [0, 1, 2]
        assert "expects" in more.hints
        other = await rooms.talk(folder, ["내일은요"])
        assert len(other.replies) == 2, "other words begin anew"
        assert len(rooms._rooms) == 1
    finally:
        await rooms.aclose()
    assert rooms._rooms == {}


async def test_a_run_about_a_service_names_what_it_is_alike_to(settings: Settings) -> None:
    run = Run(settings.catalogue, (), (), ("오늘 비 와요",), about="weather")
    measured = await carry_out(run, settings)
    assert measured.routing == {"오늘 비 와요": "weather"}
    assert all("weather" in (one["service"], one["other"]) for one in measured.confusions)


def edited(text: str) -> str:
    changed = text.replace("ok: >-\n", f"ok: >-\n    {MARK}\n", 1)
    assert changed != text
    return changed


async def test_a_catalogue_that_is_none_refuses_the_talk_in_words(settings: Settings) -> None:
    rooms = SubprocessTryouts(settings)
    try:
        with pytest.raises(ReviewRefused, match="말을 걸어 볼 수 없어요"):
            await rooms.talk(settings.data / "none", ["날씨"])
        assert rooms._rooms == {}
    finally:
        await rooms.aclose()


class Pool:
    async def hear(self, work: Any, *arguments: Any) -> Any:
        return work(*arguments)

    speak = hear


async def test_the_trial_voice_hears_and_speaks_by_the_engines_that_serve() -> None:
    seen: list[Any] = []

    def recognise(audio: Audio, hints: Any) -> Any:
        seen.append((audio.seconds, hints))
        return SimpleNamespace(text="날씨")

    def say(text: str) -> Any:
        return iter([Audio(np.zeros(800, np.float32), 16000)] * (2 if text else 0))

    speech = SimpleNamespace(
        pool=Pool(),
        ears=SimpleNamespace(recogniser=SimpleNamespace(recognise=recognise)),
        voice=SimpleNamespace(speak=say),
        rate=16000,
    )
    voice = TrialVoice(speech)  # type: ignore[arg-type]
    sound = wav_bytes(Audio(np.zeros(1600, np.float32), 16000))
    assert await voice.hear(sound, {"expects": "slot", "phrases": ["가"]}) == "날씨"
    assert (seen[0][1].expects, seen[0][1].phrases) == ("slot", ("가",))
    spoken = await voice.speak("안녕하세요")
    assert spoken is not None
    assert read_audio(spoken).seconds == pytest.approx(0.1)
    assert await voice.speak("") is None
    with pytest.raises(AudioError):
        await voice.hear(b"no sound", {})
