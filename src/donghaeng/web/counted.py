"""Conversations that are counted: the same door, with figures of every turn whatever its channel."""

from __future__ import annotations

import time
from typing import Any

from donghaeng.conversation.door import Conversations, Opening, Said
from donghaeng.conversation.reply import Reply
from donghaeng.speech.engines import Hints
from donghaeng.web.figures import Figures


class CountedConversations:
    """Hands everything on to ``inner`` and counts openings and turns in ``figures``."""

    def __init__(self, inner: Conversations, figures: Figures) -> None:
        self._inner = inner
        self._figures = figures

    async def open(self, opening: Opening) -> Reply:
        """Begin a conversation and count it by channel."""
        reply = await self._inner.open(opening)
        self._figures.opened(opening.channel)
        return reply

    async def turn(
        self, conversation: str, token: str, said: Said, *, idempotency_key: str | None = None
    ) -> Reply:
        """Take one turn and count it by medium and service."""
        began = time.monotonic()
        if said.spoken and said.text is not None:
            self._figures.heard(said.confidence)
        try:
            reply = await self._inner.turn(conversation, token, said, idempotency_key=idempotency_key)
        except Exception as error:
            self._figures.turn_failed(said.medium, error)
            raise
        self._figures.turn(said.medium, reply, time.monotonic() - began)
        return reply

    async def resume(self, token: str) -> Reply:
        """The last reply, uncounted."""
        return await self._inner.resume(token)

    async def continue_by_code(self, code: str) -> Reply:
        """Go on with a call, uncounted."""
        return await self._inner.continue_by_code(code)

    async def hints(self, conversation: str, token: str) -> Hints:
        """What the open question expects."""
        return await self._inner.hints(conversation, token)

    async def transcript(self, conversation: str, token: str) -> dict[str, Any]:
        """The masked transcript and events."""
        return await self._inner.transcript(conversation, token)

    async def city_writes(self, conversation: str, token: str) -> list[dict[str, Any]]:
        """What the conversation's own sandbox city accepted."""
        return await self._inner.city_writes(conversation, token)

    async def end(self, conversation: str, token: str) -> Reply:
        """Close it."""
        return await self._inner.end(conversation, token)
