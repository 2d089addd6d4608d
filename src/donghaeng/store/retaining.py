"""Destroys what is due by the rules of retention, and says so in the ledger.

Whatever is destroyed goes in the same transaction as its line in the ledger, some rows at a time: a crash
loses neither, and doing it again finds nothing more. Of files each has its own line after it is gone: the
ledger never tells of one that stays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import ColumnElement, Table, delete, func, select, tuple_

from donghaeng.errors import StoreError
from donghaeng.store import destructions
from donghaeng.store.destructions import DestructionRow
from donghaeng.store.learner_tables import learner_entries, learner_projects
from donghaeng.store.minutes_tables import heard_words, recorded_meetings
from donghaeng.store.office_tables import office_documents, office_sets
from donghaeng.store.privacy_tables import guardians, vault_values
from donghaeng.store.register_tables import register_opinions
from donghaeng.store.review_tables import proposals
from donghaeng.store.store import Store, Transaction
from donghaeng.store.tables import (
    accesses,
    channel_threads,
    conversations,
    events,
    handovers,
    messages,
    outbox,
    outgoing_calls,
    page_codes,
    ratings,
    remembered,
    replies,
    staff,
    staff_sessions,
)
from donghaeng.store.tower_tables import learning_records, survey_answers
from donghaeng.store.writing_tables import office_drafts, office_pairs
from donghaeng.trust.retention import Rule

BATCH: Final = 200
"""Rows that one transaction destroys; other writers get their turn between two."""
FOLDERS: Final = ("recordings", "exports")
"""Folders under the data folder whose files have a rule."""

Progress = Callable[[str, int], None]
"""Told a kind and how many of it were destroyed so far, or would be."""


def _nothing(kind: str, count: int) -> None:
    del kind, count


_TIMES: Final[Mapping[str, tuple[Table, ColumnElement[Any]]]] = {
    "replies": (replies, replies.c.at),
    "remembered": (remembered, remembered.c.used_at),
    "channel_threads": (channel_threads, channel_threads.c.used_at),
    "guardians": (guardians, func.coalesce(guardians.c.ended_at, guardians.c.ends_at)),
    "page_codes": (page_codes, page_codes.c.expires_at),
    "ratings": (ratings, ratings.c.at),
    "learning_records": (learning_records, learning_records.c.imported_at),
    "learner_entries": (learner_entries, learner_entries.c.at),
    "learner_projects": (learner_projects, learner_projects.c.at),
    "survey_answers": (survey_answers, survey_answers.c.imported_at),
    "recorded_meetings": (recorded_meetings, recorded_meetings.c.destroy_at),
    "heard_words": (heard_words, heard_words.c.changed_at),
    "register_opinions": (register_opinions, register_opinions.c.at),
    "office_sets": (office_sets, office_sets.c.withdrawn_at),
    "office_documents": (office_documents, office_documents.c.withdrawn_at),
    "office_drafts": (office_drafts, office_drafts.c.changed_at),
    "deleted_office_drafts": (office_drafts, office_drafts.c.deleted_at),
    "office_pairs": (office_pairs, office_pairs.c.at),
    "staff_sessions": (staff_sessions, staff_sessions.c.seen_at),
    "staff": (staff, staff.c.disabled_at),
}


@dataclass(frozen=True, slots=True)
class Due:
    """How much of a kind was destroyed, or is due."""

    kind: str
    count: int


def destroy_due(
    store: Store,
    rules: Mapping[str, Rule],
    now: datetime,
    data: Path,
    *,
    dry_run: bool = False,
    progress: Progress = _nothing,
) -> list[Due]:
    """Destroy everything whose period is over; with ``dry_run`` only count it.

    Args:
        store: the database.
        rules: by kind (:func:`donghaeng.trust.retention.load_retention`).
        now: with an offset.
        data: the data folder, for kinds that are files.
        dry_run: destroy nothing.
        progress: is told after each transaction.

    Raises:
        StoreError: the database refused; what was destroyed before stands in the ledger.
    """
    found = []
    for kind, rule in rules.items():
        before = rule.keep.before(now)
        if dry_run:
            count = len(_old_files(data / kind, before)) if kind in FOLDERS else _count(store, kind, before)
            progress(kind, count)
        elif kind in FOLDERS:
            count = _destroy_files(store, _old_files(data / kind, before), kind, rule, now)
        else:
            count = 0
            for some in _batches(store, kind, rule, before, now):
                count += some
                progress(kind, count)
        found.append(Due(kind, count))
    if not dry_run and any(due.count for due in found):
        store.forget_deleted()
    return found


def _batches(store: Store, kind: str, rule: Rule, before: datetime, now: datetime) -> Iterator[int]:
    while count := store.run(lambda tx: _destroy(tx, kind, rule, before, now)):
        yield count


def _destroy(tx: Transaction, kind: str, rule: Rule, before: datetime, now: datetime) -> int:
    """Destroy some rows of a kind and say so."""
    table, wanted = _due(kind, before)
    keys = list(table.primary_key.columns)
    query = select(*keys, *([table.c.hash] if kind == "accesses" else [])).where(wanted)
    rows = tx.connection.execute(query.order_by(*keys).limit(BATCH)).all()
    if not rows:
        return 0
    chosen = tuple_(*keys).in_([tuple(row[: len(keys)]) for row in rows])
    count = tx.connection.execute(delete(table).where(chosen, wanted)).rowcount
    if not count:
        return 0  # another process was quicker, and goes on
    end = str(rows[-1].hash) if kind == "accesses" else ""
    destructions.note(tx, DestructionRow(now, kind, table.name, count, "expired", rule.law, end))
    return count


def _count(store: Store, kind: str, before: datetime) -> int:
    table, wanted = _due(kind, before)
    query = select(func.count()).select_from(table).where(wanted)
    return store.look(lambda tx: int(tx.connection.execute(query).scalar_one()))


def _due(kind: str, before: datetime) -> tuple[Table, ColumnElement[bool]]:
    """The table of a kind, and which of its rows are due."""
    if kind in ("conversations", "practice_conversations"):
        return conversations, _talks_due(before, practice=kind == "practice_conversations")
    if kind == "accesses":
        # A chain is shortened from its beginning alone, or it would no longer hold.
        first_kept = select(func.min(accesses.c.id)).where(accesses.c.at >= before).scalar_subquery()
        return accesses, (accesses.c.at < before) & (func.coalesce(accesses.c.id < first_kept, True))
    if kind == "proposals":
        return proposals, (proposals.c.changed_at < before) & (proposals.c.state != "published")
    if kind == "vault":
        return vault_values, (vault_values.c.expires_at < before) & ~_still_needed()
    table, at = _TIMES[kind]
    return table, at < before


def _still_needed() -> ColumnElement[bool]:
    """Whether somebody is still to be reached by a value of the vault."""
    of_it = vault_values.c.conversation_id
    texts = select(messages.c.key).where(messages.c.conversation_id == of_it, messages.c.state == "pending")
    cases = select(handovers.c.id).where(handovers.c.conversation_id == of_it, handovers.c.state != "closed")
    calls = select(outgoing_calls.c.key).where(
        outgoing_calls.c.conversation_id == of_it, outgoing_calls.c.state == "waiting"
    )
    return texts.exists() | cases.exists() | calls.exists()


def _talks_due(before: datetime, *, practice: bool) -> ColumnElement[bool]:
    """Conversations in which nothing happened since, and nothing is under way."""
    of_it = conversations.c.id
    after = select(events.c.seq).where(events.c.conversation_id == of_it, events.c.at >= before)
    writes = select(outbox.c.id).where(outbox.c.conversation_id == of_it, outbox.c.state == "pending")
    open_states = ("queued", "joined", "callback")
    cases = select(handovers.c.id).where(
        handovers.c.conversation_id == of_it, handovers.c.state.in_(open_states)
    )
    calls = select(outgoing_calls.c.key).where(
        outgoing_calls.c.conversation_id == of_it, outgoing_calls.c.state == "waiting"
    )
    return (
        (conversations.c.practice == practice)
        & (func.coalesce(conversations.c.ended_at, conversations.c.opened_at) < before)
        & (conversations.c.opened_at < before)
        & ~after.exists()
        & ~writes.exists()
        & ~cases.exists()
        & ~calls.exists()
    )


def _old_files(folder: Path, before: datetime) -> list[Path]:
    if not folder.is_dir():
        return []
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())
    old = []
    for path in files:
        with suppress(FileNotFoundError):  # another process was quicker
            if path.stat().st_mtime < before.timestamp():
                old.append(path)
    return old


def _destroy_files(store: Store, old: Sequence[Path], kind: str, rule: Rule, now: datetime) -> int:
    refused = None
    count = 0
    for path in old:
        try:
            path.unlink()
        except FileNotFoundError:
            continue  # another process was quicker
        except OSError as error:
            refused = error
            continue
        line = DestructionRow(now, kind, "files", 1, "expired", rule.law)
        store.run(lambda tx, line=line: destructions.note(tx, line))  # type: ignore[misc]
        count += 1
    if refused is not None:
        message = f"files in {kind} that are due cannot be destroyed: {refused.strerror}"
        raise StoreError(message, remedy="let the service's account delete files in that folder")
    return count
