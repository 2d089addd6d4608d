"""How far the city is with what somebody requested, for whoever sees along.

The city tells it of complaints alone (``gateway.complaint_status``: received, assigned, in progress, done,
withdrawn). Of everything else, and where the city does not answer in time, what is known here is told:
accepted or cancelled.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Final, Literal, get_args

from donghaeng.conversation.cities import Cities
from donghaeng.errors import ProviderError
from donghaeng.store.conversations import Conversation
from donghaeng.store.guardians import Shown

Status = Literal["accepted", "assigned", "in_progress", "done", "cancelled"]
STATUSES: Final[tuple[Status, ...]] = get_args(Status)

TELL: Final[Mapping[str, str]] = MappingProxyType({"complaint": "gateway.complaint_status"})
"""The operation that tells how far a request is, by its service; its argument is the receipt alone."""
MOST_ASKED: Final = 10
"""Requests asked about at one look, the newest first: a page that is opened again and again is no storm."""
PATIENCE_S: Final = 3.0
_OF_CITY: Final[Mapping[str, Status]] = MappingProxyType(
    {
        "received": "accepted",
        "assigned": "assigned",
        "in_progress": "in_progress",
        "done": "done",
        "withdrawn": "cancelled",
    }
)


def known(row: Shown) -> Status:
    """What is known here without asking."""
    return "accepted" if row.cancelled_at is None else "cancelled"


async def statuses(
    cities: Cities | None, talks: Mapping[str, Conversation], rows: Sequence[Shown], now: datetime
) -> list[Status]:
    """The status of each request, in order.

    Args:
        cities: who is asked; None where nobody can be.
        talks: the conversations of the requests; one that is not there is not asked about.
        rows: newest first.
        now: for the city.
    """
    found: list[Status] = [known(row) for row in rows]
    asked = [
        at
        for at, row in enumerate(rows)
        if row.cancelled_at is None and row.service in TELL and row.conversation_id in talks
    ][:MOST_ASKED]
    if cities is None or not asked:
        return found

    async def ask(at: int) -> None:
        row = rows[at]
        city = cities.of(talks[row.conversation_id])
        answer = await city.call(TELL[row.service], {"receipt": row.receipt}, now=now)
        for told in answer.rows[:1]:
            found[at] = _OF_CITY.get(str(told.get("state")), found[at])

    async def ask_in_time(at: int) -> None:
        try:
            async with asyncio.timeout(PATIENCE_S):
                await ask(at)
        except (ProviderError, TimeoutError):
            return

    await asyncio.gather(*(ask_in_time(at) for at in asked))
    return found
