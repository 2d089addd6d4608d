"""Examples of one service that speak for another: said twice, nearly the same, or drawn there by all others.

For whoever writes examples (`donghaeng services check`). The third kind is found by leaving each example out
in turn: a linear model over the n-grams that the ranker uses learns from all others and is asked whose it is.
With least squares one inverse serves all examples together, for what ridge regression says of a point that it
has not seen follows from the inverse's diagonal (Rasmussen and Williams, Gaussian Processes for Machine
Learning, section 5.4.2): some seconds for three thousand examples.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from donghaeng.city.services import Catalogue
from donghaeng.errors import CatalogueError
from donghaeng.understanding.ranking.features import build_vocabulary
from donghaeng.understanding.text import compact

TOO_NEAR: Final = 0.9
"""Cosine of character n-grams from which two examples say the same."""
ASTRAY: Final = 0.3
"""By how much another service's score (about 0 … 1) exceeds its own before an example counts as drawn away.
With 2,871 examples of 42 services: 0 → 390 examples, 0.2 → 106, 0.3 → 50, 0.4 → 22."""
SMOOTHING: Final = 0.2
"""Ridge penalty; from 0.1 to 0.5 the share of examples that find home changes by under 0.01."""
MOST: Final = 6_000
"""Examples up to which each is left out: time grows with the cube of their number."""

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Compared:
    """Every example of a catalogue, and how alike each two are (cosine), shape ``(examples, examples)``."""

    catalogue: Catalogue
    owners: list[tuple[str, int]]
    texts: list[str]
    alike: Floats

    def finding(self, example: int, message: str, remedy: str) -> CatalogueError:
        service, index = self.owners[example]
        return self.catalogue.documents[service].error(["examples", index], message, remedy=remedy)


def find_overlaps(catalogue: Catalogue) -> Iterator[CatalogueError]:
    """A finding for each example that says what an example of another service says."""
    yield from _near(_compare(catalogue))


def find_warnings(catalogue: Catalogue) -> Iterator[CatalogueError]:
    """The same, then a finding for each example that the others would clearly give to another service, the
    clearest first."""
    compared = _compare(catalogue)
    yield from _near(compared)
    yield from _astray(compared)


def _compare(catalogue: Catalogue) -> _Compared:
    owners = [(name, index) for name, service in catalogue.items() for index in range(len(service.examples))]
    texts = [catalogue[name].examples[index] for name, index in owners]
    rows = build_vocabulary(texts).rows(texts)
    return _Compared(catalogue, owners, texts, (rows @ rows.T).toarray())


def _near(compared: _Compared) -> Iterator[CatalogueError]:
    for one, other in np.argwhere(np.triu(compared.alike, k=1) >= TOO_NEAR).tolist():
        service = compared.owners[one][0]
        if compared.owners[other][0] == service:
            continue
        said, again = compared.texts[one], compared.texts[other]
        how = "is also an example of" if compact(said) == compact(again) else f"contradicts {said!r} of"
        yield compared.finding(
            other,
            f"example {again!r} {how} {service}",
            "keep it in one of the two services, or say what tells them apart",
        )


def _astray(compared: _Compared) -> Iterator[CatalogueError]:
    services = list(dict.fromkeys(name for name, _ in compared.owners))
    if len(services) < 2 or len(compared.texts) > MOST:
        return
    own = np.array([services.index(name) for name, _ in compared.owners])
    scores = _left_out(compared.alike, own, len(services))
    taken = scores.argmax(axis=1)
    lead = scores.max(axis=1) - scores[np.arange(len(own)), own]
    for example in np.argsort(-lead, kind="stable").tolist():
        if lead[example] < ASTRAY:
            return
        of_other = np.flatnonzero(own == taken[example])
        nearest = int(of_other[compared.alike[example, of_other].argmax()])
        if compared.alike[example, nearest] >= TOO_NEAR:
            continue
        text, other = compared.texts[example], services[int(taken[example])]
        yield compared.finding(
            example,
            f"example {text!r} would be taken for {other}, which has {compared.texts[nearest]!r}",
            "say in it what tells the two services apart, add examples like it, or move it there",
        )


def _left_out(alike: Floats, own: NDArray[np.int64], services: int) -> Floats:
    """Each example's score for each service by a model that learnt from all other examples.

    Services weigh the same whatever their number of examples. Shape ``(examples, services)``.
    """
    targets = np.zeros((len(own), services), dtype=np.float32)
    targets[np.arange(len(own)), own] = 1.0
    counts = np.bincount(own, minlength=services).astype(np.float32)
    penalty = SMOOTHING * counts[own] * services / len(own)
    inverse = np.linalg.inv(alike + np.diag(penalty).astype(np.float32))
    return (targets - (inverse @ targets) / np.diag(inverse)[:, None]).astype(np.float32)
