"""Events: what happened in a conversation, in order, as facts.

A conversation is its list of events; :func:`donghaeng.dialogue.evolve.evolve` folds them into a state. Each
event is a frozen dataclass; :func:`to_record` and :func:`from_record` are its storage form, in two halves:
``public`` holds nothing personal, ``private`` is sealed before it is stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar

from donghaeng.dialogue.event import Event
from donghaeng.dialogue.learning_events import LEARNING


@dataclass(frozen=True, slots=True)
class ConversationOpened(Event):
    """The conversation began."""

    channel: str
    home_district: str | None = None
    here: Mapping[str, Any] | None = None
    practice: bool = False
    known_again: bool = False
    """The channel gave a key by which it will know the person again."""
    home_located: bool = False
    """The district is where the citizen is, which need not be home."""
    recalled: Mapping[str, Any] | None = None
    """What is remembered of a person who consented: ``home_district``, ``last_stop``, ``speed``,
    ``volume_db``, each perhaps None; None where nobody is remembered."""
    called_about: str | None = None
    """The service on account of which we called; None where the citizen did."""
    called_for: str | None = None
    """What for, where it is no call-back."""
    guardian_ends: Mapping[str, Any] | None = None
    """Of whom it soon ends that they may see the requests, and when: ``who`` and ``on``."""
    turns_before: int = 0
    """Turns that were taken in the conversation beside which this one is practice."""
    PRIVATE: ClassVar[frozenset[str]] = frozenset({"here", "recalled", "guardian_ends"})


@dataclass(frozen=True, slots=True)
class UtteranceHeard(Event):
    """The citizen said something; a turn begins. ``text`` is masked."""

    text: str
    acts: tuple[Mapping[str, Any], ...] = ()
    """Kinds, services and scores of the acts; values follow in events of their own."""
    PRIVATE: ClassVar[frozenset[str]] = frozenset({"text"})


@dataclass(frozen=True, slots=True)
class FrameOpened(Event):
    """A service was taken in hand; others below wait."""

    service: str
    slots: Mapping[str, Any] = field(default_factory=dict)
    about_answer: bool = False
    """It is asked about what was answered last."""
    PRIVATE: ClassVar[frozenset[str]] = frozenset({"slots"})


@dataclass(frozen=True, slots=True)
class FrameRaised(Event):
    """A service that waited was taken in hand again; what was in hand waits for it."""

    service: str


@dataclass(frozen=True, slots=True)
class SlotsFilled(Event):
    """Slots of the service in hand got values, or several candidates each."""

    slots: Mapping[str, Any] = field(default_factory=dict)
    candidates: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    PRIVATE: ClassVar[frozenset[str]] = frozenset({"slots", "candidates"})


@dataclass(frozen=True, slots=True)
class AnswersBegun(Event):
    """Words were a part of a slot's value: the next ones may be the rest of it."""

    words: Mapping[str, str]
    """All that was said of it so far, by slot."""
    PRIVATE: ClassVar[frozenset[str]] = frozenset({"words"})


@dataclass(frozen=True, slots=True)
class SlotsCleared(Event):
    """Slots of the service in hand lost their values."""

    slots: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LookedUp(Event):
    """Something was read before confirming."""

    name: str
    row: Mapping[str, Any]
    PRIVATE: ClassVar[frozenset[str]] = frozenset({"row"})


@dataclass(frozen=True, slots=True)
class Asked(Event):
    """A question was put on behalf of the service in hand."""

    kind: str
    slot: str | None = None
    options: tuple[Mapping[str, Any], ...] = ()
    attempt: int = 0
    PRIVATE: ClassVar[frozenset[str]] = frozenset({"options"})


@dataclass(frozen=True, slots=True)
class CallRequested(Event):
    """A request to the city was decided on. A write with this event is pending until CallFinished."""

    call: str
    service: str
    operation: str
    effect: str
    arguments: Mapping[str, Any]
    idempotency_key: str | None = None
    PRIVATE: ClassVar[frozenset[str]] = frozenset({"arguments"})


@dataclass(frozen=True, slots=True)
class CallFinished(Event):
    """The city answered, or did not."""

    call: str
    outcome: str
    receipt: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class WriteSettled(Event):
    """A write whose answer had not come in its turn was settled; the citizen is to hear of it."""

    service: str
    receipt: str | None = None


@dataclass(frozen=True, slots=True)
class WriteAccepted(Event):
    """The city accepted a write; it may be taken back under its receipt."""

    service: str
    receipt: str
    at: str


@dataclass(frozen=True, slots=True)
class WriteTakenBack(Event):
    """A write was cancelled in the city."""

    receipt: str


@dataclass(frozen=True, slots=True)
class WishesNoted(Event):
    """The words asked for more services than one; these wait. Each has ``service``, ``slots`` and
    ``candidates``."""

    wishes: tuple[Mapping[str, Any], ...]
    PRIVATE: ClassVar[frozenset[str]] = frozenset({"wishes"})


@dataclass(frozen=True, slots=True)
class WishTaken(Event):
    """The first of the services that wait is taken in hand, or given up."""


@dataclass(frozen=True, slots=True)
class NewsTold(Event):
    """The citizen has heard of every write that was settled."""


@dataclass(frozen=True, slots=True)
class FrameClosed(Event):
    """The service in hand is done (``completed``), given up (``cancelled``) or failed (``failed``)."""

    outcome: str
    answer: Mapping[str, Any] = field(default_factory=dict)
    """The first row of the city's answer."""
    PRIVATE: ClassVar[frozenset[str]] = frozenset({"answer"})


