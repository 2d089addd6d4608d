"""``words.yaml``, checked."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

import yaml
from pydantic import ValidationError

from donghaeng.errors import CatalogueError
from donghaeng.office.library.evidence import Words

FILE: Final = Path(__file__).with_name("words.yaml")


@cache
def load_words(file: Path = FILE) -> Words:
    """Everyday words beside those of documents.

    Raises:
        CatalogueError: the file is wrong.
    """
    try:
        return Words.model_validate(yaml.safe_load(file.read_text("utf-8")))
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise CatalogueError(f"{file.name}: {error}", remedy="mend the file") from error
