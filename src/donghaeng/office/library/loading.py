"""``words.yaml``, checked."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from donghaeng.office.library.evidence import Words
from donghaeng.trust.rule_files import read_rules

FILE: Final = Path(__file__).with_name("words.yaml")


@cache
def load_words(file: Path = FILE) -> Words:
    """Everyday words beside those of documents.

    Raises:
        InputError: the file is wrong.
    """
    return read_rules(file, Words)
