from __future__ import annotations

import asyncio
import threading
from dataclasses import replace
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from donghaeng.errors import EngineMissing, SettingsError
from donghaeng.settings import load_settings
from donghaeng.speech import load
from donghaeng.speech.activity.fake import EnergyActivity
from donghaeng.speech.recognise.fake import FakeRecogniser
from donghaeng.speech.remote import openai
from donghaeng.speech.synthesise.browser import BrowserSynthesiser
from donghaeng.speech.synthesise.fake import FakeSynthesiser


def fake_settings(tmp_path: Path, **fields: object):
    fakes = {"recogniser": "fake", "synthesiser": "fake", "voice_activity": "fake", "cache": tmp_path}
    return load_settings(**{**fakes, **fields})


def test_builds_what_the_settings_name(tmp_path: Path) -> None:
    speech = load.load_speech(fake_settings(tmp_path))
    assert isinstance(speech.ears.recogniser, FakeRecogniser)
    assert isinstance(speech.ears.activity, EnergyActivity)
    assert speech.rate == 24_000
    assert load.warm_up(speech) >= 0.0
    speech.pool.close()


@pytest.mark.parametrize(("parallel", "at_a_time"), [(True, 3), (False, 1)])
def test_clauses_stand_in_one_line_before_an_engine_that_makes_one_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, parallel: bool, at_a_time: int
) -> None:
    monkeypatch.setattr(FakeSynthesiser, "info", replace(FakeSynthesiser.info, parallel=parallel))
    given: list[int] = []

    def queue(inner: FakeSynthesiser, most: int) -> FakeSynthesiser:
        given.append(most)
        return inner

    monkeypatch.setattr(load, "EngineQueue", queue)
    load.load_speech(fake_settings(tmp_path, speech_threads=3)).pool.close()
    assert given == [at_a_time]


@pytest.mark.parametrize("name", ["recogniser", "synthesiser", "voice_activity"])
def test_an_unknown_engine_names_the_installed_ones(tmp_path: Path, name: str) -> None:
    with pytest.raises(EngineMissing, match=r"'nothing' is not installed; choose one of (\S+, )*fake, \w+"):
        load.load_speech(fake_settings(tmp_path, **{name: "nothing"}))


def test_an_engine_that_cannot_be_imported_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    point = EntryPoint("broken", "donghaeng.no_such_module:Engine", load.RECOGNISERS)
    monkeypatch.setattr(load, "entry_points", lambda group: [point])
    with pytest.raises(EngineMissing, match="cannot be imported"):
        load.load_recogniser(fake_settings(tmp_path, recogniser="broken"))


def test_another_synthesiser_takes_the_place_of_one_that_cannot_be_loaded(tmp_path: Path) -> None:
    settings = fake_settings(tmp_path, synthesiser="openai", synthesiser_fallbacks=("wyoming", "fake"))
    (engine,) = load.load_synthesisers(settings)
    assert isinstance(engine, FakeSynthesiser)
    speech = load.load_speech(settings)
    assert next(speech.voice.speak("안녕하세요.")).samples.any()
    speech.pool.close()


def test_without_any_synthesiser_the_chosen_one_is_named(tmp_path: Path) -> None:
    settings = fake_settings(tmp_path, synthesiser="openai", synthesiser_fallbacks=("nothing", "wyoming"))
    with pytest.raises(EngineMissing, match="`openai` needs an address"):
        load.load_speech(settings)


def test_the_chosen_voice_is_not_asked_of_those_that_take_its_place(tmp_path: Path) -> None:
    settings = fake_settings(
        tmp_path,
        synthesiser="fake",
        synthesiser_fallbacks=("openai",),
        synthesiser_url="http://127.0.0.1:9/v1",
        voice="F1",
        synthesiser_model="weights",
    )
    assert load.load_synthesiser(settings, "openai").info.model == f"{openai.SPEAKS}/{openai.VOICE}"
    assert [engine.info.name for engine in load.load_synthesisers(settings)] == ["fake", "openai"]


def test_a_wrong_setting_of_the_chosen_synthesiser_is_no_reason_to_fall_back(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no voice 'nobody'"):
        load.load_synthesisers(fake_settings(tmp_path, synthesiser="kokoro", voice="nobody"))


def test_where_pages_speak_themselves_telephones_need_another_voice(tmp_path: Path) -> None:
    settings = fake_settings(tmp_path, synthesiser="browser", synthesiser_fallbacks=("fake",))
    speech = load.load_speech(settings)
    assert isinstance(speech.page_voice, BrowserSynthesiser)
    assert next(speech.voice.speak("안녕하세요.")).rate == speech.rate == FakeSynthesiser.rate
    speech.pool.close()
    with pytest.raises(EngineMissing, match="SYNTHESISER_FALLBACKS"):
        load.load_speech(fake_settings(tmp_path, synthesiser="browser", synthesiser_fallbacks=()))


class Modest:
    def __init__(self, *, cache: Path, model: str | None = None) -> None:
        self.given = (cache, model)


def test_an_engine_gets_what_it_asks_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    point = EntryPoint("modest", "tests_modest:Modest", load.RECOGNISERS)
    monkeypatch.setattr(EntryPoint, "load", lambda self: Modest)
    monkeypatch.setattr(load, "entry_points", lambda group: [point])
    engine = load.load_recogniser(fake_settings(tmp_path, recogniser="modest", recogniser_model="m"))
    assert engine.given == (tmp_path, "m")  # type: ignore[attr-defined]


async def test_hearing_and_speaking_have_threads_of_their_own() -> None:
    pool = load.SpeechPool(1)
    gate = threading.Event()
    hearing = asyncio.create_task(pool.hear(gate.wait))
    await asyncio.sleep(0)
    assert not pool.can_hear_now
    assert await pool.speak(lambda: "spoken") == "spoken"
    gate.set()
    await hearing
    assert pool.can_hear_now
    pool.close()
