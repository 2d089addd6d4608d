"""The words of minutes read from ``catalogue/office/minutes``."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from pydantic import ValidationError

from donghaeng.city.services.positions import read_yaml
from donghaeng.korean.morphemes import joiner, placer
from donghaeng.office.minutes.reading import Clerk
from donghaeng.office.minutes.words import MinutesWords

WORDS: Final = "words.yaml"


def load_words(catalogue: Path) -> MinutesWords:
    """The word lists.

    Raises:
        CatalogueError: the file is wrong, with file and line.
    """
    document = read_yaml(catalogue / "office" / "minutes" / WORDS)
    try:
        return MinutesWords.model_validate(document.data)
    except ValidationError as error:
        problem = error.errors()[0]
        message = problem["msg"].removeprefix("Value error, ")
        raise document.error(list(problem["loc"]), message) from None


def load_clerk(catalogue: Path) -> Clerk:
    """Reads minutes with the catalogue's words and the embedded analyser (2 s, once a process)."""
    return Clerk(load_words(catalogue), placer(), joiner())
