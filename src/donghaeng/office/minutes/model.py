"""What a meeting is, and what its minutes hold. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who was there."""

    name: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """What one person said without a stop."""

    at: float
    """Seconds from the beginning of the recording."""
    who: str
    """Name of a person, or of a voice that nobody has named yet; empty where even that is unknown."""
    says: str


@dataclass(frozen=True, slots=True)
class Meeting:
    """What was said, by whom, and when."""

    title: str
    started: datetime
    """With its offset; relative days count from it."""
    people: tuple[Person, ...]
    turns: tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class Topic:
    """A point of the agenda, from the moment where it is taken up."""

    title: str
    at: float
    turn: int
    """Its place among the turns."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What was settled."""

    what: str
    at: float
    turn: int


@dataclass(frozen=True, slots=True)
class Action:
    """What somebody has taken on, or was given and did not refuse."""

    what: str
    owner: str | None
    """A name of the meeting, or the words by which somebody absent was meant; None where nobody was named."""
    due: date | None
    at: float
    turn: int


@dataclass(frozen=True, slots=True)
class Minutes:
    """What a careful clerk would write down, in the order of the meeting."""

    topics: tuple[Topic, ...] = ()
    decisions: tuple[Decision, ...] = ()
    actions: tuple[Action, ...] = ()
