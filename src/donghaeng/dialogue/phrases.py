"""Reads the agent's own sentences (``catalogue/lexicon/phrases.yaml``)."""

from __future__ import annotations

from pathlib import Path

from donghaeng.city.services.positions import read_yaml
from donghaeng.city.services.templates import template_variables
from donghaeng.dialogue.wording import Phrases
from donghaeng.errors import TemplateFault


def load_phrases(file: Path) -> Phrases:
    """Read the sentences.

    Raises:
        CatalogueError: the file is no mapping of sentences, or one does not parse.
    """
    document = read_yaml(file)
    if not isinstance(document.data, dict):
        raise document.error([], "is no mapping of sentences", remedy="write `name: sentence`")
    for name, sentence in document.data.items():
        if not isinstance(sentence, str) or not sentence.strip():
            raise document.error([name], f"{name!r} is no sentence", remedy="write a sentence after it")
        try:
            template_variables(sentence)
        except TemplateFault as fault:
            raise document.error([name], f"{name!r} does not parse: {fault}") from None
    return Phrases(document.data)