@dataclass(frozen=True, slots=True)
class AnswerSourced(Event):
    """What was answered stands in these rows of the city's answer, each with an id and a source."""

    service: str
    rows: tuple[Mapping[str, Any], ...]
    PRIVATE: ClassVar[frozenset[str]] = frozenset({"rows"})


@dataclass(frozen=True, slots=True)
class PersonOffered(Event):
    """The citizen was asked whether a person shall be called."""


@dataclass(frozen=True, slots=True)
class PersonNeeded(Event):
    """The words told of a topic that a person hears."""

    topic: str


@dataclass(frozen=True, slots=True)
class OfferAnswered(Event):
    """The offer of a person was answered or has lapsed."""


@dataclass(frozen=True, slots=True)
class ServicesGuessed(Event):
    """The citizen was asked which of one or two services is meant. ``said`` holds, by service, the
    ``slots`` and ``candidates`` that the words already gave."""

    labels: Mapping[str, str]
    said: Mapping[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict)
    PRIVATE: ClassVar[frozenset[str]] = frozenset({"said"})


@dataclass(frozen=True, slots=True)
class GuessAnswered(Event):
    """The question which service is meant was answered or has lapsed."""


@dataclass(frozen=True, slots=True)
class HandoverChanged(Event):
    """A hand-over was asked for, or moved on; what was in hand waits until it is closed."""

    state: str
    position: int | None = None
    callback_at: str | None = None


@dataclass(frozen=True, slots=True)
class EmergencyNoticed(Event):
    """An emergency was answered; what was in hand waits."""

    kind: str


@dataclass(frozen=True, slots=True)
class Resumed(Event):
    """What was in hand may go on after an emergency or a hand-over."""


@dataclass(frozen=True, slots=True)
class PaceChanged(Event):
    """The citizen wants to be spoken to in another way."""

    speed: float
    volume_db: float


@dataclass(frozen=True, slots=True)
class HomeNamed(Event):
    """The citizen said in which district they live."""

    district: str
    PRIVATE: ClassVar[frozenset[str]] = frozenset({"district"})


@dataclass(frozen=True, slots=True)
class StopUsed(Event):
    """The citizen was told about a stop."""

    stop: Mapping[str, Any]
    PRIVATE: ClassVar[frozenset[str]] = frozenset({"stop"})


@dataclass(frozen=True, slots=True)
class ConsentAsked(Event):
    """The citizen was asked whether they are to be remembered."""


@dataclass(frozen=True, slots=True)
class ConsentAnswered(Event):
    """The question whether to remember was answered or has lapsed; nothing is kept by that alone."""


@dataclass(frozen=True, slots=True)
class Remembered(Event):
    """The citizen consented, and is remembered from now on."""


@dataclass(frozen=True, slots=True)
class Forgotten(Event):
    """Whatever was remembered is erased."""


@dataclass(frozen=True, slots=True)
class GuardianAsked(Event):
    """The citizen was asked whether somebody may see their requests."""

    who: str
    PRIVATE: ClassVar[frozenset[str]] = frozenset({"who"})


@dataclass(frozen=True, slots=True)
class GuardianAnswered(Event):
    """That question was answered or has lapsed; nobody sees anything by that alone."""


@dataclass(frozen=True, slots=True)
class Missed(Event):
    """An utterance led nowhere."""


@dataclass(frozen=True, slots=True)
class Understood(Event):
    """An utterance led somewhere: the error ladder starts anew."""


@dataclass(frozen=True, slots=True)
class Replied(Event):
    """The agent spoke; the turn is over. ``again`` is the written part that "다시" repeats where that is
    not all of it."""

    say: str
    show: str
    card: Mapping[str, Any] | None = None
    service: str | None = None
    again: Mapping[str, str] | None = None
    phrases: tuple[str, ...] = ()
    """Names of the agent's own sentences in it, for figures."""
    PRIVATE: ClassVar[frozenset[str]] = frozenset({"say", "show", "card", "again"})


@dataclass(frozen=True, slots=True)
class ConversationEnded(Event):
    """The conversation is over."""

    reason: str


EVENTS: Mapping[str, type[Event]] = {
    kind.__name__: kind for kind in dict.fromkeys((*Event.__subclasses__(), *LEARNING))
}
"""Every event by the name under which it is stored."""


def to_record(event: Event) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """``(kind, public, private)``: JSON-ready halves."""
    public: dict[str, Any] = {}
    private: dict[str, Any] = {}
    for item in fields(event):
        half = private if item.name in event.PRIVATE else public
        half[item.name] = getattr(event, item.name)
    return type(event).__name__, public, private


def from_record(kind: str, public: Mapping[str, Any], private: Mapping[str, Any]) -> Event:
    """The event of a stored record.

    Raises:
        KeyError: the kind is unknown to this version.
    """
    values = {**public, **private}
    if "candidates" in values:
        values["candidates"] = {name: tuple(found) for name, found in values["candidates"].items()}
    for name in ("acts", "choices", "courses", "options", "phrases", "rows", "titles", "wishes"):
        if name in values:
            values[name] = tuple(values[name])
    if kind == "SlotsCleared":
        values["slots"] = tuple(values["slots"])
    return EVENTS[kind](**values)
