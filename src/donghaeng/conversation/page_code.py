"""Makes the code by which a call goes on at a page."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Final

from donghaeng.dialogue.effects import PageCodeOutcome
from donghaeng.store import Store, page_codes
from donghaeng.store.conversations import Conversation
from donghaeng.trust.page_codes import LIFETIME, code_hash, make_code

CODE_TRIES: Final = 10
"""Codes drawn until one is free: of a million some hundreds are taken at most."""


async def make_page_code(
    store: Store,
    conversation: Conversation,
    token: str,
    *,
    now: datetime,
    entropy: Callable[[int], bytes],
) -> PageCodeOutcome:
    """A code for the conversation whose token is ``token``; none where that is empty."""
    for _ in range(CODE_TRIES if token else 0):
        code = make_code(entropy)
        hashed = await asyncio.to_thread(code_hash, code)
        if await store.transact(
            lambda tx, h=hashed: page_codes.keep(  # type: ignore[misc]
                tx, h, conversation.id, token, now=now, until=now + LIFETIME
            )
        ):
            return PageCodeOutcome(code)
    return PageCodeOutcome(None)
