"""How an installation stands: what waits, who is there, when it was backed up. Counts, never contents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, func, insert, select

from donghaeng.store import handover_counts, leaks, machine_switch, presence
from donghaeng.store.machine_switch import SwitchRow
from donghaeng.store.store import Transaction
from donghaeng.store.tables import outbox, store_facts
from donghaeng.trust.leaks import Leak

BACKUP: Final = "backup/last"
"""Name of the fact that holds the moment of the last backup."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One look."""

    pending: int
    """Confirmed writes whose answer is awaited."""
    oldest: datetime | None
    """When the oldest of them was confirmed."""
    waiting: int
    """Citizens who wait for a counsellor."""
    ready: int
    """Counsellors who could take one."""
    switched: SwitchRow | None
    """The last turn of the off switch."""
    backup_at: datetime | None
    leaks: tuple[Leak, ...]
    """Those whose clock runs."""


def look(tx: Transaction, seen_since: datetime) -> Standing:
    """How it stands now.

    Args:
        tx: a transaction.
        seen_since: counsellors without a sign since are not there.
    """
    wanted = select(func.count(), func.min(outbox.c.created_at)).where(outbox.c.state == "pending")
    pending, oldest = tx.connection.execute(wanted).one()
    return Standing(
        pending=pending,
        oldest=oldest,
        waiting=handover_counts.count(tx, "queued"),
        ready=sum(one.ready for one in presence.seen_since(tx, seen_since)),
        switched=next(iter(machine_switch.newest(tx, limit=1)), None),
        backup_at=backed_up_at(tx),
        leaks=tuple(one for one in leaks.every(tx) if one.ticking),
    )


def note_backup(tx: Transaction, at: datetime) -> None:
    """Note that the records were backed up."""
    tx.connection.execute(delete(store_facts).where(store_facts.c.name == BACKUP))
    sealed = tx.seal(at.isoformat(), f"store_facts/{BACKUP}")
    tx.connection.execute(insert(store_facts).values(name=BACKUP, sealed=sealed))


def backed_up_at(tx: Transaction) -> datetime | None:
    """When they were last backed up, as far as was noted."""
    sealed = tx.connection.execute(select(store_facts.c.sealed).where(store_facts.c.name == BACKUP)).scalar()
    return None if sealed is None else datetime.fromisoformat(str(tx.unseal(sealed, f"store_facts/{BACKUP}")))


def age(moment: datetime | None, now: datetime) -> timedelta | None:
    """How long ago ``moment`` was; None where there was none. Never less than nothing."""
    return None if moment is None else max(now - moment, timedelta(0))
