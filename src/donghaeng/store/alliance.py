"""The smart-city alliance: members, events, sign-ups. Bodies and heads, no persons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Row, Select, and_, func, insert, or_, select, update

from donghaeng.errors import InputError
from donghaeng.store import alliance_bookings
from donghaeng.store.store import Transaction
from donghaeng.store.tower_tables import alliance_events as events
from donghaeng.store.tower_tables import alliance_members as members
from donghaeng.store.tower_tables import alliance_signups as signups
from donghaeng.store.upserts import put_rows
from donghaeng.trust.tokens import make_id

EventKey = tuple[str, str, date]
"""Programme, name and day of an event."""
_ASKED_AT_ONCE: Final = 500


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

    @property
    def key(self) -> EventKey:
        """What tells it from every other event."""
        return (self.programme, self.name, self.on)


class Came(NamedTuple):
    """That a body came to an event."""

    event: str
    """Its id."""
    member: str
    """Its id."""
    heads: int


def put_members(tx: Transaction, rows: Sequence[Member], source: str, at: datetime) -> int:
    """Keep members, or what changed of them; how many are new. The last of two rows of one name holds."""
    names = {row.name for row in rows}
    known = set(_matching(tx, select(members.c.name), members.c.name, names))
    values = [
        {
            "id": make_id("m"),
            "name": row.name,
            "kind": row.kind,
            "district": row.district,
            "joined_on": row.joined_on,
            "left_on": row.left_on,
            "source": source,
            "imported_at": at,
        }
        for row in rows
    ]
    changed = ("kind", "district", "joined_on", "left_on", "source", "imported_at")
    put_rows(tx, members, ("name",), values, changed=changed)
    return len(names - {row.name for row in known})


def put_events(tx: Transaction, rows: Sequence[Event], source: str, at: datetime) -> int:
    """Keep events, or what changed of them; how many are new. The last of two rows of one event holds."""
    keys = {row.key for row in rows}
    known = find_events(tx, keys)
    values = [
        {
            "id": make_id("ev"),
            "programme": row.programme,
            "name": row.name,
            "on": row.on,
            "place": row.place,
            "seats": row.seats,
            "source": source,
            "imported_at": at,
        }
        for row in rows
    ]
    changed = ("place", "seats", "source", "imported_at")
    put_rows(tx, events, ("programme", "name", "on"), values, changed=changed)
    return len(keys - set(known))


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
    if alliance_bookings.taken(tx, event, at) + heads > row.seats:
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


def note_attendance(tx: Transaction, rows: Sequence[Came], *, by: str, at: datetime) -> int:
    """Note that bodies came, signed up or not; of how many that was not known. A second row of a body that is
    known to have come changes nothing."""
    values = [
        {
            "event_id": row.event,
            "member_id": row.member,
            "heads": row.heads,
            "signed_at": at,
            "by": by,
            "attended": True,
            "cancelled_at": None,
        }
        for row in rows
    ]
    changed = ("heads", "attended", "cancelled_at")
    unknown = signups.c.attended.is_not(True)
    return put_rows(tx, signups, ("event_id", "member_id"), values, changed=changed, where=unknown)


def find_members(tx: Transaction, names: Iterable[str]) -> dict[str, Member]:
    """Members by their names."""
    rows = _matching(tx, select(members), members.c.name, set(names))
    return {row.name: _member(row) for row in rows}


def find_member(tx: Transaction, name: str) -> Member | None:
    """A member by its name."""
    return find_members(tx, [name]).get(name)


def find_events(tx: Transaction, keys: Iterable[EventKey]) -> dict[EventKey, Event]:
    """Events by what they are called."""
    wanted = set(keys)
    rows = _matching(tx, select(events), events.c.name, {name for _, name, _ in wanted})
    found = (_event(row, 0, 0) for row in rows)
    return {one.key: one for one in found if one.key in wanted}


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


def _matching(
    tx: Transaction, rows: Select[Any], column: ColumnElement[str], values: set[str]
) -> Iterator[Row[Any]]:
    """Rows whose column has one of some values, asked for in parts that every database takes."""
    ordered = sorted(values)
    for start in range(0, len(ordered), _ASKED_AT_ONCE):
        some = ordered[start : start + _ASKED_AT_ONCE]
        yield from tx.connection.execute(rows.where(column.in_(some)))


def _member(row: Row[Any]) -> Member:
    return Member(row.name, row.kind, row.joined_on, row.district, row.left_on, row.id)


def _event(row: Row[Any], taken: int, attended: int) -> Event:
    return Event(row.programme, row.name, row.on, row.place, row.seats, row.id, taken, attended)
