"""Review items of one meaning together: average-linkage clustering over cosine distances. Pure.

Murtagh and Contreras, "Algorithms for hierarchical clustering" (2012), as scikit-learn carries it out. The
number of groups is not given; how near their members are is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from sklearn.cluster import AgglomerativeClustering

from donghaeng.understanding.embed.protocol import Vectors

FARTHEST: Final = 0.09
"""Mean cosine distance at which groups stay apart, for the packaged embedder
(docs/decisions/0026-review.md)."""
MOST_CLUSTERED: Final = 5_000
"""Different texts at once: their distances need 200 MB; the newest are taken."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """Texts of one meaning."""

    label: str
    """The text that is nearest to all others of the group."""
    members: tuple[int, ...]
    """Their places in what was given, rising."""


def cluster(texts: Sequence[str], vectors: Vectors, *, farthest: float = FARTHEST) -> list[Cluster]:
    """Group texts by meaning; the largest group first, then by label.

    Args:
        texts: what was said; equal texts are together whatever their vectors.
        vectors: of each text, rows of length one.
        farthest: see :data:`FARTHEST`.
    """
    places: dict[str, list[int]] = {}
    for place, text in enumerate(texts):
        places.setdefault(text, []).append(place)
    # In the order of the texts, so that the same items give the same groups in whichever order they come.
    different = sorted(places)
    rows = vectors[[places[text][0] for text in different]] if different else vectors
    groups: dict[int, list[int]] = {}
    for index, group in enumerate(_groups(rows, farthest)):
        groups.setdefault(group, []).append(index)
    found = [
        Cluster(
            label=different[_central(rows, indices, [len(places[different[one]]) for one in indices])],
            members=tuple(sorted(place for one in indices for place in places[different[one]])),
        )
        for indices in groups.values()
    ]
    return sorted(found, key=lambda one: (-len(one.members), one.label))


def _groups(rows: Vectors, farthest: float) -> list[int]:
    if len(rows) < 2:
        return [0] * len(rows)
    method = AgglomerativeClustering(
        n_clusters=None, distance_threshold=farthest, metric="cosine", linkage="average"
    )
    return [int(group) for group in method.fit_predict(rows)]


def _central(rows: Vectors, indices: Sequence[int], weights: Sequence[int]) -> int:
    """The member nearest to the weighted middle of its group; the first of equals."""
    own = rows[list(indices)]
    middle = np.asarray(weights, dtype=np.float32) @ own
    return indices[int(np.argmax(np.round(own @ middle, 5)))]
