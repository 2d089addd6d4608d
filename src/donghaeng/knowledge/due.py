"""Which documents somebody has to look at: they no longer hold, or their day of review has come. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from enum import IntEnum
from typing import Final, Protocol

from donghaeng.store.knowledge import VersionRow

DUE_DAYS: Final = 30
"""How long before its day a document is named as due."""


class Due(IntEnum):
    """How a published version stands on a day, the most urgent first."""

    EXPIRED = 0
    """The last day on which it holds is over: no answer comes from it."""
    OVERDUE = 1
    """The day by which somebody was to look at it again is over; it still answers."""
    SOON = 2
    """One of these days is near."""
    NOT = 3


class Dated(Protocol):
    """What holds until a day, and is looked at again by a day."""

    @property
    def review_by(self) -> date | None:
        """By when somebody looks at it again."""

    @property
    def valid_until(self) -> date | None:
        """The last day on which it holds."""


def due(row: VersionRow, today: date, days: int = DUE_DAYS) -> Due:
    """How a version stands; one that is not published is never due."""
    return Due.NOT if row.state != "published" else due_on(row, today, days)


def due_on(row: Dated, today: date, days: int = DUE_DAYS) -> Due:
    """How something that answers stands on a day."""
    if row.valid_until is not None and row.valid_until < today:
        return Due.EXPIRED
    if row.review_by is not None and row.review_by < today:
        return Due.OVERDUE
    day = next_day(row)
    return Due.SOON if day is not None and day <= today + timedelta(days=days) else Due.NOT


def next_day(row: Dated) -> date | None:
    """The earlier of the days of review and of expiry; None where there is neither."""
    return min((day for day in (row.review_by, row.valid_until) if day is not None), default=None)


def urgency(row: VersionRow, today: date, days: int = DUE_DAYS) -> tuple[int, date]:
    """Sorts versions: what is due first, of the same kind the earlier day."""
    standing = due(row, today, days)
    return standing, (next_day(row) or date.max) if standing is not Due.NOT else date.max


def tally(rows: Iterable[VersionRow], today: date, days: int = DUE_DAYS) -> Counter[Due]:
    """How many versions stand in which way."""
    return Counter(due(row, today, days) for row in rows)
