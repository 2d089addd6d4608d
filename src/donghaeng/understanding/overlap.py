"""Examples of one service that speak for another: said twice, nearly the same, or drawn there by all others.

For whoever writes examples (`donghaeng services check`). The third kind is found by leaving each example out
in turn: the ranker's own least squares over n-grams tell what they would have made of it, had they not seen
it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from donghaeng.city.services import Catalogue
from donghaeng.errors import CatalogueError
from donghaeng.understanding.ranking.features import build_vocabulary
from donghaeng.understanding.ranking.linear import FEW_ROWS, learn_sparse
from donghaeng.understanding.text import compact

TOO_NEAR: Final = 0.9
"""Cosine of character n-grams from which two examples say the same."""
ASTRAY: Final = 0.3
"""By how much another service's score (about 0 … 1) exceeds its own before an example counts as drawn away.
With 2,871 examples of 42 services: 0 → 390 examples, 0.2 → 106, 0.3 → 50, 0.4 → 22."""
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Compared:
    """Every example of a catalogue, and how alike each two are (cosine), shape ``(examples, examples)``."""

    catalogue: Catalogue
    owners: list[tuple[str, int]]
    texts: list[str]
    rows: csr_matrix
    alike: Floats

    def finding(self, example: int, message: str, remedy: str) -> CatalogueError:
        service, index = self.owners[example]
        return self.catalogue.documents[service].error(["examples", index], message, remedy=remedy)


@dataclass(frozen=True, slots=True)
class Confusion:
    """An example that speaks for another service than its own."""

    service: str
    """Whose example it is."""
    text: str
    other: str
    """Which service it speaks for."""
    nearest: str
    """The most alike example of that service."""
    nearly_same: bool
    """Whether both say nearly the same; else all other examples together would give it away."""


def find_confusions(catalogue: Catalogue, service: str) -> tuple[Confusion, ...]:
    """What stands between a service and the others, in both directions, the clearest first.

    Args:
        catalogue: with the service in it.
        service: its id.
    """
    compared = _compare(catalogue)
    found = [_told(compared, *pair, nearly_same=True) for pair in _near(compared)]
    found += [_told(compared, *pair, nearly_same=False) for pair in _astray(compared)]
    return tuple(one for one in found if service in (one.service, one.other))


def _told(compared: _Compared, example: int, nearest: int, *, nearly_same: bool) -> Confusion:
    owner, other = compared.owners[example][0], compared.owners[nearest][0]
    return Confusion(owner, compared.texts[example], other, compared.texts[nearest], nearly_same)


def find_overlaps(catalogue: Catalogue) -> Iterator[CatalogueError]:
    """A finding for each example that says what an example of another service says."""
    compared = _compare(catalogue)
    for pair in _near(compared):
        yield _near_finding(compared, *pair)


def find_warnings(catalogue: Catalogue) -> Iterator[CatalogueError]:
    """The same, then a finding for each example that the others would clearly give to another service, the
    clearest first."""
    compared = _compare(catalogue)
    for pair in _near(compared):
        yield _near_finding(compared, *pair)
    for pair in _astray(compared):
        yield _astray_finding(compared, *pair)


def _compare(catalogue: Catalogue) -> _Compared:
    owners = [(name, index) for name, service in catalogue.items() for index in range(len(service.examples))]
    texts = [catalogue[name].examples[index] for name, index in owners]
    rows = build_vocabulary(texts).rows(texts)
    return _Compared(catalogue, owners, texts, rows, (rows @ rows.T).toarray())


def _near(compared: _Compared) -> Iterator[tuple[int, int]]:
    """Each example that says what an earlier one of another service says, and that one."""
    for one, other in np.argwhere(np.triu(compared.alike, k=1) >= TOO_NEAR).tolist():
        if compared.owners[one][0] != compared.owners[other][0]:
            yield other, one


def _near_finding(compared: _Compared, again: int, said: int) -> CatalogueError:
    first, second = compared.texts[said], compared.texts[again]
    how = "is also an example of" if compact(first) == compact(second) else f"contradicts {first!r} of"
    return compared.finding(
        again,
        f"example {second!r} {how} {compared.owners[said][0]}",
        "keep it in one of the two services, or say what tells them apart",
    )


def _astray(compared: _Compared) -> Iterator[tuple[int, int]]:
    """Each example that the others would clearly give to another service, and the most alike one there."""
    services = list(dict.fromkeys(name for name, _ in compared.owners))
    if len(services) < 2 or len(compared.texts) > FEW_ROWS:
        return
    own = np.array([services.index(name) for name, _ in compared.owners])
    fitted = learn_sparse(compared.rows, own.tolist(), len(services))
    scores = fitted.unseen_logits / fitted.model.scale
    taken = scores.argmax(axis=1)
    lead = scores.max(axis=1) - scores[np.arange(len(own)), own]
    for example in np.argsort(-lead, kind="stable").tolist():
        if lead[example] < ASTRAY:
            return
        of_other = np.flatnonzero(own == taken[example])
        nearest = int(of_other[compared.alike[example, of_other].argmax()])
        if compared.alike[example, nearest] < TOO_NEAR:
            yield example, nearest


def _astray_finding(compared: _Compared, example: int, nearest: int) -> CatalogueError:
    text, other = compared.texts[example], compared.owners[nearest][0]
    return compared.finding(
        example,
        f"example {text!r} would be taken for {other}, which has {compared.texts[nearest]!r}",
        "say in it what tells the two services apart, add examples like it, or move it there",
    )
