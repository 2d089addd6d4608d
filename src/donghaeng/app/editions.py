"""Editions of the catalogue in this process: loaded, watched for changes, kept for conversations under way.

A changed catalogue is learnt in a process of its own, so that those who talk meanwhile do not wait; one that
is wrong is refused, and the edition before goes on serving.
"""

from __future__ import annotations

import asyncio
import io
import multiprocessing
import tempfile
import zipfile
from collections import OrderedDict
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog

from donghaeng.app.voice_courses import courses_by_voice
from donghaeng.city.emergencies import load_emergencies
from donghaeng.city.guardians import load_guardian_rules
from donghaeng.city.imported import declared, load_imported
from donghaeng.city.person_topics import load_person_topics
from donghaeng.city.places import PlaceTable, load_builtin
from donghaeng.city.providers.declared import OPERATIONS
from donghaeng.city.services import Catalogue, load_catalogue
from donghaeng.city.services.checking import check_catalogue
from donghaeng.conversation.editions import Edition
from donghaeng.dialogue.phrases import load_phrases
from donghaeng.dialogue.policy import Policy
from donghaeng.errors import DonghaengError
from donghaeng.language_models.protocol import LanguageModel
from donghaeng.settings import Settings
from donghaeng.store import Store, editions
from donghaeng.understanding.acts import Act, ActKind, Context, Understanding
from donghaeng.understanding.embed.example_vectors import Progress
from donghaeng.understanding.load import load_embedder, load_understanding, read_slot_lexicons
from donghaeng.understanding.proposing.checking import Checker
from donghaeng.understanding.proposing.proposals import Proposals
from donghaeng.understanding.slots.gazetteer import Gazetteer

