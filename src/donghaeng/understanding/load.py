"""Builds the understanding engine from a catalogue folder, a place table and an embedder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.metadata import entry_points
from pathlib import Path

from donghaeng.city.emergencies import Emergencies
from donghaeng.city.places.table import PlaceTable
from donghaeng.city.services import Catalogue
from donghaeng.city.services.definition import EMERGENCY
from donghaeng.city.services.positions import read_yaml
from donghaeng.errors import EngineMissing
from donghaeng.understanding.commands import load_commands
from donghaeng.understanding.embed.example_vectors import Progress, example_vectors
from donghaeng.understanding.embed.protocol import Embedder, Vectors
from donghaeng.understanding.emergencies import EmergencyFinder
from donghaeng.understanding.engine import CatalogueUnderstanding
from donghaeng.understanding.learnt_acts import LearntActs, read_act_examples
from donghaeng.understanding.ranking.ranker import NONE, REMEMBERED, ServiceRanker
from donghaeng.understanding.slots.gazetteer import Gazetteer

OUT_OF_SCOPE_FILE = "out_of_scope.yaml"
ACT_EXAMPLES_FILE = "act_examples.yaml"
EMBEDDERS = "donghaeng.embedders"
"""Entry-point group of the embedders."""


def load_embedder(name: str) -> Embedder:
    """The embedder that is installed under ``name``.

    Raises:
        EngineMissing: there is none; the message names those there are.
    """
    points = {point.name: point for point in entry_points(group=EMBEDDERS)}
    if name not in points:
        raise EngineMissing(
            f"embedder {name!r} is not installed", remedy=f"one of {', '.join(sorted(points))}"
        )
    embedder: Embedder = points[name].load()()
    return embedder


def load_understanding(
    catalogue: Catalogue,
    emergencies: Emergencies,
    places: PlaceTable,
    embedder: Embedder,
    *,
    cache: Path | None = None,
    progress: Progress | None = None,
) -> CatalogueUnderstanding:
    """Train on the catalogue's examples and read its lexicons.

    Raises:
        CatalogueError: a lexicon is wrong, with file and line.
    """
    lexicon = catalogue.folder / "lexicon"
    examples: dict[str, Sequence[str]] = {name: service.examples for name, service in catalogue.items()}
    examples[NONE] = read_out_of_scope(lexicon / OUT_OF_SCOPE_FILE)
    sentences = [sentence for label in examples.values() for sentence in label]
    alarms: dict[str, Sequence[str]] = {kind: entry.examples for kind, entry in emergencies.items()}
    urgent = [sentence for label in alarms.values() for sentence in label]
    vectors = example_vectors([*urgent, *sentences], embedder, cache, progress)
    names = [name for name, label in examples.items() for _ in label]
    calm = [index for index, name in enumerate(names) if name != EMERGENCY]
    alarms[NONE] = [sentences[index] for index in calm]
    heard = [*range(len(urgent)), *(len(urgent) + index for index in calm)]

    @lru_cache(maxsize=REMEMBERED)
    def embed(text: str) -> Vectors:
        vector: Vectors = embedder.embed([text])[0]
        return vector

    return CatalogueUnderstanding(
        catalogue,
        commands=load_commands(lexicon / "acts.yaml"),
        emergencies=EmergencyFinder(emergencies),
        ranker=ServiceRanker(examples, vectors[len(urgent) :], embed),
        alarms=ServiceRanker(alarms, vectors[heard], embed),
        learnt=LearntActs(read_act_examples(lexicon / ACT_EXAMPLES_FILE), sentences),
        gazetteer=Gazetteer(places),
        lexicons=read_slot_lexicons(catalogue),
    )


def read_out_of_scope(file: Path) -> list[str]:
    """Utterances that no service covers.

    Raises:
        CatalogueError: the file is no list of sentences.
    """
    document = read_yaml(file)
    if not isinstance(document.data, list) or not document.data:
        raise document.error([], "is no list of sentences", remedy="write one sentence a line after `- `")
    return [str(sentence) for sentence in document.data]


def read_slot_lexicons(catalogue: Catalogue) -> dict[str, Mapping[str, Sequence[str]]]:
    """The word lists that the catalogue's text slots name: standard word → ways it is said.

    Raises:
        CatalogueError: a file is absent or no mapping of lists.
    """
    names = {spec.lexicon for service in catalogue.values() for spec in service.slots.values()} - {None}
    found: dict[str, Mapping[str, Sequence[str]]] = {}
    for name in sorted(str(name) for name in names):
        document = read_yaml(catalogue.folder / "lexicon" / f"{name}.yaml")
        if not isinstance(document.data, dict):
            raise document.error([], "is no mapping", remedy="write `standard word: [ways it is said]`")
        for word, ways in document.data.items():
            if not isinstance(ways, list):
                raise document.error([word], f"{word!r} has no list of ways", remedy=f"{word}: []")
        found[name] = document.data
    return found
