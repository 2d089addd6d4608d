"""The linter's rules as data: what they are called, why they hold, which words they know. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

Words = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Rule(_Strict):
    """What a finding says to whoever reads it."""

    title: Words
    reason: Words = Field(description="why, in one sentence that an official understands")
    source: Words = Field(description="law, decree or published list")
    wrong: Mapping[Words, str] = Field(
        default_factory=dict,
        description="text → what its first fixes make of it; the same where none is given",
    )
    right: tuple[Words, ...] = Field(default=(), description="look-alikes that the rule leaves alone")
    whole: bool = Field(default=False, description="its examples are complete letters")


class Noun(_Strict):
    """A noun that has an easier one."""

    noun: Words
    easy: Annotated[tuple[Words, ...], Field(min_length=1)]
    does: bool = Field(default=False, description="하다 and 되다 go with both (모니터링하다 → 점검하다)")
    wrong: Mapping[Words, Words] = Field(default_factory=dict)
    right: tuple[Words, ...] = ()
    unless_before: str | None = Field(default=None, description="regular expression of what stands before")
    unless_after: str | None = Field(default=None, description="regular expression of what follows")

    @field_validator("unless_before", "unless_after")
    @classmethod
    def _expression(cls, text: str | None) -> str | None:
        return text if text is None else _compiled(text).pattern


class Morphemes(_Strict):
    """A row of morphemes and the one in its place: ``제고/NNG 하/XSV`` → ``높이/VV``.

    A morpheme is a regular expression of its form, a slash, and one of its tag; ``{0}`` in the new row is the
    first of the old one as it is. What follows in the same word is inflected anew.
    """

    find: Words
    fix: tuple[Words, ...] = ()
    wrong: Annotated[Mapping[Words, Words], Field(min_length=1)]
    right: tuple[Words, ...] = ()

    @cached_property
    def row(self) -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
        """Form and tag of each morpheme that is looked for."""
        return tuple((_compiled(form), _compiled(tag)) for form, tag in map(_split, self.find.split(" ")))

    @cached_property
    def new_rows(self) -> tuple[tuple[tuple[str, str] | int, ...], ...]:
        """The new rows: a form and a tag, or the place of an old morpheme."""
        return tuple(tuple(_part(part) for part in row.split(" ")) for row in self.fix)

    @model_validator(mode="after")
    def _sound(self) -> Morphemes:
        places = [part for row in self.new_rows for part in row if isinstance(part, int)]
        length = len(self.row)
        if any(place >= length for place in places):
            raise ValueError("a new row names a morpheme that the old one has not")
        return self


class Pattern(_Strict):
    """A regular expression of the text itself. ``fix`` may name its groups: ``{rest}``."""

    text: Words
    fix: tuple[str, ...] = ()
    first: str | None = Field(default=None, description="tag of the morpheme that begins there")
    wrong: Annotated[Mapping[Words, Words], Field(min_length=1)]
    right: tuple[Words, ...] = ()

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The expression."""
        return _compiled(self.text)

    @model_validator(mode="after")
    def _groups(self) -> Pattern:
        known = dict.fromkeys(self.pattern.groupindex, "")
        for fix in self.fix:
            try:
                fix.format(**known)
            except (KeyError, IndexError, ValueError) as error:
                raise ValueError(f"{fix!r} names a group that the expression has not") from error
        return self


class Lexicon(_Strict):
    """Words and phrases of one file."""

    source: Words
    nouns: Mapping[Words, tuple[Noun, ...]] = Field(default_factory=dict, description="by rule")
    morphemes: Mapping[Words, tuple[Morphemes, ...]] = Field(default_factory=dict, description="by rule")
    patterns: Mapping[Words, tuple[Pattern, ...]] = Field(default_factory=dict, description="by rule")


class Rulebook(_Strict):
    """All of it."""

    rules: Mapping[Words, Rule]
    lexicons: tuple[Lexicon, ...]


def _compiled(text: str) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except re.error as error:
        raise ValueError(f"{text!r} is no regular expression: {error}") from error


def _split(part: str) -> tuple[str, str]:
    form, sign, tag = part.rpartition("/")
    if not (sign and form and tag):
        raise ValueError(f"{part!r} is no morpheme; write form/TAG")
    return form, tag


def _part(part: str) -> tuple[str, str] | int:
    if part.startswith("{") and part.endswith("}") and part[1:-1].isdigit():
        return int(part[1:-1])
    form, tag = _split(part)
    return form.replace("_", " "), tag
