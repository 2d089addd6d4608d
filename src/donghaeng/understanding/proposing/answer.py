"""What a model answered, taken apart: one JSON object of a known form, or nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

MOST_CHARACTERS: Final = 4_000
"""Longer answers are not looked at."""
MOST_SLOTS: Final = 12

MOST_WORDS: Final = 1_000
"""Characters of a quotation."""

ShortText = Annotated[str, Field(max_length=MOST_WORDS)]


class Quotation(BaseModel):
    """Words of the utterance that a model believes to name a slot."""

    model_config = ConfigDict(frozen=True, strict=True)

    slot: ShortText
    words: ShortText


class Proposal(BaseModel):
    """A well-formed answer; nothing of it has been checked against catalogue or utterance."""

    model_config = ConfigDict(frozen=True, strict=True)

    act: Literal["ask", "fill", "out_of_scope", "none"]
    service: ShortText | None = None
    slots: list[Quotation] = Field(default_factory=list, max_length=MOST_SLOTS)

    def with_words(self, change: Callable[[str], str]) -> Proposal:
        """The same with every quotation changed."""
        slots = [Quotation(slot=one.slot, words=change(one.words)[:MOST_WORDS]) for one in self.slots]
        return self.model_copy(update={"slots": slots})


def parse(answer: str) -> Proposal | None:
    """The proposal in an answer; None unless the whole answer is one object of the form."""
    if len(answer) > MOST_CHARACTERS:
        return None
    try:
        return Proposal.model_validate(json.loads(answer))
    except (ValueError, ValidationError, RecursionError):
        return None
