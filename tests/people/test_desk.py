"""The way to a person: places in the queue, call-backs, topics."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from donghaeng.people.desk import Standing, Wish, request_person
from donghaeng.store import Store, conversations, handovers
from donghaeng.trust.sealing import Sealer

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path / 'a.db'}", Sealer([b"k" * 32])) as opened:
        for number in (1, 2):
            talk = conversations.Conversation(f"c_{number}", "chat", NOW, "v1")
            opened.run(lambda tx, talk=talk: conversations.add(tx, talk, talk.id))
        yield opened


def wish(
    store: Store, talk: str, new: str, *, topic: str | None = None, phone: str | None = None
) -> Standing:
    at = NOW + timedelta(seconds=int(new))
    return store.run(
        lambda tx: request_person(
            tx, conversation_id=talk, new_id=f"h_{new}", wish=Wish(topic, phone), now=at
        )
    )


def test_first_come_first_served_and_a_second_wish_keeps_its_place(store: Store) -> None:
    assert wish(store, "c_1", "1", topic="연금").position == 1
    assert wish(store, "c_2", "2").position == 2
    assert wish(store, "c_1", "3").position == 1
    row = store.look(lambda tx: handovers.of_conversation(tx, "c_1"))
    assert row is not None
    assert (row.id, row.topic) == ("h_1", "연금")


def test_a_number_turns_the_place_into_a_call_back(store: Store) -> None:
    wish(store, "c_1", "1", topic="연금")
    standing = wish(store, "c_1", "2", phone="010-1234-5678")
    assert (standing.state, standing.position) == ("callback", None)
    row = store.look(lambda tx: handovers.of_conversation(tx, "c_1"))
    assert row is not None
    assert (row.phone, row.topic) == ("010-1234-5678", "연금")
    assert wish(store, "c_2", "3").position == 1


def test_after_one_was_closed_a_new_one_begins(store: Store) -> None:
    wish(store, "c_1", "1")
    store.run(lambda tx: handovers.move(tx, "h_1", "closed", NOW))
    wish(store, "c_1", "2")
    row = store.look(lambda tx: handovers.of_conversation(tx, "c_1"))
    assert row is not None
    assert (row.id, row.state) == ("h_2", "queued")
