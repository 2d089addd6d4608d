from __future__ import annotations

import numpy as np
import pytest

from donghaeng.speech.synthesise.fake import FakeSynthesiser


def test_length_follows_syllables_and_speed() -> None:
    engine = FakeSynthesiser()
    assert engine.synthesise("안녕하세요.").seconds == pytest.approx(0.75, abs=0.001)
    assert engine.synthesise("안녕하세요.", speed=0.5).seconds == pytest.approx(1.5, abs=0.001)
    assert engine.synthesise("...").seconds == 0
    assert engine.spoken == ["안녕하세요."] * 2 + ["..."]


def test_it_is_audible_and_not_clipped() -> None:
    samples = FakeSynthesiser().synthesise("네").samples
    assert 0.1 < np.abs(samples).max() < 0.9
    assert samples.dtype == np.float32
