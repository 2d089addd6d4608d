"""Questions rise at their end, and nothing else about the sound changes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import lfilter

from donghaeng.speech.engines import Samples
from donghaeng.speech.synthesise.melody import pitch_track, rising

RATE = 24_000


def voice(start_hz: float, end_hz: float, seconds: float = 1.2) -> Samples:
    """A vowel whose pitch glides: pulses through two formants, and 50 ms of silence behind it."""
    hz = np.geomspace(start_hz, end_hz, int(seconds * RATE))
    pulses = np.diff(np.floor(np.cumsum(hz) / RATE), prepend=0.0)
    for formant, width in ((700, 90), (1_200, 110)):
        radius = np.exp(-np.pi * width / RATE)
        pulses = lfilter([1.0], [1.0, -2 * radius * np.cos(2 * np.pi * formant / RATE), radius**2], pulses)
    sound = 0.3 * pulses / np.abs(pulses).max()
    return np.concatenate([sound, np.zeros(RATE // 20)]).astype(np.float32)


def semitones(sound: Samples) -> float:
    """The last 60 ms of voice against what lies 250 to 500 ms before the end."""
    track, _ = pitch_track(sound, RATE)
    heard = track[track > 0]
    return float(12 * np.log2(np.median(heard[-12:]) / np.median(heard[-100:-50])))


@pytest.mark.parametrize("hz", [110.0, 180.0, 260.0])
def test_a_falling_end_rises(hz: float) -> None:
    falling = voice(hz, 0.75 * hz)
    assert semitones(falling) < -1.0
    assert 2.0 < semitones(rising(falling, RATE)) < 7.0


def test_length_loudness_and_all_that_comes_before_stay() -> None:
    before = voice(200.0, 150.0)
    after = rising(before, RATE)
    assert len(after) == len(before)
    untouched = len(before) - int(0.4 * RATE)
    assert np.array_equal(after[:untouched], before[:untouched])
    end = slice(untouched, None)
    level = 20 * np.log10(np.std(after[end]) / np.std(before[end]))
    assert abs(level) < 2.5
    assert np.abs(after).max() < 1.5 * np.abs(before).max()


def test_where_the_new_sound_begins_nothing_clicks() -> None:
    before = voice(200.0, 150.0)
    after = rising(before, RATE)
    assert np.abs(np.diff(after)).max() < 1.2 * np.abs(np.diff(before)).max()


@pytest.mark.parametrize(
    "sound",
    [
        np.zeros(0, np.float32),
        np.zeros(RATE, np.float32),
        np.random.default_rng(1).normal(0, 0.1, RATE).astype(np.float32),
        voice(200.0, 150.0, 0.15),
    ],
    ids=["nothing", "silence", "noise", "too short"],
)
def test_what_has_no_voiced_end_stays_as_it_is(sound: Samples) -> None:
    assert np.array_equal(rising(sound, RATE), sound)


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 2**32 - 1),
    st.floats(70, 480),
    st.floats(0.5, 1.5),
    st.floats(0.0, 0.2),
)
def test_any_sound_stays_finite_and_as_long(seed: int, hz: float, glide: float, noise: float) -> None:
    sound = voice(hz, min(499.0, max(71.0, hz * glide)), 0.6)
    sound = sound + np.random.default_rng(seed).normal(0, noise, len(sound)).astype(np.float32)
    risen = rising(sound.astype(np.float32), RATE)
    assert risen.shape == sound.shape
    assert risen.dtype == np.float32
    assert np.isfinite(risen).all()
    assert np.abs(risen).max() <= 2 * np.abs(sound).max()
