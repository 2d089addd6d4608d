"""Review items: what went wrong in conversations, each once, and how far each conversation was looked at."""

from __future__ import annotations

import base64
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, Row, and_, exists, func, or_, select, update

from donghaeng.store import contacts
from donghaeng.store.figures_tables import figures_contacts
from donghaeng.store.review_tables import review_items, review_marks
from donghaeng.store.store import Transaction
from donghaeng.store.tables import conversations, handover_lines
from donghaeng.store.upserts import insert_new, put
from donghaeng.trust.tokens import make_id

ItemState = Literal["open", "answered", "dismissed"]
"""``answered``: a proposal was made of it; ``dismissed``: nothing is to be done."""
MOST_LISTED: Final = 5_000
_SUGGESTION: Final = "suggestion"
_CHUNK: Final = 500


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One review item."""

    id: str
    conversation_id: str
    turn: int
    kind: str
    at: datetime
    text: str = field(repr=False)
    """The citizen's words, masked; sealed."""
    service: str | None = None
    detail: str = ""
    state: ItemState = "open"
    cluster: str | None = None


@dataclass(frozen=True, slots=True)
class Unread:
    """A conversation in which something happened since it was looked at."""

    conversation_id: str
    seq: int
    """Its last event."""
    line: int
    """The last verdict on a suggested answer; 0 where there is none."""
    again: tuple[str, ...] = ()
    """What somebody came again with (:mod:`donghaeng.store.contacts`), of which no item was made yet."""


def unread(tx: Transaction, since: datetime, *, limit: int = 200) -> list[Unread]:
    """Conversations opened since a moment in which something new happened. Practice and tests are not among
    them: nobody was failed there."""
    lines = (
        select(handover_lines.c.conversation_id, func.max(handover_lines.c.seq).label("line"))
        .where(handover_lines.c.kind == _SUGGESTION)
        .group_by(handover_lines.c.conversation_id)
        .subquery()
    )
    again = exists().where(
        figures_contacts.c.conversation_id == conversations.c.id,
        figures_contacts.c.again.is_(True),
        figures_contacts.c.looked_at.is_(False),
    )
    line, seq = func.coalesce(lines.c.line, 0), func.coalesce(review_marks.c.seq, 0)
    wanted = and_(
        conversations.c.opened_at >= since,
        conversations.c.practice.is_(False),
        conversations.c.test_clock.is_(None),
        or_(conversations.c.last_seq > seq, line > func.coalesce(review_marks.c.line, 0), again),
    )
    rows = tx.connection.execute(
        select(conversations.c.id, conversations.c.last_seq, line.label("line"))
        .outerjoin(review_marks, review_marks.c.conversation_id == conversations.c.id)
        .outerjoin(lines, lines.c.conversation_id == conversations.c.id)
        .where(wanted)
        .order_by(conversations.c.opened_at, conversations.c.id)
        .limit(limit)
    ).all()
    came_again = contacts.unseen(tx, [row.id for row in rows])
    return [Unread(row.id, row.last_seq, row.line, came_again.get(row.id, ())) for row in rows]


def keep(tx: Transaction, looked_at: Unread, found: Sequence[ItemRow]) -> int:
    """Keep the items of a conversation that are not there yet, and note how far it was looked at; how many
    are new. Their ids are given here."""
    known = {
        (row.turn, row.kind)
        for row in tx.connection.execute(
            select(review_items.c.turn, review_items.c.kind).where(
                review_items.c.conversation_id == looked_at.conversation_id
            )
        )
    }
    new = [row for row in found if (row.turn, row.kind) not in known]
    count = sum(insert_new(tx, review_items, _values(tx, row)) for row in new)
    mark = {"conversation_id": looked_at.conversation_id, "seq": looked_at.seq, "line": looked_at.line}
    put(tx, review_marks, ["conversation_id"], mark)
    if looked_at.again:
        contacts.seen(tx, looked_at.conversation_id, looked_at.again)
    return count


