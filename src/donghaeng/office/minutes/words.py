"""The words by which minutes are read, as data (``catalogue/office/minutes/words.yaml``). Pure."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints


def _pattern(text: str) -> str:
    """``text`` where it is a regular expression with a group ``title``."""
    try:
        groups = re.compile(text).groupindex
    except re.error as error:
        raise ValueError(f"no regular expression: {error}") from None
    if "title" not in groups:
        raise ValueError("no group (?P<title>…)")
    return text


Word = Annotated[str, StringConstraints(min_length=1, max_length=40)]
Words = Annotated[tuple[Word, ...], Field(min_length=1)]
Opening = Annotated[str, StringConstraints(min_length=1, max_length=400), AfterValidator(_pattern)]


class MinutesWords(BaseModel):
    """Every list by its name in the file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    titles: Words
    accepting: Words
    agreeing: Words
    refusing: Words
    correcting: Words
    procedural: Words
    soft: Words
    wishing: Words
    done: Words
    generic: Words
    deciding: Words
    undecided: Words
    opening: Annotated[tuple[Opening, ...], Field(min_length=1)]
    never_topic: Words

    @cached_property
    def openings(self) -> tuple[re.Pattern[str], ...]:
        """How a point of the agenda is taken up."""
        return tuple(re.compile(one) for one in self.opening)

    @cached_property
    def title_pattern(self) -> str:
        """Any title, the longest first."""
        return "|".join(sorted(map(re.escape, self.titles), key=len, reverse=True))
