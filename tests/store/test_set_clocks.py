"""The wall clock is set by an hour, either way: what waits is sent soon, and what is held stays held."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.store.conftest import NOW

from donghaeng.conversation.carrying_out import LONGEST_DELAY
from donghaeng.people.messages import LONGEST_DELAY as LONGEST_MESSAGE_DELAY
from donghaeng.store import Store, conversations, messages, notices, outbox, outgoing_calls, presence
from donghaeng.store.messages import MessageRow
from donghaeng.store.notices import Notice
from donghaeng.store.outbox import OutboxRow
from donghaeng.store.presence import PresentRow
from donghaeng.store.set_clocks import FURTHEST
from donghaeng.trust.sealing import Sealer

HOUR = timedelta(hours=1)
Claim = Callable[[Store, str, datetime], list[Any]]


@pytest.fixture
def store(tmp_path: Path) -> Any:
    with Store.open(f"sqlite:///{tmp_path}/a.db", Sealer([b"k" * 32])) as opened:
        talk = conversations.Conversation("c_1", "chat", NOW, "v1")
        opened.run(lambda tx: conversations.add(tx, talk, "token"))
        yield opened


def write(store: Store) -> None:
    row = OutboxRow("o_1", "c_1", "k_1", "bulky_waste", "gateway.book", {}, "i_1", NOW, NOW)
    store.run(lambda tx: outbox.add(tx, row))


def message(store: Store) -> None:
    row = MessageRow("m_1", "c_1", "accepted", "bulky_waste", "010-1234-5678", "글", NOW, NOW)
    store.run(lambda tx: messages.add(tx, row))


def notice(store: Store) -> None:
    told = Notice("alert/1", "늦어요", "답이 늦어요", "/console/tower/figures")
    store.run(lambda tx: notices.add(tx, told, ["webhook"], NOW, at=NOW - 2 * HOUR))


def claim_write(store: Store, owner: str, now: datetime) -> list[Any]:
    return store.run(lambda tx: outbox.claim(tx, owner, now))


def claim_message(store: Store, owner: str, now: datetime) -> list[Any]:
    return store.run(lambda tx: messages.claim(tx, owner, now))


def claim_notice(store: Store, owner: str, now: datetime) -> list[Any]:
    return store.run(lambda tx: notices.claim(tx, owner, ["webhook"], now))


QUEUES: list[Any] = [
    pytest.param(write, claim_write, id="write"),
    pytest.param(message, claim_message, id="message"),
]
LEASED = [*QUEUES, pytest.param(notice, claim_notice, id="notice")]
"""A notice may wait for quiet hours to end: a moment far ahead is meant there, a long lease is not."""


@pytest.mark.parametrize(("add", "claim"), QUEUES)
def test_what_waits_does_not_wait_for_an_hour(
    store: Store, add: Callable[[Store], None], claim: Claim
) -> None:
    """A clock that ran ahead is set back: what it wrote lies an hour in the future."""
    add(store)
    assert len(claim(store, "one", NOW - HOUR)) == 1


@pytest.mark.parametrize(("add", "claim"), LEASED)
def test_a_lease_of_a_clock_that_ran_ahead_ends(
    store: Store, add: Callable[[Store], None], claim: Claim
) -> None:
    add(store)
    assert len(claim(store, "one", NOW)) == 1
    assert claim(store, "two", NOW) == []
    assert len(claim(store, "two", NOW - HOUR)) == 1


@pytest.mark.parametrize(("add", "claim"), LEASED)
def test_a_small_step_back_takes_nothing_from_its_holder(
    store: Store, add: Callable[[Store], None], claim: Claim
) -> None:
    add(store)
    assert len(claim(store, "one", NOW)) == 1
    assert claim(store, "two", NOW - timedelta(minutes=5)) == []


def test_no_pause_is_longer_than_what_counts_as_a_set_clock() -> None:
    pauses = (LONGEST_DELAY, LONGEST_MESSAGE_DELAY, outbox.LEASE, messages.LEASE)
    leases = (outgoing_calls.LEASE, notices.LEASE)
    assert max(*pauses, *leases) < FURTHEST


def test_a_counsellor_seen_in_the_future_was_not_seen(store: Store) -> None:
    store.run(lambda tx: presence.note(tx, PresentRow("kim", ready=True, seen_at=NOW)))
    assert [one.staff for one in store.look(lambda tx: presence.seen_since(tx, NOW - timedelta(seconds=45)))]
    assert store.look(lambda tx: presence.seen_since(tx, NOW - HOUR)) == []
    assert store.look(lambda tx: presence.seen_since(tx, NOW + HOUR)) == []
