"""Hard words of offices in plain Korean (``catalogue/lexicon/glossary.yaml``).

An answer that is spoken gives the easy word beside the first hard one ("바우처, 그러니까 정해진 데에만 쓰는
이용권"), and whoever asks what a word means hears its explanation. Public documents are to be written so that
everybody understands them: 국어기본법 제14조 제1항.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator

from donghaeng.city.services.positions import read_yaml
from donghaeng.korean.particles import PAIRS, choose

GLOSSARY_FILE: Final = "glossary.yaml"
MOST_SENTENCES: Final = 2
MOST_EASED: Final = 1
"""Hard words of one answer that get their easy word: a second aside is no longer taken in by ear."""
MEANS: Final = ", 그러니까 "
"""Stands between a term and its easy word."""

Words = Annotated[str, StringConstraints(min_length=1, max_length=120, strip_whitespace=True)]

_SENTENCE_END = re.compile(r"[.!?](?:\s|$)")
_DIGIT = re.compile(r"\d")
_HANGUL = "가-힣"
_AGREEING: Final = tuple(
    sorted({form for pair in PAIRS.values() for form in pair if form}, key=len, reverse=True)
)
_NEUTRAL: Final = ("에서는", "에서", "에게", "한테", "까지", "부터", "만", "도", "의", "에")
"""Particles that are the same after every word."""


class Term(BaseModel):
    """One hard word."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    easy: Words = Field(description="a noun phrase that may stand for it in a sentence")
    spoken: Words = Field(description="what it means: at most two sentences, without figures")
    also: list[Words] = Field(default_factory=list, description="other names of the same thing")
    eased: bool = Field(default=True, description="whether answers give its easy word unasked")

    @field_validator("spoken")
    @classmethod
    def _short(cls, spoken: str) -> str:
        if len(_SENTENCE_END.findall(spoken)) > MOST_SENTENCES:
            raise ValueError(f"has more than {MOST_SENTENCES} sentences")
        return spoken

    @field_validator("easy", "spoken")
    @classmethod
    def _without_figures(cls, words: str) -> str:
        if _DIGIT.search(words):
            raise ValueError("holds a figure; write a passage with its source instead")
        return words


class Glossary(BaseModel):
    """All of them, and who answers for the words."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    document: Words
    department: Words
    source: Words
    terms: Mapping[Words, Term]

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Every name of every term, as written, with the term that it is a name of."""
        return {name: term for term, entry in self.terms.items() for name in (term, *entry.also)}

    @cached_property
    def packed(self) -> Mapping[str, str]:
        """The same by names without spaces, in lower case."""
        return {_pack(name): term for name, term in self.names.items()}

    @cached_property
    def hard(self) -> re.Pattern[str] | None:
        """A hard word with the particle after it; None where there is none to be eased."""
        names = sorted((name for name, term in self.names.items() if self.terms[term].eased), key=len)
        if not names:
            return None
        particles = "|".join((*_AGREEING, *_NEUTRAL))
        longest_first = "|".join(re.escape(name) for name in reversed(names))
        return re.compile(
            rf"(?<![{_HANGUL}\w])(?P<term>{longest_first})(?P<particle>{particles})?(?![{_HANGUL}\w])"
        )

    def meaning(self, name: str) -> tuple[str, Term] | None:
        """The term that goes by a name, in any spacing."""
        term = self.packed.get(_pack(name))
        return (term, self.terms[term]) if term is not None else None

    def eased(self, text: str) -> str:
        """A text with the easy word beside its first hard one; the rest stays word for word."""
        return self.hard.sub(self._with_easy_word, text, count=MOST_EASED) if self.hard else text

    def _with_easy_word(self, found: re.Match[str]) -> str:
        easy = self.terms[self.names[found["term"]]].easy
        if easy in found.string:
            return found.group()
        return f"{found['term']}{MEANS}{easy}{_agreeing(found['particle'] or '', easy)}"


def load_glossary(file: Path) -> Glossary:
    """Read the glossary.

    Raises:
        CatalogueError: a term is wrong, or one name belongs to two terms; with file and line.
    """
    document = read_yaml(file)
    try:
        glossary = Glossary.model_validate(document.data)
    except ValidationError as error:
        problem = error.errors()[0]
        message = problem["msg"].removeprefix("Value error, ")
        raise document.error(list(problem["loc"]), message) from None
    owners: dict[str, str] = {}
    for term, entry in glossary.terms.items():
        for name in map(_pack, (term, *entry.also)):
            if owners.setdefault(name, term) != term:
                message = f"{name!r} stands for {owners[name]!r} too"
                raise document.error(["terms", term], message, remedy="give each name to one term")
    return glossary


def _pack(words: str) -> str:
    return "".join(words.lower().split())


def _agreeing(particle: str, word: str) -> str:
    """The particle in the form that fits another word before it."""
    for closed, opened in PAIRS.values():
        if particle and particle in (closed, opened):
            return choose(word, closed, opened)
    return particle
