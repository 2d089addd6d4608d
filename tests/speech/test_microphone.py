"""Dead and overdriven microphones."""

from __future__ import annotations

import numpy as np
import pytest

from donghaeng.speech.engines import Samples
from donghaeng.speech.microphone import DEAD_SECONDS, MicrophoneCheck

RATE = 16_000


def feed(check: MicrophoneCheck, samples: Samples, *, speaking: bool = False, frame: float = 0.04) -> None:
    step = int(RATE * frame)
    for at in range(0, len(samples), step):
        check.feed(samples[at : at + step], speaking=speaking)


def level(value: float, seconds: float) -> Samples:
    return np.full(int(seconds * RATE), value, np.float32)


def room(seconds: float, steps: float = 4.0) -> Samples:
    noise = np.random.default_rng(7).standard_normal(int(seconds * RATE)) * steps / 32_768
    return (np.round(noise * 32_768) / 32_768).astype(np.float32)


def tone(gain: float, seconds: float = 1.0) -> Samples:
    wave = np.sin(2 * np.pi * 200 * np.arange(int(seconds * RATE)) / RATE)
    return np.clip(gain * wave, -1.0, 1.0).astype(np.float32)


@pytest.mark.parametrize("value", [0.0, 0.25, -1.0])
@pytest.mark.parametrize("frame", [0.01, 0.04, 0.2])
def test_zeros_or_a_constant_for_long_are_a_dead_microphone(value: float, frame: float) -> None:
    check = MicrophoneCheck(RATE)
    feed(check, level(value, DEAD_SECONDS - 0.2), frame=frame)
    assert not check.dead
    feed(check, level(value, 0.4), frame=frame)
    assert check.dead


def test_a_quiet_room_is_none_nor_one_that_is_muted_later() -> None:
    check = MicrophoneCheck(RATE)
    feed(check, room(2 * DEAD_SECONDS))
    assert not check.dead
    feed(check, level(0.0, 2 * DEAD_SECONDS))
    assert not check.dead


def test_two_overdriven_utterances_in_a_row_are_too_loud() -> None:
    check = MicrophoneCheck(RATE)
    for turns, gain in enumerate((5.0, 0.9, 5.0, 5.0)):
        feed(check, tone(gain), speaking=True)
        feed(check, room(0.4))
        assert check.too_loud == (turns == 3)


def test_loud_speech_within_full_scale_is_not_too_loud() -> None:
    check = MicrophoneCheck(RATE)
    for _ in range(4):
        feed(check, tone(0.98), speaking=True)
        feed(check, room(0.4))
    assert not check.too_loud
