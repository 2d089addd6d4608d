"""The card for the fridge: what one can say, in large letters. Pure; ``card_pdf`` sets it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, field_validator

from donghaeng.city.services.speaking import syllables
from donghaeng.learning.curriculum import Line, Part

MOST_SYLLABLES = 16
"""Of a saying: two lines at most of 18 points across half a page of A4."""
Short = Annotated[str, Field(min_length=2, max_length=40)]


class Sayings(Part):
    """A heading with what one can say under it."""

    heading: Short
    says: Annotated[tuple[Short, ...], Field(min_length=2, max_length=5)]

    @field_validator("says")
    @classmethod
    def _short(cls, says: tuple[str, ...]) -> tuple[str, ...]:
        long = [one for one in says if syllables(one) > MOST_SYLLABLES]
        if long:
            raise ValueError(f"{long[0]!r} has more than {MOST_SYLLABLES} syllables")
        return says


class Card(Part):
    """One side of A4."""

    title: Short
    number: Annotated[str, Field(pattern=r"^[0-9-]{3,14}$", description="where to call")]
    lead: Line
    groups: Annotated[tuple[Sayings, ...], Field(min_length=2, max_length=6)]
    always: Annotated[tuple[Sayings, ...], Field(min_length=1, max_length=1)]
    never: Annotated[tuple[Line, ...], Field(min_length=1, max_length=3)]
    emergency: Line
