from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from donghaeng.errors import AudioError
from donghaeng.speech.audio import (
    PEAK_LIMIT,
    SPEECH_LEVEL,
    Resampler,
    levelled,
    pcm16_to_samples,
    read_audio,
    resample,
    rms,
    samples_to_pcm16,
    wav_bytes,
    write_wav,
)
from donghaeng.speech.engines import LISTEN_RATE, Audio


def tone(seconds: float, rate: int, hertz: float = 440.0, level: float = 0.5) -> np.ndarray:
    return (level * np.sin(2 * np.pi * hertz * np.arange(int(seconds * rate)) / rate)).astype(np.float32)


def file_bytes(frames: np.ndarray, rate: int, **kind: str) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, frames, rate, **{"format": "WAV", "subtype": "PCM_16", **kind})
    return file.getvalue()


@pytest.mark.parametrize(
    "kind",
    [
        {"format": "WAV", "subtype": "PCM_16"},
        {"format": "WAV", "subtype": "FLOAT"},
        {"format": "WAV", "subtype": "ULAW"},
        {"format": "FLAC", "subtype": "PCM_16"},
        {"format": "OGG", "subtype": "VORBIS"},
    ],
)
@pytest.mark.parametrize("rate", [8_000, 16_000, 44_100, 96_000])
@pytest.mark.parametrize("channels", [1, 2])
def test_reads_every_kind(kind: dict[str, str], rate: int, channels: int) -> None:
    frames = np.tile(tone(0.5, rate)[:, None], (1, channels))
    audio = read_audio(file_bytes(frames, rate, **kind))
    assert audio.rate == rate
    assert audio.seconds == pytest.approx(0.5, abs=0.01)
    assert rms(audio.samples) == pytest.approx(0.3536, rel=0.03)
    listened = resample(audio)
    assert listened.rate == LISTEN_RATE
    assert rms(listened.samples) == pytest.approx(0.3536, rel=0.03)


def test_channels_in_opposite_phase_do_not_vanish() -> None:
    left = tone(0.2, 16_000)
    assert rms(read_audio(file_bytes(np.stack([left, -left], 1), 16_000)).samples) > 0.3


def test_loud_float_file_is_scaled_to_full() -> None:
    audio = read_audio(file_bytes(tone(0.2, 16_000, level=8.0), 16_000, subtype="FLOAT"))
    assert np.abs(audio.samples).max() == pytest.approx(1.0)


def test_path_and_write(tmp_path: Path) -> None:
    write_wav(Audio(tone(0.3, 24_000), 24_000), tmp_path / "a.wav")
    audio = read_audio(tmp_path / "a.wav")
    assert audio.rate == 24_000
    np.testing.assert_allclose(audio.samples, tone(0.3, 24_000), atol=1e-4)
    with pytest.raises(AudioError):
        write_wav(audio, tmp_path / "absent" / "a.wav")


def not_numbers() -> bytes:
    frames = tone(0.2, 16_000)
    frames[100] = np.nan
    return file_bytes(frames, 16_000, subtype="FLOAT")


@pytest.mark.parametrize(
    ("source", "why"),
    [
        (b"", "empty"),
        (b"RIFF", "not a sound file"),
        (b"\x00" * 4000, "not a sound file"),
        ("가나다".encode() * 100, "not a sound file"),
        (file_bytes(np.zeros(0, np.float32), 16_000), "no sound"),
        (file_bytes(tone(0.1, 16_000), 16_000)[:30], "not a sound file"),
        (file_bytes(np.zeros(61 * 8_000, np.float32), 8_000), "61.0 s"),
        (file_bytes(np.zeros(2_000, np.float32), 1_000), "1000 samples a second"),
        (not_numbers(), "no numbers"),
        ("/nowhere/at/all.wav", "no such file"),
    ],
)
def test_bad_sound_is_refused_with_the_reason(source: bytes | str, why: str) -> None:
    with pytest.raises(AudioError, match=why):
        read_audio(source)


def test_cut_off_body_gives_what_is_there() -> None:
    audio = read_audio(file_bytes(tone(1.0, 16_000), 16_000)[: 44 + 16_000])
    assert audio.seconds == pytest.approx(0.5)


def test_an_hour_is_refused_from_its_header(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "hour.wav"
    with soundfile.SoundFile(str(path), "w", 8_000, 1, "PCM_U8") as file:
        for _ in range(60):
            file.write(np.zeros(60 * 8_000, np.float32))
    monkeypatch.setattr(soundfile.SoundFile, "read", lambda *a, **k: pytest.fail("read the body"))
    with pytest.raises(AudioError, match="3600"):
        read_audio(path)


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        audio = read_audio(data)
    except AudioError:
        return
    assert np.isfinite(audio.samples).all()


@given(st.binary(max_size=100), st.integers(0, 200))
def test_any_header_damage_is_read_or_refused(data: bytes, at: int) -> None:
    whole = file_bytes(tone(0.05, 16_000), 16_000)
    try:
        audio = read_audio(whole[:at] + data + whole[at + len(data) :])
    except AudioError:
        return
    assert len(audio.samples) > 0


@given(st.lists(st.integers(-32_768, 32_767), max_size=50))
def test_pcm_survives_a_round_trip(values: list[int]) -> None:
    data = np.array(values, dtype="<i2").tobytes()
    again = np.frombuffer(samples_to_pcm16(pcm16_to_samples(data)), dtype="<i2")
    assert np.abs(again.astype(int) - np.array(values, dtype=int)).max(initial=0) <= 1


def test_odd_bytes_are_refused() -> None:
    with pytest.raises(AudioError, match="3 bytes"):
        pcm16_to_samples(b"abc")


@pytest.mark.parametrize("rate", [8_000, 24_000, 48_000, 96_000])
@pytest.mark.parametrize("chunk_ms", [10, 40, 200])
def test_stream_resampling_equals_whole(rate: int, chunk_ms: int) -> None:
    sound = tone(1.0, rate, hertz=300.0)
    stream = Resampler(rate)
    step = rate * chunk_ms // 1000
    out = [
        stream.feed(sound[at : at + step], last=at + step >= len(sound)) for at in range(0, len(sound), step)
    ]
    joined = np.concatenate(out)
    assert len(joined) == pytest.approx(LISTEN_RATE, abs=2)
    whole = tone(1.0, LISTEN_RATE, hertz=300.0)
    np.testing.assert_allclose(joined[500:15_000], whole[500:15_000], atol=0.01)


def test_wav_bytes_is_a_wav() -> None:
    assert wav_bytes(Audio(tone(0.1, 16_000), 16_000))[:4] == b"RIFF"


def test_levelled_brings_speech_to_one_level_without_clipping() -> None:
    for level in (0.001, 0.05, 0.9):
        assert rms(levelled(tone(0.2, 16_000, level=level))) == pytest.approx(SPEECH_LEVEL, rel=1e-3)
    peaky = np.zeros(16_000, np.float32)
    peaky[8_000] = 0.5
    assert np.abs(levelled(peaky)).max() == pytest.approx(PEAK_LIMIT)
    assert not levelled(np.zeros(10, np.float32)).any()
