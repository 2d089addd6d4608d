"""The queue of text messages as a state machine: one row a key, one sender, what was sent stays sent."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule
from tests.databases import stored_bytes
from tests.store.conftest import NOW

from donghaeng.store import Store, conversations, messages
from donghaeng.store.messages import MessageRow
from donghaeng.trust.sealing import Sealer

OWNERS = st.sampled_from(["one", "two"])
LEASE = timedelta(seconds=60)
NUMBER, TEXT = "010-1234-5678", "[서울시 동행] 접수번호 SEL-1."


def row(key: str, at=NOW, state: messages.State = "pending") -> MessageRow:
    return MessageRow(key, "c_1", "accepted", "bulky_waste", NUMBER, TEXT, at, at, state=state)


class MessagesMachine(RuleBasedStateMachine):
    """A model beside the table: state, holder, lease and when it is due, for each message."""

    keys = Bundle("keys")

    def __init__(self) -> None:
        super().__init__()
        self.store = Store.open("sqlite://", Sealer([b"k" * 32]))
        conversation = conversations.Conversation("c_1", "chat", NOW, "v1")
        self.store.run(lambda tx: conversations.add(tx, conversation, "token"))
        self.now = NOW
        self.state: dict[str, str] = {}
        self.holder: dict[str, tuple[str, object]] = {}
        self.due: dict[str, object] = {}
        self.references: dict[str, str] = {}

    def teardown(self) -> None:
        self.store.close()

    @rule(target=keys, number=st.integers(0, 4), held=st.booleans())
    def add(self, number: int, held: bool) -> str:
        key = f"m_{number}"
        new = row(key, self.now, "held" if held else "pending")
        assert self.store.run(lambda tx: messages.add(tx, new)) == (key not in self.state)
        if key not in self.state:
            self.state[key], self.due[key] = new.state, self.now
        return key

    @rule(seconds=st.integers(1, 90))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(owner=OWNERS, limit=st.integers(1, 3))
    def claim(self, owner: str, limit: int) -> None:
        free = {
            key
            for key, state in self.state.items()
            if state == "pending"
            and self.due[key] <= self.now
            and (key not in self.holder or self.holder[key][1] <= self.now)
        }
        got = self.store.run(lambda tx: messages.claim(tx, owner, self.now, lease=LEASE, limit=limit))
        assert {one.key for one in got} <= free
        assert len(got) == min(limit, len(free))
        for one in got:
            assert (one.number, one.text) == (NUMBER, TEXT)
            self.holder[one.key] = (owner, self.now + LEASE)

    @rule(key=keys, number=st.integers(1, 3))
    def sent(self, key: str, number: int) -> None:
        changed = self.store.run(lambda tx: messages.mark_sent(tx, key, reference=f"r-{number}", at=self.now))
        assert changed == (self.state[key] in {"pending", "failed"})
        if changed:
            self.state[key] = "sent"
            self.references[key] = f"r-{number}"
            self.holder.pop(key, None)

    @rule(key=keys, owner=OWNERS)
    def failed(self, key: str, owner: str) -> None:
        changed = self.store.run(lambda tx: messages.mark_failed(tx, key, owner, error="gone", at=self.now))
        assert changed == (self.state[key] == "pending" and self.holder.get(key, ("", 0))[0] == owner)
        if changed:
            self.state[key] = "failed"
            self.holder.pop(key)

    @rule(key=keys, owner=OWNERS, seconds=st.integers(1, 60))
    def postponed(self, key: str, owner: str, seconds: int) -> None:
        until = self.now + timedelta(seconds=seconds)
        changed = self.store.run(lambda tx: messages.postpone(tx, key, owner, error="later", until=until))
        assert changed == (self.state[key] == "pending" and self.holder.get(key, ("", 0))[0] == owner)
        if changed:
            self.due[key] = until
            self.holder.pop(key)

    @invariant()
    def the_table_agrees(self) -> None:
        stored = self.store.look(lambda tx: messages.of_conversation(tx, "c_1"))
        assert {one.key: one.state for one in stored} == self.state
        assert {one.key: one.reference for one in stored if one.reference} == self.references


TestMessages = MessagesMachine.TestCase
TestMessages.settings = settings(max_examples=25, stateful_step_count=30, deadline=None)


def test_number_and_text_are_sealed_and_not_shown(store: Store, talk: str, database: Path) -> None:
    store.run(lambda tx: messages.add(tx, row("m_1")))
    kept = stored_bytes(database)
    assert b"m_1" in kept
    assert NUMBER.encode() not in kept
    assert "접수번호".encode() not in kept
    found = store.look(lambda tx: messages.get(tx, "m_1"))
    assert found is not None
    assert NUMBER not in repr(found)
    assert "SEL" not in repr(found)


def test_the_newest_come_first_and_can_be_sifted(store: Store, talk: str) -> None:
    for number in range(3):
        at = NOW + timedelta(seconds=number)
        state: messages.State = "held" if number == 1 else "pending"
        store.run(lambda tx, at=at, n=number, s=state: messages.add(tx, row(f"m_{n}", at, s)))
    assert [one.key for one in store.look(messages.newest)] == ["m_2", "m_1", "m_0"]
    assert [one.key for one in store.look(lambda tx: messages.newest(tx, state="held"))] == ["m_1"]
    assert len(store.look(lambda tx: messages.newest(tx, limit=2))) == 2


@pytest.mark.parametrize("key", ["m_1"])
def test_what_is_unknown_is_none(store: Store, key: str) -> None:
    assert store.look(lambda tx: messages.get(tx, key)) is None
