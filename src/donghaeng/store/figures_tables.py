"""Tables of the control tower's figures; part of the same metadata as :mod:`donghaeng.store.tables`.

Nothing personal is in them: counts, names of ours, and which conversations a count was read from.
"""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Date, Float, ForeignKey, Index, Integer, String, Table

from donghaeng.store.instant import Instant
from donghaeng.store.tables import conversations, metadata

_ID = String(64)


def _where() -> tuple[Column[str], ...]:
    return (
        Column("system", String(64), primary_key=True),
        Column("metric", String(48), primary_key=True),
        Column("dimension", String(16), primary_key=True),
        Column("key", String(64), primary_key=True),
    )


figures_hours = Table(
    "figures_hours",
    metadata,
    *_where(),
    Column("hour", Instant, primary_key=True),
    Column("value", Float, nullable=False),
)

figures_days = Table(
    "figures_days",
    metadata,
    *_where(),
    Column("day", Date, primary_key=True),  # of the city's own clock
    Column("value", Float, nullable=False),
)

# How far something that has numbers of its own was read.
figures_positions = Table(
    "figures_positions",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("position", Integer, nullable=False),
)

# Conversations that stand with a service in hand: whoever says nothing more has left.
figures_open = Table(
    "figures_open",
    metadata,
    Column("conversation_id", _ID, ForeignKey(conversations.c.id, ondelete="CASCADE"), primary_key=True),
    Column("last_at", Instant, nullable=False),
    Column("channel", String(16), nullable=False),
    Column("district", String(32)),
    Column("cohort", String(32)),
    Column("service", String(64), nullable=False),
    Column("counted", Boolean, nullable=False),
    Index(None, "counted", "last_at"),
)

# Which services somebody used in the last days who consented to be known again.
figures_contacts = Table(
    "figures_contacts",
    metadata,
    Column("conversation_id", _ID, ForeignKey(conversations.c.id, ondelete="CASCADE"), primary_key=True),
    Column("service", String(64), primary_key=True),  # of a free question with what it was answered from
    Column("mark", String(64), nullable=False),  # of the person, under a key that is used for this alone
    Column("at", Instant, nullable=False),
    Column("again", Boolean, nullable=False),  # the person had come with it some days before
    Column("looked_at", Boolean, nullable=False),  # by the review
    Index(None, "mark", "service", "at"),
    Index(None, "at"),
    Index(None, "again", "looked_at"),
)

figures_systems = Table(
    "figures_systems",
    metadata,
    Column("system", String(64), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("metrics", JSON, nullable=False),  # what its token may report; an empty list: every metric
    Column("every_seconds", Integer, nullable=False),
    Column("added_at", Instant, nullable=False),
    Column("last_at", Instant),
    Column("skew_seconds", Float),
    Column("stopped_at", Instant),
)

figures_batches = Table(
    "figures_batches",
    metadata,
    Column("system", String(64), primary_key=True),
    Column("batch", String(128), primary_key=True),
    Column("at", Instant, nullable=False),
    Column("accepted", Integer, nullable=False),
    Column("refused", JSON, nullable=False),
    Index(None, "at"),
)

# Counters that only ever grow: what each stood at, so that the next report adds the difference.
figures_series = Table(
    "figures_series",
    metadata,
    Column("system", String(64), primary_key=True),
    Column("series", String(64), primary_key=True),
    Column("began", String(24), nullable=False),
    Column("at", String(24), nullable=False),
    Column("value", JSON, nullable=False),
)

figures_alerts = Table(
    "figures_alerts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("system", String(64), nullable=False),
    Column("rule", String(64), nullable=False),
    Column("standing", String(160), unique=True),  # system and rule while it lasts: one at a time
    Column("began_at", Instant, nullable=False),
    Column("told_at", Instant),  # shown from then on; quiet hours may make that later
    Column("value", Float),
    Column("ended_at", Instant),
    Column("seen_at", Instant),
    Column("seen_by", String(64)),
    Index(None, "began_at"),
)
