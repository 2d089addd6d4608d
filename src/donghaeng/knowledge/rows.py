"""What is known as rows of an operation: passages, words of the glossary, services that were told before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from donghaeng.city.glossary import Glossary, Term
from donghaeng.knowledge.following import told_of_service
from donghaeng.knowledge.passages import Passage

Row = dict[str, Any]


def passage_row(passage: Passage, *, spoken: str | None = None) -> Row:
    """A passage, said with ``spoken``: words of it, or its own short form."""
    return {
        "id": passage.id,
        "title": passage.title,
        "spoken": spoken or passage.spoken,
        "text": passage.body,
        "document": passage.document,
        "section": passage.section,
        "department": passage.department,
        "source": passage.source,
        "url": passage.url,
        "verified": passage.verified,
    }


def term_row(name: str, term: Term, glossary: Glossary) -> Row:
    """What a word means."""
    return {
        "id": f"word-{''.join(name.split())}",
        "title": name,
        "spoken": term.spoken,
        "text": term.spoken,
        "document": glossary.document,
        "section": name,
        "department": glossary.department,
        "source": glossary.source,
        "url": None,
        "verified": True,
    }


def service_row(told: Mapping[str, Any], spoken: str) -> Row:
    """A welfare service that was told before, said with sentences of what its row holds."""
    return {
        "id": told["id"],
        "title": told["name"],
        "spoken": spoken,
        "text": told_of_service(told),
        "document": told["source"],
        "section": told["name"],
        "department": told.get("department") or told["source"],
        "source": told["source"],
        "url": told.get("url"),
        "verified": True,
    }
