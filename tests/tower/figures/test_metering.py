from __future__ import annotations

from tests.tower.figures.conftest import NOW

from donghaeng.tower.figures.metering import Meter


def test_what_was_measured_is_taken_once_and_may_be_given_back() -> None:
    meter = Meter(lambda: NOW)
    for seconds in (0.5, 0.5, 2.0):
        meter.add("turn_seconds", seconds)
    meter.add("turn_seconds", float("nan"))
    taken = meter.take()
    assert sum(taken.values()) == 3
    assert {(cell.metric, cell.dimension) for cell in taken} == {("turn_seconds", "bucket")}
    assert not meter.take()
    meter.give_back(taken)
    meter.add("turn_seconds", 2.0)
    assert sum(meter.take().values()) == 4
