"""Accounts of staff, their sessions in the console, and whom the organisation's login server knows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Row, and_, delete, insert, select, update

from donghaeng.errors import InputError
from donghaeng.store.factor_tables import staff_factors, staff_first_passwords
from donghaeng.store.store import Transaction
from donghaeng.store.tables import staff, staff_identities, staff_sessions
from donghaeng.store.upserts import insert_new, put
from donghaeng.trust.permissions import Role
from donghaeng.trust.tokens import token_hash

Way = Literal["password", "oidc"]
"""How somebody proved who they are."""
NO_PASSWORD = ""
"""Stands for the hash of an account that only the login server lets in."""


@dataclass(frozen=True, slots=True)
class StaffRow:
    """One account."""

    id: str
    name: str
    """What is typed at the login."""
    shown_name: str
    """What colleagues and citizens read; sealed."""
    role: Role
    password_hash: str = field(repr=False)
    created_at: datetime
    password_at: datetime
    disabled_at: datetime | None = None
    department: str | None = None
    """Whose shared documents the account reads."""


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One login that has not ended."""

    staff: StaffRow
    began_at: datetime
    seen_at: datetime
    way: Way
    first_password: bool = False
    """Somebody else has set the account's password."""
    factor: bool = False
    """The account has a second factor."""


@dataclass(frozen=True, slots=True)
class ShownSession:
    """One login as a list shows it."""

    id: str
    """By which it is ended; the token cannot be told from it."""
    began_at: datetime
    seen_at: datetime
    way: Way


def add(tx: Transaction, row: StaffRow) -> None:
    """Record a new account.

    Raises:
        InputError: the name is taken.
    """
    values = {
        "id": row.id,
        "name": row.name,
        "role": row.role.value,
        "password_hash": row.password_hash,
        "sealed": tx.seal({"shown_name": row.shown_name}, _place(row.id)),
        "created_at": row.created_at,
        "password_at": row.password_at,
        "department": row.department,
    }
    if not insert_new(tx, staff, values):
        raise InputError(f"there is an account {row.name} already", remedy="choose another name")


def by_name(tx: Transaction, name: str) -> StaffRow | None:
    """The account that logs in as ``name``, disabled or not."""
    row = tx.connection.execute(select(staff).where(staff.c.name == name)).first()
    return None if row is None else _read(tx, row)


def by_id(tx: Transaction, staff_id: str) -> StaffRow | None:
    """The account of this id, disabled or not."""
    row = tx.connection.execute(select(staff).where(staff.c.id == staff_id)).first()
    return None if row is None else _read(tx, row)


def everyone(tx: Transaction) -> list[StaffRow]:
    """Every account, by name."""
    return [_read(tx, row) for row in tx.connection.execute(select(staff).order_by(staff.c.name))]


def set_first_password(tx: Transaction, staff_id: str, until: datetime) -> None:
    """Note that the account's password is somebody else's choice, and until when it opens."""
    put(tx, staff_first_passwords, ["staff_id"], {"staff_id": staff_id, "until": until})


def first_password_until(tx: Transaction, staff_id: str) -> datetime | None:
    """Until when the account's first password opens; None where its owner has chosen one."""
    mine = staff_first_passwords.c.staff_id == staff_id
    found: datetime | None = tx.connection.execute(select(staff_first_passwords.c.until).where(mine)).scalar()
    return found


def choose_password(tx: Transaction, staff_id: str, password_hash: str, at: datetime) -> None:
    """Replace the hash by that of a password that its owner chose; leaves the sessions."""
    renew_hash(tx, staff_id, password_hash, at=at)
    tx.connection.execute(delete(staff_first_passwords).where(staff_first_passwords.c.staff_id == staff_id))


def set_password(tx: Transaction, staff_id: str, password_hash: str, at: datetime) -> None:
    """Replace the hash, and end every session of the account."""
    change = update(staff).where(staff.c.id == staff_id)
    tx.connection.execute(change.values(password_hash=password_hash, password_at=at))
    _end(tx, staff_sessions.c.staff_id == staff_id)


def renew_hash(tx: Transaction, staff_id: str, password_hash: str, *, at: datetime | None = None) -> None:
    """Replace the hash and leave the sessions.

    Args:
        tx: the transaction.
        staff_id: the account.
        password_hash: the new one.
        at: when the password was changed; None for the same password under today's costs.
    """
    values = {"password_hash": password_hash, **({"password_at": at} if at is not None else {})}
    tx.connection.execute(update(staff).where(staff.c.id == staff_id).values(**values))


def disable(tx: Transaction, staff_id: str, at: datetime) -> None:
    """Let the account log in no more, and end every session of it."""
    tx.connection.execute(update(staff).where(staff.c.id == staff_id).values(disabled_at=at))
    _end(tx, staff_sessions.c.staff_id == staff_id)


def set_role(tx: Transaction, staff_id: str, role: Role) -> None:
    """Give the account another role; what its sessions may do changes at once."""
    tx.connection.execute(update(staff).where(staff.c.id == staff_id).values(role=role.value))


def set_department(tx: Transaction, staff_id: str, department: str | None) -> None:
    """Put the account into a department; what it may read changes at once."""
    tx.connection.execute(update(staff).where(staff.c.id == staff_id).values(department=department))


def by_identity(tx: Transaction, identity_hash: str) -> StaffRow | None:
    """The account of somebody whom the login server knows, disabled or not."""
    known = select(staff).join(staff_identities, staff_identities.c.staff_id == staff.c.id)
    row = tx.connection.execute(known.where(staff_identities.c.identity_hash == identity_hash)).first()
    return None if row is None else _read(tx, row)