MOST_LOADED = 3
SEE = "donghaeng services check"
"""Editions in memory at once; an older one is loaded again when its conversation goes on."""
PACKED = (
    "services/*/service.yaml",
    "services/*/operation.yaml",
    "lexicon/*.yaml",
    "learning/courses/*.yaml",
)
"""Files of a catalogue that conversations depend on. Places and passages are always the newest."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Loaded:
    """A catalogue as it was loaded: its edition, the state of its files, and they themselves."""

    edition: Edition
    seen: str
    packed: bytes


class CatalogueEditions:
    """Implements :class:`~donghaeng.conversation.editions.Editions`.

    Args:
        words: whether words are understood at all; programs need no such thing.
        model: what may propose acts where the words do not decide.
        folder: gives the folder of the catalogue in force, with what reviewers published in it; the settings'
            own where None. Asked on a thread.
        observe_model: is told what came of every question to the model.
        ready: what was loaded before this process began; used while the files are what they were then.
    """

    def __init__(
        self,
        settings: Settings,
        store: Store,
        places: PlaceTable,
        *,
        clock: Callable[[], datetime],
        words: bool = True,
        model: LanguageModel | None = None,
        observe_model: Callable[[str], None] = lambda outcome: None,
        folder: Callable[[], Path] | None = None,
        ready: Loaded | None = None,
    ) -> None:
        self._ready = ready
        self._settings = settings
        self._folder = folder or (lambda: settings.catalogue)
        self._store = store
        self._places = places
        self._clock = clock
        self._words = words
        self._model = model
        self._observe_model = observe_model
        self._loaded: OrderedDict[str, Edition] = OrderedDict()
        self._current: Edition | None = None
        self._last: Loaded | None = None
        self._seen = ""
        self._loading = asyncio.Lock()

    @property
    def current(self) -> Edition:
        """The edition on which new conversations begin."""
        assert self._current is not None, "editions are loaded before anybody talks"
        return self._current

    @property
    def loaded(self) -> Loaded:
        """What serves now, to be given to other processes."""
        assert self._last is not None, "editions are loaded before anybody talks"
        return self._last

    async def load(self, progress: Progress | None = None) -> Edition:
        """Load the catalogue as it stands and serve it.

        Raises:
            CatalogueError: a file is wrong.
        """
        folder = await asyncio.to_thread(self._folder)
        seen = fingerprint(folder)
        found = self._ready
        if found is None or found.seen != seen:
            catalogue = await asyncio.to_thread(load_catalogue, folder)
            edition = await asyncio.to_thread(self._make, catalogue, progress)
            found = Loaded(edition, seen, await asyncio.to_thread(pack, folder))
        version, packed = found.edition.version, found.packed
        await self._store.transact(lambda tx: editions.keep(tx, version, packed, self._clock()))
        self._keep(found.edition)
        self._current, self._seen, self._last = found.edition, seen, found
        return found.edition

    async def refresh(self) -> bool:
        """Serve the catalogue anew if its files have changed; whether they had. What is wrong with them is
        logged once, and the edition before goes on serving."""
        folder = await asyncio.to_thread(self._folder)
        seen = await asyncio.to_thread(fingerprint, folder)
        if seen == self._seen:
            return False
        async with self._loading:
            try:
                changed = await asyncio.to_thread(self._checked, folder)
                if taught(changed) != taught(self.current.catalogue):
                    await self._learn_aside(folder)
                edition = await self.load()
            except DonghaengError as error:
                self._seen = seen
                _log.error("catalogue.refused", error=type(error).__name__, remedy=SEE)
                return False
        _log.info("catalogue.served", version=edition.version)
        return True

    async def of(self, version: str) -> Edition:
        """The edition of a version; the current one where nothing is kept of that version any more."""
        found = self._loaded.get(version)
        if found is not None:
            return found
        packed = await self._store.read(lambda tx: editions.find(tx, version))
        if packed is None:
            return self.current
        async with self._loading:
            if version not in self._loaded:
                try:
                    self._keep(await asyncio.to_thread(self._unpacked, packed))
                except DonghaengError as error:
                    _log.error("catalogue.lost", version=version, error=type(error).__name__)
                    return self.current
        return self._loaded.get(version, self.current)

    def _keep(self, edition: Edition) -> None:
        self._loaded[edition.version] = edition
        self._loaded.move_to_end(edition.version)
        serving = self._current.version if self._current is not None else None
        while len(self._loaded) > MOST_LOADED:
            del self._loaded[next(name for name in self._loaded if name != serving)]

    def _unpacked(self, packed: bytes) -> Edition:
        with tempfile.TemporaryDirectory(prefix="donghaeng-edition-") as folder:
            with zipfile.ZipFile(io.BytesIO(packed)) as archive:
                archive.extractall(folder)
            return self._make(load_catalogue(Path(folder)), None)

    def _make(self, catalogue: Catalogue, progress: Progress | None) -> Edition:
        lexicon = catalogue.folder / "lexicon"
        emergencies = load_emergencies(lexicon / "emergencies.yaml")
        understanding: Understanding = _NoWords()
        if self._words:
            understanding = load_understanding(
                catalogue,
                emergencies,
                self._places,
                load_embedder(self._settings.embedder),
                cache=self._settings.cache,
                progress=progress,
            )
        proposals = None
        if self._model is not None:
            checker = Checker(catalogue, Gazetteer(self._places), read_slot_lexicons(catalogue))
            proposals = Proposals(catalogue, self._model, checker, observe=self._observe_model)
        topics = load_person_topics(lexicon / "person_topics.yaml")
        guardians = load_guardian_rules(lexicon / "guardians.yaml")
        phrases = load_phrases(lexicon / "phrases.yaml")
        courses = courses_by_voice(catalogue.folder)
        policy = Policy(catalogue, phrases, emergencies, topics, guardians, courses=courses)
        return Edition(policy, understanding, proposals)

    def _checked(self, folder: Path) -> Catalogue:
        """The catalogue as it stands, checked before it is learnt, which takes minutes.

        Raises:
            CatalogueError: the first thing that is wrong.
        """
        catalogue = load_catalogue(folder)
        errors = check_catalogue(catalogue, {**OPERATIONS, **declared(load_imported(folder))})
        if errors:
            raise errors[0]
        return catalogue

    async def _learn_aside(self, folder: Path) -> None:
        """Fill the cache with what the changed examples teach, in a process of its own."""
        if not self._words or self._settings.cache is None:
            return
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(1, mp_context=context) as pool:
            await asyncio.get_running_loop().run_in_executor(
                pool, learn, folder, self._settings.embedder, self._settings.cache
            )


def learn(folder: Path, embedder: str, cache: Path) -> None:
    """Learn a catalogue into the cache.

    Raises:
        CatalogueError: a file is wrong.
    """
    emergencies = load_emergencies(folder / "lexicon" / "emergencies.yaml")
    places = load_builtin(folder / "places")
    load_understanding(load_catalogue(folder), emergencies, places, load_embedder(embedder), cache=cache)


def taught(catalogue: Catalogue) -> dict[str, list[str]]:
    """What is learnt from: the utterances of each service."""
    return {name: service.examples for name, service in catalogue.items()}


def fingerprint(folder: Path) -> str:
    """Names, sizes and times of the files that conversations depend on: equal while nothing is edited."""
    return "\n".join(
        f"{file}:{status.st_size}:{status.st_mtime_ns}"
        for file in _files(folder)
        for status in (file.stat(),)
    )


def pack(folder: Path) -> bytes:
    """The files of a catalogue as one archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in _files(folder):
            archive.write(file, file.relative_to(folder))
    return buffer.getvalue()


def _files(folder: Path) -> Iterator[Path]:
    for pattern in PACKED:
        yield from sorted(folder.glob(pattern))


class _NoWords:
    """Understands nothing: nobody speaks in words here."""

    def understand(self, utterance: str, context: Context) -> tuple[Act, ...]:
        del utterance, context
        return (Act(ActKind.UNCLEAR),)
