from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from donghaeng.speech.activity.fake import EnergyActivity
from donghaeng.speech.activity.silero import SileroActivity
from donghaeng.speech.activity.spans import speech_span
from donghaeng.speech.audio import read_audio, resample
from donghaeng.speech.engines import LISTEN_RATE, Samples, VoiceActivity


@pytest.fixture(scope="module")
def silero() -> SileroActivity:
    return SileroActivity()


def probabilities(activity: VoiceActivity, samples: Samples) -> list[float]:
    stream = activity.stream()
    size = stream.frame_samples
    return [stream.probability(samples[at : at + size]) for at in range(0, len(samples) - size + 1, size)]


def clip(shared: Path, name: str) -> Samples:
    return resample(read_audio(shared / "data" / name)).samples


@pytest.mark.audio
def test_silero_hears_speech(silero: SileroActivity, shared: Path) -> None:
    speech = probabilities(silero, clip(shared, "speech/deeply-AnechoicChamber-001.wav"))
    assert max(speech) > 0.9
    assert all(0.0 <= value <= 1.0 for value in speech)


@pytest.mark.audio
@pytest.mark.parametrize(
    "name", ["city-ambience.ogg", "hold_music.ogg", "noise1.wav", "noise3.wav", "rir2.wav"]
)
def test_silero_hears_no_speech_in_noise(silero: SileroActivity, shared: Path, name: str) -> None:
    assert speech_span(silero, clip(shared, f"noise/{name}")) is None


@pytest.mark.audio
def test_streams_keep_apart(silero: SileroActivity, shared: Path) -> None:
    speech = clip(shared, "speech/deeply-AnechoicChamber-001.wav")[: 3 * LISTEN_RATE]
    noise = np.random.default_rng(1).normal(0, 0.02, len(speech)).astype(np.float32)
    alone = probabilities(silero, speech)
    with ThreadPoolExecutor(4) as pool:
        jobs = [pool.submit(probabilities, silero, sound) for sound in (speech, noise) * 4]
    for job in jobs[::2]:
        np.testing.assert_allclose(job.result(), alone, atol=1e-5)
    for job in jobs[1::2]:
        assert max(job.result()) < 0.5


@pytest.mark.audio
def test_reset_forgets(silero: SileroActivity, shared: Path) -> None:
    speech = clip(shared, "speech/deeply-AnechoicChamber-001.wav")
    stream = silero.stream()
    first = stream.probability(speech[:512])
    for at in range(8_000, 24_000, 512):
        stream.probability(speech[at : at + 512])
    stream.reset()
    assert stream.probability(speech[:512]) == pytest.approx(first)


def test_energy_follows_the_level() -> None:
    stream = EnergyActivity().stream()
    frame = np.ones(stream.frame_samples, np.float32)
    assert stream.probability(frame * 0) == 0.0
    assert stream.probability(frame * np.float32(0.5)) == 1.0
    assert stream.probability(frame * np.float32(0.01)) == pytest.approx(0.5)


def test_span_has_margins_and_stays_inside() -> None:
    samples = np.zeros(4 * LISTEN_RATE, np.float32)
    samples[LISTEN_RATE : 2 * LISTEN_RATE] = 0.3
    span = speech_span(EnergyActivity(), samples)
    assert span is not None
    assert span.start == pytest.approx(0.5 * LISTEN_RATE, abs=1024)
    assert span.end == pytest.approx(2.5 * LISTEN_RATE, abs=1024)
    assert span.speech_seconds == pytest.approx(1.0, abs=0.07)
    samples[:] = 0.3
    whole = speech_span(EnergyActivity(), samples)
    assert whole is not None
    assert (whole.start, whole.end) == (0, len(samples))


def test_a_click_is_no_speech() -> None:
    samples = np.zeros(LISTEN_RATE, np.float32)
    samples[5000:5400] = 0.9
    assert speech_span(EnergyActivity(), samples) is None
    assert speech_span(EnergyActivity(), np.zeros(0, np.float32)) is None
