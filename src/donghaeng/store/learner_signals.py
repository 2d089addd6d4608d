"""What one member of staff met again and again, counted from hand-overs and reviews that are kept anyway.

For that person's own eyes, as a proposal of a lesson without a count: nothing of it is stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import and_, func, select

from donghaeng.store import handover_lines
from donghaeng.store.review_tables import review_items
from donghaeng.store.service_tables import service_drafts
from donghaeng.store.store import Transaction
from donghaeng.store.tables import handover_lines as lines
from donghaeng.trust.masking import MASK

_MOST: Final = 500
"""Of one's newest words to citizens; a signal asks for a handful."""


def counts(tx: Transaction, staff: str, since: datetime) -> Mapping[str, int]:
    """Events of the person and of the services that they write, by the names of ``signals.yaml``."""
    own = and_(lines.c.staff == staff, lines.c.at >= since)
    rejected = select(func.count()).where(
        own, lines.c.kind == "suggestion", lines.c.detail.startswith("rejected:")
    )
    written = select(service_drafts.c.service).where(service_drafts.c.by == staff)
    reported = select(func.count()).where(
        review_items.c.kind == "rejected", review_items.c.at >= since, review_items.c.service.in_(written)
    )
    said = handover_lines.words_of(tx, staff, since, limit=_MOST)
    return {
        "rejected_suggestions": int(tx.connection.execute(rejected).scalar_one()),
        "wrong_answer_reports": int(tx.connection.execute(reported).scalar_one()),
        "masking_hits": sum(MASK in words for words in said),
    }
