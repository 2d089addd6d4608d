"""When citizens are called, and that each call is made once, on a consent that still stands."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.databases import stored_bytes

from donghaeng.people.calling import (
    FIRST_HOUR,
    GAPS,
    LAST_HOUR,
    SEOUL,
    OutgoingCaller,
    Tried,
    allowed_at,
    next_try,
)
from donghaeng.store import Store, conversations, outgoing_calls
from donghaeng.store.outgoing_calls import LEASE, BookedCall
from donghaeng.trust.consents import SpokenConsent as Consent
from donghaeng.trust.sealing import Sealer

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=SEOUL)
NUMBER, SAID = "010-1234-5678", "이따 다시 전화해 주세요"


def booked(key: str = "c_1.meter_freeze.0", due: datetime = NOON, hashed: str = "h1") -> BookedCall:
    consent = Consent("call_me/1", "신고했어요.", SAID, NOON)
    return BookedCall(key, "c_1", NUMBER, hashed, "meter_freeze", consent, due)


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


class Telephones:
    """Answers as told; notes what was asked of whom."""

    def __init__(self, *outcomes: Tried) -> None:
        self.outcomes = list(outcomes)
        self.rung: list[str] = []
        self.talked = 0
        self.can_talk = True
        self.before_answer: Callable[[], Awaitable[object]] | None = None

    async def dial(self, call: BookedCall, on_answer: Callable[[], Awaitable[bool]]) -> Tried:
        self.rung.append(call.number)
        tried = self.outcomes.pop(0) if self.outcomes else Tried.ANSWERED
        if tried is not Tried.ANSWERED:
            return tried
        if self.before_answer is not None:
            await self.before_answer()
        if not await on_answer():
            return Tried.STOPPED
        self.talked += 1
        return tried


@pytest.fixture
def store(tmp_path: Path):
    with Store.open(f"sqlite:///{tmp_path}/calls.db", Sealer([b"k" * 32])) as store:
        store.run(
            lambda tx: conversations.add(tx, conversations.Conversation("c_1", "phone", NOON, "v1"), "t")
        )
        yield store


def caller(store: Store, telephones: Telephones, clock: Clock, owner: str = "one") -> OutgoingCaller:
    return OutgoingCaller(store, telephones, owner=owner, clock=clock)


@given(st.integers(0, 525_600))
def test_nobody_is_called_in_the_quiet_hours(minutes: int) -> None:
    wanted = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    allowed = allowed_at(wanted)
    assert FIRST_HOUR <= allowed.astimezone(SEOUL).time() < LAST_HOUR
    assert wanted <= allowed < wanted + timedelta(hours=11, minutes=1)
    assert allowed_at(allowed) == allowed


def test_the_gaps_grow_and_end() -> None:
    tries = [next_try(NOON, attempts) for attempts in range(1, len(GAPS) + 2)]
    assert tries[-1] is None
    waits = [at - NOON for at in tries[:-1] if at is not None]
    assert waits == sorted(set(waits)) == list(GAPS)


async def test_a_call_is_made_once(store: Store) -> None:
    clock, telephones = Clock(), Telephones()
    store.run(lambda tx: outgoing_calls.add(tx, booked()))
    assert await caller(store, telephones, clock).call_next() is Tried.ANSWERED
    clock.now += timedelta(days=3)
    assert await caller(store, telephones, clock, "another").call_next() is None
    assert telephones.rung == [NUMBER]
    assert not store.run(lambda tx: outgoing_calls.add(tx, booked()))


async def test_nobody_is_called_in_order_to_wait(store: Store) -> None:
    clock, telephones = Clock(), Telephones()
    store.run(lambda tx: outgoing_calls.add(tx, booked()))
    telephones.can_talk = False
    assert await caller(store, telephones, clock).call_next() is None
    assert telephones.rung == []
    telephones.can_talk = True
    assert await caller(store, telephones, clock).call_next() is Tried.ANSWERED


async def test_who_does_not_answer_is_tried_a_few_times_with_growing_gaps(store: Store) -> None:
    clock, telephones = Clock(), Telephones(*[Tried.NO_ANSWER] * 10)
    store.run(lambda tx: outgoing_calls.add(tx, booked()))
    rung_at = []
    for _ in range(4 * 24 * 60):
        if await caller(store, telephones, clock).call_next() is not None:
            rung_at.append(clock.now)
        clock.now += timedelta(minutes=5)
        if len(rung_at) > len(GAPS):
            break
    waits = [later - earlier for earlier, later in zip(rung_at, rung_at[1:], strict=False)]
    assert waits == list(GAPS)
    call = store.run(lambda tx: outgoing_calls.get(tx, booked().key))
    assert call is not None
    assert (call.state, call.outcome, call.attempts) == ("given_up", "no_answer", len(GAPS) + 1)


async def test_at_night_nobody_is_rung(store: Store) -> None:
    clock, telephones = Clock(), Telephones()
    store.run(lambda tx: outgoing_calls.add(tx, booked()))
    for hour in (21, 23, 24 + 3, 24 + 7):
        clock.now = NOON.replace(hour=0) + timedelta(hours=hour)
        assert await caller(store, telephones, clock).call_next() is None
    clock.now = NOON.replace(hour=8) + timedelta(days=1)
    assert await caller(store, telephones, clock).call_next() is Tried.ANSWERED


async def test_a_consent_that_was_taken_back_stops_even_a_telephone_that_rings(store: Store) -> None:
    clock, telephones = Clock(), Telephones()
    store.run(lambda tx: outgoing_calls.add(tx, booked()))
    store.run(lambda tx: outgoing_calls.add(tx, booked("c_1.bulky_waste.1", NOON + timedelta(days=1))))
    store.run(lambda tx: outgoing_calls.add(tx, booked("c_1.other.2", NOON + timedelta(days=9), "h2")))

    async def withdraw() -> None:
        assert await store.transact(lambda tx: outgoing_calls.withdraw(tx, "h1", clock())) == 2

    telephones.before_answer = withdraw
    assert await caller(store, telephones, clock).call_next() is Tried.STOPPED
    assert telephones.talked == 0
    clock.now += timedelta(days=2)
    assert await caller(store, telephones, clock).call_next() is None
    clock.now += timedelta(days=8)
    telephones.before_answer = None
    assert await caller(store, telephones, clock).call_next() is Tried.ANSWERED


async def test_two_processes_do_not_ring_at_once_and_a_dead_one_is_followed(store: Store) -> None:
    clock = Clock()
    store.run(lambda tx: outgoing_calls.add(tx, booked()))
    assert store.run(lambda tx: outgoing_calls.claim(tx, "dead", clock.now)) is not None
    telephones = Telephones()
    assert await caller(store, telephones, clock).call_next() is None
    clock.now += LEASE + timedelta(seconds=1)
    assert await caller(store, telephones, clock).call_next() is Tried.ANSWERED


def test_number_and_words_are_sealed(store: Store, tmp_path: Path) -> None:
    store.run(lambda tx: outgoing_calls.add(tx, booked()))
    call = store.run(lambda tx: outgoing_calls.get(tx, booked().key))
    assert call == booked()
    data = stored_bytes(tmp_path / "calls.db")
    assert NUMBER.encode() not in data
    assert SAID.encode() not in data
    assert NUMBER not in repr(call)
