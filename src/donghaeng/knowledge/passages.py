"""What a passage is: a statement of the city's in plain words, and where it comes from."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

MAX_SPOKEN_SENTENCES: Final = 2
"""More than two sentences in one breath are not taken in by ear (voice-ux section 2)."""
MAX_SPOKEN_CHARS: Final = 400
"""Characters of what is spoken: more than a minute."""
MAX_TEXT_CHARS: Final = 2_000
MAX_TITLE_CHARS: Final = 400

Words = Annotated[str, StringConstraints(min_length=1, max_length=MAX_TITLE_CHARS, strip_whitespace=True)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=MAX_TEXT_CHARS, strip_whitespace=True)]
Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n\s*")


class Passage(BaseModel):
    """One passage. It is answered with only while it is valid, and only when it was verified."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]*$", max_length=60)]
    topic: Identifier = Field(description="the service that answers with it, or `ask`")
    title: Words = Field(description="what it is about, in a citizen's words")
    spoken: Words = Field(description="the answer by ear: at most two plain sentences")
    text: Text | None = Field(default=None, description="the whole passage; `spoken` unless given")
    names: list[Words] = Field(
        default_factory=list, description="other words for what it is about; items of the sorting guide"
    )
    about: list[Identifier] = Field(
        default_factory=list, description="values of a choice slot that it belongs to; all when left out"
    )
    months: list[Annotated[int, Field(ge=1, le=12)]] = Field(
        default_factory=list, description="months that it speaks of; any when left out"
    )
    named: bool = Field(
        default=True, description="title and names say by which words it is asked for; headings need not"
    )
    warns_of: list[Words] = Field(
        default_factory=list,
        description="regular expressions over a question without spaces: one that has it is answered with "
        "this passage before any other",
    )
    document: Words = Field(description="the document that says so")
    issued: date | None = Field(
        default=None, description="day of the document: of two that contradict the newer comes first"
    )
    section: Words | None = Field(default=None, description="article, page or section")
    department: Words = Field(description="who answers for it")
    source: Words = Field(description="who publishes the document")
    url: Annotated[str, StringConstraints(pattern=r"^https?://\S+$", max_length=300)] | None = None
    valid_from: date | None = None
    valid_until: date | None = Field(default=None, description="last day on which it holds")
    owner: Words | None = Field(
        default=None, description="who looks at it again: an office or a role, no person's name"
    )
    review_by: date | None = Field(default=None, description="by when somebody looks at it again")
    verified: bool = Field(description="read in its source; an unverified passage is never spoken as a fact")

    @field_validator("spoken")
    @classmethod
    def _short(cls, spoken: str) -> str:
        if len(sentences(spoken)) > MAX_SPOKEN_SENTENCES:
            raise ValueError(f"has more than {MAX_SPOKEN_SENTENCES} sentences; put the rest into `text`")
        return spoken

    @field_validator("warns_of")
    @classmethod
    def _expressions(cls, warns_of: list[str]) -> list[str]:
        for expression in warns_of:
            try:
                re.compile(expression)
            except re.error as error:
                raise ValueError(f"{expression!r} is not a regular expression: {error}") from None
        return warns_of

    @model_validator(mode="after")
    def _in_order(self) -> Passage:
        if self.valid_from and self.valid_until and self.valid_until < self.valid_from:
            raise ValueError("valid_until is before valid_from")
        return self

    @property
    def body(self) -> str:
        """The whole passage."""
        return self.text or self.spoken

    def holds(self, day: date) -> bool:
        """Whether it may be answered with on a day."""
        begun = self.valid_from is None or self.valid_from <= day
        return self.verified and begun and (self.valid_until is None or day <= self.valid_until)


def sentences(text: str) -> list[str]:
    """The sentences of a text, in order; a line ends one too."""
    return [part.rstrip() for part in _SENTENCE_END.split(text.strip()) if part.strip()]
