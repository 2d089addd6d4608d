"""The state of a conversation: frames of services in hand, the open question, pace and hand-over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class QuestionKind(StrEnum):
    """What the last reply asked for."""

    SLOT = "slot"
    CONFIRM = "confirm"
    CHOICE = "choice"
    """One of several candidates of a slot."""
    REPAIR = "repair"
    """What is wrong with what was read back: a yes to it confirms nothing."""
    OFFER = "offer"
    """Whether a person shall be called."""
    GUESS = "guess"
    """Which of one or two services is meant; none of them is in hand yet."""
    MEMORY = "memory"
    """Whether the citizen is to be remembered."""
    GUARDIAN = "guardian"
    """Whether somebody may see receipt and status of the citizen's requests."""
    HELPER = "helper"
    """Whether somebody beside the citizen may help."""
    COURSE = "course"
    """Which course, or which answer to its question."""
    EMERGENCY = "emergency"
    """Whether an emergency that was told of in practice is real."""

    @property
    def expects(self) -> str:
        """The ``expects`` of CONTRACT 3: an offer, a guess and a consent are choices, never a
        confirmation."""
        return _EXPECTS.get(self, self.value)


_EXPECTS = {
    QuestionKind.OFFER: "choice",
    QuestionKind.GUESS: "choice",
    QuestionKind.MEMORY: "choice",
    QuestionKind.GUARDIAN: "choice",
    QuestionKind.EMERGENCY: "choice",
    QuestionKind.HELPER: "choice",
    QuestionKind.COURSE: "choice",
    QuestionKind.REPAIR: "open",
}


@dataclass(frozen=True, slots=True)
class Option:
    """One of the options offered."""

    label: str
    value: Any


