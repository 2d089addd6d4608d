"""Builds the understanding engine from a catalogue folder, a place table and an embedder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache as remembered
from functools import lru_cache
from importlib.metadata import entry_points, version
from itertools import chain
from pathlib import Path
from random import Random
from typing import Final

from donghaeng.city.dialects import DIALECT_FILE, load_dialects
from donghaeng.city.emergencies import Emergencies
from donghaeng.city.glossary import GLOSSARY_FILE, load_glossary
from donghaeng.city.places.model import Kind
from donghaeng.city.places.table import PlaceTable
from donghaeng.city.services import Catalogue
from donghaeng.city.services.definition import EMERGENCY
from donghaeng.city.services.positions import read_yaml
from donghaeng.errors import EngineMissing
from donghaeng.korean.morphemes import analyser, likelihood, placer
from donghaeng.korean.noise import Manners, variants
from donghaeng.understanding.acts import ActKind
from donghaeng.understanding.agreeing import load_going_ahead
from donghaeng.understanding.asking_back import load_asking_back
from donghaeng.understanding.commands import PERSON, load_commands
from donghaeng.understanding.embed.example_vectors import Progress, example_vectors
from donghaeng.understanding.embed.protocol import Embedder, Vectors
from donghaeng.understanding.emergencies import EmergencyFinder
from donghaeng.understanding.engine import CatalogueUnderstanding
from donghaeng.understanding.learnt_acts import LearntActs, read_act_examples
from donghaeng.understanding.ranking.kept import key_of, read, write
from donghaeng.understanding.ranking.ranker import NONE, REMEMBERED, TALK, Learnt, ServiceRanker
from donghaeng.understanding.ranking.training import Vary, learn
from donghaeng.understanding.respelling import Respeller
from donghaeng.understanding.slots.gazetteer import Gazetteer

OUT_OF_SCOPE_FILE = "out_of_scope.yaml"
ACT_EXAMPLES_FILE = "act_examples.yaml"
ACT_PATTERNS_FILE = "acts.yaml"
FOLLOW_UPS_FILE = "follow_ups.yaml"
EMBEDDERS = "donghaeng.embedders"
"""Entry-point group of the embedders."""
MOST_EMBEDDED: Final = 8_000
"""Examples up to which a second stage learns from their vectors, at 20 ms each. Of more, n-grams have seen
enough: with 48,000 they are right more often alone (docs/measurements.md)."""
VARIANTS: Final = 2
"""Variants of each example that are learnt from beside it."""
VARIANTS_LEVEL: Final = 0.12
"""Share of their syllables that are misheard."""


@remembered
def load_embedder(name: str) -> Embedder:
    """The embedder that is installed under ``name``, one for the process.

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
    kinds: dict[str, Sequence[str]] = {kind: entry.examples for kind, entry in emergencies.items()}
    examples: dict[str, Sequence[str]] = {name: service.examples for name, service in catalogue.items()}
    examples[NONE] = read_out_of_scope(lexicon / OUT_OF_SCOPE_FILE)
    requests = [sentence for label in examples.values() for sentence in label]
    steering = read_act_examples(lexicon / ACT_EXAMPLES_FILE)
    wishes = (PERSON, ActKind.CANCEL, ActKind.CHITCHAT)
    examples[TALK] = [sentence for act, label in steering.items() if act not in wishes for sentence in label]
    examples[NONE] = list(dict.fromkeys([*examples[NONE], *steering.get(ActKind.CHITCHAT, ())]))
    told = [sentence for label in kinds.values() for sentence in label]
    examples[EMERGENCY] = list(dict.fromkeys([*examples.get(EMERGENCY, ()), *told]))
    manners = load_dialects(lexicon / DIALECT_FILE)

    @lru_cache(maxsize=REMEMBERED)
    def embed(text: str) -> Vectors:
        vector: Vectors = embedder.embed([text])[0]
        return vector

    def ranker(labelled: Mapping[str, Sequence[str]]) -> ServiceRanker:
        learnt = learn_or_read(labelled, embedder, manners=manners, cache=cache, progress=progress)
        return ServiceRanker(learnt, embed)

    known = [*known_texts(catalogue.folder), *(place.name for kind in Kind for place in places.places(kind))]
    return CatalogueUnderstanding(
        catalogue,
        commands=load_commands(lexicon / ACT_PATTERNS_FILE),
        emergencies=EmergencyFinder(emergencies),
        ranker=ranker(examples),
        alarms=ranker(kinds),
        learnt=LearntActs(steering, [*requests, *told]),
        gazetteer=Gazetteer(places),
        lexicons=read_slot_lexicons(catalogue),
        going_ahead=load_going_ahead(lexicon / "going_ahead.yaml"),
        asking_back=load_asking_back(lexicon / FOLLOW_UPS_FILE, load_glossary(lexicon / GLOSSARY_FILE).names),
        respeller=Respeller(known, likelihood(), placer()),
    )


