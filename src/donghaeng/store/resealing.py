"""Sealing rows anew under the key in force, so that an older key can be taken out of use.

Every sealed column stands in :data:`PLACES` with the place that its value is bound to, or in
:data:`APPEND_ONLY`; a test asks each. Rows of records that are only added are guarded against every change,
this one too: they keep the seal that they were written under, and so does the key behind it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import (
    Column,
    ColumnElement,
    LargeBinary,
    Table,
    and_,
    delete,
    func,
    literal,
    select,
    tuple_,
    update,
)

from donghaeng.store import (
    factor_tables,
    learner_tables,
    minutes_tables,
    office_tables,
    privacy_tables,
    register_tables,
    review_tables,
    service_tables,
    tables,
    writing_tables,
)
from donghaeng.store.store import KEY_CHECK, Store, Transaction
from donghaeng.trust.sealing import KEY_ID

BATCH: Final = 200
"""Rows that one transaction seals anew: a citizen's turn waits for no more than that."""

Progress = Callable[[str, int, int], None]
"""Is told the column, how many of its rows are done, and how many there are."""

PLACES: Final[Mapping[Column[Any], str]] = MappingProxyType(
    {
        tables.store_facts.c.sealed: "store_facts/{name}",
        tables.conversations.c.sealed: "conversations/{id}",
        tables.events.c.sealed: "events/{conversation_id}/{seq}",
        tables.replies.c.sealed: "replies/{conversation_id}/{key_hash}",
        tables.outbox.c.sealed: "outbox/{id}",
        tables.requests.c.sealed: "requests/{conversation_id}/{receipt}",
        tables.handovers.c.sealed: "handovers/{id}",
        tables.handover_lines.c.sealed: "handover_lines/{key}",
        tables.messages.c.sealed: "messages/{key}",
        tables.remembered.c.sealed: "remembered/{person_hash}",
        tables.page_codes.c.sealed: "page_codes/{code_hash}",
        tables.channel_threads.c.sealed: "channel_threads/{channel}/{user_hash}",
        tables.outgoing_calls.c.sealed: "outgoing_calls/{key}",
        tables.staff.c.sealed: "staff/{id}",
        tables.document_versions.c.sealed: "document_versions/{document_id}/{version}",
        factor_tables.staff_factors.c.sealed: "staff_factors/{staff_id}",
        factor_tables.staff_factors.c.offered_sealed: "staff_factors/{staff_id}/offered",
        office_tables.office_sets.c.sealed: "office_sets/{id}",
        office_tables.office_versions.c.sealed: "office_versions/{document_id}/{version}",
        office_tables.office_versions.c.vectors: "office_versions/{document_id}/{version}/vectors",
        office_tables.office_assistants.c.sealed: "office_assistants/{id}",
        minutes_tables.recorded_meetings.c.sealed: "recorded_meetings/{id}",
        minutes_tables.recorded_turns.c.sealed: "recorded_turns/{meeting_id}/{number}",
        minutes_tables.heard_words.c.sealed: "heard_words/{id}",
        privacy_tables.guardians.c.sealed: "guardians/{id}",
        learner_tables.learner_entries.c.sealed: "learner_entries/{staff_id}/{kind}/{what}/{version}",
        learner_tables.learner_projects.c.sealed: "learner_projects/{id}/{version}",
        learner_tables.learner_projects.c.review: "learner_projects/{id}/{version}/review",
        register_tables.register_opinions.c.sealed: "register_opinions/{id}",
        review_tables.review_items.c.sealed: "review_items/{id}",
        review_tables.review_items.c.vector: "review_items/{id}/vector",
        review_tables.proposals.c.sealed: "proposals/{id}",
        review_tables.review_effects.c.sealed: "review_effects/{proposal_id}",
        service_tables.service_drafts.c.sealed: "service_drafts/{service}/{version}",
        service_tables.service_runs.c.sealed: "service_runs/{service}/{kind}",
        writing_tables.office_draft_versions.c.sealed: "office_draft_versions/{draft_id}/{version}",
        writing_tables.office_pairs.c.sealed: "office_pairs/{id}",
    }
)
"""What each value is bound to, with the columns of its row."""
APPEND_ONLY: Final[Sequence[Column[Any]]] = (
    review_tables.publications.c.sealed,
    tables.machine_switches.c.sealed,
    tables.incident_lines.c.sealed,
    register_tables.register_versions.c.sealed,
)
"""Sealed columns of records that are only added."""


