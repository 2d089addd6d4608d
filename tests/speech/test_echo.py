from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from donghaeng.speech.echo import FEWEST, MARGIN_DB, SILENCE_DB, EchoGuard, level_db


def learnt(ratio: float = -20.0, pieces: int = FEWEST) -> EchoGuard:
    guard = EchoGuard()
    for _ in range(pieces):
        guard.is_echo(-20.0 + ratio, -20.0, notice=True)
    return guard


def test_the_own_voice_is_told_from_a_louder_one() -> None:
    guard = learnt()
    assert guard.coupling_db == pytest.approx(-20.0)
    assert guard.is_echo(-40.0, -20.0, notice=False)
    assert not guard.is_echo(-40.0 + MARGIN_DB + 1.0, -20.0, notice=False)


def test_before_the_notice_was_heard_nothing_is_echo() -> None:
    assert not learnt(pieces=FEWEST - 1).is_echo(-60.0, -20.0, notice=False)


def test_while_nothing_sounds_nothing_is_echo() -> None:
    assert not learnt().is_echo(-60.0, SILENCE_DB, notice=False)


def test_a_citizen_who_talks_into_a_fifth_of_the_notice_is_still_heard() -> None:
    guard = EchoGuard()
    for index in range(100):
        guard.is_echo(-10.0 if index % 5 == 0 else -40.0, -20.0, notice=True)
    assert not guard.is_echo(-10.0, -20.0, notice=False)


def test_levels() -> None:
    assert level_db(np.full(100, 1.0, np.float32)) == pytest.approx(0.0)
    assert level_db(np.full(100, 0.1, np.float32)) == pytest.approx(-20.0, abs=0.01)
    assert level_db(np.zeros(0, np.float32)) == level_db(np.zeros(9, np.float32)) == SILENCE_DB


@given(st.lists(st.tuples(st.floats(-120, 0), st.floats(-120, 0), st.booleans()), max_size=80))
def test_any_levels_are_judged(levels: list[tuple[float, float, bool]]) -> None:
    guard = EchoGuard()
    for heard, played, notice in levels:
        assert guard.is_echo(heard, played, notice=notice) in (True, False)
