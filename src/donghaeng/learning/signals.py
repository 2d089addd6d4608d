"""Lessons that the control tower's figures suggest to a learner. Pure.

For coaching only. A proposal carries no count and no name, is shown to nobody but the learner, and is neither
evidence nor part of a certificate: watching single persons would need a legal basis and the staff's agreement
of its own. Nothing that judges imports this module (tests/lessons/test_records.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from donghaeng.learning.curriculum import Line, Name, Part


class Signal(Part):
    """A kind of event, and the lesson that helps where it happens again and again."""

    id: Name
    lesson: Name
    from_count: int = Field(ge=2, description="events in a month from which on the lesson is proposed")
    says: Line = Field(description="why, to the learner, without a count and without blame")


class Signals(Part):
    """All of them."""

    signals: Annotated[tuple[Signal, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A lesson that might help."""

    lesson: str
    says: str


def proposals(signals: Signals, counts: Mapping[str, int], done: frozenset[str]) -> tuple[Proposal, ...]:
    """Lessons for events of the learner's last month, each once; lessons passed lately are left out."""
    found: dict[str, Proposal] = {}
    for one in signals.signals:
        if counts.get(one.id, 0) >= one.from_count and one.lesson not in done:
            found.setdefault(one.lesson, Proposal(one.lesson, one.says))
    return tuple(found.values())
