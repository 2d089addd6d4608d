from __future__ import annotations

import numpy as np
import pytest

from donghaeng.speech.audio import SPEECH_LEVEL, rms
from donghaeng.speech.engines import LISTEN_RATE, Samples
from donghaeng.speech.recognise.front_end import cleaned


def tone(hertz: float, level: float = 0.1) -> Samples:
    at = np.arange(2 * LISTEN_RATE) / LISTEN_RATE
    return (level * np.sin(2 * np.pi * hertz * at)).astype(np.float32)


@pytest.mark.parametrize("loudness", [0.001, 0.02, 0.3])
def test_speech_is_brought_to_one_level(loudness: float) -> None:
    assert rms(cleaned(tone(400, loudness))) == pytest.approx(SPEECH_LEVEL, rel=0.02)


def test_hum_takes_no_part_in_the_level() -> None:
    """Unheard, a rumble twice as loud as the voice would halve the voice's level."""
    voice = tone(400, 0.05)
    part = [float(np.abs(np.fft.rfft(cleaned(sound))[800])) for sound in (voice, voice + tone(8, 0.1))]
    assert part[1] / part[0] == pytest.approx(1.0, abs=0.06)


def test_silence_stays_silence() -> None:
    assert not cleaned(np.zeros(LISTEN_RATE, np.float32)).any()
