"""Examples of one service that another service's examples contradict."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from donghaeng.city.services import Catalogue
from donghaeng.errors import CatalogueError
from donghaeng.understanding.ranking.features import build_vocabulary

TOO_NEAR: Final = 0.9
"""Cosine of character n-grams from which two examples say the same."""


def find_overlaps(catalogue: Catalogue) -> Iterator[CatalogueError]:
    """A finding for each example that says what an example of another service says."""
    owners = [(name, index) for name, service in catalogue.items() for index in range(len(service.examples))]
    texts = [catalogue[name].examples[index] for name, index in owners]
    if not texts:
        return
    vocabulary = build_vocabulary(texts)
    rows = np.stack([vocabulary.vector(text) for text in texts])
    near = np.argwhere(np.triu(rows @ rows.T, k=1) >= TOO_NEAR)
    for one, other in near.tolist():
        service, index = owners[other]
        if owners[one][0] != service:
            yield catalogue.documents[service].error(
                ["examples", index],
                f"example {texts[other]!r} contradicts {owners[one][0]}'s {texts[one]!r}",
                remedy="keep it in one of the two services, or say what tells them apart",
            )
