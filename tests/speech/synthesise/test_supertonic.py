"""The package's own classes over weights of a few kilobytes: the real ones are not to be had in a test."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import supertonic as package
from tests.speech.synthesise.tiny_supertonic import RATE, SECONDS_A_CHARACTER, weights
from tests.speech.test_load import fake_settings

from donghaeng.errors import EngineError, EngineMissing, SettingsError
from donghaeng.speech import load
from donghaeng.speech.engines import Audio
from donghaeng.speech.synthesise.supertonic import NATURAL, SupertonicSynthesiser

VOICES = {"F1": 300.0, "M1": 150.0}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return weights(tmp_path_factory.mktemp("weights") / "tiny", VOICES)


def mouth(folder: Path, **more: object) -> SupertonicSynthesiser:
    given = {"cache": folder / "no cache", "threads": 1, **more}
    return SupertonicSynthesiser(synthesiser_model=str(folder), **given)  # type: ignore[arg-type]


def hertz(audio: Audio) -> float:
    spectrum = np.abs(np.fft.rfft(audio.samples))
    return float(np.argmax(spectrum) * audio.rate / len(audio.samples))


def test_korean_is_spoken_as_long_as_the_model_says(folder: Path) -> None:
    engine = mouth(folder)
    sound = engine.synthesise("나무.", speed=1.0)
    characters = len("<ko>") + len("나무.") + 2 + len("</ko>")
    """Hangul comes apart into its letters: two of each of these syllables."""
    assert sound.rate == engine.rate == RATE
    assert sound.seconds == pytest.approx(characters * SECONDS_A_CHARACTER / NATURAL, rel=0.01)
    assert np.abs(sound.samples).max() == pytest.approx(0.5, abs=0.01)


def test_speed_changes_the_length_within_what_the_package_takes(folder: Path) -> None:
    engine = mouth(folder)
    lengths = [engine.synthesise("나무.", speed=speed).seconds for speed in (0.1, 0.6, 0.9, 1.5, 9.0)]
    assert lengths[0] == lengths[1] > lengths[2] > lengths[3] > lengths[4]


@pytest.mark.parametrize(("voice", "name"), [(None, "F1"), ("female", "F1"), ("male", "M1"), ("M1", "M1")])
def test_the_voice_is_the_one_that_is_named(folder: Path, voice: str | None, name: str) -> None:
    engine = mouth(folder, voice=voice)
    assert hertz(engine.synthesise("나무나무.")) == pytest.approx(VOICES[name], abs=3)
    assert engine.info.extra["voice"] == name


def test_nothing_is_no_sound_and_long_clauses_are_spoken_whole(folder: Path) -> None:
    engine = mouth(folder)
    assert engine.synthesise(" …").seconds == 0.0
    assert engine.synthesise("나무나무 나무나무. " * 20).seconds > 20


def test_threads_share_one_engine(folder: Path) -> None:
    engine = mouth(folder)
    with ThreadPoolExecutor(3) as pool:
        sounds = list(pool.map(lambda _: engine.synthesise("나무."), range(6)))
    assert len({len(sound.samples) for sound in sounds}) == 1


def test_what_it_cannot_say_is_an_error_that_tells_nothing_of_it(folder: Path) -> None:
    with pytest.raises(EngineError) as failure:
        mouth(folder).synthesise("秘密")
    assert "秘" not in str(failure.value)


def test_nothing_is_fetched_unless_that_is_allowed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fetched: list[Path] = []

    def download(model_dir: Path, model_name: str) -> None:
        fetched.append(Path(model_dir))
        weights(Path(model_dir), VOICES)

    monkeypatch.setattr(package.loader, "download_model", download)
    with pytest.raises(EngineMissing, match="DONGHAENG_ALLOW_HUB"):
        SupertonicSynthesiser(cache=tmp_path)
    assert fetched == []
    engine = SupertonicSynthesiser(cache=tmp_path, allow_hub=True)
    assert engine.synthesise("나무.").seconds > 0
    assert fetched == [tmp_path / "hub" / "supertonic-3"]


def test_wrong_weights_and_voices_are_said_with_their_remedy(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(EngineMissing, match="no weights in /nowhere"):
        SupertonicSynthesiser(cache=tmp_path, synthesiser_model="/nowhere")
    with pytest.raises(SettingsError, match="use female, male or one of F1, M1"):
        mouth(folder, voice="nobody")
    broken = weights(tmp_path / "broken", VOICES)
    (broken / "voice_styles" / "F1.json").write_text("{}")
    with pytest.raises(EngineMissing, match="'F1' is broken"):
        mouth(broken)
    (broken / "onnx" / "vocoder.onnx").write_bytes(b"no model")
    with pytest.raises(EngineMissing, match="no weights in"):
        mouth(broken)


def test_a_model_of_english_alone_is_refused(tmp_path: Path) -> None:
    weights(tmp_path / "hub" / "supertonic", VOICES)
    with pytest.raises(EngineMissing, match="knows no Korean"):
        SupertonicSynthesiser(cache=tmp_path, synthesiser_model="supertonic")


def test_the_settings_name_it(folder: Path, tmp_path: Path) -> None:
    settings = fake_settings(tmp_path, synthesiser="supertonic", synthesiser_model=str(folder))
    assert isinstance(load.load_synthesiser(settings), SupertonicSynthesiser)
