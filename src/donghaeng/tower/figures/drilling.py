"""From a figure of a day to the conversations that it counts. Which they are is for who may read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from sqlalchemy import and_, exists, select

from donghaeng.store.figures import CITY_TIME
from donghaeng.store.store import Transaction
from donghaeng.store.tables import conversations, events
from donghaeng.tower.figures.definitions import Metric
from donghaeng.tower.figures.rolling import folded

MOST: Final = 30
MOST_LOOKED_AT: Final = 1_000
_KIND: Final = {
    "no_match": "Missed",
    "handovers": "HandoverChanged",
    "completed": "FrameClosed",
    "abandoned": "FrameOpened",
    "taken": "FrameOpened",
    "calls": "CallFinished",
    "calls_failed": "CallFinished",
    "answers": "CallFinished",
    "answers_cited": "AnswerSourced",
    "emergencies": "EmergencyNoticed",
    "reprompts": "Asked",
}


@dataclass(frozen=True, slots=True)
class Counted:
    """A conversation, and how often it counts."""

    id: str
    opened_at: datetime
    channel: str
    times: int


def conversations_of(tx: Transaction, metric: Metric, day: date) -> list[Counted]:
    """Conversations opened on a day that count in a metric, the newest first; :data:`MOST` at most."""
    begin = datetime(day.year, day.month, day.day, tzinfo=CITY_TIME).astimezone(UTC)
    counted = metric.formula.of
    wanted = and_(
        conversations.c.opened_at >= begin,
        conversations.c.opened_at < begin + timedelta(days=1),
        conversations.c.practice.is_(False),
        conversations.c.test_clock.is_(None),
    )
    kind = _KIND.get(counted)
    if kind is not None:
        wanted &= exists().where(events.c.conversation_id == conversations.c.id, events.c.kind == kind)
    rows = tx.connection.execute(
        select(conversations).where(wanted).order_by(conversations.c.opened_at.desc()).limit(MOST_LOOKED_AT)
    )
    found: list[Counted] = []
    for row in rows.all():
        counts = folded(tx, row).counts
        times = sum(n for cell, n in counts.items() if (cell.metric, cell.dimension) == (counted, "all"))
        if times:
            found.append(Counted(row.id, row.opened_at.astimezone(CITY_TIME), row.channel, times))
        if len(found) == MOST:
            break
    return found
