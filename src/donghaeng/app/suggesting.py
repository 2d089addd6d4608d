"""Answers that a counsellor may use: passages that answer the citizen's words, each with its source."""

from __future__ import annotations

from datetime import date

from donghaeng.knowledge.base import KnowledgeBase
from donghaeng.people.cases import Source, Suggestion


def suggest_answers(knowledge: KnowledgeBase, question: str, day: date) -> tuple[Suggestion, ...]:
    """What verified passages that hold on ``day`` answer to a question; nothing where they do not."""
    return tuple(
        Suggestion(
            id=passage.id,
            question=question,
            text=answer,
            source=Source(passage.title, passage.document, passage.source, passage.section, passage.url),
        )
        for passage, answer in knowledge.search(question, day)
    )