@dataclass(frozen=True, slots=True)
class KeyUse:
    """How many values one key seals."""

    changeable: int
    """That :func:`reseal` seals anew."""
    kept: int
    """In records that are only added."""


def uses(tx: Transaction) -> dict[str, KeyUse]:
    """What each key seals, by the key's id in hexadecimal; the rows that check keys do not count."""
    changeable, kept = Counter[str](), Counter[str]()
    for column in PLACES:
        changeable += _by_key(tx, column)
    for column in APPEND_ONLY:
        kept += _by_key(tx, column)
    return {key: KeyUse(changeable[key], kept[key]) for key in sorted({*changeable, *kept})}


def reseal(store: Store, progress: Progress = lambda column, done, total: None) -> int:
    """Seal every value anew that another key than the one in force has sealed, some in a transaction; how
    many there were. What an interruption left is done by the next run, every value opens all the time, and a
    value that somebody changes meanwhile keeps their change.

    Raises:
        StoreError: a key is missing, a value is damaged, or the database refused; what was done before stays.
    """
    made = 0
    for column, place in PLACES.items():
        total = store.look(partial(_older, column=column))
        done = 0
        last: Sequence[Any] | None = None
        while (step := store.run(partial(_some, column=column, place=place, last=last))) is not None:
            count, last = step
            done += count
            progress(str(column), done, max(total, done))
        made += done
    return made


def retire(tx: Transaction, keys: Sequence[str]) -> list[str]:
    """Let the store open without those of ``keys`` (ids in hexadecimal) that seal nothing any more; which."""
    used = uses(tx)
    idle = [key for key in keys if key != tx.sealer.key_id and key not in used]
    facts = tables.store_facts
    tx.connection.execute(delete(facts).where(facts.c.name.in_([f"{KEY_CHECK}{key}" for key in idle])))
    return idle


def _key_of(column: Column[Any]) -> ColumnElement[bytes]:
    return func.substr(column, KEY_ID.start + 1, KEY_ID.stop - KEY_ID.start, type_=LargeBinary())


def _counted(column: Column[Any]) -> ColumnElement[bool]:
    table = column.table
    if table is not tables.store_facts:
        return column.is_not(None)
    # Each of them shows that one key is at hand, so each stays under its own.
    return ~tables.store_facts.c.name.startswith(KEY_CHECK)


def _by_key(tx: Transaction, column: Column[Any]) -> Counter[str]:
    key = _key_of(column)
    rows = tx.connection.execute(select(key, func.count()).where(_counted(column)).group_by(key))
    return Counter({bytes(found).hex(): int(count) for found, count in rows})


def _is_older(tx: Transaction, column: Column[Any]) -> ColumnElement[bool]:
    current = literal(bytes.fromhex(tx.sealer.key_id), LargeBinary())
    return and_(_counted(column), _key_of(column) != current)


def _older(tx: Transaction, column: Column[Any]) -> int:
    rows = select(func.count()).select_from(column.table).where(_is_older(tx, column))
    return int(tx.connection.execute(rows).scalar_one())


def _some(
    tx: Transaction, column: Column[Any], place: str, last: Sequence[Any] | None
) -> tuple[int, Sequence[Any]] | None:
    """Seal some rows after ``last`` anew; how many, and the last of them. None where there are no more."""
    table = column.table
    assert isinstance(table, Table)
    keys = list(table.primary_key.columns)
    query = select(table).where(_is_older(tx, column)).order_by(*keys).limit(BATCH)
    if last is not None:
        query = query.where(tuple_(*keys) > tuple_(*[literal(value) for value in last]))
    rows = tx.connection.execute(query.with_for_update(skip_locked=True)).mappings().all()
    if not rows:
        return None
    for row in rows:
        where = and_(*(key == row[key] for key in keys), column == row[column])
        bound = place.format_map(_names(table, row))
        sealed = tx.sealer.seal(tx.sealer.open(row[column], bound), bound)
        tx.connection.execute(update(table).where(where).values({column: sealed}))
    return len(rows), [rows[-1][key] for key in keys]


def _names(table: Table, row: Mapping[Any, Any]) -> dict[str, Any]:
    return {column.name: row[column] for column in table.columns}
