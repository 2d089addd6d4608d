from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from donghaeng.conversation.live_playback import Playback
from donghaeng.speech.echo import SILENCE_DB
from donghaeng.speech.engines import Audio

RATE = 16_000


def sound(seconds: float, loudness: float = 0.1) -> Audio:
    return Audio(np.full(int(seconds * RATE), loudness, np.float32), RATE)


def playing(seconds: float = 2.0) -> Playback:
    playback = Playback()
    playback.begin(1, 10.0)
    playback.add(sound(seconds), 10.0)
    playback.all_sent(7)
    return playback


def test_while_held_nothing_moves_and_then_the_rest_is_played() -> None:
    playback = playing()
    playback.hold(11.0)
    assert playback.held
    assert playback.playing(60.0)
    assert playback.seconds_left(60.0) == pytest.approx(1.0)
    playback.go_on(60.0)
    assert not playback.held
    assert playback.playing(60.9)
    assert not playback.playing(61.1)


def test_holding_twice_is_holding_once_and_going_on_unheld_is_nothing() -> None:
    playback = playing()
    playback.go_on(10.5)
    playback.hold(10.5)
    playback.hold(11.5)
    playback.go_on(12.0)
    assert playback.seconds_left(12.0) == pytest.approx(1.5)


def test_a_new_turn_is_not_held() -> None:
    playback = playing()
    playback.hold(10.5)
    playback.stop()
    assert not playback.held
    assert not playback.playing(10.6)


def test_the_level_is_that_of_what_sounds_now() -> None:
    playback = Playback()
    playback.begin(1, 0.0)
    playback.add(sound(1.0, 0.1), 0.0)
    playback.add(sound(1.0, 0.01), 0.0)
    assert playback.level_db(0.5, within=0.3) == pytest.approx(-20.0, abs=0.1)
    assert playback.level_db(1.6, within=0.3) == pytest.approx(-40.0, abs=0.1)
    assert playback.level_db(9.0, within=0.3) == SILENCE_DB
    playback.hold(1.6)
    assert playback.level_db(1.7, within=0.3) == SILENCE_DB


@given(
    st.lists(st.tuples(st.sampled_from(["add", "hold", "go_on", "sent", "stop", "begin"]), st.floats(0, 3)))
)
def test_time_left_never_grows_by_itself(steps: list[tuple[str, float]]) -> None:
    playback, now = Playback(), 0.0
    for what, seconds in steps:
        if what == "add":
            playback.add(sound(0.5), now)
        elif what == "hold":
            playback.hold(now)
        elif what == "go_on":
            playback.go_on(now)
        elif what == "sent":
            playback.all_sent(3)
        elif what == "stop":
            playback.stop()
        else:
            playback.begin(1, now)
        before = playback.seconds_left(now)
        now += seconds
        assert 0.0 <= playback.seconds_left(now) <= before + 1e-9
