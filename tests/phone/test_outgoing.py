from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from donghaeng.phone.outgoing import MOST_SECONDS, Outgoing
from donghaeng.speech.audio import samples_to_pcm16

RATE = 8_000


def filled(seconds: float = 1.0) -> Outgoing:
    outgoing = Outgoing(RATE)
    outgoing.begin(RATE)
    outgoing.push(samples_to_pcm16(np.full(int(seconds * RATE), 0.5, np.float32)))
    return outgoing


def test_frames_come_in_order_and_silence_after_them() -> None:
    outgoing = filled(0.03)
    outgoing.finish(9)
    first, due = outgoing.take(160)
    assert (first > 0.4).all()
    assert due == ()
    second, due = outgoing.take(160)
    assert (second[:80] > 0.4).all()
    assert not second[80:].any()
    assert due == (9,)
    assert not outgoing.take(160)[0].any()


def test_while_held_there_is_silence_and_nothing_is_lost() -> None:
    outgoing = filled()
    outgoing.held = True
    assert not outgoing.take(160)[0].any()
    assert outgoing.seconds == pytest.approx(1.0)
    outgoing.held = False
    assert outgoing.take(160)[0].all()


def test_what_was_interrupted_is_gone() -> None:
    outgoing = filled()
    outgoing.held = True
    outgoing.clear()
    assert outgoing.seconds == 0.0
    assert not outgoing.held
    assert outgoing.take(160)[1] == ()


def test_another_rate_becomes_that_of_the_line() -> None:
    outgoing = Outgoing(RATE)
    outgoing.begin(24_000)
    for _ in range(10):
        outgoing.push(samples_to_pcm16(np.full(2_400, 0.5, np.float32)))
    outgoing.finish(1)
    assert outgoing.seconds == pytest.approx(1.0, abs=0.01)


def test_sound_without_a_beginning_is_thrown_away() -> None:
    outgoing = Outgoing(RATE)
    outgoing.push(b"\1\0" * 100)
    assert outgoing.seconds == 0.0


def test_what_nobody_listens_to_is_bounded() -> None:
    outgoing = filled(0.1)
    for _ in range(int(MOST_SECONDS) + 5):
        outgoing.push(samples_to_pcm16(np.full(RATE, 0.5, np.float32)))
    assert outgoing.seconds <= MOST_SECONDS


@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("push"), st.integers(0, 700)),
            st.tuples(st.just("take"), st.integers(1, 400)),
            st.tuples(st.just("finish"), st.integers(1, 99)),
        ),
        max_size=40,
    )
)
def test_every_sample_and_every_number_comes_once_and_in_order(steps: list[tuple[str, int]]) -> None:
    outgoing = Outgoing(RATE)
    pushed, played, told, came = 0, 0, [], []
    for what, number in steps:
        if what == "push":
            outgoing.begin(RATE)
            outgoing.push(samples_to_pcm16(np.full(number, 0.5, np.float32)))
            pushed += number
        elif what == "finish":
            outgoing.finish(number)
            told.append(number)
        else:
            frame, due = outgoing.take(number)
            played += int((frame > 0.4).sum())
            came += due
    while outgoing.seconds:
        frame, due = outgoing.take(500)
        played += int((frame > 0.4).sum())
        came += due
    came += outgoing.take(1)[1]
    assert played == pushed
    assert came == told
