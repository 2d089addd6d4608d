"""A conversation runtime whose turns wait at a gate, and whose conversations the store knows."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

from tests.web.fake_conversations import FakeConversations, Talk

from donghaeng.channels.words import Words, load_words
from donghaeng.conversation.door import Opening, Said
from donghaeng.conversation.reply import Handover, Reply, Show
from donghaeng.settings import CHECKOUT
from donghaeng.store import Store, conversations

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


def packaged_words() -> Words:
    return load_words(CHECKOUT / "catalogue" / "lexicon" / "text_channels.yaml")


class GatedConversations(FakeConversations):
    """Turns are taken once the gate is open."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self.store = store
        self.gate = asyncio.Event()
        self.gate.set()
        self.begun = asyncio.Event()
        """Set when a turn reaches the gate."""
        self.failure: Exception | None = None
        """Raised by the next turn."""
        self.silent = False
        """Whether a counsellor has every conversation, so that replies have no words."""
        self.replies: dict[tuple[str, int], Reply] = {}
        """All that was said, by conversation and turn, in its order."""

    async def open(self, opening: Opening) -> Reply:
        reply = await super().open(opening)
        row = conversations.Conversation(reply.conversation, "chat", NOW, "v1")
        self.store.run(lambda tx: conversations.add(tx, row, reply.token))
        return reply

    async def turn(
        self, conversation: str, token: str, said: Said, *, idempotency_key: str | None = None
    ) -> Reply:
        self.begun.set()
        await self.gate.wait()
        if self.failure is not None:
            failure, self.failure = self.failure, None
            raise failure
        return await super().turn(conversation, token, said, idempotency_key=idempotency_key)

    def _answered(self, talk: Talk, said: Said, parts: dict[str, Any]) -> Reply:
        if self.silent:
            parts = {"say": "", "show": Show(text=""), "handover": Handover(state="joined")}
        reply = super()._answered(talk, said, parts)
        self.replies[reply.conversation, reply.turn] = reply
        return reply

    @property
    def heard(self) -> list[Any]:
        """What was taken, over all conversations, greetings left out."""
        return [turn["heard"] for talk in self.talks.values() for turn in talk.turns if turn["turn"]]
