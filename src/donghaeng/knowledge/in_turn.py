"""Which versions of a document answer on which days, where the served one holds from a later day on. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from donghaeng.store.knowledge import VersionRow


def in_turn(versions: Sequence[VersionRow]) -> list[VersionRow]:
    """The versions that answer, the served one first; each of the others ends on the day before the next one
    begins, so on any day at most one holds.

    Args:
        versions: every version of one document, in any order.

    Returns:
        Empty where none is served. ``valid_until`` of those before is no later than their last day.
    """
    served = next((one for one in versions if one.state == "published"), None)
    if served is None:
        return []
    found = [served]
    # What was replaced before something that is in force already has had its days.
    before = sorted(
        (one for one in versions if one.state == "replaced" and one.published_at is not None),
        key=lambda one: one.published_at or one.added_at,
        reverse=True,
    )
    since = (served.published_at or served.added_at).date()
    for one in before:
        begins = found[-1].valid_from
        if begins is None or begins <= since:
            break
        last = begins - timedelta(days=1)
        if one.valid_from is not None and one.valid_from > last:
            continue
        until = last if one.valid_until is None else min(one.valid_until, last)
        found.append(replace(one, valid_until=until))
    return found


def is_to_come(row: VersionRow, today: date) -> bool:
    """Whether a version holds only from a later day on."""
    return row.valid_from is not None and row.valid_from > today
