"""The words of minutes and the kinds of meetings read from ``catalogue/office/minutes``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from donghaeng.city.services.positions import read_model
from donghaeng.errors import InputError
from donghaeng.korean.morphemes import joiner, placer
from donghaeng.office.minutes.kinds import Kind, Kinds
from donghaeng.office.minutes.reading import Clerk
from donghaeng.office.minutes.words import MinutesWords

FOLDER: Final = Path("office/minutes")


def load_words(catalogue: Path) -> MinutesWords:
    """The word lists.

    Raises:
        CatalogueError: the file is wrong, with file and line.
    """
    return read_model(catalogue / FOLDER / "words.yaml", MinutesWords)


def load_kinds(catalogue: Path) -> Mapping[str, Kind]:
    """Every kind of meeting by its id.

    Raises:
        CatalogueError: the file is wrong, with file and line.
    """
    return read_model(catalogue / FOLDER / "kinds.yaml", Kinds).root


def find_kind(kinds: Mapping[str, Kind], name: str) -> Kind:
    """One of them.

    Raises:
        InputError: there is none of this name.
    """
    if name not in kinds:
        raise InputError(f"no kind of meeting {name}", remedy=f"one of {', '.join(kinds)}")
    return kinds[name]


def load_clerk(catalogue: Path) -> Clerk:
    """Reads minutes with the catalogue's words and the embedded analyser (2 s, once a process)."""
    return Clerk(load_words(catalogue), placer(), joiner())
