"""The passages of the catalogue, read once, and an analyser that needs no model."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from tests import learning

from donghaeng.knowledge.base import KnowledgeBase
from donghaeng.knowledge.loading import load_passages
from donghaeng.knowledge.passages import Passage
from donghaeng.korean.morphemes import Morpheme, analyser

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
def knowledge_by_meaning() -> KnowledgeBase:
    """As citizens are answered from."""
    return learning.knowledge()
