"""The recogniser that only takes time, for measuring what stands around it."""

from __future__ import annotations

import time

import numpy as np
import pytest

from donghaeng.errors import InputError
from donghaeng.speech.engines import Audio
from donghaeng.speech.recognise.timed import TimedRecogniser

SOUND = Audio(np.zeros(1_600, np.float32), 16_000)


def test_it_hears_its_words_and_takes_its_time_without_the_processor() -> None:
    engine = TimedRecogniser("0.2 문 연 약국 찾아줘요")
    begun, worked = time.monotonic(), time.process_time()
    assert engine.recognise(SOUND).text == "문 연 약국 찾아줘요"
    assert time.monotonic() - begun >= 0.2
    assert time.process_time() - worked < 0.1


def test_without_words_nothing_is_heard() -> None:
    assert TimedRecogniser("0").recognise(SOUND).text == ""


@pytest.mark.parametrize("model", [None, "", "문 연 약국"])
def test_without_seconds_it_says_what_is_wanted(model: str | None) -> None:
    with pytest.raises(InputError, match="DONGHAENG_RECOGNISER_MODEL"):
        TimedRecogniser(model)
