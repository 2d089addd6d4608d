"""The list of sentences that recognisers write where nobody speaks (``lexicon/recogniser_phrases.yaml``)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from donghaeng.errors import CatalogueError

PHRASES_FILE: Final = Path("lexicon/recogniser_phrases.yaml")
"""Where the list lives below the catalogue folder."""
LISTS: Final = ("always", "weak")
_NOT_WORD: Final = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class StockPhrases:
    """Both lists, each phrase as :func:`bare` gives it."""

    always: tuple[str, ...] = ()
    """A text that contains one was not said."""
    weak: frozenset[str] = frozenset()
    """A text that equals one was not said where the evidence of speech is weak."""


def bare(text: str) -> str:
    """Letters and digits only, in lower case."""
    return _NOT_WORD.sub("", text).lower()


def load_phrases(path: Path) -> StockPhrases:
    """Read the list.

    Raises:
        CatalogueError: the file is absent, no YAML, has another key, or an entry that is no text.
    """
    try:
        content: Any = YAML(typ="rt").load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CatalogueError(path, 1, f"cannot be read: {error.strerror}") from error
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise CatalogueError(path, line, f"is no YAML: {error.problem}") from error
    if not isinstance(content, dict):
        raise CatalogueError(path, 1, "is no mapping", remedy="write the lists `always:` and `weak:`")
    for key in content:
        if key not in LISTS:
            raise CatalogueError(
                path, _line_of(content, key), f"unknown key {key!r}", remedy="use `always` or `weak`"
            )
    return StockPhrases(
        always=tuple(_phrases(path, content, "always")), weak=frozenset(_phrases(path, content, "weak"))
    )


def _phrases(path: Path, content: Any, key: str) -> list[str]:
    entries: Any = content.get(key) or []
    marks: Any = getattr(entries, "lc", None)
    if not isinstance(entries, list):
        raise CatalogueError(path, _line_of(content, key), f"{key!r} is no list")
    for index, entry in enumerate(entries):
        if not isinstance(entry, str) or not bare(entry):
            line = int(marks.item(index)[0]) + 1
            raise CatalogueError(path, line, f"{entry!r} is no text", remedy="put it in quotation marks")
    return [bare(entry) for entry in entries]


def _line_of(content: Any, key: object) -> int:
    return int(content.lc.key(key)[0]) + 1
