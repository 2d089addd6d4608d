from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import soxr

from donghaeng.errors import EngineError, EngineMissing
from donghaeng.settings import load_settings
from donghaeng.speech.activity.fake import EnergyActivity
from donghaeng.speech.audio import read_audio
from donghaeng.speech.engines import LISTEN_RATE, Audio, Hints, Samples
from donghaeng.speech.hearing_eval import character_errors
from donghaeng.speech.recognise.fake import FakeRecogniser
from donghaeng.speech.recognise.whisper import (
    MOST_PROMPT_TOKENS,
    WhisperRecogniser,
    _Decoded,
    _pieces,
    window_seconds,
)


@pytest.fixture(scope="module")
def whisper() -> WhisperRecogniser:
    settings = load_settings()
    return WhisperRecogniser(cache=settings.cache, threads=1, catalogue=settings.catalogue)


def clip(shared: Path, name: str) -> tuple[Audio, str]:
    for line in (shared / "data/speech/manifest.jsonl").read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        if case["audio"].startswith(name):
            return read_audio(shared / "data/speech" / case["audio"]), case["text"]
    raise LookupError(name)


@pytest.mark.audio
@pytest.mark.parametrize("name", ["deeply-AnechoicChamber-002", "deeply-AirbnbStudio-000", "pansori-019"])
def test_hears_people(whisper: WhisperRecogniser, shared: Path, name: str) -> None:
    audio, text = clip(shared, name)
    heard = whisper.recognise(audio)
    errors, letters = character_errors(heard.text, text)
    assert errors <= 0.15 * letters, heard.text
    assert 0.3 < heard.confidence <= 1.0
    assert heard.cpu_seconds > 0
    assert heard.rejected is None


@pytest.mark.audio
@pytest.mark.parametrize("rate", [8_000, 96_000])
def test_hears_at_any_rate(whisper: WhisperRecogniser, shared: Path, rate: int) -> None:
    audio, text = clip(shared, "deeply-AirbnbStudio-000")
    other = Audio(soxr.resample(audio.samples, audio.rate, rate).astype(np.float32), rate)
    errors, letters = character_errors(whisper.recognise(other).text, text)
    assert errors <= 0.25 * letters


@pytest.mark.audio
@pytest.mark.parametrize("level", [0.0, 0.001, 0.02, 0.3])
def test_writes_nothing_into_noise(whisper: WhisperRecogniser, level: float) -> None:
    noise = np.random.default_rng(7).normal(0, 1, 80_000).clip(-3, 3) / 3
    heard = whisper.recognise(Audio((noise * level).astype(np.float32), 16_000))
    assert heard.text == ""
    assert heard.confidence == 0.0


@pytest.mark.audio
def test_writes_nothing_into_the_street_and_music(whisper: WhisperRecogniser, shared: Path) -> None:
    written = {}
    for path in sorted((shared / "data/noise").glob("*.[wo][ag][vg]")):
        written[path.name] = whisper.recognise(read_audio(path)).text
    assert not any(written.values()), written


@pytest.mark.audio
def test_a_tiny_recording_is_no_error(whisper: WhisperRecogniser) -> None:
    assert whisper.recognise(Audio(np.zeros(1, np.float32), 16_000)).text == ""
    assert whisper.recognise(Audio(np.zeros(0, np.float32), 16_000)).text == ""


@pytest.mark.audio
def test_long_recordings_are_taken_in_pieces(whisper: WhisperRecogniser, shared: Path) -> None:
    names = [f"deeply-AirbnbStudio-{number:03}" for number in range(7)]
    clips = [clip(shared, name) for name in names]
    samples = np.concatenate([audio.samples for audio, _ in clips])
    assert len(samples) > 30 * 16_000
    heard = whisper.recognise(Audio(samples, clips[0][0].rate))
    errors, letters = character_errors(heard.text, " ".join(text for _, text in clips))
    assert errors <= 0.25 * letters, heard.text


@pytest.mark.audio
def test_threads_get_their_own_words(whisper: WhisperRecogniser, shared: Path) -> None:
    first, second = (clip(shared, name)[0] for name in ("deeply-AirbnbStudio-000", "pansori-019"))
    alone = [whisper.recognise(audio).text for audio in (first, second)]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda audio: whisper.recognise(audio).text, (first, second) * 2))
    assert together == alone * 2


