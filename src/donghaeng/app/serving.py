"""The web application over a running :class:`Application`, with what a server process needs around it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any

import structlog
from fastapi import FastAPI

from donghaeng.app.answering import Elsewhere
from donghaeng.app.application import LOOK_EVERY_S, Application, open_application, seoul_now
from donghaeng.app.audition import AuditionRoom
from donghaeng.app.live_places import admission_for, measure_places
from donghaeng.app.messengers import messengers
from donghaeng.app.officials import open_officials
from donghaeng.app.own_record import keep_own_record
from donghaeng.app.prepared import Prepared
from donghaeng.app.privacy import private_words
from donghaeng.app.processors import connected
from donghaeng.app.registers import keep_levels, open_register
from donghaeng.app.rehearsing import rehearse
from donghaeng.app.reviewing import keep_collecting, open_collector, open_review
from donghaeng.app.service_owners import TrialVoice, open_services
from donghaeng.app.shared_limits import SharedLimits
from donghaeng.app.sign_on import open_accounts, open_sign_on
from donghaeng.app.tools import route_of, token_for, tool_endpoint
from donghaeng.app.tower_figures import open_figures
from donghaeng.app.tracing import traces
from donghaeng.app.watching import Heard, Watcher
from donghaeng.city.providers.circuits import CircuitState
from donghaeng.city.services.listing import describe
from donghaeng.conversation.admission import Admission
from donghaeng.conversation.callback_time import CallTimes
from donghaeng.conversation.live_desk import LiveDesk
from donghaeng.conversation.live_marks import TurnMarks
from donghaeng.conversation.live_mouth import LiveOptions
from donghaeng.conversation.machine_switch import MachineSwitch
from donghaeng.conversation.reply import Reply
from donghaeng.conversation.spoken_turn import take_spoken_turn
from donghaeng.dialogue.effects import CallOutcome, OutcomeKind
from donghaeng.errors import DonghaengError, SettingsError
from donghaeng.knowledge.documents.apart import DocumentReader
from donghaeng.knowledge.library import Library
from donghaeng.knowledge.shelf import Shelf
from donghaeng.mcp.http import PATH
from donghaeng.people.calling import OutgoingCaller
from donghaeng.people.desk_files import load_desk
from donghaeng.phone.audiosocket import AudioSocketServer
from donghaeng.phone.dialling import SipDialler, Trunk
from donghaeng.phone.line import PhoneDesk
from donghaeng.phone.media_streams import media_streams_routes
from donghaeng.phone.sip import SipServer
from donghaeng.review.document_effects import DocumentEffects
from donghaeng.settings import Settings
from donghaeng.store.process_names import process_name
from donghaeng.tower.cases.desk import CasesDesk
from donghaeng.tower.figures.metering import Meter
from donghaeng.trust import tracing
from donghaeng.trust.virus_scanner import scanner_at
from donghaeng.understanding.embed.example_vectors import Progress
from donghaeng.understanding.load import load_embedder
from donghaeng.web.app import create_app
from donghaeng.web.counted import CountedConversations
from donghaeng.web.figures import Figures
from donghaeng.web.services import SpokenTurn, WebServices

_log = structlog.get_logger(__name__)


@asynccontextmanager
async def open_web(
    settings: Settings,
    *,
    host: str = "127.0.0.1",
    speech: bool = True,
    elsewhere: Elsewhere | None = None,
    progress: Progress | None = None,
    prepared: Prepared | None = None,
) -> AsyncIterator[FastAPI]:
    """The ASGI application while it runs, engines loaded and warm.

    Args:
        settings: every setting.
        host: where it will listen: the tools at `/mcp` are left out where others reach it without a token.
        speech: load the engines that hear and speak.
        elsewhere: has free questions answered by another process.
        progress: is told how far learning has got.
        prepared: what was read and built before.

    Raises:
        DonghaengError: as :func:`open_application`.
    """
    meter = Meter(seoul_now)
    figures, heard = Figures(meter.add), Heard(seoul_now)

    def noted(name: str, state: CircuitState) -> None:
        figures.circuit(name, state.value)
        heard.circuit(name, state)

    async with (
        traces(),
        open_application(
            settings,
            speech=speech,
            observe=_count(figures, heard),
            observe_model=figures.model_answer,
            observe_rewording=figures.reworded,
            observe_circuit=noted,
            elsewhere=elsewhere,
            progress=progress,
            prepared=prepared,
        ) as application,
    ):
        conversations = CountedConversations(application.conversations, figures)
        admission = admission_for(settings, application.speech, figures)
        application.knowledge.may_embed = lambda: admission.taken == 0
        accounts = open_accounts(settings, application.store, clock=seoul_now)
        sign_on = open_sign_on(settings, application.store, accounts, clock=seoul_now)
        desk = _desk(application, conversations, admission, figures)
        review = open_review(
            settings, application.store, catalogue=lambda: application.catalogue, clock=seoul_now
        )
        document_effects = DocumentEffects(application.store, review.effects, clock=seoul_now)
        owners = open_services(settings, application.store, review, application.process, clock=seoul_now)
        reader = DocumentReader()
        shelf = Shelf(Library(application.store, reader, clock=seoul_now), reader)
        watcher = Watcher(application, admission, figures, heard, clock=seoul_now)
        unheard = tracing.listen(figures.step)
        background = [asyncio.create_task(work) for work in _background(application, admission)]
        register = open_register(settings, application.store, seoul_now)
        background.append(asyncio.create_task(keep_own_record(application, register, seoul_now)))
        background.append(asyncio.create_task(keep_levels(register, application.store)))
        counted = open_figures(settings, application, meter, clock=seoul_now)
        if counted is not None:
            background.append(asyncio.create_task(counted[1]))
        if desk is not None:
            desk.machine_switched(application.switch.off)
            application.switch.on_change(desk.machine_switched)
        application.switch.on_change(figures.machine)
        figures.machine(application.switch.off)
        try:
            async with open_officials(
                settings, application, reader, may_work=lambda: admission.taken == 0
            ) as officials:
                app = create_app(
                    WebServices(
                        conversations=conversations,
                        settings=settings,
                        list_services=lambda: _described(application),
                        checks=_checks(application, speech=speech),
                        spoken_turn=_spoken(application, conversations),
                        live=desk,
                        admission=admission,
                        figures=figures,
                        audition=_audition(application),
                        desk=application.desk,
                        minutes=officials.minutes,
                        shelf=shelf,
                        virus_scanner=scanner_at(settings.virus_scanner),
                        office_library=officials.library,
                        document_effects=document_effects,
                        writing=officials.writing,
                        staff=accounts,
                        sign_on=sign_on,
                        transcript_for_staff=application.conversations.transcript_for_staff,
                        from_desk=application.conversations.desk,
                        review=review,
                        service_desk=owners,
                        trial_voice=None if application.speech is None else TrialVoice(application.speech),
                        switch=application.switch,
                        system=watcher,
                        process=application.process,
                        incidents=application.incidents,
                        connected=connected(settings),
                        guardianship=application.guardianship,
                        register=register,
                        learning=officials.learning,
                        together=SharedLimits(application.store, seoul_now),
                        cases=CasesDesk(
                            application.store,
                            catalogue=settings.catalogue,
                            data=settings.data,
                            clock=seoul_now,
                            embedder=lambda: load_embedder(settings.embedder),
                        ),
                        tower_figures=None if counted is None else counted[0],
                    )
                )
                phones = None if desk is None else PhoneDesk(desk, lift_db=settings.phone_lift_db)
                async with (
                    _tools(app, application, figures, host),
                    _telephones(app, application, conversations, phones),
                    messengers(app, application, conversations),
                ):
                    yield app
        finally:
            unheard()
            for task in background:
                await _stopped(task)
            await owners.aclose()
            await review.aclose()
            await document_effects.aclose()
            await shelf.close()
            if desk is not None:
                await desk.close()


@asynccontextmanager
async def _tools(app: FastAPI, application: Application, figures: Figures, host: str) -> AsyncIterator[None]:
    """The tools at `/mcp` while the block runs."""
    try:
        token = token_for(application.settings, host)
    except SettingsError as error:
        _log.warning("tools left out", path=PATH, remedy=error.remedy)
        yield
        return
    endpoint = tool_endpoint(application, figures, token=token)
    app.router.routes.append(route_of(endpoint))
    async with endpoint.running():
        yield


@asynccontextmanager
async def _telephones(
    app: FastAPI, application: Application, conversations: CountedConversations, phones: PhoneDesk | None
) -> AsyncIterator[None]:
    """The telephone lines that the settings name, while the block runs."""
    settings = application.settings
    wanted = (settings.audiosocket_port, settings.sip_port, settings.media_streams_secret)
    if phones is None:
        if any(one is not None for one in wanted):
            _log.warning("telephones left out", remedy="start with speech")
        yield
        return
    async with AsyncExitStack() as lines:
        if settings.media_streams_secret is not None:
            app.router.routes.extend(media_streams_routes(phones, settings.media_streams_secret))
        if settings.audiosocket_port is not None:
            server = AudioSocketServer(phones)
            port = await lines.enter_async_context(
                server.listening(settings.audiosocket_host, settings.audiosocket_port)
            )
            _log.info("telephones.listening", protocol="AudioSocket", port=port)
        if settings.sip_port is not None:
            sip = SipServer(
                phones,
                media_ports=settings.sip_media_ports,
                advertised=settings.sip_advertised,
                peers=settings.sip_peers,
            )
            await lines.enter_async_context(sip.listening(settings.sip_host, settings.sip_port))
            _log.info("telephones.listening", protocol="SIP", port=settings.sip_port)
            if settings.sip_trunk is not None:
                host, _, port_text = settings.sip_trunk.rpartition(":")
                trunk = Trunk((host, int(port_text)), settings.sip_caller)
                dialler = SipDialler(sip, phones, conversations, trunk)
                caller = OutgoingCaller(application.store, dialler, owner=process_name(), clock=seoul_now)
                calling = asyncio.create_task(_keep_calling(caller, application.switch))
                lines.push_async_callback(_stopped, calling)
        yield


async def _keep_calling(caller: OutgoingCaller, switch: MachineSwitch) -> None:
    """Make the calls that wait, for ever, unless the machine is switched off; an error is logged and the next
    look tries again."""
    while True:
        try:
            while not switch.off and await caller.call_next() is not None:
                pass
        except DonghaengError as error:
            _log.warning("outgoing_calls.failed", error=type(error).__name__)
        await asyncio.sleep(LOOK_EVERY_S)


async def _stopped(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


def _described(application: Application) -> list[dict[str, Any]]:
    withheld = application.gate.services()
    return [one for one in describe(application.catalogue) if one["id"] not in withheld]


def _desk(
    application: Application, conversations: CountedConversations, admission: Admission, figures: Figures
) -> LiveDesk | None:
    if application.speech is None:
        return None
    catalogue = application.catalogue

    def note(marks: TurnMarks) -> None:
        if marks.latency is not None:
            figures.first_sound(marks.latency)

    def phrase(name: str, /, **values: Any) -> str:
        return application.phrases(name, **values)

    options = LiveOptions(
        private_of=lambda reply: private_words(reply, catalogue),
        on_marks=note,
        phrase=phrase,
        from_desk=application.conversations.desk,
        switchboard=application.switchboard,
        call_times=CallTimes(load_desk(application.settings.catalogue / "desk").hours, seoul_now),
        is_off=lambda: application.switch.off,
    )
    return LiveDesk(conversations, application.speech, options, admission=admission, count=figures.live)


def _audition(application: Application) -> AuditionRoom | None:
    if application.speech is None:
        return None
    return AuditionRoom(application.settings, application.speech, application.store, clock=seoul_now)


def _background(application: Application, admission: Admission) -> list[Coroutine[Any, Any, None]]:
    """What runs beside conversations."""
    collector = open_collector(
        application.settings, application.store, catalogue=lambda: application.catalogue, clock=seoul_now
    )
    idle = _while_idle(application, admission)
    return [idle, keep_collecting(collector, lambda: admission.taken == 0)]


async def _while_idle(application: Application, admission: Admission) -> None:
    """What is done while nobody speaks: first the places are measured, then sentences are rehearsed."""
    await measure_places(admission, application.settings, application.speech)
    if application.speech is not None and application.settings.rehearse:
        await rehearse(
            application.speech,
            application.catalogue,
            application.phrases,
            lambda: admission.taken == 0,
            most_waiting=application.settings.max_waiting,
        )


def _count(figures: Figures, heard: Heard) -> Callable[[CallOutcome], None]:
    def observe(outcome: CallOutcome) -> None:
        heard.answer(outcome)
        provider = outcome.call.operation.partition(".")[0]
        refused = outcome.kind is OutcomeKind.REFUSED  # whose reason is a word of the city's, one of many
        figures.provider_answer(provider, outcome.kind.value if refused else outcome.reason or outcome.kind)

    return observe


def _checks(application: Application, *, speech: bool) -> dict[str, Callable[[], bool]]:
    def database() -> bool:
        application.store.ping()
        return True

    # Where nothing is to be heard or spoken, nothing is missing.
    return {"database": database, **({"speech": lambda: application.speech is not None} if speech else {})}


def _spoken(application: Application, conversations: CountedConversations) -> SpokenTurn | None:
    speech = application.speech
    if speech is None:
        return None

    async def take(
        conversation: str, token: str, sound: bytes, *, idempotency_key: str | None = None
    ) -> Reply:
        return await take_spoken_turn(
            conversations, speech, conversation, token, sound, idempotency_key=idempotency_key
        )

    return take
