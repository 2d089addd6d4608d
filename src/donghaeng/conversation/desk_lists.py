"""The desk's lists and figures, read from the store."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

import numpy as np

from donghaeng.people.calling import SEOUL
from donghaeng.people.cases import Counsellor, Figures, Line, LineKind, Urgency, Waiting
from donghaeng.people.counselling import GRACE_SECONDS
from donghaeng.store import Transaction, conversations, handover_counts, handover_lines, presence
from donghaeng.store.handover_lines import LineRow
from donghaeng.store.handovers import HandoverRow

TALK: Final = frozenset({LineKind.CITIZEN, LineKind.COUNSELLOR})

IsLive = Callable[[str], bool]
"""Whether the citizen of a conversation is on a live voice line now."""


def to_waiting(
    tx: Transaction, rows: Sequence[HandoverRow], now: datetime, is_live: IsLive
) -> tuple[Waiting, ...]:
    """Hand-overs as rows of a list."""
    channels = conversations.channels(tx, [row.conversation_id for row in rows])
    said = handover_lines.numbers(tx, [row.id for row in rows], TALK)
    return tuple(
        Waiting(
            id=row.id,
            conversation=row.conversation_id,
            state=row.state,
            channel=channels.get(row.conversation_id, "chat"),
            urgency=Urgency(row.urgency),
            reason=row.reason,
            requested_at=row.requested_at,
            waited_seconds=max(0.0, ((row.claimed_at or now) - row.requested_at).total_seconds()),
            topic=row.topic,
            service=row.service,
            owner=row.owner if row.state == "joined" else None,
            claimed_at=row.claimed_at,
            callback_at=row.callback_at,
            has_phone=row.has_phone,
            department=row.department,
            for_staff=row.for_staff,
            live_voice=is_live(row.conversation_id),
            unread=_unread(said[row.id]),
        )
        for row in rows
    )


def to_line(row: LineRow) -> Line:
    """A stored line as counsellors see it."""
    words = row.text or str(((row.reply or {}).get("show") or {}).get("text", ""))
    return Line(row.seq, row.handover_id, LineKind(row.kind), row.at, row.staff, words, row.detail)


def present(tx: Transaction, now: datetime) -> tuple[Counsellor, ...]:
    """The counsellors of whom there was a sign within the grace time."""
    talking = handover_counts.talking(tx)
    there = presence.seen_since(tx, now - timedelta(seconds=GRACE_SECONDS))
    return tuple(Counsellor(one.staff, one.ready, one.seen_at, talking.get(one.staff, 0)) for one in there)


def figures(tx: Transaction, now: datetime) -> Figures:
    """The figures of the day that ``now`` is in, Seoul time."""
    midnight = now.astimezone(SEOUL).replace(hour=0, minute=0, second=0, microsecond=0)
    waits = handover_counts.waits_of_claims(tx, midnight)
    outcomes = handover_counts.outcomes(tx, midnight)
    return Figures(
        waiting=handover_counts.count(tx, "queued"),
        talking=handover_counts.count(tx, "joined"),
        callbacks=handover_counts.count(tx, "callback"),
        claimed=len(waits),
        handled=sum(outcomes.values()),
        waited_p50_seconds=_percentile(waits, 50),
        waited_p95_seconds=_percentile(waits, 95),
        outcomes=outcomes,
        suggestions=_by_verdict(handover_lines.details(tx, LineKind.SUGGESTION, midnight).items()),
    )


def _unread(kinds: Sequence[str]) -> int:
    """How often the citizen spoke after the counsellor's last words."""
    count = 0
    for kind in reversed(kinds):
        if kind != LineKind.CITIZEN:
            break
        count += 1
    return count


def _percentile(waits: Sequence[float], share: int) -> float | None:
    return float(np.percentile(waits, share)) if waits else None


def _by_verdict(details: Iterable[tuple[str, int]]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for detail, number in details:
        verdict = detail.partition(":")[0]
        counts[verdict] = counts.get(verdict, 0) + number
    return counts
