"""Acts learnt from examples (``catalogue/lexicon/act_examples.yaml``), for words that no pattern lists.

A linear model over the same character n-grams that rank services: other endings, dialect and misheard sounds
leave most of them whole. It costs well under a millisecond and needs no embedder.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Final

from donghaeng.city.services.positions import read_yaml
from donghaeng.understanding.acts import ActKind
from donghaeng.understanding.commands import ENOUGH, PERSON
from donghaeng.understanding.ranking.features import build_vocabulary
from donghaeng.understanding.ranking.linear import fit_sparse

NOTHING: Final = "none"
"""The class of utterances that steer nothing."""
FEWEST_EXAMPLES: Final = 25
"""An act with fewer is learnt badly beside the others."""
MOST_REQUESTS: Final = 400
"""Utterances that ask for services, taken evenly, beside the acts' own examples: more only cost time."""


class LearntActs:
    """Guesses which act an utterance is.

    Args:
        examples: utterances by act name, :data:`NOTHING` among them.
        requests: utterances that ask for something and so steer nothing.
    """

    def __init__(self, examples: Mapping[str, Sequence[str]], requests: Sequence[str] = ()) -> None:
        step = max(1, -(-len(requests) // MOST_REQUESTS))
        texts = {**examples, NOTHING: [*examples.get(NOTHING, ()), *requests[::step]]}
        self.labels = tuple(texts)
        rows = [text for label in self.labels for text in texts[label]]
        classes = [index for index, label in enumerate(self.labels) for _ in texts[label]]
        self._vocabulary = build_vocabulary(rows)
        self._model = fit_sparse(self._vocabulary.rows(rows), classes, len(self.labels))

    def guess(self, utterance: str, possible: Collection[str]) -> tuple[str, float]:
        """The likeliest of the acts that are ``possible`` here, :data:`NOTHING` always among them, and its
        strength, 0 … 1, among them."""
        chances = self._model.probabilities_of(*self._vocabulary.entries(utterance))
        found = dict(zip(self.labels, chances.tolist(), strict=True))
        kept = {name: chance for name, chance in found.items() if name in possible or name == NOTHING}
        best = max(kept, key=kept.__getitem__)
        return best, kept[best] / max(sum(kept.values()), 1e-9)


def read_act_examples(file: Path) -> dict[str, list[str]]:
    """Read the examples.

    Raises:
        CatalogueError: an unknown act, or fewer than :data:`FEWEST_EXAMPLES` for one.
    """
    document = read_yaml(file)
    if not isinstance(document.data, dict):
        raise document.error([], "is no mapping of acts", remedy="write `act: [examples]`")
    known = {kind.value for kind in ActKind} | {PERSON, ENOUGH, NOTHING}
    for name, sentences in document.data.items():
        if name not in known:
            raise document.error([name], f"{name!r} is no act", remedy=f"one of {', '.join(sorted(known))}")
        if not isinstance(sentences, list) or len(set(map(str, sentences))) < FEWEST_EXAMPLES:
            raise document.error([name], f"{name!r} has fewer than {FEWEST_EXAMPLES} different examples")
    return {name: [str(sentence) for sentence in sentences] for name, sentences in document.data.items()}
