"""Free questions that citizens asked, out of the log: what a change of the texts is measured on beside our
own tests. The words are as reviewers see them (:func:`donghaeng.review.items.veiled`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import select

from donghaeng.review.items import veiled
from donghaeng.store import Transaction
from donghaeng.store import events as stored_events
from donghaeng.store.tables import conversations, events

MOST_QUESTIONS: Final = 200
MOST_CONVERSATIONS: Final = 2_000
"""The newest ones are looked through."""
ASK: Final = "ask"
_AT_ONCE: Final = 200


@dataclass(frozen=True, slots=True)
class RecordedQuestion:
    """A question, and where it stands."""

    conversation_id: str
    turn: int
    text: str = field(repr=False)

    @property
    def ref(self) -> str:
        """Names it without its words."""
        return f"{self.conversation_id}#{self.turn}"


def recorded_questions(
    tx: Transaction, *, most: int = MOST_QUESTIONS, among: int = MOST_CONVERSATIONS
) -> list[RecordedQuestion]:
    """The newest free questions, each once; practice and tests are passed over."""
    c = conversations.c
    real = select(c.id).where(c.practice.is_(False), c.test_clock.is_(None))
    ids = list(tx.connection.execute(real.order_by(c.opened_at.desc()).limit(among)).scalars())
    found: dict[str, RecordedQuestion] = {}
    for begin in range(0, len(ids), _AT_ONCE):
        some = ids[begin : begin + _AT_ONCE]
        taken = select(events.c.conversation_id, events.c.turn, events.c.public)
        asked = events.c.conversation_id.in_(some) & (events.c.kind == "FrameOpened")
        turns: dict[str, list[int]] = {}
        for row in tx.connection.execute(taken.where(asked)):
            if row.public.get("service") == ASK:
                turns.setdefault(row.conversation_id, []).append(row.turn)
        for conversation in some:
            for turn in turns.get(conversation, ()):
                text = words_of(tx, conversation, turn)
                if text:
                    found.setdefault(text, RecordedQuestion(conversation, turn, text))
                if len(found) >= most:
                    return list(found.values())
    return list(found.values())


def words_of(tx: Transaction, conversation: str, turn: int) -> str | None:
    """What a citizen said in a turn, masked; None where the conversation is gone."""
    for event in stored_events.of_conversation(tx, conversation):
        if event.turn == turn and event.kind == "UtteranceHeard":
            return veiled(str(event.private.get("text", ""))) or None
    return None
