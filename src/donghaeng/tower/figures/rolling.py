"""Rolls the event log up, incrementally: each event is counted once, however often this runs.

A conversation notes up to which event it was counted (``conversations.figured_seq``). That place is moved in
the transaction that adds the counts, so a crash between the two is impossible, an event that comes late is
read when it comes, and no number of the database has to follow the order of commits.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, bindparam, delete, func, select, update

from donghaeng.people.cases import LineKind
from donghaeng.store import contacts, figures
from donghaeng.store import conversations as stored_conversations
from donghaeng.store import events as stored_events
from donghaeng.store.figures_tables import figures_batches, figures_open
from donghaeng.store.needs import need_of
from donghaeng.store.store import Transaction
from donghaeng.store.tables import conversations, events, handover_lines
from donghaeng.store.upserts import put
from donghaeng.tower.figures.folding import (
    ABANDONED_AFTER,
    ASK,
    READ,
    Cell,
    Folded,
    Happened,
    Talk,
    added,
    cells,
    fold,
    hour_of,
)
from donghaeng.tower.figures.sketch import bucket

BATCH: Final = 100
"""Conversations of one transaction: a citizen's turn waits behind it for some milliseconds at most."""
KEEP_BATCHES: Final = timedelta(days=60)
COHORT_SLOW: Final = "slow"
COHORT_LOUD: Final = "loud"
COHORT_ORDINARY: Final = "ordinary"
_WAITS: Final = "handover_lines"
_FIGURED = (
    update(conversations).where(conversations.c.id == bindparam("of")).values(figured_seq=bindparam("to"))
)


@dataclass(frozen=True, slots=True)
class Rolled:
    """What one step has read."""

    conversations: int
    events: int


def roll(tx: Transaction, *, limit: int = BATCH) -> Rolled:
    """Count what is new in up to ``limit`` conversations; practice and tests are passed over."""
    unread = conversations.c.last_seq > conversations.c.figured_seq
    # Another process that rolls takes other conversations, and a new turn of these waits for the commit.
    wanted = select(conversations).where(unread).order_by(conversations.c.opened_at).limit(limit)
    rows = tx.connection.execute(wanted.with_for_update(skip_locked=True, key_share=True)).all()
    if not rows:
        return Rolled(0, 0)
    real = [row for row in rows if not row.practice and row.test_clock is None]
    happened = _events_of(tx, [row.id for row in real])
    left_before = {
        row.conversation_id: row
        for row in tx.connection.execute(
            select(figures_open).where(figures_open.c.conversation_id.in_([row.id for row in real]))
        )
    }
    counts: Counter[Cell] = Counter()
    for row in real:
        told = [event for _, event in happened[row.id]]
        known = [event for seq, event in happened[row.id] if seq <= row.figured_seq]
        talk, person = _talk(tx, row, told)
        now, before = fold(talk, told), fold(talk, known)
        counts.update(added(now, before))
        if person is not None:
            counts.update(_contacts(tx, row, talk, person, now.services[len(before.services) :]))
        counts.update(_still_open(tx, row, talk, now, left_before.get(row.id)))
    figures.add(tx, counts)
    tx.connection.execute(_FIGURED, [{"of": row.id, "to": row.last_seq} for row in rows])
    return Rolled(len(rows), sum(row.last_seq - row.figured_seq for row in rows))


def count_left(tx: Transaction, now: datetime, *, limit: int = 500) -> int:
    """Count citizens who have said nothing for :data:`ABANDONED_AFTER` with a service in hand; how many.
    If one comes back, :func:`roll` puts that right."""
    due = figures_open.c.counted.is_(False) & (figures_open.c.last_at < now - ABANDONED_AFTER)
    wanted = select(figures_open).where(due).order_by(figures_open.c.last_at).limit(limit)
    rows = tx.connection.execute(wanted.with_for_update(skip_locked=True)).all()
    counts: Counter[Cell] = Counter()
    for row in rows:
        counts.update(_left_cells(row))
    figures.add(tx, counts)
    if rows:
        these = figures_open.c.conversation_id.in_([row.conversation_id for row in rows])
        tx.connection.execute(update(figures_open).where(these).values(counted=True))
    return len(rows)


def count_waits(tx: Transaction, *, limit: int = 500) -> int:
    """Count how long citizens waited for a person, from asking to the first counsellor; how many lines were
    read. Lines become visible in the order of their numbers, so the last number is the place."""
    position = figures.position(tx, _WAITS)
    line = handover_lines.alias()
    asked = (
        select(func.min(line.c.at))
        .where(
            line.c.handover_id == handover_lines.c.handover_id,
            line.c.kind.in_([LineKind.QUEUED.value, LineKind.CALLBACK.value]),
        )
        .scalar_subquery()
    )
    earlier = (
        select(func.count())
        .where(
            line.c.handover_id == handover_lines.c.handover_id,
            line.c.kind == LineKind.CLAIMED.value,
            line.c.seq < handover_lines.c.seq,
        )
        .scalar_subquery()
    )
    rows = tx.connection.execute(
        select(
            handover_lines.c.seq,
            handover_lines.c.kind,
            handover_lines.c.at,
            asked.label("asked"),
            earlier.label("earlier"),
            conversations.c.channel,
            conversations.c.practice,
            conversations.c.test_clock,
        )
        .join(conversations, conversations.c.id == handover_lines.c.conversation_id)
        .where(handover_lines.c.seq > position)
        .order_by(handover_lines.c.seq)
        .limit(limit)
    ).all()
    counts: Counter[Cell] = Counter()
    for row in rows:
        first = row.kind == LineKind.CLAIMED.value and not row.earlier and row.asked is not None
        if first and not row.practice and row.test_clock is None:
            waited = max(0.0, (row.at - row.asked).total_seconds())
            counts.update(cells(Talk(row.channel), row.at, "joined"))
            counts[Cell(hour_of(row.at), "handover_wait", "bucket", bucket(waited))] += 1
    figures.add(tx, counts)
    if rows:
        figures.move(tx, _WAITS, rows[-1].seq)
    return len(rows)


