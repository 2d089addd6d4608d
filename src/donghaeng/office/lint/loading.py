"""The linter's rules read from ``catalogue/office``: ``rules.yaml`` and every ``*.words.yaml``."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from pydantic import BaseModel

from donghaeng.city.services.positions import read_model, read_yaml
from donghaeng.errors import CatalogueError
from donghaeng.korean.morphemes import joiner, placer
from donghaeng.office.lint.linter import Linter
from donghaeng.office.lint.rules import Lexicon, Rule, Rulebook

FOLDER: Final = "office"
RULES: Final = "rules.yaml"


class _Rules(BaseModel):
    rules: dict[str, Rule]


def load_rulebook(catalogue: Path) -> Rulebook:
    """Read the rules.

    Raises:
        CatalogueError: a file is wrong, or names a rule that ``rules.yaml`` has not; with file and line.
    """
    folder = catalogue / FOLDER
    rules = read_model(folder / RULES, _Rules).rules
    lexicons = []
    for file in sorted(folder.glob("*.words.yaml")):
        lexicon = read_model(file, Lexicon)
        for part in ("nouns", "morphemes", "patterns"):
            for name in getattr(lexicon, part):
                if name not in rules:
                    line = read_yaml(file).line([part, name])
                    raise CatalogueError(file, line, f"no rule {name}", remedy=f"describe it in {RULES}")
        lexicons.append(lexicon)
    return Rulebook(rules=rules, lexicons=tuple(lexicons))


def load_linter(catalogue: Path) -> Linter:
    """The linter with the catalogue's rules and the embedded analyser (2 s, once a process)."""
    return Linter(load_rulebook(catalogue), placer(), joiner())
