"""A wall clock that is set by an hour is noticed, and nobody is put out because of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from donghaeng.app.clock_steps import QUIET_S, ClockSteps


class Clocks:
    def __init__(self) -> None:
        self.wall = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
        self.ticks = 0.0
        self.steps = ClockSteps(lambda: self.wall, lambda: self.ticks)

    def passes(self, seconds: float) -> None:
        self.wall += timedelta(seconds=seconds)
        self.ticks += seconds


@pytest.mark.parametrize("step", [timedelta(hours=1), timedelta(hours=-1), timedelta(seconds=11)])
def test_a_step_keeps_quiet_for_a_while(step: timedelta) -> None:
    clocks = Clocks()
    clocks.passes(5)
    assert not clocks.steps.lately()
    clocks.wall += step
    clocks.passes(5)
    assert clocks.steps.lately()
    clocks.passes(QUIET_S - 1)
    assert clocks.steps.lately()
    clocks.passes(2)
    assert not clocks.steps.lately()


def test_slewing_a_long_sleep_and_a_pause_between_looks_are_no_step() -> None:
    clocks = Clocks()
    clocks.passes(3600)
    clocks.wall += timedelta(seconds=2)
    assert not clocks.steps.lately()


async def test_work_is_left_out_after_a_step_and_done_later() -> None:
    clocks, done = Clocks(), []

    async def work() -> int:
        done.append(clocks.ticks)
        return 1

    careful = clocks.steps.unless_lately(work)
    assert await careful() == 1
    clocks.wall += timedelta(hours=1)
    assert await careful() == 0
    clocks.passes(QUIET_S + 1)
    assert await careful() == 1
    assert len(done) == 2
