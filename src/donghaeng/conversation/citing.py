"""Citations: which of the rows that a call gave a reply speaks from, and where those come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from donghaeng.conversation.reply import Card, Citation
from donghaeng.dialogue.effects import CallOutcome, Purpose
from donghaeng.dialogue.sources import sourced_rows


def citations_of(outcomes: Sequence[CallOutcome], written: str) -> list[Citation]:
    """The sources of what a reply says: of every row with an id and a source whose words stand in it.

    Args:
        outcomes: what the calls of the turn gave.
        written: the reply as it is written.
    """
    found: dict[str, Citation] = {}
    for outcome in outcomes:
        if outcome.call.purpose is not Purpose.CARRY_OUT or outcome.answer is None:
            continue
        for row in sourced_rows(outcome.answer.rows, written):
            found.setdefault(str(row["id"]), _citation(row))
    return list(found.values())


def with_source(card: Card | None, citations: Sequence[Citation]) -> Card | None:
    """A card that names the sources of the reply, unless it names one of its own."""
    if card is None or card.source is not None or not citations:
        return card
    names = [" · ".join(part for part in (one.source, one.title, one.section) if part) for one in citations]
    return card.model_copy(update={"source": ", ".join(dict.fromkeys(names))})


def _citation(row: Mapping[str, Any]) -> Citation:
    return Citation(
        id=str(row["id"]),
        title=str(row.get("document") or row.get("title") or row.get("name") or row["id"]),
        source=str(row["source"]),
        section=row.get("section"),
        url=row.get("url"),
    )
