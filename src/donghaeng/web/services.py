"""What the web channel is given to work with."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Protocol

from fastapi import Depends
from starlette.requests import HTTPConnection

from donghaeng.conversation.admission import Admission
from donghaeng.conversation.citizen_end import FromDesk
from donghaeng.conversation.door import Conversations
from donghaeng.conversation.guardianship import Guardianship
from donghaeng.conversation.machine_switch import MachineSwitch
from donghaeng.conversation.reply import Reply
from donghaeng.knowledge.shelf import Shelf
from donghaeng.learning.certificate_pdf import Fonts
from donghaeng.learning.desk import LearningDesk
from donghaeng.learning.own_records import OwnRecords
from donghaeng.learning.project_desk import ProjectDesk
from donghaeng.office.library.desk import LibraryDesk
from donghaeng.office.minutes.desk import MinutesDesk
from donghaeng.office.writing import Writing
from donghaeng.people.accounts import StaffAccounts
from donghaeng.people.counselling import CounsellorDesk
from donghaeng.people.sign_on import SignOn
from donghaeng.review.desk import ReviewDesk
from donghaeng.review.document_effects import DocumentEffects
from donghaeng.review.service_desk import ServiceDesk
from donghaeng.settings import Settings
from donghaeng.speech.audition import Audition
from donghaeng.speech.audition_figures import Judgement
from donghaeng.tower.cases.desk import CasesDesk
from donghaeng.tower.figures.desk import FiguresDesk
from donghaeng.tower.incidents.desk import IncidentDesk
from donghaeng.tower.process.desk import ProcessDesk
from donghaeng.tower.register.register import Register
from donghaeng.trust.processors import Connection
from donghaeng.trust.virus_scanner import VirusScanner
from donghaeng.web.figures import Figures
from donghaeng.web.limits import Limits, Together
from donghaeng.web.system import SystemWatch

Send = Callable[[str | bytes], Awaitable[None]]
Check = Callable[[], bool]
"""Whether a part is ready. May block for a moment (it runs in a thread); raising counts as no."""


class SpokenTurn(Protocol):
    """Takes one turn whose words are in a sound file."""

    async def __call__(
        self, conversation: str, token: str, sound: bytes, *, idempotency_key: str | None = None
    ) -> Reply:
        """Recognise ``sound`` (a whole WAV file) and take the turn.

        Raises:
            AudioError: the sound cannot be read or is too long.
            ConversationError: as :meth:`~donghaeng.conversation.door.Conversations.turn`.
        """
        ...


class LiveDoor(Protocol):
    """Serves live connections (:class:`donghaeng.conversation.live_desk.LiveDesk`)."""

    async def serve(self, incoming: AsyncIterator[str | bytes], send: Send) -> str:
        """Serve one connection, in its turn; returns the reason of its end, or ``"lost"``."""
        ...


class AuditionDoor(Protocol):
    """Fixed sentences as sound, and what testers think of them
    (:class:`donghaeng.app.audition.AuditionRoom`)."""

    @property
    def plan(self) -> Audition:
        """What is heard and rated."""
        ...

    async def notice(self, name: str) -> bytes | None:
        """One of the page's own sentences as a WAV file; None where no voice is installed.

        Raises:
            KeyError: the page has no such sentence.
        """
        ...

    async def sample(self, sentence: str, condition: str) -> bytes | None:
        """A sentence under a condition as a WAV file; None where this voice is not installed.

        Raises:
            KeyError: the plan has no such sentence or condition.
            NoPlace: too many samples are being made; try again.
            EngineError: the voice failed.
        """
        ...

    async def rate(self, judgement: Judgement, *, sentence: str, rater: str) -> bool:
        """Keep a rating; false where there is no room for more."""
        ...

    async def judgements(self) -> list[Judgement]:
        """The ratings of the plan's round."""
        ...


class TrialVoice(Protocol):
    """Hears and speaks for whoever tries a service out (:class:`donghaeng.app.service_owners.TrialVoice`)."""

    async def hear(self, sound: bytes, hints: Mapping[str, Any]) -> str:
        """The words of a WAV file; empty where nobody speaks.

        Raises:
            AudioError: the sound cannot be read or is too long.
            EngineError: the recogniser failed.
        """
        ...

    async def speak(self, say: str) -> bytes | None:
        """A spoken answer as a WAV file; None where nothing is to be said.

        Raises:
            EngineError: the voice failed.
        """
        ...


