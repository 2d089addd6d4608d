"""Which words of a reply must not reach the phrase cache on disk."""

from __future__ import annotations

from donghaeng.city.services import Catalogue
from donghaeng.city.slots import SLOT_TYPES
from donghaeng.conversation.reply import Reply


def private_words(reply: Reply, catalogue: Catalogue) -> frozenset[str] | None:
    """The personal values that ``reply`` may speak; None where all of it must stay off the disk.

    A confirmation reads everything back, also when it is repeated behind a digression whose slots are
    shown instead. What a counsellor says may hold anything.
    """
    if reply.expects == "confirm" or (reply.handover is not None and reply.handover.state == "joined"):
        return None
    service = catalogue.get(reply.service or "")
    if service is None:
        return frozenset()
    return frozenset(
        str(value)
        for name, value in reply.slots.items()
        if name in service.slots and SLOT_TYPES[service.slots[name].type].personal
    )
