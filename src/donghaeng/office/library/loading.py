"""How people in an office ask, read from ``catalogue/office/library/words.yaml``."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from donghaeng.city.services.positions import read_model
from donghaeng.office.library.evidence import Words


@cache
def load_words(catalogue: Path) -> Words:
    """Everyday words beside those of documents.

    Raises:
        CatalogueError: the file is absent or wrong, with file and line.
    """
    return read_model(catalogue / "office" / "library" / "words.yaml", Words)