def tidy(tx: Transaction, now: datetime) -> None:
    """Forget what nothing is compared with any more."""
    contacts.forget(tx, now)
    tx.connection.execute(delete(figures_batches).where(figures_batches.c.at < now - KEEP_BATCHES))


def cohort_of(recalled: Any) -> str | None:
    """How somebody wishes to be spoken to who consented to that being kept; None without such consent."""
    if not isinstance(recalled, dict):
        return None
    speed, volume = recalled.get("speed"), recalled.get("volume_db")
    if speed is not None and float(speed) < 1:
        return COHORT_SLOW
    return COHORT_LOUD if volume is not None and float(volume) > 0 else COHORT_ORDINARY


def folded(tx: Transaction, rows: Sequence[Row[Any]]) -> list[Folded]:
    """What each of some conversations adds to the figures, all in all; without cohorts."""
    told = _events_of(tx, [row.id for row in rows])
    return [fold(Talk(row.channel, row.home_district), [event for _, event in told[row.id]]) for row in rows]


def _events_of(tx: Transaction, wanted: Sequence[str]) -> defaultdict[str, list[tuple[int, Happened]]]:
    found: defaultdict[str, list[tuple[int, Happened]]] = defaultdict(list)
    if not wanted:
        return found
    read = (
        select(
            events.c.conversation_id, events.c.seq, events.c.turn, events.c.kind, events.c.at, events.c.public
        )
        .where(events.c.conversation_id.in_(wanted), events.c.kind.in_(READ))
        .order_by(events.c.conversation_id, events.c.seq)
    )
    for conversation, seq, turn, kind, at, public in tx.connection.execute(read):
        found[conversation].append((seq, Happened(turn, kind, at, public)))
    return found


def _talk(tx: Transaction, row: Row[Any], told: Sequence[Happened]) -> tuple[Talk, str | None]:
    """What the figures are cut by, and who it is where somebody consented to be known again."""
    known_again = bool(told) and bool(told[0].public.get("known_again"))
    cohort = cohort_of(stored_events.opening(tx, row.id).get("recalled")) if known_again else None
    kept = stored_conversations.get_as_staff(tx, row.id) if cohort is not None else None
    # Whom we called did not come again, and who has taken the consent back is nobody we know.
    known = kept is not None and kept.called_number is None and not _forgotten(tx, row.id)
    person = kept.person if kept is not None and known else None
    return Talk(row.channel, row.home_district, cohort), person


def _contacts(tx: Transaction, row: Row[Any], talk: Talk, person: str, new: Sequence[str]) -> Counter[Cell]:
    """Whether somebody came again with the same need (:mod:`donghaeng.store.contacts`)."""
    found: Counter[Cell] = Counter()
    for service in new:
        needs = _answered(tx, row.id) if service == ASK else [need_of(service)]
        again = [contacts.note(tx, row.id, person, need, row.opened_at) for need in needs]
        found.update(cells(talk, row.opened_at, "contacts", service))
        if any(again):
            found.update(cells(talk, row.opened_at, "contacts_again", service))
    return found


def _forgotten(tx: Transaction, conversation: str) -> bool:
    mine = (events.c.conversation_id == conversation) & (events.c.kind == "Forgotten")
    return tx.connection.execute(select(events.c.seq).where(mine).limit(1)).first() is not None


def _answered(tx: Transaction, conversation: str) -> list[str]:
    """What the free questions of a conversation were answered from; nothing where nothing is known of it, as
    two such questions need not be one."""
    told = [one for one in stored_events.of_conversation(tx, conversation) if one.kind == "AnswerSourced"]
    ids = [str(one.private["rows"][0]["id"]) for one in told if one.public.get("service") == ASK]
    return [need_of(ASK, one) for one in dict.fromkeys(ids)]


def _still_open(
    tx: Transaction, row: Row[Any], talk: Talk, now: Folded, before: Row[Any] | None
) -> Counter[Cell]:
    """Note that a service is in hand, or that none is; what was counted as left is taken back: the fold has
    it now, if it was so."""
    taken_back: Counter[Cell] = Counter()
    if before is not None and before.counted:
        taken_back.subtract(_left_cells(before))
    if now.left is not None and now.last_at is not None:
        values = {
            "conversation_id": row.id,
            "last_at": now.last_at,
            "channel": talk.channel,
            "district": talk.district,
            "cohort": talk.cohort,
            "service": now.left,
            "counted": False,
        }
        put(tx, figures_open, ["conversation_id"], values)
    elif before is not None:
        tx.connection.execute(delete(figures_open).where(figures_open.c.conversation_id == row.id))
    return taken_back


def _left_cells(row: Row[Any]) -> list[Cell]:
    talk = Talk(row.channel, row.district, row.cohort)
    return cells(talk, row.last_at, "abandoned", row.service)
