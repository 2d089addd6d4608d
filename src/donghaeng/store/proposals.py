"""Proposals of reviewers: what they change, what that does, who published them and who took them back.

A proposal's change is never written over. What is in force are the published ones; the list of publications
is only added to, and the database refuses that author and publisher are one person.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, Row, Select, and_, delete, func, insert, select, update

from donghaeng.store.review_tables import (
    proposal_items,
    proposals,
    publications,
    review_effects,
    review_items,
)
from donghaeng.store.store import Transaction
from donghaeng.store.tables import conversations
from donghaeng.store.upserts import put

ProposalState = Literal["draft", "published", "rolled_back", "withdrawn"]
"""``withdrawn``: given up before it was published; ``rolled_back``: taken back after."""
STATES: Final[tuple[ProposalState, ...]] = ("draft", "published", "rolled_back", "withdrawn")
DRAFTS: Final[tuple[ProposalState, ...]] = ("draft",)
Action = Literal["published", "rolled_back"]
EffectState = Literal["running", "done", "failed"]
MOST_LISTED: Final = 200


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """One proposal."""

    id: str
    kind: str
    author: str
    """Account."""
    created_at: datetime
    change: Mapping[str, Any] = field(repr=False)
    """What is changed, as :mod:`donghaeng.review.changes` writes it; sealed."""
    test: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """The conversation test that fails without it; sealed."""
    note: str = field(default="", repr=False)
    """The author's words; sealed."""
    state: ProposalState = "draft"
    published_by: str | None = None
    changed_at: datetime | None = None
    document_id: str | None = None
    """Of the passage, once published."""


@dataclass(frozen=True, slots=True)
class EffectRow:
    """What was measured of a proposal, or how far that is."""

    proposal_id: str
    state: EffectState
    basis: str
    """What it was measured on: the catalogue, what is in force, the tests and cases."""
    at: datetime
    """Of the last sign."""
    done: int = 0
    total: int = 0
    result: Mapping[str, Any] | None = field(default=None, repr=False)
    """Sealed: it quotes what citizens said."""


@dataclass(frozen=True, slots=True)
class PublicationRow:
    """One step of the history."""

    seq: int
    proposal_id: str
    action: Action
    staff: str
    at: datetime
    reason: str = field(default="", repr=False)


def add(tx: Transaction, row: ProposalRow, items: Collection[str]) -> None:
    """Record a proposal and the items that it answers."""
    tx.connection.execute(
        insert(proposals).values(
            id=row.id,
            kind=row.kind,
            state=row.state,
            author=row.author,
            created_at=row.created_at,
            changed_at=row.created_at,
            sealed=tx.seal({"change": row.change, "test": row.test, "note": row.note}, _place(row.id)),
        )
    )
    for item in items:
        tx.connection.execute(insert(proposal_items).values(proposal_id=row.id, item_id=item))


def get(tx: Transaction, proposal: str) -> ProposalRow | None:
    """One proposal."""
    row = tx.connection.execute(select(proposals).where(proposals.c.id == proposal)).first()
    return None if row is None else _read(tx, row)


def listed(
    tx: Transaction, states: Collection[ProposalState], *, limit: int = MOST_LISTED
) -> list[ProposalRow]:
    """The proposals in some states, the newest first."""
    rows = tx.connection.execute(
        select(proposals)
        .where(proposals.c.state.in_(list(states)))
        .order_by(proposals.c.created_at.desc(), proposals.c.id)
        .limit(limit)
    )
    return [_read(tx, row) for row in rows]


def in_force(tx: Transaction) -> list[ProposalRow]:
    """The published proposals, in the order in which they were published."""
    last = (
        select(publications.c.proposal_id, func.max(publications.c.seq).label("seq"))
        .group_by(publications.c.proposal_id)
        .subquery()
    )
    rows = tx.connection.execute(
        select(proposals)
        .join(last, last.c.proposal_id == proposals.c.id)
        .where(proposals.c.state == "published")
        .order_by(last.c.seq)
    )
    return [_read(tx, row) for row in rows]


def revision(tx: Transaction) -> int:
    """Number of the last publication or roll-back: what is in force changes with it alone."""
    return int(tx.connection.execute(select(func.coalesce(func.max(publications.c.seq), 0))).scalar_one())


def items_of(tx: Transaction, proposal: str) -> list[str]:
    """Ids of the items that a proposal answers."""
    rows = tx.connection.execute(
        select(proposal_items.c.item_id).where(proposal_items.c.proposal_id == proposal)
    )
    return [row.item_id for row in rows]


def publish(
    tx: Transaction, proposal: str, staff: str, at: datetime, reason: str, *, document_id: str | None = None
) -> bool:
    """Let a draft take effect; false where it is none, or ``staff`` is its author."""
    free = and_(proposals.c.id == proposal, proposals.c.state == "draft", proposals.c.author != staff)
    values = {"state": "published", "published_by": staff, "changed_at": at, "document_id": document_id}
    return _step(tx, free, values, PublicationRow(0, proposal, "published", staff, at, reason))


def roll_back(tx: Transaction, proposal: str, staff: str, at: datetime, reason: str) -> bool:
    """Take a published proposal back; false where it is none."""
    free = and_(proposals.c.id == proposal, proposals.c.state == "published")
    values = {"state": "rolled_back", "changed_at": at}
    return _step(tx, free, values, PublicationRow(0, proposal, "rolled_back", staff, at, reason))