def add_identity(tx: Transaction, identity_hash: str, staff_id: str, at: datetime) -> bool:
    """Let who has this identity log in to the account; false where it belongs to one already."""
    values = {"identity_hash": identity_hash, "staff_id": staff_id, "since": at}
    return insert_new(tx, staff_identities, values)


def begin_session(
    tx: Transaction,
    token: str,
    staff_id: str,
    at: datetime,
    way: Way = "password",
    *,
    most: int | None = None,
) -> bool:
    """Record a login under the hash of ``token``; false where the account was disabled meanwhile.

    Args:
        tx: the transaction.
        token: of the new session.
        staff_id: whose it is.
        at: now.
        way: how they proved who they are.
        most: sessions that the account may have, this one included; those seen longest ago end. No limit
            when None.
    """
    able = and_(staff.c.id == staff_id, staff.c.disabled_at.is_(None))
    if tx.connection.execute(select(staff.c.id).where(able)).first() is None:
        return False
    others = (
        select(staff_sessions.c.token_hash)
        .where(staff_sessions.c.staff_id == staff_id)
        .order_by(staff_sessions.c.seen_at.desc(), staff_sessions.c.began_at.desc())
    )
    surplus = [] if most is None else list(tx.connection.execute(others).scalars())[most - 1 :]
    if surplus:
        _end(tx, staff_sessions.c.token_hash.in_(surplus))
    hashed = token_hash(token)
    values = {"token_hash": hashed, "staff_id": staff_id, "began_at": at, "seen_at": at, "way": way}
    tx.connection.execute(insert(staff_sessions).values(**values))
    return True


def session(tx: Transaction, token: str) -> SessionRow | None:
    """The login that ``token`` stands for, whatever its age; none of a disabled account."""
    row = tx.connection.execute(
        select(
            staff,
            staff_sessions.c.began_at,
            staff_sessions.c.seen_at,
            staff_sessions.c.way,
            staff_first_passwords.c.staff_id.is_not(None).label("first_password"),
            staff_factors.c.sealed.is_not(None).label("factor"),
        )
        .join(staff_sessions, staff_sessions.c.staff_id == staff.c.id)
        .outerjoin(staff_first_passwords, staff_first_passwords.c.staff_id == staff.c.id)
        .outerjoin(staff_factors, staff_factors.c.staff_id == staff.c.id)
        .where(staff_sessions.c.token_hash == token_hash(token), staff.c.disabled_at.is_(None))
    ).first()
    if row is None:
        return None
    return SessionRow(
        _read(tx, row), row.began_at, row.seen_at, row.way, bool(row.first_password), bool(row.factor)
    )


def sessions_of(tx: Transaction, staff_id: str) -> list[ShownSession]:
    """Every session of the account; the newest first."""
    mine = select(staff_sessions).where(staff_sessions.c.staff_id == staff_id)
    rows = tx.connection.execute(mine.order_by(staff_sessions.c.began_at.desc()))
    return [ShownSession(_shown_id(row.token_hash), row.began_at, row.seen_at, row.way) for row in rows]


def session_id(token: str) -> str:
    """By what a list names the session of ``token``."""
    return _shown_id(token_hash(token))


def end_session_of(tx: Transaction, staff_id: str, shown: str) -> bool:
    """Forget the login that a list names so; false where it is none of the account's."""
    mine = select(staff_sessions.c.token_hash).where(staff_sessions.c.staff_id == staff_id)
    for hashed in tx.connection.execute(mine).scalars():
        if _shown_id(hashed) == shown:
            return _end(tx, staff_sessions.c.token_hash == hashed) > 0
    return False


def see_session(tx: Transaction, token: str, at: datetime) -> None:
    """Note that somebody did something."""
    mine = staff_sessions.c.token_hash == token_hash(token)
    tx.connection.execute(update(staff_sessions).where(mine).values(seen_at=at))


def end_session(tx: Transaction, token: str) -> None:
    """Forget a login."""
    _end(tx, staff_sessions.c.token_hash == token_hash(token))


def end_sessions_of(tx: Transaction, staff_id: str, *, but: str | None = None) -> int:
    """Forget every login of the account, except that under the token ``but``; how many there were."""
    wanted = staff_sessions.c.staff_id == staff_id
    if but is not None:
        wanted = and_(wanted, staff_sessions.c.token_hash != token_hash(but))
    return _end(tx, wanted)


def end_all_sessions(tx: Transaction) -> int:
    """Forget every login of everybody; how many there were."""
    return _end(tx, staff_sessions.c.token_hash != "")


def end_sessions_before(tx: Transaction, *, began: datetime, seen: datetime) -> None:
    """Forget the logins that began or were seen last before these moments."""
    _end(tx, (staff_sessions.c.began_at < began) | (staff_sessions.c.seen_at < seen))


def _end(tx: Transaction, wanted: ColumnElement[bool]) -> int:
    return tx.connection.execute(delete(staff_sessions).where(wanted)).rowcount


def _shown_id(hashed: str) -> str:
    # The hash itself is what a session is looked for by, so nobody is shown it.
    return token_hash(hashed)[:24]


def _place(staff_id: str) -> str:
    return f"staff/{staff_id}"


def _read(tx: Transaction, row: Row[Any]) -> StaffRow:
    return StaffRow(
        id=row.id,
        name=row.name,
        shown_name=tx.unseal(row.sealed, _place(row.id))["shown_name"],
        role=Role(row.role),
        password_hash=row.password_hash,
        created_at=row.created_at,
        password_at=row.password_at,
        disabled_at=row.disabled_at,
        department=row.department,
    )