@pytest.mark.audio
def test_likely_phrases_go_before_the_sound(whisper: WhisperRecogniser, shared: Path) -> None:
    audio, text = clip(shared, "deeply-DanceStudio-005")
    helped = whisper.recognise(audio, Hints(phrases=("미드 미니시리즈", "페어차일드", "예약"))).text
    assert character_errors(helped, text)[0] < character_errors(whisper.recognise(audio).text, text)[0]
    many = Hints(phrases=("정류장 이름이 아주 긴 곳",) * 500)
    assert len(whisper._prompt(many)) <= MOST_PROMPT_TOKENS + 1
    assert whisper._prompt(Hints(phrases=("", " "))) == []


@pytest.mark.audio
def test_digits_come_as_they_are_said(whisper: WhisperRecogniser) -> None:
    forbidden = set(whisper._suppressed)
    assert whisper._tokenizer.token_to_id("1") in forbidden
    assert whisper._tokenizer.token_to_id("a") in forbidden
    assert whisper._tokenizer.token_to_id("A") not in forbidden


@pytest.mark.parametrize(
    ("seconds", "window"), [(0.5, 10.0), (8.0, 10.0), (12.0, 14.0), (29.0, 30.0), (60.0, 30.0)]
)
def test_window(seconds: float, window: float) -> None:
    assert window_seconds(seconds) == window


@pytest.mark.parametrize("seconds", [1, 20, 27, 33, 40, 55, 60, 70])
def test_pieces_hold_everything_in_order(seconds: int) -> None:
    samples = np.random.default_rng(seconds).normal(0, 0.1, seconds * 16_000).astype(np.float32)
    pieces = _pieces(samples)
    np.testing.assert_array_equal(np.concatenate(pieces), samples)
    assert all(0 < len(piece) <= 28 * 16_000 for piece in pieces)


def test_unknown_model_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(EngineMissing, match="ALLOW_HUB"):
        WhisperRecogniser(cache=tmp_path, model="no-such-model")
    with pytest.raises(EngineMissing, match=r"model\.bin"):
        WhisperRecogniser(cache=tmp_path, model=str(tmp_path))


def test_broken_model_folder(tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"x" * 100)
    (tmp_path / "tokenizer.json").write_text("{}")
    with pytest.raises(EngineMissing, match="does not load"):
        WhisperRecogniser(cache=tmp_path, model=str(tmp_path))


def test_fake_follows_its_script() -> None:
    fake = FakeRecogniser(["네", None])
    sound = Audio(np.zeros(1600, np.float32), 16_000)
    assert fake.recognise(sound).text == "네"
    with pytest.raises(EngineError):
        fake.recognise(sound)
    assert fake.recognise(sound).text == ""
    assert [seconds for seconds, _ in fake.heard] == [0.1, 0.1, 0.1]


@pytest.mark.audio
@pytest.mark.parametrize(
    ("first", "second", "text", "looks"),
    [
        ("PX-" * 20, "버스 언제 와요", "버스 언제 와요", [False, True]),
        ("ありがとうございました", "고맙습니다", "고맙습니다", [False, True]),
        ("버스 언제 와요", "고맙습니다", "버스 언제 와요", [False]),
        ("PX-" * 20, "하나 둘 " * 20, "", [False, True]),
    ],
)
def test_what_nobody_says_is_looked_at_again_once(
    whisper: WhisperRecogniser,
    monkeypatch: pytest.MonkeyPatch,
    first: str,
    second: str,
    text: str,
    looks: list[bool],
) -> None:
    strict_looks: list[bool] = []

    def decode(samples: Samples, start: list[int], *, strict: bool = False) -> _Decoded:
        strict_looks.append(strict)
        return _Decoded((second if strict else first,), tokens=5, logprob=-0.3, no_speech=0.0)

    monkeypatch.setattr(whisper, "_decode", decode)
    monkeypatch.setattr(whisper, "_activity", EnergyActivity())
    at = np.arange(LISTEN_RATE) / LISTEN_RATE
    heard = whisper.recognise(Audio((0.2 * np.sin(2 * np.pi * 200 * at)).astype(np.float32), LISTEN_RATE))
    assert heard.text == text
    assert strict_looks == looks


@pytest.mark.audio
def test_a_second_look_writes_hangul_alone(whisper: WhisperRecogniser) -> None:
    written = whisper._tokenizer.decode_batch([[number] for number in whisper._not_hangul[1:]])
    assert {"P", "TV", " X"} <= set(written)
    assert not any(char >= "가" for word in written for char in word if "가" <= char <= "힣")