def withdraw(tx: Transaction, proposal: str, at: datetime) -> bool:
    """Give a draft up; false where it is none."""
    free = and_(proposals.c.id == proposal, proposals.c.state == "draft")
    values = {"state": "withdrawn", "changed_at": at}
    return tx.connection.execute(update(proposals).where(free).values(**values)).rowcount > 0


def of_document(tx: Transaction, document_id: str) -> ProposalRow | None:
    """The proposal whose passage a document is; None for a document of the city's own."""
    row = tx.connection.execute(select(proposals).where(proposals.c.document_id == document_id)).first()
    return None if row is None else _read(tx, row)


def history(tx: Transaction, *, limit: int = MOST_LISTED) -> list[PublicationRow]:
    """Every publication and roll-back, the newest first."""
    rows = tx.connection.execute(select(publications).order_by(publications.c.seq.desc()).limit(limit))
    return [
        PublicationRow(
            row.seq,
            row.proposal_id,
            row.action,
            row.staff,
            row.at,
            tx.unseal(row.sealed, _step_place(row.proposal_id, row.at)),
        )
        for row in rows
    ]


def forget_quotes(tx: Transaction, conversation: str) -> int:
    """Destroy the proposals that came from a conversation and are not in force, whose change or test may
    quote it; how many. Effects that were measured since it began may quote it too, whosesoever: they are
    forgotten, and can be measured anew."""
    began = select(conversations.c.opened_at).where(conversations.c.id == conversation).scalar_subquery()
    tx.connection.execute(delete(review_effects).where(review_effects.c.at >= began))
    gone = proposals.c.id.in_(_quoting(conversation)) & (proposals.c.state != "published")
    return tx.connection.execute(delete(proposals).where(gone)).rowcount


def published_from(tx: Transaction, conversation: str) -> list[str]:
    """Ids of the proposals in force that came from a conversation."""
    wanted = proposals.c.id.in_(_quoting(conversation)) & (proposals.c.state == "published")
    return list(
        tx.connection.execute(select(proposals.c.id).where(wanted).order_by(proposals.c.id)).scalars()
    )


def _quoting(conversation: str) -> Select[tuple[str]]:
    items = select(review_items.c.id).where(review_items.c.conversation_id == conversation)
    return select(proposal_items.c.proposal_id).where(proposal_items.c.item_id.in_(items))


def set_effect(tx: Transaction, row: EffectRow) -> None:
    """Put down how far the measuring of a proposal is, or what came of it."""
    sealed = None if row.result is None else tx.seal(dict(row.result), f"review_effects/{row.proposal_id}")
    values = {
        "state": row.state,
        "basis": row.basis,
        "done": row.done,
        "total": row.total,
        "at": row.at,
        "sealed": sealed,
    }
    put(tx, review_effects, ["proposal_id"], {"proposal_id": row.proposal_id, **values})


def tell_progress(tx: Transaction, row: EffectRow) -> None:
    """Put down how far a measuring is, unless it has ended meanwhile."""
    mine = and_(review_effects.c.proposal_id == row.proposal_id, review_effects.c.state == "running")
    values = {"done": row.done, "total": row.total, "at": row.at}
    tx.connection.execute(update(review_effects).where(mine).values(**values))


def effect(tx: Transaction, proposal: str) -> EffectRow | None:
    """What was measured of a proposal."""
    mine = review_effects.c.proposal_id == proposal
    row = tx.connection.execute(select(review_effects).where(mine)).first()
    if row is None:
        return None
    result = None if row.sealed is None else tx.unseal(row.sealed, f"review_effects/{proposal}")
    return EffectRow(proposal, row.state, row.basis, row.at, row.done, row.total, result)


def drop_effect(tx: Transaction, proposal: str) -> None:
    """Forget what was measured."""
    tx.connection.execute(delete(review_effects).where(review_effects.c.proposal_id == proposal))


def _step(
    tx: Transaction, free: ColumnElement[bool], values: Mapping[str, Any], step: PublicationRow
) -> bool:
    if not tx.connection.execute(update(proposals).where(free).values(**values)).rowcount:
        return False
    # Of two steps at once that both follow the same one, the second is refused.
    tx.connection.execute(
        insert(publications).values(
            seq=revision(tx) + 1,
            proposal_id=step.proposal_id,
            action=step.action,
            staff=step.staff,
            at=step.at,
            sealed=tx.seal(step.reason, _step_place(step.proposal_id, step.at)),
        )
    )
    return True


def _place(proposal: str) -> str:
    return f"proposals/{proposal}"


def _step_place(proposal: str, at: datetime) -> str:
    return f"publications/{proposal}/{at.timestamp():.6f}"


def _read(tx: Transaction, row: Row[Any]) -> ProposalRow:
    private = tx.unseal(row.sealed, _place(row.id))
    return ProposalRow(
        id=row.id,
        kind=row.kind,
        author=row.author,
        created_at=row.created_at,
        change=private["change"],
        test=private["test"],
        note=private["note"],
        state=row.state,
        published_by=row.published_by,
        changed_at=row.changed_at,
        document_id=row.document_id,
    )
