"""Tables of second factors and of first passwords; part of the same metadata as
:mod:`donghaeng.store.tables`."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, String, Table

from donghaeng.store.instant import Instant
from donghaeng.store.tables import metadata, staff

_ID = String(64)

# The secret that an account shares with its authenticator. One row an account; a secret that nobody has shown
# to work yet stands beside the one in force.
staff_factors = Table(
    "staff_factors",
    metadata,
    Column("staff_id", _ID, ForeignKey(staff.c.id, ondelete="CASCADE"), primary_key=True),
    Column("sealed", LargeBinary),  # the secret in force; null until the first is confirmed
    Column("since", Instant),
    Column("last_step", BigInteger, nullable=False),  # the newest time step whose code was used
    Column("failures", Integer, nullable=False),  # wrong codes since the last right one
    Column("offered_sealed", LargeBinary),
    Column("offered_at", Instant),
)

# Codes for who has lost the authenticator, by the hash of their 120 random bits; each goes with its use.
staff_recovery_codes = Table(
    "staff_recovery_codes",
    metadata,
    Column("code_hash", String(64), primary_key=True),
    Column("staff_id", _ID, ForeignKey(staff.c.id, ondelete="CASCADE"), nullable=False),
    Index(None, "staff_id"),
)

# Accounts whose password somebody else has set: until when it opens, and that its owner must choose another.
staff_first_passwords = Table(
    "staff_first_passwords",
    metadata,
    Column("staff_id", _ID, ForeignKey(staff.c.id, ondelete="CASCADE"), primary_key=True),
    Column("until", Instant, nullable=False),
)