def known_texts(folder: Path) -> list[str]:
    """What the files of a catalogue say, as they stand: every word of it is known. Patterns are no words."""
    files = [*folder.glob("services/*/service.yaml"), *folder.glob("lexicon/*.yaml")]
    return [file.read_text(encoding="utf-8") for file in sorted(files) if file.name != ACT_PATTERNS_FILE]


def whole_sentences(catalogue: Catalogue) -> list[str]:
    """What citizens say, each a whole utterance: requests, steering and what no service covers.

    Raises:
        CatalogueError: a lexicon is wrong, with file and line.
    """
    lexicon = catalogue.folder / "lexicon"
    steering = read_act_examples(lexicon / ACT_EXAMPLES_FILE).values()
    requests = (service.examples for service in catalogue.values())
    return [*chain(*requests, *steering), *read_out_of_scope(lexicon / OUT_OF_SCOPE_FILE)]


def learn_or_read(
    examples: Mapping[str, Sequence[str]],
    embedder: Embedder,
    *,
    manners: Manners | None = None,
    cache: Path | None = None,
    progress: Progress | None = None,
) -> Learnt:
    """What examples teach, from ``cache`` where it was learnt before.

    Args:
        examples: utterances of each class.
        embedder: gives the vectors of the second stage.
        manners: how the regions speak, for the variants that are learnt from beside the examples.
        cache: folder of what was learnt before; None learns always.
        progress: called while the examples are embedded and learnt from.
    """
    folder = cache / "learnt" if cache is not None else None
    morphemes = f"{version('kiwipiepy')} {version('kiwipiepy_model')}"
    key = key_of(examples, embedder.name, morphemes, repr(manners))
    analyse = analyser()
    known = read(folder, key, analyse) if folder is not None else None
    if known is not None:
        return known
    sentences = [sentence for label in examples.values() for sentence in label]
    few = len(sentences) <= MOST_EMBEDDED
    embedded = 0

    def embedding(done: int, total: int) -> None:
        nonlocal embedded
        embedded = done
        if progress is not None:
            progress(done, total + len(sentences) + 1)

    def learning(done: int, total: int) -> None:
        if progress is not None:
            progress(embedded + done, embedded + total)

    vectors = example_vectors(sentences, embedder, cache, embedding) if few else None
    learnt = learn(examples, vectors, analyse=analyse, vary=_varying(manners), progress=learning)
    if folder is not None:
        with suppress(OSError):  # a folder that takes no file costs time at the next start, nothing else
            write(folder, key, learnt)
    return learnt


def _varying(manners: Manners | None) -> Vary:
    """Variants of an example, the same in every process."""

    def vary(text: str) -> Sequence[str]:
        chance = Random(text.encode(errors="surrogatepass"))  # noqa: S311  repeatable, no secret
        return variants(text, chance, VARIANTS, level=VARIANTS_LEVEL, manners=manners)

    return vary


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
    """The word lists that the catalogue's text slots name: standard word → ways it is said. A file may hold
    more of each word than that: then the ways stand under ``says``.

    Raises:
        CatalogueError: a file is absent or no mapping of lists.
    """
    names = {spec.lexicon for service in catalogue.values() for spec in service.slots.values()} - {None}
    found: dict[str, Mapping[str, Sequence[str]]] = {}
    for name in sorted(str(name) for name in names):
        document = read_yaml(catalogue.folder / "lexicon" / f"{name}.yaml")
        if not isinstance(document.data, dict):
            raise document.error([], "is no mapping", remedy="write `standard word: [ways it is said]`")
        words: dict[str, Sequence[str]] = {}
        for word, entry in document.data.items():
            ways = entry.get("says") if isinstance(entry, dict) else entry
            if not isinstance(ways, list):
                raise document.error([word], f"{word!r} has no list of ways", remedy=f"{word}: []")
            words[word] = ways
        found[name] = words
    return found
