"""A passage of a reviewer among the city's documents: served with them, withdrawn like them."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Final

from donghaeng.errors import InputError
from donghaeng.knowledge.cutting import passages_in
from donghaeng.knowledge.documents.blocks import Document, paragraph
from donghaeng.review.changes import PassageChange
from donghaeng.store import Transaction, knowledge
from donghaeng.store.document_tables import OPERATOR
from donghaeng.store.knowledge import PassageRow, VersionRow

FORMAT: Final = "review"
OWNER: Final = "검토"
LOOK_AGAIN: Final = timedelta(days=180)
"""After so long somebody reads the source again."""


def passages_of(change: PassageChange) -> list[PassageRow]:
    """The passages that it is cut into.

    Raises:
        InputError: no sentence of it is short enough to be spoken, or it is too long for one passage.
    """
    blocks = tuple(paragraph(line) for line in change.text.splitlines() if line.strip())
    found = passages_in(Document(FORMAT, blocks), change.title, verified=True)
    if not any(one.verified for one in found):
        raise InputError("글: 소리 내어 읽을 만큼 짧은 문장이 없어요. 문장을 짧게 나누어 주세요")
    return found


def serve_passage(
    tx: Transaction,
    change: PassageChange,
    proposal: str,
    now: datetime,
    *,
    author: str = OPERATOR,
    publisher: str = OPERATOR,
) -> str:
    """Keep a passage as a document of its own and serve it; the document's id.

    Args:
        tx: the transaction.
        change: the passage.
        proposal: id of what proposes it.
        now: the time.
        author: account of who proposed it.
        publisher: account of who publishes it.
    """
    text = f"{change.title}\n{change.text}\n{proposal}"
    row = VersionRow(
        document_id=f"d_{proposal}",
        name=f"{OWNER}/{proposal}",
        version=0,
        state="draft",
        title=change.title,
        kind=FORMAT,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        department=change.department,
        owner=OWNER,
        added_at=now,
        source=change.source,
        review_by=(now + LOOK_AGAIN).date(),
        added_by=author,
    )
    kept = knowledge.add(tx, row, passages_of(change))
    knowledge.publish(tx, kept.document_id, kept.version, now, publisher)
    return kept.document_id
