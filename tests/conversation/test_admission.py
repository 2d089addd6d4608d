"""Places and the queue before them."""

from __future__ import annotations

import asyncio
from collections import deque

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donghaeng.conversation.admission import LEAST_STAYS, Admission, NoPlace, Ticket


def test_whoever_comes_first_is_served_first() -> None:
    admission = Admission(1, most_waiting=2)
    one, two, three = (admission.join() for _ in range(3))
    assert one is not None
    assert two is not None
    assert three is not None
    assert admission.join() is None
    assert (one.granted.is_set(), two.ahead, three.ahead) == (True, 0, 1)
    one.leave()
    assert two.granted.is_set()
    assert not three.granted.is_set()
    assert (admission.taken, admission.waiting) == (1, 1)


def test_whoever_hangs_up_leaves_the_queue_at_once() -> None:
    admission = Admission(1)
    one, two, three = (admission.join() for _ in range(3))
    assert one is not None
    assert two is not None
    assert three is not None
    two.leave()
    assert three.ahead == 0
    one.leave()
    assert three.granted.is_set()
    assert not two.granted.is_set()
    two.leave()
    assert admission.taken == 1


def test_a_caller_whose_line_was_lost_comes_before_those_who_wait() -> None:
    admission = Admission(1)
    talking, waiting, back = admission.join(), admission.join(), admission.join(first=True)
    assert talking is not None
    assert waiting is not None
    assert back is not None
    talking.leave()
    assert back.granted.is_set()
    assert not waiting.granted.is_set()


def test_more_places_serve_those_who_wait_and_fewer_take_none_away() -> None:
    admission = Admission(1)
    tickets = [ticket for _ in range(4) if (ticket := admission.join()) is not None]
    admission.resize(3)
    assert [ticket.granted.is_set() for ticket in tickets] == [True, True, True, False]
    admission.resize(1)
    assert admission.taken == 3
    for ticket in tickets[:2]:
        ticket.leave()
    assert not tickets[3].granted.is_set()
    tickets[2].leave()
    assert tickets[3].granted.is_set()
    with pytest.raises(ValueError, match="one place"):
        admission.resize(0)


def test_the_wait_is_told_only_once_it_is_known() -> None:
    time = [0.0]
    admission = Admission(2, now=lambda: time[0])
    for _ in range(LEAST_STAYS):
        holder, other = admission.join(), admission.join()
        first = admission.join()
        assert holder is not None
        assert other is not None
        assert first is not None
        assert admission.wait_seconds(first) is None
        first.leave()
        time[0] += 120.0
        holder.leave()
        admission.resize(2)
        other.stays = False
        other.leave()
    talking = [admission.join(), admission.join()]
    first, second = admission.join(), admission.join()
    assert all(talking)
    assert first is not None
    assert second is not None
    assert admission.wait_seconds(first) == pytest.approx(60.0)
    assert admission.wait_seconds(second) == pytest.approx(120.0)


async def test_a_turn_waits_for_its_place_and_no_longer_than_it_may() -> None:
    admission = Admission(1)
    async with admission.place():
        with pytest.raises(NoPlace):
            async with admission.place():
                pass
        with pytest.raises(NoPlace):
            async with admission.place(0.01):
                pass
        assert (admission.taken, admission.waiting) == (1, 0)
    with pytest.raises(TimeoutError):
        async with admission.place(1.0):
            raise TimeoutError
    assert admission.taken == 0


async def test_a_turn_that_is_given_up_gives_its_turn_back() -> None:
    admission = Admission(1)
    holder = admission.join()
    assert holder is not None

    async def turn() -> None:
        async with admission.place(30.0):
            raise AssertionError("nobody left")

    waiting = asyncio.create_task(turn())
    await asyncio.sleep(0)
    assert admission.waiting == 1
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    assert admission.waiting == 0


def test_every_change_is_told() -> None:
    told: list[tuple[int, int, int]] = []
    admission = Admission(1, watch=lambda *figures: told.append(figures))
    one, two = admission.join(), admission.join()
    assert one is not None
    assert two is not None
    one.leave()
    two.leave()
    admission.resize(5)
    assert told == [(1, 0, 0), (1, 1, 0), (1, 1, 1), (1, 1, 0), (1, 0, 0), (5, 0, 0)]


@given(
    st.lists(
        st.one_of(st.just(("join", 0)), st.tuples(st.sampled_from(["leave", "resize"]), st.integers(0, 9)))
    )
)
def test_places_are_never_oversold_and_never_left_empty(steps: list[tuple[str, int]]) -> None:
    admission = Admission(2, most_waiting=3)
    tickets: list[Ticket] = []
    order: deque[Ticket] = deque()
    most = 2
    for step, number in steps:
        if step == "join":
            full = admission.waiting == 3 and admission.taken >= admission.places
            ticket = admission.join()
            assert (ticket is None) == full
            if ticket is not None:
                tickets.append(ticket)
                order.append(ticket)
        elif step == "leave" and tickets:
            gone = tickets.pop(number % len(tickets))
            gone.leave()
            order = deque(one for one in order if one is not gone)
        elif step == "resize":
            admission.resize(1 + number % 3)
            most = max(most, admission.places)
        assert admission.taken <= most
        assert not (admission.waiting and admission.taken < admission.places)
        granted = [one.granted.is_set() for one in order]
        assert granted == sorted(granted, reverse=True)
        assert sum(granted) == admission.taken
