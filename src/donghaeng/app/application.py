"""The composition root: builds the whole application from the settings.

The only module that knows every part. Channels and commands get an :class:`Application` and nothing else.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog

from donghaeng.app.alliance import CitiesWithAlliance
from donghaeng.app.answering import Elsewhere, knowledge_operations
from donghaeng.app.cities import ConversationCities, open_city
from donghaeng.app.clock_steps import ClockSteps
from donghaeng.app.editions import CatalogueEditions
from donghaeng.app.imports import with_imports
from donghaeng.app.prepared import Prepared
from donghaeng.app.process import TowerProcess
from donghaeng.app.published_catalogue import PublishedCatalogue
from donghaeng.app.records import vault_keys_of
from donghaeng.app.retaining import Retainer, keep_retaining
from donghaeng.app.served_knowledge import ServedKnowledge, open_knowledge
from donghaeng.app.stored_places import StoredPlaces
from donghaeng.app.suggesting import suggest_answers
from donghaeng.app.texting import load_messages
from donghaeng.city.apps import APPS_FILE, app_operations, load_public_apps
from donghaeng.city.forms import form_operations
from donghaeng.city.guardians import load_guardian_rules
from donghaeng.city.places import PlaceTable, load_builtin
from donghaeng.city.providers.circuits import OnChange
from donghaeng.city.services import Catalogue
from donghaeng.conversation.account import Account
from donghaeng.conversation.carrying_out import Carrier
from donghaeng.conversation.counsel import Counsel
from donghaeng.conversation.guardianship import Guardianship
from donghaeng.conversation.live_clock import SystemClock
from donghaeng.conversation.machine_switch import MachineSwitch
from donghaeng.conversation.runtime import ConversationRuntime
from donghaeng.conversation.summaries import Summaries
from donghaeng.conversation.switchboard import Switchboard
from donghaeng.dialogue.effects import CallOutcome
from donghaeng.dialogue.wording import Phrases
from donghaeng.errors import DonghaengError, EngineMissing
from donghaeng.people.bell import Bell
from donghaeng.people.counselling import CounsellorDesk
from donghaeng.people.desk import Reception
from donghaeng.people.desk_files import load_desk
from donghaeng.people.messages import MessageSender
from donghaeng.settings import Settings, load_settings
from donghaeng.speech.load import Speech, load_speech, warm_up
from donghaeng.store import Store
from donghaeng.store.process_names import process_name
from donghaeng.tower.incidents.desk import IncidentDesk
from donghaeng.tower.process.desk import ProcessDesk
from donghaeng.tower.process.gate import ProcessGate
from donghaeng.trust.sealing import make_sealer
from donghaeng.understanding.acts import Understanding
from donghaeng.understanding.embed.example_vectors import Progress
from donghaeng.understanding.engine import CatalogueUnderstanding
from donghaeng.understanding.load import whole_sentences

SEOUL_TIME = ZoneInfo("Asia/Seoul")
SEND_EVERY_S = 5.0
"""Pause between two looks at the outbox for writes whose answer never came."""

LOOK_EVERY_S = 5.0
"""Pause between two looks at the catalogue's files."""

Clock = Callable[[], datetime]

_log = structlog.get_logger(__name__)


def seoul_now() -> datetime:
    """The time on the city's clocks."""
    return datetime.now(SEOUL_TIME)


