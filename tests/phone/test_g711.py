from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from donghaeng.phone.g711 import A_LAW, MU_LAW, Law


def levels(law: Law, *codes: int) -> list[int]:
    return [round(float(sample) * 32_768) for sample in law.decode(bytes(codes))]


def test_mu_law_codes_have_the_levels_of_the_standard() -> None:
    assert levels(MU_LAW, 0xFF, 0x7F, 0x80, 0x00, 0xFE, 0xF0, 0xEF, 0x8F) == [
        *(0, 0, 32_124, -32_124, 8, 120, 132, 16_764),
    ]


def test_a_law_codes_have_the_levels_of_the_standard() -> None:
    assert levels(A_LAW, 0xD5, 0x55, 0xAA, 0x2A, 0xD4, 0xC5) == [8, -8, 32_256, -32_256, 24, 264]


@pytest.mark.parametrize("law", [MU_LAW, A_LAW])
def test_every_level_comes_back_as_itself(law: Law) -> None:
    every = law.decode(bytes(range(256)))
    np.testing.assert_array_equal(law.decode(law.encode(every)), every)


@pytest.mark.parametrize("law", [MU_LAW, A_LAW])
def test_speech_keeps_its_form(law: Law) -> None:
    wave = (0.3 * np.sin(2 * np.pi * 440 * np.arange(8_000) / 8_000)).astype(np.float32)
    error = law.decode(law.encode(wave)) - wave
    assert 20 * np.log10(np.std(wave) / np.std(error)) > 35


@pytest.mark.parametrize("law", [MU_LAW, A_LAW])
@given(samples=st.lists(st.floats(-2, 2, width=32), max_size=50))
def test_the_nearest_level_is_taken_and_full_scale_clips(law: Law, samples: list[float]) -> None:
    wave = np.array(samples, np.float32)
    back = law.decode(law.encode(wave))
    wanted = np.clip(wave, -1, 1)
    assert (np.abs(back - wanted) <= 0.02 + 0.04 * np.abs(wanted)).all()
