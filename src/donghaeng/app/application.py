"""The composition root: builds the whole application from the settings.

The only module that knows every part. Channels and commands get an :class:`Application` and nothing else.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog

from donghaeng.app.cities import ConversationCities, open_city
from donghaeng.app.imports import with_imports
from donghaeng.app.stored_places import StoredPlaces
from donghaeng.city.apps import APPS_FILE, app_operations, load_public_apps
from donghaeng.city.emergencies import load_emergencies
from donghaeng.city.places import PlaceTable, load_builtin
from donghaeng.city.services import Catalogue, load_catalogue
from donghaeng.conversation.account import Account
from donghaeng.conversation.carrying_out import Carrier, process_name
from donghaeng.conversation.runtime import ConversationRuntime
from donghaeng.dialogue.effects import CallOutcome
from donghaeng.dialogue.phrases import load_phrases
from donghaeng.dialogue.policy import Policy
from donghaeng.dialogue.wording import Phrases
from donghaeng.errors import DonghaengError, EngineMissing
from donghaeng.knowledge.base import KnowledgeBase
from donghaeng.knowledge.loading import load_passages
from donghaeng.knowledge.operations import local_operations
from donghaeng.korean.morphemes import analyser
from donghaeng.language_models.load import load_language_model
from donghaeng.language_models.protocol import LanguageModel
from donghaeng.settings import Settings, load_settings
from donghaeng.speech.load import Speech, load_speech, warm_up
from donghaeng.store import Store
from donghaeng.trust.sealing import make_sealer
from donghaeng.understanding.acts import Act, ActKind, Context
from donghaeng.understanding.embed.example_vectors import Progress
from donghaeng.understanding.engine import CatalogueUnderstanding
from donghaeng.understanding.load import load_embedder, load_understanding, read_slot_lexicons
from donghaeng.understanding.proposing.checking import Checker
from donghaeng.understanding.proposing.proposals import Proposals
from donghaeng.understanding.slots.gazetteer import Gazetteer

SEOUL_TIME = ZoneInfo("Asia/Seoul")
SEND_EVERY_S = 5.0
"""Pause between two looks at the outbox for writes whose answer never came."""

Clock = Callable[[], datetime]

_log = structlog.get_logger(__name__)


def seoul_now() -> datetime:
    """The time on the city's clocks."""
    return datetime.now(SEOUL_TIME)


@dataclass(frozen=True, slots=True)
class Application:
    """Everything that channels and commands work with."""

    settings: Settings
    catalogue: Catalogue
    phrases: Phrases
    places: PlaceTable
    store: Store
    understanding: CatalogueUnderstanding | None
    """None where nobody speaks in words."""
    conversations: ConversationRuntime
    speech: Speech | None = None
    """None where nothing is heard or spoken."""

    def understanding_or_fail(self) -> CatalogueUnderstanding:
        """The understanding of an application that was opened with it.

        Raises:
            EngineMissing: it was opened without.
        """
        if self.understanding is None:
            remedy = "open it with understanding"
            raise EngineMissing("the application was opened without understanding", remedy=remedy)
        return self.understanding

    def speech_or_fail(self) -> Speech:
        """The speech engines of an application that was opened with them.

        Raises:
            EngineMissing: it was opened without.
        """
        if self.speech is None:
            raise EngineMissing("the application was opened without speech", remedy="open it with speech")
        return self.speech


@asynccontextmanager
async def open_application(
    settings: Settings,
    *,
    speech: bool = False,
    words: bool = True,
    clock: Clock = seoul_now,
    observe: Callable[[CallOutcome], None] = lambda outcome: None,
    observe_model: Callable[[str], None] = lambda outcome: None,
    progress: Progress | None = None,
) -> AsyncIterator[Application]:
    """The application while it runs: the store is open and writes that wait are sent.

    Args:
        settings: every setting.
        speech: load the engines that hear and speak.
        words: learn the catalogue, so that what citizens say is understood; programs need no such thing.
        clock: the city's time.
        observe: is told of every answer of the city.
        observe_model: is told what came of every question to a language model.
        progress: is told how far learning has got.

    Raises:
        DonghaengError: a catalogue file, a setting, the database or an engine is wrong.
    """
    sealer = make_sealer(settings.key.get_secret_value() if settings.key else None, settings.data)
    catalogue = load_catalogue(settings.catalogue)
    emergencies = load_emergencies(settings.catalogue / "lexicon" / "emergencies.yaml")
    phrases = load_phrases(settings.catalogue / "lexicon" / "phrases.yaml")
    with Store.open(settings.database_url, sealer) as store:
        places = load_builtin(settings.catalogue / "places").with_places(StoredPlaces(store).load())
        understanding = (
            await asyncio.to_thread(
                load_understanding,
                catalogue,
                emergencies,
                places,
                load_embedder(settings.embedder),
                cache=settings.cache,
                progress=progress,
            )
            if words
            else None
        )
        engines = await asyncio.to_thread(_ready_speech, settings) if speech else None
        city = open_city(settings, places, sealer)
        knowledge = KnowledgeBase(load_passages(settings.catalogue / "knowledge"), analyser())
        apps = load_public_apps(settings.catalogue / "lexicon" / APPS_FILE)
        local = {**local_operations(knowledge), **app_operations(apps)}
        cities = with_imports(ConversationCities(city, places, local), settings)
        account = Account(store, catalogue, cities)
        carrier = Carrier(store, owner=process_name(), clock=clock, observe=observe, account=account)
        model = load_language_model(settings)
        proposals = _proposals(catalogue, places, model, observe_model) if model is not None else None
        conversations = ConversationRuntime(
            store=store,
            policy=Policy(catalogue, phrases, emergencies),
            understanding=understanding or _NoWords(),
            places=places,
            cities=cities,
            carrier=carrier,
            clock=clock,
            allow_test_clock=settings.allow_test_clock,
            proposals=proposals,
        )
        await carrier.release_dead()
        sender = asyncio.create_task(_keep_sending(conversations))
        try:
            yield Application(
                settings, catalogue, phrases, places, store, understanding, conversations, engines
            )
        finally:
            sender.cancel()
            with suppress(asyncio.CancelledError):
                await sender
            if engines is not None:
                engines.pool.close()
            if model is not None:
                await model.aclose()
            await cities.aclose()


class _NoWords:
    """Understands nothing: nobody speaks in words here."""

    def understand(self, utterance: str, context: Context) -> tuple[Act, ...]:
        del utterance, context
        return (Act(ActKind.UNCLEAR),)


@asynccontextmanager
async def open_for_tests(*, speech: bool = False) -> AsyncIterator[Application]:
    """An application with the test clock and an empty data folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="donghaeng-") as folder:
        settings = load_settings(data=Path(folder), allow_test_clock=True, city="sandbox", database=None)
        async with open_application(settings, speech=speech) as application:
            yield application


def _proposals(
    catalogue: Catalogue, places: PlaceTable, model: LanguageModel, observe: Callable[[str], None]
) -> Proposals:
    checker = Checker(catalogue, Gazetteer(places), read_slot_lexicons(catalogue))
    return Proposals(catalogue, model, checker, observe=observe)


def _ready_speech(settings: Settings) -> Speech:
    speech = load_speech(settings)
    warm_up(speech)
    return speech


async def _keep_sending(conversations: ConversationRuntime) -> None:
    """Send the writes that wait, for ever; an error is logged and the next look tries again."""
    while True:
        try:
            await conversations.send_waiting()
        except DonghaengError as error:
            _log.warning("outbox.failed", error=type(error).__name__)
        await asyncio.sleep(SEND_EVERY_S)
