"""What testers hear and rate at `/listen`, and what the citizen page says by itself: two fixed tables.

Both are fixed lists, so that whoever asks for their sound can ask for no more than what stands in them.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from donghaeng.city.services.positions import Document, read_yaml

AUDITION_FILE: Final = "audition.yaml"
"""The table of samples in ``catalogue``."""
NOTICES_FILE: Final = "page_notices.yaml"
"""The table of the page's own sentences in ``catalogue/lexicon``."""
NOTICES: Final = frozenset({"welcome", "stay", "lost"})
"""Sentences that the page says."""
ID_PATTERN: Final = r"^[a-z][a-z0-9_]{0,39}$"
LONGEST_SENTENCE: Final = 40
"""Letters of one sentence: more is not kept in mind (PRODUCT, "Words")."""

Id = Annotated[str, StringConstraints(pattern=ID_PATTERN)]
_Sentence = Annotated[str, StringConstraints(min_length=2, max_length=120, strip_whitespace=True)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Condition(_Strict):
    """One way of saying a sentence."""

    name: str = Field(min_length=1, max_length=40)
    voice: str | None = Field(default=None, max_length=80)
    speed: float = Field(default=0.9, ge=0.6, le=1.5)
    joined: bool = True
    band: Literal["wide", "phone"] = "wide"


class Audition(_Strict):
    """What is heard and rated."""

    round: str = Field(min_length=1, max_length=40)
    sentences: Mapping[Id, _Sentence] = Field(min_length=1, max_length=40)
    conditions: Mapping[Id, Condition] = Field(min_length=2, max_length=20)
    pairs: Mapping[Id, tuple[str, str]] = Field(max_length=20)
    singles: tuple[str, ...] = Field(max_length=20)

    @model_validator(mode="after")
    def _all_known(self) -> Self:
        named = [*self.singles, *(one for pair in self.pairs.values() for one in pair)]
        unknown = [one for one in named if one not in self.conditions]
        if unknown:
            raise ValueError(f"no condition {unknown[0]!r}")
        same = [name for name, (a, b) in self.pairs.items() if a == b]
        if same:
            raise ValueError(f"the pair {same[0]!r} holds one condition twice")
        return self


def load_audition(file: Path) -> Audition:
    """Read the table of samples.

    Raises:
        CatalogueError: the first thing that is wrong, with file and line.
    """
    document = read_yaml(file)
    try:
        return Audition.model_validate(document.data)
    except ValidationError as error:
        problem = error.errors()[0]
        at = [part for part in problem["loc"] if isinstance(part, str | int)]
        message = problem["msg"].removeprefix("Value error, ")
        where = f"{'.'.join(map(str, at))}: " if at else ""
        raise document.error(at, where + message, remedy="see the table's first lines") from None


def load_notices(file: Path) -> Mapping[str, str]:
    """Read the page's own sentences.

    Raises:
        CatalogueError: the first thing that is wrong, with file and line.
    """
    document = read_yaml(file)
    notices = document.data if isinstance(document.data, dict) else {}
    for name, words in notices.items():
        if name not in NOTICES:
            raise document.error([name], f"the page has no notice {name!r}")
        _check_words(document, name, words)
    missing = sorted(NOTICES - set(notices))
    if missing:
        raise document.error([], f"{missing[0]} is missing", remedy="write a sentence for it")
    return notices


def _check_words(document: Document, name: str, words: object) -> None:
    if not isinstance(words, str) or not words.strip():
        raise document.error([name], f"{name} is no sentence")
    longest = max(len(sentence.strip()) for sentence in words.replace("?", ".").split("."))
    if longest > LONGEST_SENTENCE:
        raise document.error([name], f"a sentence of {longest} letters", remedy=f"{LONGEST_SENTENCE} at most")
