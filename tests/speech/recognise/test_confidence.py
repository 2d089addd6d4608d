from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donghaeng.speech.recognise.confidence import WHISPER_BASE, Calibration


@pytest.mark.parametrize(
    ("logprob", "share"), [(-0.79, 0.485), (-0.47, 0.737), (-0.31, 0.862), (-0.19, 0.919)]
)
def test_what_base_says_of_itself_is_worth_what_was_found(logprob: float, share: float) -> None:
    assert WHISPER_BASE.share_right(logprob) == pytest.approx(share, abs=0.05)


@given(st.floats(-20, 0), st.floats(-20, 0))
def test_the_surer_the_model_the_more_is_right(one: float, other: float) -> None:
    shares = [WHISPER_BASE.share_right(logprob) for logprob in sorted((one, other))]
    assert 0.0 < shares[0] <= shares[1] < 1.0


def test_a_flat_curve_is_worth_the_same_everywhere() -> None:
    assert Calibration(math.log(3), 0.0).share_right(-5.0) == pytest.approx(0.75)
