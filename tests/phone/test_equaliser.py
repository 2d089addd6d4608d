"""The lift above 1 kHz."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from donghaeng.phone.equaliser import LOST_DB, REGAINED, Equaliser
from donghaeng.phone.outgoing import Outgoing
from donghaeng.speech.audio import samples_to_pcm16

RATE = 8_000


def gain_db(hertz: float, lift_db: float, rate: int = RATE) -> float:
    wave = (0.05 * np.sin(2 * np.pi * hertz * np.arange(rate) / rate)).astype(np.float32)
    out = Equaliser(rate, lift_db).feed(wave)
    gain = 20 * np.log10(np.std(out[rate // 2 :]) / np.std(wave[rate // 2 :]))
    return float(gain) - (LOST_DB - REGAINED * lift_db)


@pytest.mark.parametrize("rate", [8_000, 16_000])
@pytest.mark.parametrize("lift", [3.0, 6.0])
def test_what_lies_above_1_khz_is_lifted_and_the_rest_left(rate: int, lift: float) -> None:
    assert gain_db(500, lift, rate) == pytest.approx(0.0, abs=1.0)
    assert gain_db(1_000, lift, rate) == pytest.approx(lift / 2, abs=0.4)
    assert gain_db(2_000, lift, rate) == pytest.approx(lift, abs=0.6)
    assert gain_db(3_300, lift, rate) == pytest.approx(lift, abs=0.3)
    assert gain_db(100, lift, rate) < -12


@given(st.lists(st.integers(0, 700), max_size=30), st.integers(0, 2**32 - 1))
def test_pieces_of_any_length_sound_like_one(lengths: list[int], seed: int) -> None:
    whole = np.random.default_rng(seed).uniform(-1, 1, sum(lengths)).astype(np.float32)
    one, many = Equaliser(RATE, 6.0), Equaliser(RATE, 6.0)
    cut = np.split(whole, np.cumsum(lengths)[:-1]) if lengths else []
    pieces = [many.feed(piece) for piece in cut]
    np.testing.assert_allclose(np.concatenate([np.zeros(0, np.float32), *pieces]), one.feed(whole), atol=1e-6)
    assert np.abs(one.feed(whole)).max(initial=0.0) < 1.0


def test_no_lift_leaves_every_sample_as_it_was() -> None:
    sound = np.random.default_rng(1).uniform(-1, 1, 999).astype(np.float32)
    np.testing.assert_array_equal(Equaliser(RATE, 0.0).feed(sound), sound)


def _played(lift: float, sound: np.ndarray, pieces: int) -> np.ndarray:
    line = Outgoing(RATE, lift_db=lift)
    for _ in range(2):
        line.begin(24_000)
        for piece in np.array_split(sound, pieces):
            line.push(samples_to_pcm16(piece))
        line.finish(1)
    return line.take(round(line.seconds * RATE))[0]


def test_the_line_lifts_each_answer_anew() -> None:
    wave = (0.05 * np.sin(2 * np.pi * 2_500 * np.arange(24_000) / 24_000)).astype(np.float32)
    plain, lifted = _played(0.0, wave, 7), _played(6.0, wave, 7)
    made_up = LOST_DB - REGAINED * 6.0
    assert 20 * np.log10(np.std(lifted) / np.std(plain)) == pytest.approx(6.0 + made_up, abs=0.3)
    np.testing.assert_allclose(lifted[: len(lifted) // 2], lifted[len(lifted) // 2 :], atol=1e-6)
    np.testing.assert_allclose(lifted, _played(6.0, wave, 50), atol=1e-6)