@dataclass(frozen=True, slots=True)
class Application:
    """Everything that channels and commands work with."""

    settings: Settings
    editions: CatalogueEditions
    places: PlaceTable
    store: Store
    conversations: ConversationRuntime
    desk: CounsellorDesk
    """The counsellors' desk."""
    switchboard: Switchboard
    """The live voice lines of this process, for counsellors to join."""
    switch: MachineSwitch
    """The off switch."""
    guardianship: Guardianship
    """Whom citizens let see receipt and status of their requests."""
    knowledge: ServedKnowledge
    """What is known from the catalogue and from documents."""
    process: ProcessDesk
    """The control tower's process."""
    incidents: IncidentDesk
    """What went wrong with AI systems."""
    gate: ProcessGate
    """What may answer citizens now."""
    speech: Speech | None = None
    """None where nothing is heard or spoken."""

    @property
    def catalogue(self) -> Catalogue:
        """The catalogue on which new conversations begin."""
        return self.editions.current.catalogue

    @property
    def phrases(self) -> Phrases:
        """The agent's own sentences."""
        return self.editions.current.policy.phrases

    @property
    def understanding(self) -> Understanding:
        """What understands new conversations."""
        return self.editions.current.understanding

    def understanding_or_fail(self) -> CatalogueUnderstanding:
        """The understanding of an application that was opened with it.

        Raises:
            EngineMissing: it was opened without.
        """
        understanding = self.understanding
        if not isinstance(understanding, CatalogueUnderstanding):
            remedy = "open it with understanding"
            raise EngineMissing("the application was opened without understanding", remedy=remedy)
        return understanding

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
    watch: bool = True,
    clock: Clock = seoul_now,
    observe: Callable[[CallOutcome], None] = lambda outcome: None,
    observe_model: Callable[[str], None] = lambda outcome: None,
    observe_rewording: Callable[[str], None] = lambda outcome: None,
    observe_circuit: OnChange = lambda name, state: None,
    elsewhere: Elsewhere | None = None,
    progress: Progress | None = None,
    prepared: Prepared | None = None,
) -> AsyncIterator[Application]:
    """The application while it runs: the store is open and writes that wait are sent.

    Args:
        settings: every setting.
        speech: load the engines that hear and speak.
        watch: serve the catalogue anew when it is edited; measurements want one and the same.
        words: learn the catalogue, so that what citizens say is understood; programs need no such thing.
        clock: the city's time.
        observe: is told of every answer of the city.
        observe_model: is told what came of every question to a language model.
        observe_rewording: is told what came of every answer that a language model was to word anew.
        observe_circuit: is told of every provider that is left alone, tried or answers again.
        elsewhere: has free questions answered by another process; this one keeps no vectors for them then.
        progress: is told how far learning has got.
        prepared: what was read and built before; read and built here where None.

    Raises:
        DonghaengError: a catalogue file, a setting, the database or an engine is wrong.
    """
    sealer = make_sealer(settings.key.get_secret_value() if settings.key else None, settings.data)
    with Store.open(settings.database_url, sealer, vault=vault_keys_of(settings)) as store:
        places = _builtin(settings, prepared).with_places(StoredPlaces(store).load())
        process = TowerProcess(settings, store, clock=clock, joins=watch)
        model = process.model()
        editions = CatalogueEditions(
            settings,
            store,
            places,
            clock=clock,
            words=words,
            model=model,
            observe_model=observe_model,
            folder=PublishedCatalogue(settings.catalogue, settings.cache, store),
            ready=prepared.loaded if prepared else None,
        )
        await editions.load(progress)
        await process.begin(editions.current.catalogue)
        engines = (
            await asyncio.to_thread(_ready_speech, settings, editions.current.catalogue, progress)
            if speech
            else None
        )
        city = open_city(settings, places, sealer, store, on_circuit=observe_circuit)
        asked_here = words and elsewhere is None
        knowledge = await asyncio.to_thread(_known, settings, store, progress, prepared, words=asked_here)
        knowledge.follow_gate(process.gate.knowledge)
        # What is there when the first citizen comes; the rest of many documents follows while it serves.
        await knowledge.refresh(steps=1 if watch else None)
        apps = load_public_apps(settings.catalogue / "lexicon" / APPS_FILE)
        local = {
            **(elsewhere or dict)(knowledge_operations(settings, knowledge, model, observe_rewording)),
            **app_operations(apps),
            **form_operations(apps),
        }
        cities = CitiesWithAlliance(
            with_imports(ConversationCities(city, places, local), settings), store, clock
        )
        account = Account(store, editions, cities)
        texts = load_messages(settings, sealer)
        files, bell = load_desk(settings.catalogue / "desk"), Bell()
        switch = MachineSwitch(store, clock, held=process.holds(speech=speech))
        guardian_rules = load_guardian_rules(settings.catalogue / "lexicon" / "guardians.yaml")
        guardianship = Guardianship(store, editions, guardian_rules, clock=clock, cities=cities)
        carrier = Carrier(
            store,
            owner=process_name(),
            clock=clock,
            observe=observe,
            account=account,
            calls=settings.sip_port is not None and settings.sip_trunk is not None,
            reception=Reception(files.hours, files.busy_from),
            bell=bell,
            guardians=guardianship,
        )
        conversations = ConversationRuntime(
            store=store,
            editions=editions,
            places=places,
            cities=cities,
            carrier=carrier,
            clock=clock,
            summaries=Summaries(clock, enabled=texts is not None),
            allow_test_clock=settings.allow_test_clock,
            bell=bell,
            switch=switch,
            guardians=guardianship,
            withheld=process.gate.services,
        )
        switchboard = Switchboard(SystemClock())
        desk = Counsel(
            store=store,
            editions=editions,
            machine=conversations,
            files=files,
            clock=clock,
            bell=bell,
            switchboard=switchboard,
            suggest=partial(suggest_answers, knowledge),
        )
        await carrier.release_dead()
        await switch.look()
        senders: list[Callable[[], Awaitable[int]]] = [
            conversations.send_waiting,
            ClockSteps(clock).unless_lately(desk.release_absent),
        ]
        if texts is not None:
            texting = MessageSender(store, texts, owner=process_name(), clock=clock)
            senders.append(texting.send_waiting)
        following = [_keep_fresh(editions), knowledge.keep_fresh()] if watch else []
        retainer = Retainer(store, settings.catalogue, settings.data, clock=clock)
        following += process.running(editions, every_s=LOOK_EVERY_S)
        running = [_keep_sending(senders), switch.watch(), keep_retaining(retainer), *following]
        tasks = [asyncio.create_task(work) for work in running]
        try:
            yield Application(
                settings=settings,
                editions=editions,
                places=places,
                store=store,
                conversations=conversations,
                desk=desk,
                switchboard=switchboard,
                switch=switch,
                guardianship=guardianship,
                knowledge=knowledge,
                process=process.desk,
                incidents=process.incidents,
                gate=process.gate,
                speech=engines,
            )
        finally:
            for task in tasks:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
            if engines is not None:
                engines.pool.close()
            for part in (model, texts, cities):
                if part is not None:
                    await part.aclose()


