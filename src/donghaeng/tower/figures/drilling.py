"""From a figure of a day to the conversations that it counts. Which they are is for who may read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from sqlalchemy import and_, exists, select

from donghaeng.store.figures import CITY_TIME
from donghaeng.store.figures_tables import figures_contacts as contacts
from donghaeng.store.store import Transaction
from donghaeng.store.tables import conversations, events
from donghaeng.tower.figures.definitions import Metric
from donghaeng.tower.figures.folding import ALL
from donghaeng.tower.figures.rolling import folded

MOST: Final = 30
MOST_LOOKED_AT: Final = 1_000
CONTACTS: Final = frozenset({"contacts", "contacts_again"})
"""Counted over conversations of a person who consented to be known again."""
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
    if counted in CONTACTS:
        return _contacts(tx, begin, again=counted == "contacts_again")
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
    # In pieces: of a figure that counts often, the first few hold all that is shown.
    every = rows.all()
    for begin_at in range(0, len(every), MOST):
        piece = every[begin_at : begin_at + MOST]
        for row, one in zip(piece, folded(tx, piece), strict=True):
            cells = one.counts.items()
            times = sum(n for cell, n in cells if (cell.metric, cell.dimension) == (counted, ALL))
            if times:
                found.append(Counted(row.id, row.opened_at.astimezone(CITY_TIME), row.channel, times))
        if len(found) >= MOST:
            break
    return found[:MOST]


def _contacts(tx: Transaction, begin: datetime, *, again: bool) -> list[Counted]:
    """Conversations of a day of citizens who consented, or those that came again with the same wish."""
    of_day = (contacts.c.at >= begin) & (contacts.c.at < begin + timedelta(days=1))
    rows = tx.connection.execute(
        select(conversations.c.id, conversations.c.channel, contacts.c.at)
        .join(contacts, contacts.c.conversation_id == conversations.c.id)
        .where(of_day & contacts.c.again.is_(True) if again else of_day)
    )
    found: dict[str, Counted] = {}
    for name, channel, at in rows:
        times = found[name].times if name in found else 0
        found[name] = Counted(name, at.astimezone(CITY_TIME), channel, times + 1)
    return sorted(found.values(), key=lambda one: one.opened_at, reverse=True)[:MOST]
