"""The smart-city alliance: members, events, sign-ups. Bodies and heads, no persons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, and_, func, insert, or_, select, update

from donghaeng.errors import InputError
from donghaeng.store.store import Transaction
from donghaeng.store.tower_tables import alliance_events as events
from donghaeng.store.tower_tables import alliance_members as members
from donghaeng.store.tower_tables import alliance_signups as signups
from donghaeng.store.upserts import insert_new
from donghaeng.trust.tokens import make_id


@dataclass(frozen=True, slots=True)
class Member:
    """A body of the alliance."""

    name: str
    kind: str
    joined_on: date
    district: str | None = None
    left_on: date | None = None
    id: str = ""

    def is_in(self, on: date) -> bool:
        """Whether it belonged to the alliance on a day."""
        return self.joined_on <= on and (self.left_on is None or on <= self.left_on)


@dataclass(frozen=True, slots=True)
class Event:
    """A day of a programme."""

    programme: str
    name: str
    on: date
    place: str
    seats: int
    id: str = ""
    taken: int = 0
    """Heads that are signed up."""
    attended: int = 0
    """Bodies that came."""


def put_member(tx: Transaction, row: Member, source: str, at: datetime) -> bool:
    """Keep a member, or what changed of it; true where it is new."""
    values: dict[str, Any] = {
        "kind": row.kind,
        "district": row.district,
        "joined_on": row.joined_on,
        "left_on": row.left_on,
        "source": source,
        "imported_at": at,
    }
    if insert_new(tx, members, {"id": make_id("m"), "name": row.name, **values}):
        return True
    tx.connection.execute(update(members).where(members.c.name == row.name).values(**values))
    return False


def put_event(tx: Transaction, row: Event, source: str, at: datetime) -> bool:
    """Keep an event, or what changed of it; true where it is new."""
    key = {"programme": row.programme, "name": row.name, "on": row.on}
    values: dict[str, Any] = {"place": row.place, "seats": row.seats, "source": source, "imported_at": at}
    if insert_new(tx, events, {"id": make_id("ev"), **key, **values}):
        return True
    same = and_(events.c.programme == row.programme, events.c.name == row.name, events.c.on == row.on)
    tx.connection.execute(update(events).where(same).values(**values))
    return False


def sign_up(tx: Transaction, event: str, member: str, heads: int, *, by: str, at: datetime, on: date) -> bool:
    """Sign a member up for an event; false where it is already.

    Args:
        tx: a transaction.
        event: its id.
        member: its id.
        heads: how many come.
        by: who signs it up.
        at: now.
        on: today, for the rule that nobody signs up for what is over.

    Raises:
        InputError: no such event or member, it is over, it is full, or the body was no member then.
    """
    row = tx.connection.execute(select(events).where(events.c.id == event).with_for_update()).first()
    body = tx.connection.execute(select(members).where(members.c.id == member)).first()
    if row is None or body is None:
        raise InputError("행사나 기관을 찾지 못했어요")
    if not _member(body).is_in(row.on):
        raise InputError("그날 얼라이언스 회원이 아닌 기관이에요")
    if row.on < on:
        raise InputError("이미 지난 행사예요")
    if heads < 1:
        raise InputError("몇 명이 오는지 적어 주세요")
    mine = and_(signups.c.event_id == event, signups.c.member_id == member)
    before = tx.connection.execute(select(signups).where(mine)).first()
    if before is not None and before.cancelled_at is None:
        return False
    if _taken(tx, event) + heads > row.seats:
        raise InputError("자리가 모자라요")
    values = {"heads": heads, "signed_at": at, "by": by, "cancelled_at": None, "attended": None}
    if before is None:
        tx.connection.execute(insert(signups).values(event_id=event, member_id=member, **values))
    else:
        tx.connection.execute(update(signups).where(mine).values(**values))
    return True


def sign_off(tx: Transaction, event: str, member: str, at: datetime) -> bool:
    """Take a sign-up back; false where there is none."""
    mine = and_(signups.c.event_id == event, signups.c.member_id == member, signups.c.cancelled_at.is_(None))
    return tx.connection.execute(update(signups).where(mine).values(cancelled_at=at)).rowcount > 0


def note_attendance(tx: Transaction, event: str, member: str, heads: int, *, by: str, at: datetime) -> bool:
    """Note that a body came, signed up or not; false where that is known."""
    mine = and_(signups.c.event_id == event, signups.c.member_id == member)
    before = tx.connection.execute(select(signups).where(mine)).first()
    if before is not None and before.attended:
        return False
    values = {"heads": heads, "attended": True, "cancelled_at": None}
    if before is None:
        tx.connection.execute(
            insert(signups).values(event_id=event, member_id=member, signed_at=at, by=by, **values)
        )
    else:
        tx.connection.execute(update(signups).where(mine).values(**values))
    return True


def find_member(tx: Transaction, name: str) -> Member | None:
    """A member by its name."""
    row = tx.connection.execute(select(members).where(members.c.name == name)).first()
    return None if row is None else _member(row)


def find_event(tx: Transaction, programme: str, name: str, on: date) -> Event | None:
    """An event by what it is called."""
    same = and_(events.c.programme == programme, events.c.name == name, events.c.on == on)
    row = tx.connection.execute(select(events).where(same)).first()
    return None if row is None else _event(row, 0, 0)


def all_members(tx: Transaction) -> list[Member]:
    """Every member, by name."""
    return [_member(row) for row in tx.connection.execute(select(members).order_by(members.c.name))]


def all_events(tx: Transaction, begins: date, ends: date) -> list[Event]:
    """The events of a time with what is taken and who came, the newest first."""
    heads = func.coalesce(func.sum(signups.c.heads).filter(signups.c.cancelled_at.is_(None)), 0)
    came = func.count().filter(signups.c.attended.is_(True))
    rows = tx.connection.execute(
        select(events, heads.label("taken"), came.label("came"))
        .outerjoin(signups, signups.c.event_id == events.c.id)
        .where(events.c.on >= begins, events.c.on <= ends)
        .group_by(events.c.id)
        .order_by(events.c.on.desc(), events.c.name)
    )
    return [_event(row, int(row.taken), int(row.came)) for row in rows]


def participants(tx: Transaction, begins: date, ends: date) -> list[tuple[str, date]]:
    """Members that came to an event of a time while they belonged to the alliance, with the day they first
    did, by day."""
    first = func.min(events.c.on)
    rows = tx.connection.execute(
        select(members.c.name, first)
        .join(signups, signups.c.member_id == members.c.id)
        .join(events, events.c.id == signups.c.event_id)
        .where(
            signups.c.attended.is_(True),
            events.c.on >= begins,
            events.c.on <= ends,
            members.c.joined_on <= events.c.on,
            or_(members.c.left_on.is_(None), members.c.left_on >= events.c.on),
        )
        .group_by(members.c.name)
        .order_by(first, members.c.name)
    )
    return [(str(row[0]), row[1]) for row in rows]


def _taken(tx: Transaction, event: str) -> int:
    wanted = and_(signups.c.event_id == event, signups.c.cancelled_at.is_(None))
    found = tx.connection.execute(select(func.coalesce(func.sum(signups.c.heads), 0)).where(wanted)).scalar()
    return int(found or 0)


def _member(row: Row[Any]) -> Member:
    return Member(row.name, row.kind, row.joined_on, row.district, row.left_on, row.id)


def _event(row: Row[Any], taken: int, attended: int) -> Event:
    return Event(row.programme, row.name, row.on, row.place, row.seats, row.id, taken, attended)
