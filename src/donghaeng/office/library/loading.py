"""How people in an office ask, read from ``catalogue/office/library/words.yaml``."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from donghaeng.office.library.evidence import Words
from donghaeng.trust.rule_files import read_rules


@cache
def load_words(catalogue: Path) -> Words:
    """Everyday words beside those of documents.

    Raises:
        InputError: the file is absent or wrong.
    """
    return read_rules(catalogue / "office" / "library" / "words.yaml", Words)