def listed(
    tx: Transaction,
    *,
    state: ItemState | None = "open",
    kind: str | None = None,
    cluster: str | None = None,
    limit: int = MOST_LISTED,
) -> list[ItemRow]:
    """Items, the newest first."""
    wanted: list[ColumnElement[bool]] = []
    if state is not None:
        wanted.append(review_items.c.state == state)
    if kind is not None:
        wanted.append(review_items.c.kind == kind)
    if cluster is not None:
        wanted.append(review_items.c.cluster == cluster)
    rows = tx.connection.execute(
        select(review_items).where(*wanted).order_by(review_items.c.at.desc(), review_items.c.id).limit(limit)
    )
    return [_read(tx, row) for row in rows]


def get(tx: Transaction, item: str) -> ItemRow | None:
    """One item."""
    row = tx.connection.execute(select(review_items).where(review_items.c.id == item)).first()
    return None if row is None else _read(tx, row)


def of(tx: Transaction, items: Collection[str]) -> list[ItemRow]:
    """These items, the newest first."""
    rows = tx.connection.execute(
        select(review_items).where(review_items.c.id.in_(list(items))).order_by(review_items.c.at.desc())
    )
    return [_read(tx, row) for row in rows]


def counts(tx: Transaction) -> dict[str, int]:
    """How many open items there are of each kind."""
    rows = tx.connection.execute(
        select(review_items.c.kind, func.count())
        .where(review_items.c.state == "open")
        .group_by(review_items.c.kind)
    )
    return {str(kind): int(number) for kind, number in rows}


def settle(tx: Transaction, items: Collection[str], state: ItemState) -> int:
    """Give items a state; how many there were."""
    wanted = review_items.c.id.in_(list(items))
    return tx.connection.execute(update(review_items).where(wanted).values(state=state)).rowcount


def vectors(tx: Transaction, items: Collection[str]) -> dict[str, bytes]:
    """The vectors of those of these items that have one, as they were kept."""
    found: dict[str, bytes] = {}
    asked = list(items)
    for begin in range(0, len(asked), _CHUNK):
        chunk = asked[begin : begin + _CHUNK]
        wanted = and_(review_items.c.id.in_(chunk), review_items.c.vector.is_not(None))
        rows = tx.connection.execute(select(review_items.c.id, review_items.c.vector).where(wanted))
        found |= {row.id: base64.b64decode(tx.unseal(row.vector, _vector_place(row.id))) for row in rows}
    return found


def keep_vectors(tx: Transaction, made: dict[str, bytes]) -> None:
    """Keep the vectors of items."""
    for item, vector in made.items():
        # Past the masking of texts, which might take a part of it for a number.
        sealed = tx.sealer.seal(base64.b64encode(vector).decode(), _vector_place(item))
        tx.connection.execute(update(review_items).where(review_items.c.id == item).values(vector=sealed))


def group(tx: Transaction, clusters: dict[str, str]) -> None:
    """Note to which cluster each item belongs."""
    for item, cluster in clusters.items():
        tx.connection.execute(update(review_items).where(review_items.c.id == item).values(cluster=cluster))


def _values(tx: Transaction, row: ItemRow) -> dict[str, Any]:
    item = make_id("ri")
    return {
        "id": item,
        "conversation_id": row.conversation_id,
        "turn": row.turn,
        "kind": row.kind,
        "at": row.at,
        "service": row.service,
        "detail": row.detail,
        "state": row.state,
        "cluster": None,
        "sealed": tx.seal(row.text, _place(item)),
    }


def _place(item: str) -> str:
    return f"review_items/{item}"


def _vector_place(item: str) -> str:
    return f"review_items/{item}/vector"


def _read(tx: Transaction, row: Row[Any]) -> ItemRow:
    return ItemRow(
        id=row.id,
        conversation_id=row.conversation_id,
        turn=row.turn,
        kind=row.kind,
        at=row.at,
        text=tx.unseal(row.sealed, _place(row.id)),
        service=row.service,
        detail=row.detail,
        state=row.state,
        cluster=row.cluster,
    )
