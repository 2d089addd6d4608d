"""What answers from passages: one base, or one after the other as documents change."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from donghaeng.knowledge.passages import Passage


class Knowledge(Protocol):
    """The questions that :class:`~donghaeng.knowledge.base.KnowledgeBase` answers."""

    def search(
        self, question: str, day: date, *, topic: str | None = None
    ) -> tuple[tuple[Passage, str], ...]:
        """See :meth:`KnowledgeBase.search`."""
        ...

    def rivals(self, question: str, day: date, *, topic: str | None = None) -> tuple[Passage, ...]:
        """See :meth:`KnowledgeBase.rivals`."""
        ...

    def told(self, identity: str, question: str, day: date) -> tuple[Passage, str] | None:
        """See :meth:`KnowledgeBase.told`."""
        ...

    def follow(self, question: str, identity: str, day: date) -> tuple[Passage, str] | None:
        """See :meth:`KnowledgeBase.follow`."""
        ...

    def warning(self, question: str, day: date) -> Passage | None:
        """See :meth:`KnowledgeBase.warning`."""
        ...

    def item(self, name: str, day: date) -> Passage | None:
        """See :meth:`KnowledgeBase.item`."""
        ...

    def guide(
        self, topic: str, day: date, *, about: str | None = None, month: int | None = None
    ) -> tuple[Passage, ...]:
        """See :meth:`KnowledgeBase.guide`."""
        ...
