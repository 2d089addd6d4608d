"""Documents: versions follow each other at publishing, go at withdrawal, and are never written over."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from sqlalchemy import delete, update
from tests.databases import stored_bytes
from tests.knowledge.made import version_row

from donghaeng.errors import StoreError
from donghaeng.store import Store, knowledge
from donghaeng.store.document_steps import steps_of
from donghaeng.store.document_tables import document_steps
from donghaeng.store.knowledge import STATES, PassageRow, VersionRow
from donghaeng.trust.sealing import Sealer

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
DAY = date(2026, 11, 23)
PASSAGES = (
    PassageRow(
        1, ("안내", "신청"), 2, "틀니 · 신청", "주민센터에서 신청해요.", "주민센터에서 신청해요.", False
    ),
    PassageRow(2, (), None, "틀니", "끝이 없는 글", None, False),
)


def row(name: str = "틀니.md", **changes: object) -> VersionRow:
    own = {
        "document_id": f"d_{name}",
        "name": name,
        "version": 0,
        "state": "draft",
        "owner": "복지상담팀 김주무관",
        "source": "https://example.org/a",
        "review_by": DAY,
        "valid_from": DAY,
        "valid_until": DAY + timedelta(days=30),
    }
    return version_row(**(own | changes))


def add(store: Store, name: str = "틀니.md", *, publish: bool = True, **changes: object) -> VersionRow:
    def work(tx):
        kept = knowledge.add(tx, row(name, **changes), PASSAGES)
        if publish:
            knowledge.publish(tx, kept.document_id, kept.version, NOW)
        return kept

    return store.run(work)


def states(store: Store, document: str = "d_틀니.md") -> list[str]:
    return [one.state for one in store.look(lambda tx: knowledge.versions(tx, document))]


def test_a_version_and_its_passages_come_back_as_they_were(store: Store) -> None:
    add(store, publish=False)
    (found,) = store.look(lambda tx: knowledge.versions(tx, "d_틀니.md"))
    assert found == row(version=1, passages=2)
    assert store.look(lambda tx: knowledge.passages_of(tx, "d_틀니.md", 1)) == list(PASSAGES)
    assert store.look(knowledge.served) == {}


def test_the_owner_is_sealed(store: Store, database: Path) -> None:
    add(store)
    files = stored_bytes(database)
    assert "복지정책과".encode() in files
    assert "김주무관".encode() not in files


def test_a_new_version_replaces_the_one_before_which_stays_readable(store: Store) -> None:
    add(store)
    second = add(store, publish=False, sha256="b" * 64)
    assert (second.version, states(store)) == (2, ["draft", "published"])
    assert store.look(knowledge.served)["d_틀니.md"].version == 1
    assert store.run(lambda tx: knowledge.publish(tx, "d_틀니.md", 2, NOW))
    assert not store.run(lambda tx: knowledge.publish(tx, "d_틀니.md", 2, NOW))
    assert states(store) == ["published", "replaced"]
    assert store.look(knowledge.served)["d_틀니.md"].version == 2
    assert len(store.look(lambda tx: knowledge.passages_of(tx, "d_틀니.md", 1))) == 2


def test_an_older_version_is_served_again_in_one_step(store: Store) -> None:
    add(store)
    add(store)
    store.run(lambda tx: knowledge.publish(tx, "d_틀니.md", 1, NOW))
    assert states(store) == ["replaced", "published"]


def test_what_is_withdrawn_is_served_no_more_and_drafts_of_it_neither(store: Store) -> None:
    add(store)
    add(store, publish=False)
    assert store.run(lambda tx: knowledge.withdraw(tx, "d_틀니.md", NOW))
    assert store.look(knowledge.served) == {}
    assert states(store) == ["withdrawn", "withdrawn"]
    assert not store.run(lambda tx: knowledge.withdraw(tx, "d_틀니.md", NOW))


def test_only_what_can_be_spoken_is_verified_and_answers_hear_of_it(store: Store) -> None:
    add(store)
    before = store.look(knowledge.served)["d_틀니.md"]
    assert store.run(lambda tx: knowledge.verify(tx, "d_틀니.md", 1, None, verified=True)) == 1
    assert store.look(knowledge.served)["d_틀니.md"].revision > before.revision
    found = store.look(lambda tx: knowledge.passages_of(tx, "d_틀니.md", 1, verified=True))
    assert [one.number for one in found] == [1]
    assert store.look(lambda tx: knowledge.versions(tx, "d_틀니.md"))[0].verified == 1
    assert store.run(lambda tx: knowledge.verify(tx, "d_틀니.md", 1, [1], verified=False)) == 1


def test_the_same_file_is_known_by_what_it_holds_while_it_counts(store: Store) -> None:
    add(store)
    held = store.look(lambda tx: knowledge.holding(tx, "a" * 64))
    assert held is not None
    assert held.name == "틀니.md"
    store.run(lambda tx: knowledge.withdraw(tx, "d_틀니.md", NOW))
    assert store.look(lambda tx: knowledge.holding(tx, "a" * 64)) is None


def test_a_document_is_found_by_its_name_and_its_id(store: Store) -> None:
    add(store)
    for name in ("틀니.md", "d_틀니.md"):
        assert store.look(lambda tx, name=name: knowledge.find(tx, name)) == "d_틀니.md"
    assert store.look(lambda tx: knowledge.find(tx, "없음.md")) is None


def test_what_is_due_is_told_the_most_urgent_first(store: Store) -> None:
    later = DAY + timedelta(days=9)
    add(store, "나중.md", review_by=later, valid_until=None)
    add(store, "이제.md", valid_until=None)
    add(store, "초안.md", publish=False)
    add(store, "먼 뒤.md", review_by=DAY + timedelta(days=99), valid_until=None)
    assert [one.name for one in store.look(lambda tx: knowledge.due(tx, later))] == ["이제.md", "나중.md"]
    assert [one.name for one in store.look(lambda tx: knowledge.listed(tx, ["draft"]))] == ["초안.md"]


class Documents(RuleBasedStateMachine):
    """Whatever is done to documents: what is served is what a simple account of it says."""

    def __init__(self) -> None:
        super().__init__()
        self.store = Store.open("sqlite://", Sealer([b"k" * 32]))
        self.newest: dict[str, int] = {}
        self.served: dict[str, int] = {}

    @rule(name=st.sampled_from("ab"), publish=st.booleans())
    def add(self, name: str, publish: bool) -> None:
        version = add(self.store, name, publish=publish).version
        assert version == self.newest.get(name, 0) + 1
        self.newest[name] = version
        if publish:
            self.served[name] = version

    @rule(name=st.sampled_from("ab"), data=st.data())
    def publish(self, name: str, data: st.DataObject) -> None:
        if name in self.newest:
            version = data.draw(st.integers(1, self.newest[name]))
            self.store.run(lambda tx: knowledge.publish(tx, f"d_{name}", version, NOW))
            self.served[name] = version

    @rule(name=st.sampled_from("ab"))
    def withdraw(self, name: str) -> None:
        self.store.run(lambda tx: knowledge.withdraw(tx, f"d_{name}", NOW))
        self.served.pop(name, None)

    @invariant()
    def one_version_at_most_is_served(self) -> None:
        served = self.store.look(knowledge.served)
        assert {name: one.version for name, one in served.items()} == {
            f"d_{name}": version for name, version in self.served.items()
        }
        every = self.store.look(lambda tx: knowledge.listed(tx, STATES))
        assert {one.document_id: one.version for one in every if one.state == "published"} == {
            name: one.version for name, one in served.items()
        }

    def teardown(self) -> None:
        self.store.close()


Documents.TestCase.settings = settings(
    max_examples=15, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
)
TestDocuments = Documents.TestCase


@given(st.sets(st.integers(1, 2)))
@settings(deadline=None, max_examples=10)
def test_only_the_passages_that_are_named_change(numbers: set[int]) -> None:
    with Store.open("sqlite://", Sealer([b"k" * 32])) as store:
        add(store)
        store.run(lambda tx: knowledge.verify(tx, "d_틀니.md", 1, numbers, verified=True))
        found = store.look(lambda tx: knowledge.passages_of(tx, "d_틀니.md", 1, verified=True))
        assert [one.number for one in found] == [1] * (1 in numbers)


def test_the_database_refuses_that_one_account_adds_and_publishes(store: Store) -> None:
    add(store, publish=False, added_by="st_1")
    with pytest.raises(StoreError, match="two_persons"):
        store.run(lambda tx: knowledge.publish(tx, "d_틀니.md", 1, NOW, "st_1"))
    assert states(store) == ["draft"]
    assert store.look(knowledge.served) == {}
    assert store.run(lambda tx: knowledge.publish(tx, "d_틀니.md", 1, NOW, "st_2"))
    store.run(lambda tx: knowledge.withdraw(tx, "d_틀니.md", NOW, "st_1"))
    assert store.run(lambda tx: knowledge.publish(tx, "d_틀니.md", 1, NOW, "st_1"))
    with pytest.raises(StoreError, match="only added"):
        store.run(lambda tx: tx.connection.execute(delete(document_steps)))
    with pytest.raises(StoreError, match="only added"):
        store.run(lambda tx: tx.connection.execute(update(document_steps).values(staff="st_2")))
    history = store.look(lambda tx: steps_of(tx, "d_틀니.md"))
    assert [(one.action, one.staff) for one in history] == [
        ("published", "st_1"),
        ("withdrawn", "st_1"),
        ("published", "st_2"),
        ("added", "st_1"),
    ]
