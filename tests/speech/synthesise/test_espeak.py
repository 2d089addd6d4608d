"""The real program."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import pytest
from tests.speech.test_load import fake_settings

from donghaeng.errors import EngineError, EngineMissing
from donghaeng.speech import load
from donghaeng.speech.remote.words import SPOKEN_RATE
from donghaeng.speech.synthesise import espeak
from donghaeng.speech.synthesise.espeak import RATE, EspeakSynthesiser
from donghaeng.speech.synthesise.loudness import TARGET_LUFS, loudness

CLAUSE = "여섯 정거장 전이에요."


def test_it_speaks_korean_aloud() -> None:
    engine = EspeakSynthesiser()
    sound = engine.synthesise(CLAUSE)
    assert sound.rate == engine.rate == RATE
    assert 1.0 < sound.seconds < 4.0
    assert np.abs(sound.samples).max() > 0.05
    assert engine.info.version[:1].isdigit()


def test_speed_changes_the_length() -> None:
    engine = EspeakSynthesiser()
    slow, usual, fast = (engine.synthesise(CLAUSE, speed=speed).seconds for speed in (0.6, 0.9, 1.5))
    assert slow > 1.2 * usual > 1.4 * fast


def test_nothing_is_no_sound_and_a_long_clause_is_spoken_whole() -> None:
    engine = EspeakSynthesiser()
    assert engine.synthesise(" …").seconds == 0.0
    short, long = engine.synthesise(CLAUSE), engine.synthesise(f"{CLAUSE} " * 20)
    assert long.seconds > 15 * short.seconds


def test_what_is_said_is_in_no_list_of_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[list[str]] = []
    run = subprocess.run

    def watched(command: list[str], **more: object) -> object:
        started.append(command)
        return run(command, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(espeak.subprocess, "run", watched)
    EspeakSynthesiser().synthesise("공일공 일이삼사")
    assert len(started) == 2
    assert not any("공" in word for command in started for word in command)


def test_without_the_program_or_with_a_broken_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    engine = EspeakSynthesiser()
    broken = tmp_path / "espeak-ng"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EngineMissing, match="apt-get install"):
        EspeakSynthesiser()
    broken.unlink()
    with pytest.raises(EngineMissing, match="not installed; `apt-get install espeak-ng`"):
        EspeakSynthesiser()
    monkeypatch.setattr(engine, "_program", str(broken))
    with pytest.raises(EngineError) as failure:
        engine.synthesise("비밀이에요")
    assert "비밀" not in str(failure.value)


def test_a_caller_hears_it_where_the_chosen_engine_is_out_of_reach(tmp_path: Path) -> None:
    settings = fake_settings(
        tmp_path,
        synthesiser="openai",
        synthesiser_url="http://127.0.0.1:9/v1",
        synthesiser_fallbacks=("wyoming", "espeak-ng"),
    )
    speech = load.load_speech(settings)
    (sound,) = speech.voice.speak(CLAUSE)
    assert loudness(sound) == pytest.approx(TARGET_LUFS, abs=2.0)
    assert sound.rate == speech.rate == SPOKEN_RATE
    assert list(tmp_path.rglob("*.flac")) == []
    speech.pool.close()


def test_an_answer_that_is_no_sound_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    mute = tmp_path / "espeak-ng"
    mute.write_text("#!/bin/sh\nread -r _ || true\necho nonsense\n")
    mute.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    engine = EspeakSynthesiser()
    with pytest.raises(EngineError, match="no sound"):
        engine.synthesise(CLAUSE)
