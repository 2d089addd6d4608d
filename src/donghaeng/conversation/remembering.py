"""What is remembered of a person who consented, kept up to date with what the conversation learns."""

from __future__ import annotations

from datetime import datetime

from donghaeng.dialogue.consent import to_remember
from donghaeng.dialogue.events import ConversationOpened, HomeNamed, PaceChanged, StopUsed
from donghaeng.dialogue.turn import Turn
from donghaeng.store import Transaction, remembered
from donghaeng.store.conversations import Conversation
from donghaeng.store.remembered import Values

_CHANGES = (ConversationOpened, HomeNamed, PaceChanged, StopUsed)
"""Events that may change what is remembered; opening, because another home may be given with it."""


def keep_up_to_date(tx: Transaction, conversation: Conversation, turn: Turn, at: datetime) -> None:
    """Note in a turn's own transaction what it changed. Of a person who was forgotten meanwhile, from another
    window, nothing is kept."""
    person, state = conversation.person, turn.state
    if person is None or not state.remembers:
        return
    if any(isinstance(event, _CHANGES) for event in turn.events):
        remembered.renew(tx, person, Values(**to_remember(state)), at)
