"""Effects: what the dialogue wants done, as data; and outcomes: what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from donghaeng.city.operations import Answer, Effect


class Purpose(StrEnum):
    """Why a request is made."""

    CARRY_OUT = "carry_out"
    """It carries the service out and is told in the reply's ``calls``."""
    LOOK_UP = "look_up"
    """It stands behind a question (a fee)."""
    PICK = "pick"
    """It gives the values of a slot to choose from."""
    PROBE = "probe"
    """It shows which of several candidates of a slot the citizen can mean."""


@dataclass(frozen=True, slots=True)
class CityCall:
    """One request to the city."""

    id: str
    """Unique within the conversation; the idempotency key of a write is made from it."""
    service: str
    operation: str
    effect: Effect
    arguments: Mapping[str, Any]
    purpose: Purpose = Purpose.CARRY_OUT
    name: str | None = None
    """The look-up's name, or the slot that is probed or picked."""
    index: int = 0
    """Which candidate a probe is for."""
    slots: Mapping[str, Any] = field(default_factory=dict)
    """The values that the call carries, as the catalogue names and normalises them."""


@dataclass(frozen=True, slots=True)
class HandoverRequest:
    """Put the conversation into the counsellors' queue, or note where to call back."""

    topic: str | None = None
    callback_phone: str | None = None
    service: str | None = None
    """What was in hand, or was done or failed last."""
    reason: str = "asked"
    """``asked``, ``prepared`` (people carry the service out) or ``rule:<topic>``."""
    urgent: bool = False
    """Whether an emergency or an urgent topic was heard in the conversation."""
    times: tuple[str, ...] = ()
    """When to call back, ``YYYY-MM-DDTHH:MM`` in Seoul time; several where the words left it open."""
    agreed: bool = False
    """The one time was read back, and the citizen said yes to it."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """What a citizen agreed to remember, and how."""

    values: Mapping[str, Any]
    """``home_district``, ``last_stop``, ``speed``, ``volume_db``; None for what is not known."""
    script: str
    """Version of the words that asked."""
    asked: str
    said: str
    """The masked utterance that agreed."""


@dataclass(frozen=True, slots=True)
class MemoryRequest:
    """Remember the person of this conversation from now on, or forget them."""

    agreement: Agreement | None = None
    """None: forget."""


@dataclass(frozen=True, slots=True)
class PageCodeRequest:
    """Make a code by which the conversation goes on at a page."""


@dataclass(frozen=True, slots=True)
class OutgoingCallRequest:
    """Call the citizen later, or never again where no ``service`` is named."""

    number: str | None = None
    """Confirmed by the citizen; ``010-1234-5678``."""
    service: str | None = None
    """What the call is about."""
    script: str = ""
    """Version of the words that tell of the call."""
    asked: str = ""
    """What had been said to the citizen before they asked for it."""
    said: str = ""
    """The masked utterance that asked for it."""


class Guarding(StrEnum):
    """What is wished of who may see the citizen's requests."""

    ALLOW = "allow"
    STOP = "stop"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class GuardianRequest:
    """Let somebody see receipt and status of the citizen's requests, no longer, or tell who does."""

    wish: Guarding
    who: str | None = None
    """What that person is to the citizen; None: everybody."""
    script: str = ""
    """Version of the words that asked."""
    asked: str = ""
    said: str = ""
    """The masked utterance that agreed."""
    receipt: str | None = None
    phone: str | None = None
    """Against both an older request was shown in this conversation: whose it is, is speaking."""


DialogueEffect = (
    CityCall | HandoverRequest | MemoryRequest | PageCodeRequest | OutgoingCallRequest | GuardianRequest
)


class OutcomeKind(StrEnum):
    """How a request went."""

    OK = "ok"
    EMPTY = "empty"
    REFUSED = "refused"
    """The city understood and said no, with a reason."""
    UNCONNECTED = "unconnected"
    """Nothing here carries the write out: people do."""
    FAILED = "failed"
    UNANSWERED = "unanswered"
    """A write was sent and no answer came: it is pending and will be settled later."""


@dataclass(frozen=True, slots=True)
class CallOutcome:
    """What came of a :class:`CityCall`."""

    call: CityCall
    kind: OutcomeKind
    answer: Answer | None = None
    reason: str | None = None
    texted: bool = False
    """A text message about it goes to the citizen's telephone."""


@dataclass(frozen=True, slots=True)
class HandoverOutcome:
    """What came of a :class:`HandoverRequest`."""

    state: str
    position: int | None = None
    callback_at: str | None = None
    desk: str = "open"
    """``open``, ``busy`` or ``closed``."""
    opens_at: str | None = None
    """When counsellors are there again, ISO 8601 in Seoul time; None while they are."""
    offered: tuple[str, ...] = ()
    """Times for the call-back among which the citizen is to choose, as in the request."""
    unfit: str | None = None
    """Why the wanted time is not among them: ``past``, ``far``, ``hours`` or the name of the holiday."""


@dataclass(frozen=True, slots=True)
class MemoryOutcome:
    """What came of a :class:`MemoryRequest`."""

    remembers: bool
    erased: bool = False
    """Whether anything was remembered before it was erased."""


@dataclass(frozen=True, slots=True)
class PageCodeOutcome:
    """What came of a :class:`PageCodeRequest`."""

    code: str | None
    """None where the conversation cannot go on anywhere else."""


@dataclass(frozen=True, slots=True)
class OutgoingCallOutcome:
    """What came of an :class:`OutgoingCallRequest`."""

    when: str | None = None
    """``soon`` or ``morning``; None where this installation calls nobody."""
    stopped: bool = False
    """Nobody is called any more."""


@dataclass(frozen=True, slots=True)
class Seeing:
    """Somebody who may see the citizen's requests."""

    who: str
    until: str
    """``YYYY-MM-DD``"""


@dataclass(frozen=True, slots=True)
class GuardianOutcome:
    """What came of a :class:`GuardianRequest`."""

    did: Guarding
    who: str | None = None
    code: str | None = None
    """To be told to that person; None where nobody was let see."""
    stopped: tuple[str, ...] = ()
    """Who sees nothing any more."""
    seeing: tuple[Seeing, ...] = ()
    """Who may see now."""
    known: bool = True
    """Whether it is known of what citizen this is."""


Outcome = (
    CallOutcome | HandoverOutcome | MemoryOutcome | PageCodeOutcome | OutgoingCallOutcome | GuardianOutcome
)
