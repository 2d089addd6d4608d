"""Steps of the desk's transactions: whose a hand-over is, and the lines that tell what became of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from donghaeng.errors import InputError
from donghaeng.people.cases import LONGEST_WORDS, Line, LineKind, NotTheOwner, UnknownHandover
from donghaeng.people.counselling import GRACE_SECONDS
from donghaeng.store import Transaction, handover_lines, handovers, presence
from donghaeng.store.handover_lines import LineRow
from donghaeng.store.handovers import HandoverRow
from donghaeng.store.presence import PresentRow
from donghaeng.trust.masking import mask


def known(tx: Transaction, handover: str) -> HandoverRow:
    """A hand-over.

    Raises:
        UnknownHandover: there is none of that id.
    """
    row = handovers.get(tx, handover)
    if row is None:
        raise UnknownHandover(f"no hand-over {handover}")
    return row


def hold(tx: Transaction, handover: str, staff: str) -> HandoverRow:
    """A hand-over that a counsellor has, and that nothing else changes until the commit.

    Raises:
        UnknownHandover: there is none of that id.
        NotTheOwner: they do not have it.
    """
    held = handovers.hold(tx, handover, staff)
    row = known(tx, handover)
    require(row, held)
    return row


def require(row: HandoverRow, held: bool) -> None:
    """Go on only where the counsellor has it.

    Raises:
        NotTheOwner: they do not.
    """
    if not held:
        raise NotTheOwner(f"hand-over {row.id} is not this counsellor's", remedy="look at the queue again")


def note_claim(tx: Transaction, row: HandoverRow, staff: str, now: datetime) -> None:
    """Write down that a counsellor has claimed it, which is a sign of them too."""
    presence.note(tx, PresentRow(staff, ready=is_ready(tx, staff, now), seen_at=now))
    add(tx, row, LineKind.CLAIMED, now, staff=staff)


def is_ready(tx: Transaction, staff: str, now: datetime) -> bool:
    """Whether a counsellor takes new conversations; one of whom nothing is known does."""
    there = presence.seen_since(tx, now - timedelta(seconds=GRACE_SECONDS))
    return next((one.ready for one in there if one.staff == staff), True)


def add(
    tx: Transaction,
    row: HandoverRow,
    kind: LineKind,
    now: datetime,
    *,
    staff: str | None = None,
    detail: str | None = None,
    text: str = "",
    key: str | None = None,
) -> Line:
    """Write a line of a hand-over; ``key`` as in :func:`donghaeng.store.handover_lines.add`."""
    line = LineRow(row.id, row.conversation_id, kind.value, now, staff, detail, text)
    seq = handover_lines.add(tx, line, key=key)
    return Line(seq, row.id, kind, now, staff, text, detail)


def written(text: str) -> str:
    """A counsellor's words, masked as all are.

    Raises:
        InputError: there are none, or too many.
    """
    stripped = text.strip()
    if not stripped:
        raise InputError("nothing was written", remedy="write something")
    if len(stripped) > LONGEST_WORDS:
        raise InputError(
            f"{len(stripped)} characters are too many", remedy=f"at most {LONGEST_WORDS} are taken"
        )
    return mask(stripped).text
