"""Simulated citizens: who they are, what they want and what they answer, as their scripts say. Pure.

A script turns the conversation test (docs/conversation-tests.md) round: there a scripted citizen examines the
agent, here the trainee. Words to be said or never said are written as there: a string occurs as it stands,
``/…/`` is a regular expression. Nobody real is described.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from donghaeng.learning.curriculum import Line, Name, Part

Dialect = Literal["서울", "경상", "전라", "충청", "강원", "제주"]


def _pattern(words: str) -> str:
    if is_expression(words):
        try:
            re.compile(words[1:-1])
        except re.error as error:
            raise ValueError(f"{words} is no regular expression: {error}") from None
    return words


Pattern = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_pattern)]
Utterance = Annotated[str, Field(min_length=1, max_length=400)]


def is_expression(words: str) -> bool:
    """Whether a pattern is written as ``/…/``."""
    return len(words) > 2 and words[0] == words[-1] == "/"


def occurs(pattern: str, text: str) -> bool:
    """Whether the words of a pattern occur in a text."""
    if is_expression(pattern):
        return re.search(pattern[1:-1], text) is not None
    return pattern in text


class Hearing(Part):
    """What can be followed at once."""

    syllables: int = Field(default=60, ge=10, le=200, description="of a sentence; a longer one is lost")
    sentences: int = Field(default=4, ge=1, le=10, description="of a reply; of a longer one the end is lost")


class Fact(Part):
    """Something that the citizen tells when asked."""

    asked: Annotated[tuple[Pattern, ...], Field(min_length=1)]
    says: Utterance
    known: bool = Field(default=False, description="already told the machine: to be read back, not asked")


class Reaction(Part):
    """What the citizen says to certain words."""

    to: Annotated[tuple[Pattern, ...], Field(min_length=1)]
    says: Utterance
    costs: int = Field(default=0, ge=0, le=3, description="patience")


class Duty(Part):
    """Something that a good counsellor says in this call."""

    name: Line
    said: Annotated[tuple[Pattern, ...], Field(min_length=1, description="any of them")]
    must: bool = Field(default=False, description="without it the practice is not passed")
    by_turn: int | None = Field(default=None, ge=1, description="of the trainee, at the latest")


class Elder(Part):
    """One simulated citizen and the call."""

    id: Name
    title: Line
    age: int = Field(ge=60, le=100)
    dialect: Dialect
    about: Annotated[str, Field(min_length=20, max_length=400)]
    handed_over: Annotated[str, Field(min_length=10, max_length=400)]
    """What the trainee sees when the call begins: what the machine already knows."""
    patience: int = Field(ge=1, le=10)
    hearing: Hearing = Hearing()
    opening: Utterance
    facts: Mapping[Name, Fact] = Field(default_factory=dict)
    reactions: tuple[Reaction, ...] = ()
    duties: Annotated[tuple[Duty, ...], Field(min_length=3)]
    never: tuple[Pattern, ...] = Field(default=(), description="words that are a fault in this call")
    content: Utterance = Field(description="what is said when all is done")
    agrees: Utterance = Field(description="said to a duty that is done and needs no other answer")
    at_a_loss: Annotated[tuple[Utterance, ...], Field(min_length=2)]
    """Said in turn to what does not help."""
    gives_up: Utterance
    sources: Annotated[tuple[Line, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _possible(self) -> Elder:
        if not any(duty.must for duty in self.duties):
            raise ValueError("duties: at least one must be done")
        return self
