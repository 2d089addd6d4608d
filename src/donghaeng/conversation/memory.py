"""Conversations in this process's memory; those that are not are folded anew from their events."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from donghaeng.conversation.editions import Edition, Editions
from donghaeng.conversation.records import state_of
from donghaeng.dialogue.state import State
from donghaeng.errors import UnknownConversation
from donghaeng.store import Store, Transaction, conversations, events, replies
from donghaeng.store.conversations import Conversation
from donghaeng.trust.tokens import token_hash, token_matches

MAX_KEPT = 5_000
"""Conversations whose state is kept; others are folded anew from their events."""


@dataclass(slots=True)
class Live:
    """A conversation as the database last accepted it. Its lock is held while a turn is taken."""

    conversation: Conversation
    token_hash: str
    """Empty until somebody came with the token."""
    state: State
    last_seq: int
    edition: Edition
    """The catalogue on which it began."""
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


@dataclass(frozen=True, slots=True)
class Held:
    """A conversation whose lock is held, for one turn."""

    live: Live
    before: Mapping[str, Any] | None
    """The reply that was given under the turn's key before."""


class Memory:
    """The conversations of one process, the least recently used ones forgotten first."""

    def __init__(self, store: Store, editions: Editions) -> None:
        self._store = store
        self._editions = editions
        self._kept: OrderedDict[str, Live] = OrderedDict()

    @asynccontextmanager
    async def held(self, conversation: str, token: str | None = None) -> AsyncIterator[Live]:
        """The conversation with its lock held: for the bearer of its token, or for the program (None). What
        another process has done with it meanwhile is in it.

        Raises:
            UnknownConversation: no such conversation, or not this token's.
        """
        async with self.held_for_turn(conversation, token, None) as held:
            yield held.live

    @asynccontextmanager
    async def held_for_turn(
        self, conversation: str, token: str | None, key: str | None
    ) -> AsyncIterator[Held]:
        """As :meth:`held`, with the reply that was given under the idempotency key ``key`` before."""
        while True:
            kept = self._kept.get(conversation)
            live = await (self._load(conversation) if token is None else self.find(conversation, token))
            async with live.lock:
                if self._kept.get(conversation) is not live:
                    continue
                last_seq, before = await self._standing(conversation, key)
                if live is kept and self._is_behind(live, last_seq):
                    self.forget(live)
                    continue
                yield Held(live, before)
                return

    @staticmethod
    def _is_behind(live: Live, last_seq: int | None) -> bool:
        """Whether the database knows more of the conversation."""
        return last_seq != live.last_seq

    async def _standing(
        self, conversation: str, key: str | None
    ) -> tuple[int | None, Mapping[str, Any] | None]:
        """The conversation's last event in the database, and the reply under ``key``."""
        if key is None:
            return await self._store.glance(lambda tx: conversations.last_seq(tx, conversation)), None
        return await self._store.glance(lambda tx: replies.find_with_last_seq(tx, conversation, key))

    async def find(self, conversation: str, token: str) -> Live:
        """The conversation for the bearer of its token.

        Raises:
            UnknownConversation: no such conversation, or not this token's.
        """
        live = self._kept.get(conversation)
        if live is not None and live.token_hash:
            if not token_matches(token, live.token_hash):
                raise UnknownConversation(f"no conversation {conversation} with this token")
            self._kept.move_to_end(conversation)
            return live
        found = await self._store.read(lambda tx: conversations.get(tx, conversation, token))
        live = await self._load(found.id)
        live.token_hash = token_hash(token)
        return live

    def keep(self, live: Live) -> None:
        """Remember a conversation; one whose turn is under way is never forgotten for it."""
        self._kept[live.conversation.id] = live
        while len(self._kept) > MAX_KEPT:
            oldest = next(iter(self._kept))
            if self._kept[oldest].lock.locked():
                self._kept.move_to_end(oldest)
                break
            del self._kept[oldest]

    def forget(self, live: Live) -> None:
        """Drop what may no longer be what the database holds."""
        if self._kept.get(live.conversation.id) is live:
            del self._kept[live.conversation.id]

    async def _load(self, conversation: str) -> Live:
        kept = self._kept.get(conversation)
        if kept is not None:
            return kept

        def read(tx: Transaction) -> tuple[Conversation, list[events.Event]]:
            found = conversations.get_as_staff(tx, conversation)
            return found, events.of_conversation(tx, conversation)

        found, rows = await self._store.read(read)
        edition = await self._editions.of(found.catalogue_version)
        kept = self._kept.get(conversation)
        if kept is not None:
            return kept
        live = Live(found, "", _known(state_of(rows), edition), found.last_seq, edition)
        self.keep(live)
        return live


def _known(state: State, edition: Edition) -> State:
    """The state without services that the edition lacks, where the conversation's own one is lost."""
    frames = tuple(frame for frame in state.frames if frame.service in edition.catalogue)
    return state if frames == state.frames else replace(state, frames=frames)