@dataclass(frozen=True, slots=True)
class Guess:
    """A service that the citizen may have meant, with what the words said about its slots."""

    service: str
    label: str
    slots: Mapping[str, Any] = field(default_factory=dict)
    candidates: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wish:
    """A service that was asked for together with another one, and waits for its turn."""

    service: str
    slots: Mapping[str, Any] = field(default_factory=dict)
    candidates: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Question:
    """The question that stands open."""

    kind: QuestionKind
    slot: str | None = None
    options: tuple[Option, ...] = ()
    attempt: int = 0
    """How often the same question has failed: the step of the error ladder."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A service in hand and what is known for it."""

    service: str
    slots: Mapping[str, Any] = field(default_factory=dict)
    candidates: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    """Slots whose words leave several values open."""
    begun: Mapping[str, str] = field(default_factory=dict)
    """What was said of slots whose value is not whole yet ("마포구요")."""
    lookups: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Rows read before confirming (a fee)."""
    question: Question | None = None
    pending: str | None = None
    """Id of a write that was decided on and whose answer is not known yet."""
    answer: Mapping[str, Any] = field(default_factory=dict)
    """The first row of what the city answered: what follows may lean on it ("그 다음 정류장")."""
    about_answer: bool = False
    """It is asked about what was answered last."""
    waits: bool = False
    """An emergency or a hand-over interrupted it: it waits until the citizen wants to go on."""


class HandoverState(StrEnum):
    """Where a hand-over to a person stands (CONTRACT 3)."""

    QUEUED = "queued"
    JOINED = "joined"
    CALLBACK = "callback"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class HandoverInfo:
    """A hand-over under way."""

    state: HandoverState
    position: int | None = None
    callback_at: str | None = None


@dataclass(frozen=True, slots=True)
class Pace:
    """How the citizen wants to be spoken to."""

    speed: float = 0.9
    volume_db: float = 0.0


@dataclass(frozen=True, slots=True)
class News:
    """A write that was settled outside a turn."""

    service: str
    receipt: str | None
    """None when the city turned it down after all."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A write of this conversation that the city accepted."""

    service: str
    receipt: str
    at: str
    """When, ISO 8601 with offset."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """What was said last, for "다시": without news and words about the pace, which hold but once."""

    say: str
    show: str
    card: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Sourced:
    """The last answer that was said from a source."""

    service: str
    rows: tuple[Mapping[str, Any], ...]
    """The rows that it was said from, in their order."""
    turn: int
    fresh: bool = True
    """Whether nothing else was talked about since: a question without a subject is about it."""


@dataclass(frozen=True, slots=True)
class CoursePlace:
    """Where somebody stands who listens to courses: those offered, or a piece of one."""

    course: str | None = None
    step: int = 0
    offered: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    """What may be chosen: titles of the courses offered, or answers to the question."""


@dataclass(frozen=True, slots=True)
class State:
    """Everything the policy needs; a fold over the conversation's events."""

    channel: str = "chat"
    home_district: str | None = None
    here: Mapping[str, Any] | None = None
    practice: bool = False
    """Whether this conversation is practice from its beginning to its end."""
    practising: bool = False
    """Whether what is said belongs to a practice conversation beside this one."""
    practices: int = 0
    """How many there were beside this one."""
    doubted: str | None = None
    """The kind of an emergency of which it was asked, in practice, whether it is real."""
    course: CoursePlace | None = None
    """The course that is listened to."""
    helper_asked: bool = False
    """Whether the citizen was asked about somebody who helps, and the answer is awaited."""
    helper: bool = False
    """Whether somebody helps beside the citizen, with her consent."""
    called_about: str | None = None
    """The service on account of which we called the citizen."""
    called_for: str | None = None
    """What for, where it is no call-back."""
    known_again: bool = False
    """Whether the channel will know this person again, so that something can be remembered of them."""
    remembers: bool = False
    """Whether the person consented to be remembered."""
    consent_asked: bool = False
    """Whether the person was asked for that and the answer is awaited."""
    guardian_asked: str | None = None
    """The person of whom it was asked whether they may see the requests, while the answer is awaited."""
    guardian_ends: Mapping[str, Any] | None = None
    """Of whom that soon ends, and when; told in the greeting."""
    home_said: bool = False
    """Whether the citizen said the home district, now or before, and it was not taken from where they are."""
    home_recalled: bool = False
    """Whether it is known from an earlier conversation alone."""
    last_stop: Mapping[str, Any] | None = None
    """The stop that the person last asked about, in this conversation or an earlier one."""
    turn: int = 0
    frames: tuple[Frame, ...] = ()
    """Services in hand; the last one is being talked about, those below wait for it."""
    last: Frame | None = None
    """The service completed in the last reply."""
    sourced: Sourced | None = None
    """Where the last answer with a source comes from: "어디에 그렇게 나와 있어요?"."""
    left: Frame | None = None
    """The service that failed last: what was told for it can still be pointed at ("거기까지")."""
    offer: bool = False
    """A person was offered and the answer is awaited."""
    guesses: tuple[Guess, ...] = ()
    """Services among which the citizen was asked to say the one meant."""
    said: Mapping[str, str] = field(default_factory=dict)
    """What the citizen said of herself in this conversation: telephone number, address, name, by slot."""
    wishes: tuple[Wish, ...] = ()
    """Services asked for in the same breath as another one, in their order."""
    accepted: tuple[Accepted, ...] = ()
    """Writes that may still be taken back, newest last."""
    misses: int = 0
    """Utterances in a row that led nowhere outside a question."""
    pace: Pace = Pace()
    handover: HandoverInfo | None = None
    alarm: str | None = None
    """The kind of the emergency that was heard last."""
    person_topic: str | None = None
    """The topic that a person hears, of which the words told last."""
    spoken: Spoken | None = None
    news: tuple[News, ...] = ()
    """Writes that were settled after their turn; the citizen has not heard of them yet."""
    ended: bool = False

    @property
    def frame(self) -> Frame | None:
        """The service in hand."""
        return self.frames[-1] if self.frames else None

    @property
    def paused(self) -> bool:
        """Whether the service in hand waits until the citizen wants to go on."""
        return self.frame is not None and self.frame.waits

    @property
    def question(self) -> Question | None:
        """The question that stands open."""
        asked = self._asked_of_citizen
        if asked is not None:
            return Question(asked)
        if self.offer:
            return Question(QuestionKind.OFFER)
        if self.guesses:
            options = tuple(Option(guess.label, guess.service) for guess in self.guesses)
            return Question(QuestionKind.GUESS, options=options)
        if self.paused or self.frame is None or self.practising:
            return self._asked_in_course
        return self.frame.question

    @property
    def _asked_in_course(self) -> Question | None:
        """The question of a course, which waits behind whatever else is in hand."""
        if self.course is None or not self.course.choices or self.frames or self.practising:
            return None
        options = tuple(Option(choice, place) for place, choice in enumerate(self.course.choices))
        return Question(QuestionKind.COURSE, options=options)

    @property
    def _asked_of_citizen(self) -> QuestionKind | None:
        """The question that is about no service and goes before those that are."""
        asked = {
            QuestionKind.EMERGENCY: self.doubted is not None,
            QuestionKind.MEMORY: self.consent_asked,
            QuestionKind.GUARDIAN: self.guardian_asked is not None,
            QuestionKind.HELPER: self.helper_asked,
        }
        return next((kind for kind, stands in asked.items() if stands), None)
