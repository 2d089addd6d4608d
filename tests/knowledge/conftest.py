"""The passages of the catalogue, read once, and an analyser that needs no model."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from donghaeng.knowledge.base import KnowledgeBase
from donghaeng.knowledge.embedding import Embedding
from donghaeng.knowledge.loading import load_passages
from donghaeng.knowledge.passages import Passage
from donghaeng.korean.morphemes import Morpheme, analyser
from donghaeng.settings import load_settings
from donghaeng.understanding.load import load_embedder

CHECKOUT = Path(__file__).resolve().parents[2]
TODAY = date(2026, 11, 23)


def words_only(text: str) -> list[Morpheme]:
    """Every word is a noun: enough to test what is done with morphemes, without their analyser."""
    return [Morpheme(word.strip(".,?!"), "NNG") for word in text.split()]


@pytest.fixture(scope="session")
def passages() -> Sequence[Passage]:
    return load_passages(CHECKOUT / "catalogue" / "knowledge")


@pytest.fixture(scope="session")
def knowledge(passages: Sequence[Passage]) -> KnowledgeBase:
    return KnowledgeBase(passages, analyser())


@pytest.fixture(scope="session")
def knowledge_by_meaning(passages: Sequence[Passage]) -> KnowledgeBase:
    """As citizens are answered from."""
    settings = load_settings()
    embedding = Embedding(load_embedder(settings.embedder), cache=settings.cache)
    return KnowledgeBase(passages, analyser(), embedding=embedding)
