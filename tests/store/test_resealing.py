"""Rows sealed anew under another key: all of them, once interrupted too, and nothing else changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, LargeBinary, insert, select, update
from tests.store.conftest import KEY, NOW
from tests.store.rows import value

from donghaeng.errors import StoreError
from donghaeng.store import (
    Store,
    channel_threads,
    events,
    factors,
    handover_lines,
    knowledge,
    learner_projects,
    learners,
    messages,
    minutes,
    office,
    office_drafts,
    office_measures,
    opinions,
    outgoing_calls,
    proposals,
    remembered,
    replies,
    requests,
    resealing,
    review_items,
    service_drafts,
    staff,
)
from donghaeng.store.resealing import APPEND_ONLY, PLACES, reseal, retire, uses
from donghaeng.store.staff import StaffRow
from donghaeng.store.tables import metadata
from donghaeng.store.tables import outbox as outbox_table
from donghaeng.trust.permissions import Role
from donghaeng.trust.sealing import Sealer

NEW = b"n" * 32
OLD, BOTH, AFTER = Sealer([KEY]), Sealer([NEW, KEY]), Sealer([NEW])
UNSEALED = {"editions.files", "process_files.content", "vault_values.nonce", "vault_values.ciphertext"}
"""Bytes that the sealer has nothing to do with: files that were published, and what has keys of its own."""
OWN: Mapping[str, Callable[[Any], str]] = {
    "events.sealed": lambda row: events._place(row.conversation_id, row.seq),
    "replies.sealed": lambda row: replies._place(row.conversation_id, row.key_hash),
    "requests.sealed": lambda row: requests._place(row.conversation_id, row.receipt),
    "handover_lines.sealed": lambda row: handover_lines._place(row.key),
    "messages.sealed": lambda row: messages._place(row.key),
    "remembered.sealed": lambda row: remembered._place(row.person_hash),
    "channel_threads.sealed": lambda row: channel_threads._place(row.channel, row.user_hash),
    "outgoing_calls.sealed": lambda row: outgoing_calls._place(row.key),
    "staff.sealed": lambda row: staff._place(row.id),
    "document_versions.sealed": lambda row: knowledge._place(row.document_id, row.version),
    "staff_factors.sealed": lambda row: factors._place(row.staff_id),
    "staff_factors.offered_sealed": lambda row: factors._offered_place(row.staff_id),
    "learner_entries.sealed": lambda row: learners._place(row.staff_id, row.kind, row.what, row.version),
    "learner_projects.sealed": lambda row: learner_projects._place(row.id, row.version),
    "learner_projects.review": lambda row: learner_projects._review_place(row.id, row.version),
    "register_opinions.sealed": lambda row: opinions._place(row.id),
    "review_items.sealed": lambda row: review_items._place(row.id),
    "review_items.vector": lambda row: review_items._vector_place(row.id),
    "proposals.sealed": lambda row: proposals._place(row.id),
    "recorded_meetings.sealed": lambda row: minutes._place(row.id),
    "recorded_turns.sealed": lambda row: minutes._turn_place(row.meeting_id, row.number),
    "heard_words.sealed": lambda row: minutes._word_place(row.id),
    "service_drafts.sealed": lambda row: service_drafts._place(row.service, row.version),
    "service_runs.sealed": lambda row: service_drafts._run_place(row.service, row.kind),
    "office_draft_versions.sealed": lambda row: office_drafts._place(row.draft_id, row.version),
    "office_pairs.sealed": lambda row: office_measures._pair_place(row.id),
    # These modules write the place out where they seal.
    "store_facts.sealed": lambda row: f"store_facts/{row.name}",
    "conversations.sealed": lambda row: f"conversations/{row.id}",
    "outbox.sealed": lambda row: f"outbox/{row.id}",
    "handovers.sealed": lambda row: f"handovers/{row.id}",
    "page_codes.sealed": lambda row: f"page_codes/{row.code_hash}",
    "guardians.sealed": lambda row: f"guardians/{row.id}",
    "office_sets.sealed": lambda row: f"office_sets/{row.id}",
    "office_versions.sealed": lambda row: office._place(row.document_id, row.version),
    "office_versions.vectors": lambda row: f"{office._place(row.document_id, row.version)}/vectors",
    "office_assistants.sealed": lambda row: f"office_assistants/{row.id}",
    "review_effects.sealed": lambda row: f"review_effects/{row.proposal_id}",
}
"""Where the repositories themselves say that each value lies."""
ROWS = 3


class _Row:
    def __init__(self, values: dict[str, Any]) -> None:
        self.__dict__.update(values)


def fill(tx: Any, rows: int = ROWS) -> None:
    """Rows in every table, each sealed value where its repository looks for it."""
    for table in metadata.sorted_tables:
        for number in range(1, rows + 1):
            row = {column.name: value(column, number) for column in table.columns}
            for column in table.columns:
                if str(column) in OWN:
                    row[column.name] = tx.sealer.seal({"said": number}, OWN[str(column)](_Row(row)))
                elif column in APPEND_ONLY:
                    row[column.name] = tx.sealer.seal("why", "a record that is only added")
            tx.connection.execute(insert(table).values(**row))


@pytest.fixture
def address(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/a.db"


@pytest.fixture
def filled(address: str) -> str:
    with Store.open(address, OLD) as store:
        store.run(fill)
    return address


def read(tx: Any) -> dict[str, list[Any]]:
    """Every sealed value opened, and every other as it is."""
    found: dict[str, list[Any]] = {}
    for table in metadata.sorted_tables:
        for row in tx.connection.execute(select(table).order_by(*table.primary_key.columns)):
            for column in table.columns:
                kept = getattr(row, column.name)
                if column in PLACES and kept is not None and "key_check" not in str(row[0]):
                    kept = tx.sealer.open(kept, OWN[str(column)](row))
                found.setdefault(str(column), []).append(kept)
    return found


def test_every_sealed_column_is_known_here() -> None:
    binary = {
        str(column): column
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    }
    known: set[Column[Any]] = {*PLACES, *APPEND_ONLY}
    assert {str(column) for column in known} == set(binary) - UNSEALED
    assert set(OWN) == {str(column) for column in PLACES}


def test_every_value_is_under_the_new_key_and_as_it_was(filled: str) -> None:
    with Store.open(filled, BOTH) as store:
        before = store.look(read)
        told: list[tuple[str, int, int]] = []
        done = reseal(store, lambda column, done, total: told.append((column, done, total)))
        assert done == ROWS * len(PLACES)
        assert {column for column, _, _ in told} == set(OWN)
        assert all(done == total == ROWS for _, done, total in told)
        assert store.look(read) == before
        old, new = OLD.key_id, BOTH.key_id
        used = store.look(uses)
        assert (used[new].changeable, used[new].kept) == (ROWS * len(PLACES), 0)
        assert (used[old].changeable, used[old].kept) == (0, ROWS * len(APPEND_ONLY))
        assert reseal(store) == 0, "nothing is left"
        assert store.run(lambda tx: retire(tx, tx.sealer.key_ids)) == [], (
            "records that are only added need it"
        )


def test_a_key_that_seals_nothing_is_no_longer_asked_for(address: str) -> None:
    with Store.open(address, OLD) as store:
        store.run(lambda tx: staff.add(tx, StaffRow("st_1", "kim", "김상담", Role.ADMIN, "h", NOW, NOW)))
        store.run(lambda tx: factors.offer(tx, "st_1", "bcdf" * 10, NOW))
    with pytest.raises(StoreError, match="another key"):
        Store.open(address, AFTER)
    with Store.open(address, BOTH) as store:
        assert store.run(lambda tx: retire(tx, tx.sealer.key_ids)) == [], "it still seals something"
    with pytest.raises(StoreError, match="another key"):
        Store.open(address, AFTER)
    with Store.open(address, BOTH) as store:
        assert reseal(store) == 2
        assert store.run(lambda tx: retire(tx, tx.sealer.key_ids)) == [OLD.key_id]
    with Store.open(address, AFTER) as store:
        assert store.look(staff.everyone)[0].shown_name == "김상담"
        row = store.look(lambda tx: factors.get(tx, "st_1"))
        assert row is not None
        assert row.offered == "bcdf" * 10


def test_what_an_interruption_left_is_done_by_the_next_run(
    filled: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resealing, "BATCH", 2)
    steps = 0

    def stop(column: str, done: int, total: int) -> None:
        nonlocal steps
        steps += 1
        if steps == 5:
            raise KeyboardInterrupt

    with Store.open(filled, BOTH) as store:
        before = store.look(read)
        with pytest.raises(KeyboardInterrupt):
            reseal(store, stop)
        half = store.look(uses)[OLD.key_id].changeable
        assert 0 < half < ROWS * len(PLACES)
        assert store.look(read) == before, "every value opens half-way"
        assert reseal(store) == half
        assert store.look(read) == before


def test_a_missing_key_or_a_damaged_value_stops_it_and_is_named(filled: str) -> None:
    with Store.open(filled, BOTH) as store:
        store.run(
            lambda tx: tx.connection.execute(
                update(outbox_table).where(outbox_table.c.id == "id-2-한글").values(sealed=bytes(40))
            )
        )
        with pytest.raises(StoreError, match="outbox/id-2"):
            reseal(store)
        assert store.look(uses)[OLD.key_id].changeable > 0


@pytest.mark.databases
def test_both_databases_seal_anew_alike(store: Store) -> None:
    store.run(lambda tx: staff.add(tx, StaffRow("st_1", "kim", "김상담", Role.ADMIN, "h", NOW, NOW)))
    again = Store(store._engine, BOTH)
    assert reseal(again) == 1
    assert again.look(uses)[BOTH.key_id].changeable == 1
    assert again.look(staff.everyone)[0].shown_name == "김상담"
