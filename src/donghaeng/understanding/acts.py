"""Acts: what the citizen did with an utterance, and what understanding may know of the dialogue.

``understand(utterance, context) -> acts`` is the one protocol between understanding and dialogue. Acts say
what was heard, never what to do about it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Protocol

ABOUT_ANSWER: Final = "about_answer"
"""``detail`` of an ASK without a subject of its own: it is about what was answered last ("언제까지요?")."""


class ActKind(StrEnum):
    """What the citizen did."""

    ASK = "ask"
    """Asked for a service, perhaps with slot values."""
    FILL = "fill"
    """Gave slot values for the service in hand."""
    CORRECT = "correct"
    """Replaced slot values given before."""
    CONFIRM = "confirm"
    DENY = "deny"
    CHOOSE = "choose"
    """Picked one of the options offered."""
    DONT_KNOW = "dont_know"
    SKIP = "skip"
    CANCEL = "cancel"
    CONTINUE = "continue"
    """Wants to go on with what was interrupted."""
    BACK = "back"
    START_OVER = "start_over"
    REPEAT = "repeat"
    SLOWER = "slower"
    FASTER = "faster"
    LOUDER = "louder"
    QUIETER = "quieter"
    HELP = "help"
    REMEMBER = "remember"
    """Wishes to be remembered from one conversation to the next. ``detail`` is the pace (``slower`` …) that
    was asked for with it; the slot ``home_district`` the district that was named."""
    FORGET = "forget"
    """Wishes that whatever is remembered be erased."""
    TO_PAGE = "to_page"
    """Wishes to see it on a screen, or to go on there instead of on the telephone."""
    CALL_ME = "call_me"
    """Wishes to be called again later, by nobody in particular."""
    DO_NOT_CALL = "do_not_call"
    """Wishes not to be called."""
    LET_SEE = "let_see"
    """Wishes that somebody else may see what becomes of the citizen's requests."""
    STOP_SEEING = "stop_seeing"
    """Wishes that they may no longer."""
    WHO_SEES = "who_sees"
    """Asked who may."""
    PRACTISE = "practise"
    """Wishes to practise: everything as it is, and nothing is done."""
    STOP_PRACTICE = "stop_practice"
    FOR_REAL = "for_real"
    """Wishes to do what was practised. ``service`` is the one that was practised last."""
    LEARN = "learn"
    """Wishes to hear a course."""
    NEXT = "next"
    """Wishes to hear the next piece."""
    HELPER = "helper"
    """Somebody is beside the citizen and helps."""
    SOURCE = "source"
    """Asked where it says what was told."""
    WHAT_ARE_YOU = "what_are_you"
    """Asked whether a person or a machine speaks."""
    THANKS = "thanks"
    GREETING = "greeting"
    GOODBYE = "goodbye"
    CHITCHAT = "chitchat"
    """Talks for company: wants nothing that can be done."""
    ABUSE = "abuse"
    EMERGENCY = "emergency"
    UNSURE = "unsure"
    """Asked for one of a few services (``alternatives``) among which the words do not decide."""
    OUT_OF_SCOPE = "out_of_scope"
    """Wants something that no service covers."""
    UNCLEAR = "unclear"
    """Words without a meaning that could be found."""
    SILENCE = "silence"
    """Nothing was said."""


@dataclass(frozen=True, slots=True)
class SlotFill:
    """What an utterance says about one slot."""

    value: Any | None
    """The normalised value, or None while ``candidates`` or ``problem`` leave it open."""
    candidates: tuple[Any, ...] = ()
    """Values among which the words do not decide, best first."""
    problem: str | None = None
    """Why the words are no value though they were meant as one (``incomplete``, ``impossible``,
    ``past``, ``repeats``, ``vague``)."""
    score: float = 1.0
    words: str = ""


@dataclass(frozen=True, slots=True)
class Alternative:
    """A service that the citizen may have meant."""

    service: str
    score: float
    slots: Mapping[str, SlotFill] = field(default_factory=dict)
    """What the words say about the slots of this service."""


@dataclass(frozen=True, slots=True)
class Act:
    """One act with a score."""

    kind: ActKind
    score: float = 1.0
    """0 … 1; how likely the act is what the citizen meant. Measured, see :mod:`.calibration`."""
    service: str | None = None
    """The service that an ASK, FILL or CORRECT is about."""
    slots: Mapping[str, SlotFill] = field(default_factory=dict)
    detail: str | None = None
    """Kind of an emergency; index of a choice; ``why`` of a HELP that asks what a question is for;
    the slot that a CORRECT calls wrong without a new value;
    ``follow_up`` of an ASK that leans on the service before;
    :data:`ABOUT_ANSWER` of one that is about what was answered."""
    alternatives: tuple[Alternative, ...] = ()
    """Of an UNSURE: one or two services, the likelier first."""
    found_by: str = ""
    """How it was found (:class:`.calibration.FoundBy`), for reports."""


@dataclass(frozen=True, slots=True)
class Context:
    """What understanding may know of the dialogue when it reads an utterance."""

    now: datetime
    expects: str = "open"
    """The ``expects`` of the last reply (CONTRACT 3)."""
    service: str | None = None
    """The service in hand."""
    asks: str | None = None
    """Its slot that the open question is about."""
    slots: Mapping[str, Any] = field(default_factory=dict)
    """Its values so far."""
    begun: Mapping[str, str] = field(default_factory=dict)
    """By slot, what was said of it before and was not the whole of a value."""
    options: Sequence[str] = ()
    """Labels of the options offered, in order."""
    option_values: Sequence[Any] = ()
    """Their values."""
    last_service: str | None = None
    """The service that was just completed: follow-ups may lean on it."""
    last_slots: Mapping[str, Any] = field(default_factory=dict)
    """Its values."""
    last_answer: Mapping[str, Any] = field(default_factory=dict)
    """The first row of what was answered then."""
    answered: bool = False
    """Whether the last answer was said from a source that a question without a subject can be about."""
    waits: str | None = None
    """The service that an emergency or a hand-over interrupted: it waits until the citizen goes on."""
    left_service: str | None = None
    """The service that failed last, where none was completed since."""
    left_slots: Mapping[str, Any] = field(default_factory=dict)
    """Its values."""
    said: Mapping[str, str] = field(default_factory=dict)
    """Telephone number, address and name as said before in this conversation, by slot."""
    accepted: bool = False
    """Whether this conversation has made a request that may be taken back."""
    home_district: str | None = None
    here: Mapping[str, Any] | None = None
    """Where the citizen is, as a place value; None when unknown."""


class Understanding(Protocol):
    """Utterance + context → acts, most important first. Never raises, never returns nothing."""

    def understand(self, utterance: str, context: Context) -> tuple[Act, ...]:
        """Read one utterance of at most 1,000 characters."""
        ...
