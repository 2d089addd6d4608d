"""Second factors of staff: the sealed secret, what was used of it, and recovery codes by their hashes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, insert, select, update

from donghaeng.store.factor_tables import staff_factors, staff_recovery_codes
from donghaeng.store.store import Transaction
from donghaeng.store.upserts import insert_new
from donghaeng.trust.tokens import token_hash


@dataclass(frozen=True, slots=True)
class FactorRow:
    """The factor of one account."""

    secret: str | None
    """Sealed in the database; None until the first is confirmed."""
    since: datetime | None
    last_step: int
    failures: int
    offered: str | None
    """A secret that the account's owner is just taking over."""
    offered_at: datetime | None
    codes: int
    """Recovery codes that are left."""


def get(tx: Transaction, staff_id: str) -> FactorRow | None:
    """The factor of an account; None where none was ever offered."""
    row = tx.connection.execute(select(staff_factors).where(staff_factors.c.staff_id == staff_id)).first()
    if row is None:
        return None
    left = select(func.count()).select_from(staff_recovery_codes)
    codes = tx.connection.execute(left.where(staff_recovery_codes.c.staff_id == staff_id)).scalar_one()
    return FactorRow(
        secret=_open(tx, row.sealed, _place(staff_id)),
        since=row.since,
        last_step=row.last_step,
        failures=row.failures,
        offered=_open(tx, row.offered_sealed, _offered_place(staff_id)),
        offered_at=row.offered_at,
        codes=codes,
    )


def with_factor(tx: Transaction) -> frozenset[str]:
    """The ids of the accounts that have one."""
    found = select(staff_factors.c.staff_id).where(staff_factors.c.sealed.is_not(None))
    return frozenset(tx.connection.execute(found).scalars())


def offer(tx: Transaction, staff_id: str, secret: str, at: datetime) -> None:
    """Keep a secret that its owner takes over next; the one in force stays until then."""
    insert_new(tx, staff_factors, {"staff_id": staff_id, "last_step": 0, "failures": 0})
    sealed = tx.seal(secret, _offered_place(staff_id))
    _change(tx, staff_id, offered_sealed=sealed, offered_at=at)


def confirm(
    tx: Transaction, staff_id: str, secret: str, codes: Sequence[str], *, step: int, at: datetime
) -> None:
    """Let the secret that was offered be the one in force, under new recovery codes.

    Args:
        tx: the transaction.
        staff_id: the account.
        secret: the one that was offered.
        codes: recovery codes in clear; those from before are over.
        step: the time step of the code that showed it to work; it opens nothing more.
        at: now.
    """
    sealed = tx.seal(secret, _place(staff_id))
    _change(
        tx,
        staff_id,
        sealed=sealed,
        since=at,
        last_step=step,
        failures=0,
        offered_sealed=None,
        offered_at=None,
    )
    put_codes(tx, staff_id, codes)


def put_codes(tx: Transaction, staff_id: str, codes: Sequence[str]) -> None:
    """Put new recovery codes in place of those that are left."""
    _drop_codes(tx, staff_id)
    rows = [{"code_hash": token_hash(code), "staff_id": staff_id} for code in codes]
    tx.connection.execute(insert(staff_recovery_codes), rows)


def use_step(tx: Transaction, staff_id: str, step: int) -> bool:
    """Use the code of a time step; false where it or a later one was used before. Of two who use one at the
    same moment, one is told so."""
    mine = (staff_factors.c.staff_id == staff_id) & (staff_factors.c.last_step < step)
    change = update(staff_factors).where(mine).values(last_step=step, failures=0)
    return tx.connection.execute(change).rowcount == 1


def use_code(tx: Transaction, staff_id: str, code: str) -> bool:
    """Use a recovery code up; false where it is none of the account's."""
    mine = (staff_recovery_codes.c.code_hash == token_hash(code)) & (
        staff_recovery_codes.c.staff_id == staff_id
    )
    used = tx.connection.execute(delete(staff_recovery_codes).where(mine)).rowcount == 1
    if used:
        _change(tx, staff_id, failures=0)
    return used


def fail(tx: Transaction, staff_id: str) -> None:
    """Count a wrong code."""
    change = update(staff_factors).where(staff_factors.c.staff_id == staff_id)
    tx.connection.execute(change.values(failures=staff_factors.c.failures + 1))


def forget(tx: Transaction, staff_id: str) -> bool:
    """Forget the factor and its recovery codes; false where there was none."""
    _drop_codes(tx, staff_id)
    gone = delete(staff_factors).where(staff_factors.c.staff_id == staff_id)
    return tx.connection.execute(gone).rowcount == 1


def _drop_codes(tx: Transaction, staff_id: str) -> None:
    mine = staff_recovery_codes.c.staff_id == staff_id
    tx.connection.execute(delete(staff_recovery_codes).where(mine))


def _change(tx: Transaction, staff_id: str, **values: object) -> None:
    tx.connection.execute(update(staff_factors).where(staff_factors.c.staff_id == staff_id).values(**values))


def _open(tx: Transaction, blob: bytes | None, place: str) -> str | None:
    return None if blob is None else str(tx.unseal(blob, place))


def _place(staff_id: str) -> str:
    return f"staff_factors/{staff_id}"


def _offered_place(staff_id: str) -> str:
    return f"staff_factors/{staff_id}/offered"
