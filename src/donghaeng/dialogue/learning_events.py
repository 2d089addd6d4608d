"""Events of those who learn: practice, and what stands open in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from donghaeng.dialogue.event import Event


@dataclass(frozen=True, slots=True)
class PracticeBegan(Event):
    """What is said from now on belongs to a practice conversation beside this one."""


@dataclass(frozen=True, slots=True)
class PracticeEnded(Event):
    """What is said belongs to this conversation again. ``turns`` is how many were practised."""

    turns: int


@dataclass(frozen=True, slots=True)
class EmergencyDoubted(Event):
    """An emergency was told of in practice: the citizen was asked whether it is real."""

    kind: str


@dataclass(frozen=True, slots=True)
class DoubtAnswered(Event):
    """That question was answered or has lapsed."""


LEARNING: Final[tuple[type[Event], ...]] = (PracticeBegan, PracticeEnded, EmergencyDoubted, DoubtAnswered)
"""All of them."""