@asynccontextmanager
async def open_for_tests(*, speech: bool = False) -> AsyncIterator[Application]:
    """An application with the test clock and an empty data folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="donghaeng-") as folder:
        settings = load_settings(data=Path(folder), allow_test_clock=True, city="sandbox", database=None)
        async with open_application(settings, speech=speech, watch=False) as application:
            yield application


def _builtin(settings: Settings, prepared: Prepared | None) -> PlaceTable:
    return prepared.places if prepared else load_builtin(settings.catalogue / "places")


def _known(
    settings: Settings, store: Store, progress: Progress | None, prepared: Prepared | None, *, words: bool
) -> ServedKnowledge:
    if prepared is not None:
        return prepared.knowledge.over(store)
    return open_knowledge(settings, store, progress, words=words)


def _ready_speech(settings: Settings, catalogue: Catalogue, progress: Progress | None) -> Speech:
    speech = load_speech(settings, whole_sentences(catalogue), progress=progress)
    warm_up(speech)
    return speech


async def _keep_sending(senders: Sequence[Callable[[], Awaitable[int]]]) -> None:
    """Send the writes and messages that wait, for ever; an error is logged and the next look tries again."""
    while True:
        for send in senders:
            try:
                await send()
            except DonghaengError as error:
                _log.warning("outbox.failed", error=type(error).__name__)
        await asyncio.sleep(SEND_EVERY_S)


async def _keep_fresh(editions: CatalogueEditions) -> None:
    """Serve a catalogue that was edited, for ever."""
    while True:
        await asyncio.sleep(LOOK_EVERY_S)
        try:
            await editions.refresh()
        except OSError as error:
            _log.warning("catalogue.unreadable", error=type(error).__name__)
