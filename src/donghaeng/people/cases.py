"""What a counsellor sees of the queue and of one conversation: plain records, and what can go wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Final, Literal

from donghaeng.errors import ConversationError

LONGEST_WORDS: Final = 1_000
"""Characters of one message of a counsellor: about two minutes when spoken."""

DeskState = Literal["queued", "joined", "callback", "closed"]


class UnknownHandover(ConversationError):
    """No such hand-over."""

    http_status = 404


class HandoverTaken(ConversationError):
    """Another counsellor was faster, or it is not in a state in which it could be claimed."""


class NotTheOwner(ConversationError):
    """The hand-over is another counsellor's, or nobody's any more: it went back to the queue."""

    http_status = 403


class Urgency(IntEnum):
    """What goes before the order of asking; higher goes first."""

    NORMAL = 0
    URGENT = 1
    """An emergency was heard, or a rule of ``catalogue/desk/rules.yaml`` says so."""
    RETURNED = 2
    """They had a person already and lost them."""


class LineKind(StrEnum):
    """What a line of a hand-over tells."""

    CITIZEN = "citizen"
    """The citizen said something (masked). ``detail`` is the kind of an emergency, if it was one."""
    COUNSELLOR = "counsellor"
    """The counsellor said something; the citizen reads and hears it."""
    MACHINE = "machine"
    """The machine said something to the citizen after the hand-over ended, or that the counsellor is gone."""
    WITHHELD = "withheld"
    """What the machine was about to say when the hand-over was claimed; the citizen got none of it."""
    NOTE = "note"
    """For counsellors alone."""
    QUEUED = "queued"
    CALLBACK = "callback"
    CLAIMED = "claimed"
    FORWARDED = "forwarded"
    """``detail``: ``staff:<id>`` or ``department:<key>``; None: to whoever is free."""
    RETURNED = "returned"
    """The counsellor was gone longer than the grace time: back at the front of the queue."""
    HANDED_BACK = "handed_back"
    CLOSED = "closed"
    """``detail`` is the outcome."""
    SUGGESTION = "suggestion"
    """``detail`` is the verdict on a suggested answer, ``by`` who judged."""


SPOKEN_TO_CITIZEN: Final = frozenset({LineKind.COUNSELLOR, LineKind.MACHINE})
"""Lines that the citizen gets."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened to a hand-over."""

    seq: int
    """Place among the lines of all hand-overs; rises, with gaps."""
    handover: str
    kind: LineKind
    at: datetime
    by: str | None = None
    """The counsellor, where one did it."""
    text: str = field(default="", repr=False)
    """Words, masked; empty where there are none."""
    detail: str | None = None
    """A code; nothing personal."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A hand-over as a row of the queue."""

    id: str
    conversation: str
    state: DeskState
    channel: str
    """``web``, ``kiosk``, ``phone`` or ``chat``."""
    urgency: Urgency
    reason: str
    """``asked``, ``prepared`` (people carry the service out), or ``rule:<id>``."""
    requested_at: datetime
    waited_seconds: float
    """Until now, or until it was claimed."""
    topic: str | None = field(default=None, repr=False)
    """In the citizen's words."""
    service: str | None = None
    """Catalogue id of what was in hand."""
    owner: str | None = None
    claimed_at: datetime | None = None
    callback_at: datetime | None = None
    has_phone: bool = False
    department: str | None = None
    """Forwarded to it."""
    for_staff: str | None = None
    """Forwarded to this counsellor alone; others see it, and may claim it once that one is gone."""
    live_voice: bool = False
    """Whether the citizen is on a live voice line of this process now."""
    unread: int = 0
    """What the citizen said since the counsellor's last words."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A request to the city that the conversation made."""

    service: str
    effect: str
    outcome: str
    """``ok``, ``empty``, ``refused``, ``unconnected``, ``failed``, ``unanswered`` or, so far, ``pending``."""
    receipt: str | None = None
    reason: str | None = None

    @property
    def failed(self) -> bool:
        """Whether the counsellor should look at it."""
        return self.outcome not in ("ok", "empty")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a suggestion comes from."""

    title: str
    document: str
    publisher: str
    section: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An answer that a counsellor may use: the words of a passage, never anything else."""

    id: str
    """Of its passage."""
    question: str = field(repr=False)
    """The citizen's words that it answers."""
    text: str = ""
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Spoken:
    """One turn of the conversation before the hand-over."""

    turn: int
    at: datetime
    heard: str | None = field(default=None, repr=False)
    """The citizen's words, masked; None for the greeting."""
    show: str = field(default="", repr=False)
    """What the machine answered, as written."""


@dataclass(frozen=True, slots=True)
class Case:
    """All that a counsellor needs of one conversation."""

    handover: Waiting
    transcript: tuple[Spoken, ...]
    lines: tuple[Line, ...]
    """The hand-over's own, oldest first."""
    service: str | None
    """What is in hand: its name in Korean."""
    slots: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What was filled, by the slot's Korean name, as written."""
    missing: tuple[str, ...] = ()
    """Korean names of required slots without a value."""
    attempts: tuple[Attempt, ...] = ()
    misses: tuple[str, ...] = field(default=(), repr=False)
    """The citizen's words that led nowhere."""
    open_question: str | None = None
    """What the machine asked last and would ask again after a hand-back."""
    suggestions: tuple[Suggestion, ...] = ()
    phone: str | None = field(default=None, repr=False)
    """Where to call back."""
    emergency: str | None = None
    """The kind of an emergency that was heard, latest."""


@dataclass(frozen=True, slots=True)
class Canned:
    """A ready-made answer in plain Korean (``catalogue/desk/canned.yaml``)."""

    id: str
    title: str
    text: str
    key: str | None = None
    """A digit that picks it."""


@dataclass(frozen=True, slots=True)
class OutcomeCode:
    """How a hand-over may be closed (``catalogue/desk/outcomes.yaml``)."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Department:
    """Where a hand-over may be forwarded to (``catalogue/desk/departments.yaml``)."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Opening:
    """Whether the desk works at a moment."""

    is_open: bool
    why_closed: str | None = None
    """``hours`` or the Korean name of the holiday; None where it is open."""
    opens_at: datetime | None = None
    """When it opens next; None where it is open."""
    closes_at: datetime | None = None
    """When it closes; None where it is closed."""


@dataclass(frozen=True, slots=True)
class Counsellor:
    """A counsellor whose page is open."""

    id: str
    ready: bool
    """Takes new conversations."""
    seen_at: datetime
    talking: int = 0
    """Hand-overs that they own."""


@dataclass(frozen=True, slots=True)
class Figures:
    """The desk's day, Seoul time; practice and tests are not in it."""

    waiting: int
    talking: int
    callbacks: int
    claimed: int
    """Claimed today."""
    handled: int
    """Closed today."""
    waited_p50_seconds: float | None
    """Of those claimed today, from the wish to the claim; None where nobody was."""
    waited_p95_seconds: float | None
    outcomes: Mapping[str, int] = field(default_factory=dict)
    """By outcome code, ``handed_back`` among them."""
    suggestions: Mapping[str, int] = field(default_factory=dict)
    """``used``, ``edited``, ``rejected``."""


@dataclass(frozen=True, slots=True)
class Forward:
    """Where a hand-over goes: to one counsellor, to a department, or (neither) to whoever is free."""

    staff: str | None = None
    department: str | None = None
