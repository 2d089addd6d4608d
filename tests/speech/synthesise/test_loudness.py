"""Every clause equally loud."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from donghaeng.speech.engines import Audio, EngineInfo
from donghaeng.speech.synthesise.cache import PhraseCache
from donghaeng.speech.synthesise.fake import FakeSynthesiser
from donghaeng.speech.synthesise.loudness import CEILING, TARGET_LUFS, equally_loud, loudness, true_peak

RATE = 24_000


def tone(seconds: float, level: float, hertz: float = 997.0, rate: int = RATE) -> Audio:
    angle = 2 * np.pi * hertz * np.arange(int(seconds * rate)) / rate
    return Audio((level * np.sin(angle)).astype(np.float32), rate)


def test_a_full_scale_tone_of_997_hz_measures_as_bs_1770_says() -> None:
    assert loudness(tone(2.0, 1.0, rate=48_000)) == pytest.approx(-3.01, abs=0.05)


@pytest.mark.parametrize("seconds", [0.06, 0.15, 0.39, 0.4, 0.41, 3.0])
@pytest.mark.parametrize("level", [0.001, 0.05, 0.9])
def test_short_and_long_clauses_come_out_equally_loud(seconds: float, level: float) -> None:
    assert loudness(equally_loud(tone(seconds, level))) == pytest.approx(TARGET_LUFS, abs=0.3)


def test_silence_around_a_short_clause_does_not_make_it_louder() -> None:
    alone, padded = tone(0.2, 0.1), tone(0.2, 0.1)
    padded = Audio(np.pad(padded.samples, (0, RATE // 5)), RATE)
    gain = equally_loud(alone).samples.max() / alone.samples.max()
    with_silence = equally_loud(padded).samples.max() / padded.samples.max()
    assert 20 * np.log10(with_silence / gain) > 2.5


def test_a_click_stays_under_the_ceiling_between_its_samples_too() -> None:
    rng = np.random.default_rng(1)
    noise = Audio((0.001 * rng.normal(size=RATE)).astype(np.float32), RATE)
    noise.samples[1_000:1_002] = 1.0
    loud = equally_loud(noise)
    assert np.abs(noise.samples).max() < true_peak(noise.samples)
    assert true_peak(loud.samples) <= CEILING + 1e-3


@pytest.mark.parametrize("samples", [np.zeros(0), np.zeros(RATE), np.full(10, 0.5), np.full(RATE, 1e-6)])
def test_silence_and_what_is_too_short_stay_as_they_are(samples: np.ndarray) -> None:
    sound = Audio(samples.astype(np.float32), RATE)
    np.testing.assert_array_equal(equally_loud(sound).samples, sound.samples)


@given(
    st.floats(0.001, 1.0),
    st.integers(0, 4_000),
    st.sampled_from([8_000, 16_000, 22_050, 24_000, 44_100]),
    st.integers(0, 2**32 - 1),
)
def test_nothing_clips_and_nothing_is_nan(level: float, count: int, rate: int, seed: int) -> None:
    samples = (level * np.random.default_rng(seed).uniform(-1, 1, count)).astype(np.float32)
    loud = equally_loud(Audio(samples, rate))
    assert np.isfinite(loud.samples).all()
    assert len(loud.samples) == count
    assert np.abs(loud.samples).max(initial=0.0) <= max(CEILING + 1e-3, np.abs(samples).max(initial=0.0))


def test_who_made_a_clause_is_not_forgotten() -> None:
    other = EngineInfo("other", "1", "tone")
    assert equally_loud(Audio(tone(1.0, 0.1).samples, RATE, other)).instead == other


def test_the_cache_makes_quiet_and_loud_engines_equally_loud() -> None:
    class Level(FakeSynthesiser):
        def __init__(self, level: float) -> None:
            super().__init__()
            self.level = level

        def synthesise(self, clause: str, *, speed: float = 1.0) -> Audio:
            sound = super().synthesise(clause, speed=speed)
            return Audio(sound.samples * np.float32(self.level), sound.rate)

    quiet, loud = (next(PhraseCache(None, Level(level)).speak("안녕하세요.")) for level in (0.05, 4.0))
    assert loudness(quiet) == pytest.approx(TARGET_LUFS, abs=0.1)
    assert loudness(loud) == pytest.approx(loudness(quiet), abs=0.1)
