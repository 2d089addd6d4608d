"""The outbox as a state machine: whatever happens, an accepted write stays accepted and one holder sends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from donghaeng.errors import StoreError
from donghaeng.store import Store, conversations, outbox
from donghaeng.trust.sealing import Sealer

START = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
OWNERS = st.sampled_from(["one", "two"])
LEASE = timedelta(seconds=60)


def row(number: int, at: datetime = START) -> outbox.OutboxRow:
    return outbox.OutboxRow(
        id=f"o_{number:04}", conversation_id="c_1", call_id=f"k_{number}", service="bulky_waste",
        operation="gateway.book", arguments={"phone": "010-1234-5678"}, idempotency_key=f"i_{number}",
        created_at=at, next_attempt_at=at,
    )  # fmt: skip


class OutboxMachine(RuleBasedStateMachine):
    """A model beside the table: state, holder, lease and when it is due, for each row."""

    rows = Bundle("rows")

    def __init__(self) -> None:
        super().__init__()
        self.store = Store.open("sqlite://", Sealer([b"k" * 32]))
        conversation = conversations.Conversation("c_1", "chat", START, "v1")
        self.store.run(lambda tx: conversations.add(tx, conversation, "token"))
        self.now = START
        self.state: dict[str, str] = {}
        self.holder: dict[str, tuple[str, datetime]] = {}
        self.due: dict[str, datetime] = {}
        self.receipts: dict[str, str] = {}

    def teardown(self) -> None:
        self.store.close()

    @rule(target=rows, owner=st.none() | OWNERS)
    def add(self, owner: str | None) -> str:
        new = row(len(self.state), self.now)
        self.store.run(lambda tx: outbox.add(tx, new, owner=owner, lease=LEASE))
        self.state[new.id], self.due[new.id] = "pending", self.now
        if owner:
            self.holder[new.id] = (owner, self.now + LEASE)
        return new.id

    @rule(seconds=st.integers(1, 90))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(owner=OWNERS, limit=st.integers(1, 3))
    def claim(self, owner: str, limit: int) -> None:
        free = [
            name
            for name, state in sorted(self.state.items())
            if state == "pending"
            and self.due[name] <= self.now
            and (name not in self.holder or self.holder[name][1] <= self.now)
        ]
        got = self.store.run(lambda tx: outbox.claim(tx, owner, self.now, lease=LEASE, limit=limit))
        assert [one.id for one in got] == free[:limit]
        for one in got:
            assert one.arguments == {"phone": "010-1234-5678"}
            self.holder[one.id] = (owner, self.now + LEASE)

    @rule(name=rows, number=st.integers(1, 3))
    def done(self, name: str, number: int) -> None:
        changed = self.store.run(lambda tx: outbox.mark_done(tx, name, receipt=f"R-{number}", at=self.now))
        assert changed == (self.state[name] != "done")
        if changed:
            self.state[name], self.receipts[name] = "done", f"R-{number}"
            self.holder.pop(name, None)

    @rule(name=rows, owner=OWNERS)
    def fail(self, name: str, owner: str) -> None:
        changed = self.store.run(lambda tx: outbox.mark_failed(tx, name, owner, error="refused", at=self.now))
        assert changed == self._holds(name, owner)
        if changed:
            self.state[name] = "failed"
            self.holder.pop(name)

    @rule(name=rows, owner=OWNERS, seconds=st.integers(1, 100))
    def postpone(self, name: str, owner: str, seconds: int) -> None:
        until = self.now + timedelta(seconds=seconds)
        changed = self.store.run(lambda tx: outbox.postpone(tx, name, owner, error="timeout", until=until))
        assert changed == self._holds(name, owner)
        if changed:
            self.due[name] = until
            self.holder.pop(name)

    def _holds(self, name: str, owner: str) -> bool:
        return self.state[name] == "pending" and self.holder.get(name, ("",))[0] == owner

    @invariant()
    def the_table_agrees(self) -> None:
        for name, state in self.state.items():
            found = self.store.look(lambda tx, n=name: outbox.get(tx, n))
            assert found is not None
            assert (found.state, found.receipt) == (state, self.receipts.get(name))
        waiting = {one.id for one in self.store.look(outbox.pending)}
        assert waiting == {name for name, state in self.state.items() if state == "pending"}


OutboxMachine.TestCase.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
TestOutboxMachine = OutboxMachine.TestCase


def test_an_idempotency_key_is_used_once(store: Store, talk: str) -> None:
    store.run(lambda tx: outbox.add(tx, row(1)))
    other = outbox.OutboxRow("o_x", talk, "k", "s", "o.p", {}, "i_1", START, START)
    with pytest.raises(StoreError):
        store.run(lambda tx: outbox.add(tx, other))
    assert [one.id for one in store.look(outbox.pending)] == ["o_0001"]


def test_rows_of_one_conversation(store: Store, talk: str) -> None:
    store.run(lambda tx: outbox.add(tx, row(1)))
    assert store.look(lambda tx: outbox.pending(tx, talk)) == [row(1)]
    assert store.look(lambda tx: outbox.pending(tx, "c_2")) == []
    assert store.look(lambda tx: outbox.get(tx, "o_none")) is None


def test_a_claim_whose_process_died_is_no_attempt(store: Store, talk: str) -> None:
    """Fifteen crashes in a row would otherwise make a citizen wait for ten minutes after one lost answer."""
    new = row(1)
    store.run(lambda tx: outbox.add(tx, new))
    for number in range(15):
        owner = f"dead {number}"
        assert store.run(lambda tx, owner=owner: outbox.claim(tx, owner, START))[0].attempts == 1
        assert store.run(lambda tx, owner=owner: outbox.release(tx, new.id, owner))
    found = store.look(lambda tx: outbox.get(tx, new.id))
    assert found is not None
    assert found.attempts == 0


def test_attempts_are_counted(store: Store, talk: str) -> None:
    store.run(lambda tx: outbox.add(tx, row(1), owner="one"))
    later = START + outbox.LEASE
    (claimed,) = store.run(lambda tx: outbox.claim(tx, "two", later))
    assert claimed.attempts == 2
    assert store.run(lambda tx: outbox.claim(tx, "one", later)) == []
