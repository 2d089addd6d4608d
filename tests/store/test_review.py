"""Review items and proposals in the database: each once, two persons, a history that nobody changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, text, update

from donghaeng.errors import StoreError
from donghaeng.store import Store, conversations, handover_lines, handovers, proposals, review_items
from donghaeng.store.handover_lines import LineRow
from donghaeng.store.handovers import HandoverRow
from donghaeng.store.proposals import EffectRow, ProposalRow
from donghaeng.store.review_items import ItemRow, Unread
from donghaeng.store.review_tables import proposals as proposals_table
from donghaeng.store.review_tables import publications

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
DAY = timedelta(days=1)
SEEN = Unread("c_1", 4, 0)
ITEM = ItemRow("", "c_1", 2, "no_match", NOW, "쓸 데 없는 그릇장 말이여", "bulky_waste")
CHANGE = {"kind": "example", "service": "bulky_waste", "text": "그릇장을 들어내야 해요"}
PROPOSAL = ProposalRow("pr_1", "example", "st_kim", NOW, CHANGE, {"scenario": "시험"}, "봐 주세요")


def only(store: Store) -> ItemRow:
    (row,) = store.look(review_items.listed)
    return row


def test_an_item_is_kept_once_however_often_it_is_found(store: Store, talk: str) -> None:
    assert store.run(lambda tx: review_items.keep(tx, SEEN, [ITEM])) == 1
    again = [ITEM, replace(ITEM, kind="handover")]
    assert store.run(lambda tx: review_items.keep(tx, SEEN, again)) == 1
    assert store.run(lambda tx: review_items.keep(tx, SEEN, again)) == 0
    rows = store.look(review_items.listed)
    assert {row.kind for row in rows} == {"no_match", "handover"}
    assert replace(rows[0], id="", kind="no_match") == ITEM
    assert store.look(review_items.counts) == {"no_match": 1, "handover": 1}


def test_a_conversation_is_looked_at_again_only_when_something_happened(store: Store, talk: str) -> None:
    def waiting() -> list[Unread]:
        return store.look(lambda tx: review_items.unread(tx, NOW - DAY))

    assert waiting() == [], "nothing happened yet"
    store.run(lambda tx: conversations.advance(tx, talk, expected=0, to=4))
    assert waiting() == [SEEN]
    store.run(lambda tx: review_items.keep(tx, SEEN, []))
    assert waiting() == []

    def reject(tx) -> None:
        handovers.add(tx, HandoverRow("h_1", talk, NOW))
        line = LineRow("h_1", talk, "suggestion", NOW, "st_kim", "rejected:p")
        handover_lines.add(tx, line)

    store.run(reject)
    (one,) = waiting()
    assert (one.seq, one.line > 0) == (4, True)
    store.run(lambda tx: review_items.keep(tx, one, []))
    assert waiting() == []
    assert store.look(lambda tx: review_items.unread(tx, NOW + DAY)) == [], "it began before"


def test_practice_and_tests_with_a_clock_are_never_looked_at(store: Store) -> None:
    def fill(tx) -> None:
        practice = conversations.Conversation("c_p", "chat", NOW, "v1", practice=True, last_seq=3)
        test = conversations.Conversation("c_t", "chat", NOW, "v1", test_clock=NOW, last_seq=3)
        conversations.add(tx, practice, "a")
        conversations.add(tx, test, "b")

    store.run(fill)
    assert store.look(lambda tx: review_items.unread(tx, NOW - DAY)) == []


def test_words_are_sealed_and_go_with_the_conversation(store: Store, talk: str) -> None:
    store.run(lambda tx: review_items.keep(tx, SEEN, [ITEM]))
    store.run(lambda tx: review_items.keep_vectors(tx, {only(store).id: bytes(range(200))}))
    raw = store.look(
        lambda tx: [repr(tuple(row)) for row in tx.connection.execute(text("SELECT * FROM review_items"))]
    )
    assert "그릇장" not in raw[0]
    assert store.look(lambda tx: review_items.vectors(tx, [only(store).id])) == {
        only(store).id: bytes(range(200))
    }
    store.run(lambda tx: tx.connection.execute(text("DELETE FROM conversations")))
    assert store.look(review_items.listed) == []
    assert store.look(review_items.counts) == {}


def test_items_are_settled_and_grouped(store: Store, talk: str) -> None:
    store.run(lambda tx: review_items.keep(tx, SEEN, [ITEM]))
    item = only(store).id
    store.run(lambda tx: review_items.group(tx, {item: "g"}))
    assert store.look(lambda tx: review_items.listed(tx, cluster="g"))[0].id == item
    assert store.look(lambda tx: review_items.listed(tx, kind="handover")) == []
    assert store.run(lambda tx: review_items.settle(tx, [item], "dismissed")) == 1
    assert store.look(review_items.listed) == []
    assert store.look(lambda tx: review_items.get(tx, item)).state == "dismissed"


@pytest.fixture
def proposed(store: Store, talk: str) -> str:
    store.run(lambda tx: review_items.keep(tx, SEEN, [ITEM]))
    store.run(lambda tx: proposals.add(tx, PROPOSAL, [only(store).id]))
    return PROPOSAL.id


def test_a_proposal_comes_back_and_outlives_its_conversation(store: Store, proposed: str) -> None:
    kept = store.look(lambda tx: proposals.get(tx, proposed))
    assert replace(kept, changed_at=None) == PROPOSAL
    assert store.look(lambda tx: proposals.items_of(tx, proposed)) == [only(store).id]
    store.run(lambda tx: tx.connection.execute(text("DELETE FROM conversations")))
    assert store.look(lambda tx: proposals.get(tx, proposed)) == kept
    assert store.look(lambda tx: proposals.items_of(tx, proposed)) == []


def test_author_and_publisher_are_two_persons(store: Store, proposed: str) -> None:
    assert not store.run(lambda tx: proposals.publish(tx, proposed, "st_kim", NOW, ""))
    assert store.look(proposals.revision) == 0
    same = update(proposals_table).values(published_by="st_kim")
    with pytest.raises(StoreError, match="two_persons"):
        store.run(lambda tx: tx.connection.execute(same))
    assert store.run(lambda tx: proposals.publish(tx, proposed, "st_lee", NOW, "좋아요"))
    assert not store.run(lambda tx: proposals.publish(tx, proposed, "st_park", NOW, ""))


def test_what_is_in_force_follows_the_history(store: Store, proposed: str) -> None:
    store.run(lambda tx: proposals.add(tx, replace(PROPOSAL, id="pr_2", author="st_lee"), []))
    store.run(lambda tx: proposals.publish(tx, "pr_2", "st_kim", NOW, ""))
    store.run(lambda tx: proposals.publish(tx, proposed, "st_lee", NOW, "좋아요"))
    assert [row.id for row in store.look(proposals.in_force)] == ["pr_2", "pr_1"]
    assert store.run(lambda tx: proposals.roll_back(tx, "pr_2", "st_lee", NOW + DAY, "너무 넓어요"))
    assert not store.run(lambda tx: proposals.roll_back(tx, "pr_2", "st_lee", NOW + DAY, ""))
    assert [row.id for row in store.look(proposals.in_force)] == ["pr_1"]
    steps = [(one.proposal_id, one.action, one.reason) for one in store.look(proposals.history)]
    assert steps == [
        ("pr_2", "rolled_back", "너무 넓어요"),
        ("pr_1", "published", "좋아요"),
        ("pr_2", "published", ""),
    ]
    assert store.look(proposals.revision) == 3


def test_the_history_is_only_added_to(store: Store, proposed: str) -> None:
    store.run(lambda tx: proposals.publish(tx, proposed, "st_lee", NOW, ""))
    for change in (update(publications).values(staff="st_x"), delete(publications)):
        with pytest.raises(StoreError, match="only added"):
            store.run(lambda tx, change=change: tx.connection.execute(change))


def test_only_a_draft_is_given_up(store: Store, proposed: str) -> None:
    assert store.run(lambda tx: proposals.withdraw(tx, proposed, NOW))
    assert not store.run(lambda tx: proposals.withdraw(tx, proposed, NOW))
    assert not store.run(lambda tx: proposals.publish(tx, proposed, "st_lee", NOW, ""))
    assert [row.state for row in store.look(lambda tx: proposals.listed(tx, ("withdrawn",)))] == ["withdrawn"]


def test_an_effect_is_written_over_and_quotes_nobody_in_the_open(store: Store, proposed: str) -> None:
    running = EffectRow(proposed, "running", "b", NOW, 3, 9)
    store.run(lambda tx: proposals.set_effect(tx, running))
    assert store.look(lambda tx: proposals.effect(tx, proposed)) == running
    done = replace(running, state="done", result={"items": ["그릇장 말이여"]})
    store.run(lambda tx: proposals.set_effect(tx, done))
    assert store.look(lambda tx: proposals.effect(tx, proposed)) == done
    raw = store.look(lambda tx: repr(tx.connection.execute(text("SELECT * FROM review_effects")).all()))
    assert "그릇장" not in raw
    assert store.look(lambda tx: proposals.effect(tx, "pr_none")) is None


def test_the_tables_go_and_come_back(tmp_path: Path) -> None:
    from donghaeng.store.engine import make_engine
    from donghaeng.store.migrate import migrate

    engine = make_engine(f"sqlite:///{tmp_path}/a.db", synchronous="FULL")
    for target in ("0011", "0010", "0011"):
        migrate(engine, target)
    engine.dispose()
