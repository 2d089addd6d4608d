"""Figures of what officials said: hand-worked numbers, nothing where nothing was said."""

from __future__ import annotations

import pytest

from donghaeng.office.measures import CRITERIA, Judged, compared, saved


def test_minutes_have_their_interval_and_none_is_no_figure() -> None:
    assert saved([]).mean is None
    assert saved([30]).low is None
    figure = saved([10, 20, 30, 40])
    # Mean 25, s = 12.91, t(0.975; 3) = 3.182: 25 ± 3.182 · 12.91 / 2.
    assert (figure.n, figure.mean, figure.median) == (4, 25.0, 25.0)
    assert (figure.low, figure.high) == (pytest.approx(4.457, abs=0.01), pytest.approx(45.543, abs=0.01))


def test_a_preference_is_counted_by_text_and_not_by_place() -> None:
    assert compared([]) == []
    told = [
        *(Judged("assistant", turned=True, answers={"plain": "shown_second"}) for _ in range(2)),
        *(Judged("assistant", turned=False, answers={"plain": "shown_first"}) for _ in range(6)),
        Judged("assistant", turned=False, answers={"plain": "shown_second"}),
        Judged("assistant", turned=False, answers={"plain": "same"}),
    ]
    found = {one.criterion: one for one in compared(told)}
    plain = found["plain"]
    assert set(found) == set(CRITERIA)
    assert (plain.first, plain.second, plain.same) == (8, 1, 1)
    # Wilson with 8 of 9; sign test 2 · (1 + 9) / 2**9.
    assert (plain.low, plain.high) == (pytest.approx(0.565, abs=0.002), pytest.approx(0.980, abs=0.002))
    assert plain.p == pytest.approx(20 / 512)
    assert found["right"].share is None
