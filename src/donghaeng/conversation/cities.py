"""Which city answers a conversation: the shared one, or a sandbox city of its own."""

from __future__ import annotations

from typing import Any, Protocol

from donghaeng.city.operations import City
from donghaeng.store.conversations import Conversation


class Cities(Protocol):
    """Gives each conversation its city. The composition root implements it."""

    def of(self, conversation: Conversation) -> City:
        """The city that answers ``conversation``: its own for practice and test cities."""
        ...

    def writes(self, conversation: Conversation) -> list[dict[str, Any]]:
        """Writes that the conversation's own city accepted (CONTRACT 3).

        Raises:
            InputError: it has no city of its own.
        """
        ...

    def release(self, conversation_id: str) -> None:
        """The conversation is over; its own city may go."""
        ...