@dataclass(frozen=True, slots=True)
class LearningServices:
    """What the pages under `/office/learning` reach."""

    desk: LearningDesk
    projects: ProjectDesk
    records: OwnRecords
    fonts: Fonts
    """That certificates are set in."""


@dataclass(frozen=True, slots=True)
class WebServices:
    """Everything that the routes reach; made once at start."""

    conversations: Conversations
    """Wrapped in :class:`~donghaeng.web.counted.CountedConversations` where turns shall be counted."""
    settings: Settings
    list_services: Callable[[], list[dict[str, Any]]]
    """The catalogue for `GET /v1/services`: at least ``id`` and ``name`` each."""
    checks: Mapping[str, Check] = field(default_factory=dict)
    """What `/readyz` asks: engines and the database, by name."""
    spoken_turn: SpokenTurn | None = None
    """None where no recogniser is installed."""
    live: LiveDoor | None = None
    """None where no speech engines are installed."""
    admission: Admission = field(default_factory=lambda: Admission(8))
    """The places for live sound, shared with every other channel that listens."""
    figures: Figures = field(default_factory=Figures)
    from_desk: FromDesk | None = None
    """What counsellors say to citizens; None where there are none."""
    audition: AuditionDoor | None = None
    """None where nothing is heard and rated."""
    staff: StaffAccounts | None = None
    """None where no accounts are kept: then there is no console."""
    sign_on: SignOn | None = None
    """None where no login server of the organisation is set."""
    switch: MachineSwitch | None = None
    """The off switch; None where there is none."""
    connected: frozenset[Connection] = frozenset()
    """Connections that take personal data elsewhere."""
    system: SystemWatch | None = None
    """How everything stands; None where nobody looks."""
    desk: CounsellorDesk | None = None
    """None where nobody can be handed over to here."""
    review: ReviewDesk | None = None
    """None where nobody learns from what went wrong here."""
    service_desk: ServiceDesk | None = None
    """What owners write of services; None where nobody does here."""
    trial_voice: TrialVoice | None = None
    """None where nothing is heard or spoken."""
    process: ProcessDesk | None = None
    """The control tower's process; None where there is none."""
    incidents: IncidentDesk | None = None
    """What went wrong with AI systems; None where there is no process."""
    cases: CasesDesk | None = None
    """Data cases, targets and the alliance; None where none are kept."""
    tower_figures: FiguresDesk | None = None
    """The control tower's figures; None where none are kept."""
    document_effects: DocumentEffects | None = None
    """Measures what publishing a document would change; None where that is not offered."""
    learning: LearningServices | None = None
    """What staff learn; None where nothing of it is kept."""
    minutes: MinutesDesk | None = None
    """Recorded meetings of officials; None where none are written down."""
    shelf: Shelf | None = None
    """The city's documents; None where none are kept."""
    virus_scanner: VirusScanner | None = None
    """Looks through the files that staff hand in; None where nobody does."""
    office_library: LibraryDesk | None = None
    """Officials' document sets; None where none are kept."""
    guardianship: Guardianship | None = None
    """Whom citizens let see their requests; None where nobody is."""
    register: Register | None = None
    """The register of AI systems; None where none is kept."""
    together: Together | None = None
    """Counts the limits that all processes share; None where this one is alone."""
    writing: Writing | None = None
    """Officials' drafts and forms; None where nobody writes."""
    transcript_for_staff: Callable[[str], Awaitable[dict[str, Any]]] | None = None
    """The masked transcript of any conversation, for who may read it."""


def services_of(connection: HTTPConnection) -> WebServices:
    """The services of the application that serves ``connection``."""
    services: WebServices = connection.app.state.services
    return services


async def _services(connection: HTTPConnection) -> WebServices:
    # FastAPI runs what is not async in a thread, which costs more than all that is done here.
    return services_of(connection)


Services = Annotated[WebServices, Depends(_services)]
"""The services, as a parameter of a route."""


def limits_of(connection: HTTPConnection) -> Limits:
    """What counts how often something is done."""
    limits: Limits = connection.app.state.limits
    return limits
