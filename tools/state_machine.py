"""Looks at the dialogue's state machine by running it: from every state, with every act, on our catalogue.

Pure: no conversation, no city, no clock; outcomes are given.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any, get_type_hints

from donghaeng.app.voice_courses import courses_by_voice
from donghaeng.city.emergencies import load_emergencies
from donghaeng.city.operations import Answer, Effect
from donghaeng.city.services import load_catalogue
from donghaeng.dialogue import events as happened
from donghaeng.dialogue import learning_events as learnt
from donghaeng.dialogue.effects import (
    CallOutcome,
    CityCall,
    DialogueEffect,
    GuardianOutcome,
    GuardianRequest,
    Guarding,
    HandoverOutcome,
    HandoverRequest,
    MemoryOutcome,
    MemoryRequest,
    Outcome,
    OutcomeKind,
    OutgoingCallOutcome,
    OutgoingCallRequest,
    PageCodeOutcome,
    PageCodeRequest,
)
from donghaeng.dialogue.event import Event
from donghaeng.dialogue.evolve import evolve, fold
from donghaeng.dialogue.person_wish import COUNSELLOR
from donghaeng.dialogue.phrases import load_phrases
from donghaeng.dialogue.policy import Policy
from donghaeng.dialogue.state import State
from donghaeng.learning.loading import FIRST_COURSE
from donghaeng.understanding.acts import Act, ActKind, Alternative, SlotFill

CATALOGUE = Path(__file__).resolve().parents[1] / "catalogue"
NOW = datetime.fromisoformat("2026-11-23T10:00:00+09:00")
ROUNDS = 8

SERVICE = "bulky_waste"
"""The write on which the machine is shown; every service runs through the same code."""
VALUES: Mapping[str, Any] = {
    "item": "소파",
    "count": 1,
    "address": "서울특별시 마포구 양화로 45",
    "date": "2026-12-01",
    "phone": "010-1234-5678",
}
ASIDE = "weather"
"""The read that is asked for meanwhile."""
ROWS: Mapping[str, Mapping[str, Any]] = {
    "gateway.bulky_waste_fee": {"item": "소파", "count": 1, "fee_won": 8000},
    "weather.day": {
        "rain_now": False,
        "rain_kind": "없음",
        "rain_from": None,
        "sky": "맑음",
        "temperature_now": 8.0,
        "low": 2.0,
        "high": 11.0,
        "rain_percent": 10,
    },
}

NOTHING, WAITS, ENDED = "nothing open", "waits", "ended"


@dataclass(frozen=True, slots=True)
class Step:
    """What one act led to."""

    leads_to: str
    """Kind of the question that is open then, or one of the states without one."""
    wants: tuple[str, ...]
    """What was wanted of the outside on the way."""
    phrases: tuple[str, ...]
    """The agent's own sentences that were said."""
    attempt: int
    """Step of the error ladder of the open question."""
    state: State


def policy() -> Policy:
    """The policy on the checkout's catalogue."""
    lexicon = CATALOGUE / "lexicon"
    return Policy(
        load_catalogue(CATALOGUE),
        load_phrases(lexicon / "phrases.yaml"),
        load_emergencies(lexicon / "emergencies.yaml"),
        courses=courses_by_voice(CATALOGUE),
    )


def states() -> dict[str, State]:
    """One state of each kind, folded from the events that lead there."""
    opened: list[Event] = [happened.ConversationOpened("chat", "마포구", known_again=True)]
    full = [*opened, happened.FrameOpened(SERVICE, dict(VALUES))]
    fee = happened.LookedUp("fee", ROWS["gateway.bulky_waste_fee"])
    asked = [
        *opened,
        happened.FrameOpened(SERVICE, {"item": "소파", "count": 1}),
        happened.Asked("slot", "address"),
    ]
    options = tuple({"label": day, "value": day} for day in ("2026-12-01", "2026-12-02"))
    open_date = {name: value for name, value in VALUES.items() if name != "date"}
    guesses = happened.ServicesGuessed({SERVICE: "대형 폐기물", ASIDE: "날씨"})
    found: dict[str, list[Event]] = {
        NOTHING: opened,
        "slot": asked,
        "choice": [
            *opened,
            happened.FrameOpened(SERVICE, open_date),
            happened.SlotsFilled({}, {"date": ("2026-12-01", "2026-12-02")}),
            happened.Asked("choice", "date", options),
        ],
        "confirm": [*full, fee, happened.Asked("confirm")],
        "repair": [*full, fee, happened.Asked("repair")],
        "offer": [*asked, happened.PersonOffered()],
        "guess": [*opened, guesses],
        "memory": [*opened, happened.ConsentAsked()],
        "guardian": [*opened, happened.GuardianAsked("따님")],
        "helper": [*opened, learnt.HelperAsked()],
        "course": [*opened, learnt.CoursesOffered((FIRST_COURSE,), ("동행과 이야기하기",))],
        "emergency": [
            happened.ConversationOpened("chat", practice=True),
            happened.EmergencyNoticed("fire"),
            learnt.EmergencyDoubted("fire"),
        ],
        WAITS: [*asked, happened.EmergencyNoticed("fire")],
    }
    return {name: fold(events) for name, events in found.items()}


def acts() -> dict[ActKind, Act]:
    """One plain act of each kind."""
    found = {kind: Act(kind) for kind in ActKind}
    found[ActKind.ASK] = Act(ActKind.ASK, service=ASIDE)
    found[ActKind.FILL] = Act(ActKind.FILL, slots={"address": SlotFill("서울특별시 종로구 사직로 100")})
    found[ActKind.CORRECT] = Act(ActKind.CORRECT, slots={"item": SlotFill("침대")})
    found[ActKind.CHOOSE] = Act(ActKind.CHOOSE, detail="0")
    found[ActKind.EMERGENCY] = Act(ActKind.EMERGENCY, detail="fire")
    found[ActKind.UNSURE] = Act(ActKind.UNSURE, alternatives=(Alternative(ASIDE, 0.4),))
    return found


def take(rules: Policy, state: State, act: Act, kind: OutcomeKind = OutcomeKind.OK) -> Step:
    """Take one turn; writes come to ``kind``, all else goes well."""
    turn = rules.begin(state, NOW)
    rules.hear(turn, "말", [act])
    wants: list[str] = []
    for _ in range(ROUNDS):
        wanted = turn.take_effects()
        if not wanted:
            break
        wants += [_name(effect) for effect in wanted]
        rules.proceed(turn, [_answer(effect, kind) for effect in wanted])
    turn.finish()
    replied = next(event for event in reversed(turn.events) if isinstance(event, happened.Replied))
    after = turn.state
    attempt = after.frame.question.attempt if after.frame is not None and after.frame.question else 0
    return Step(kind_of(after), tuple(wants), replied.phrases, attempt, after)


def kind_of(state: State) -> str:
    """Which of the kinds of states one is."""
    if state.ended:
        return ENDED
    if state.question is not None:
        return str(state.question.kind)
    return WAITS if state.paused else NOTHING


_NAMES = {
    HandoverRequest: "hand-over",
    MemoryRequest: "memory",
    PageCodeRequest: "page code",
    OutgoingCallRequest: "our call",
    GuardianRequest: "who may see",
}


def _name(effect: DialogueEffect) -> str:
    if isinstance(effect, CityCall):
        return f"{effect.effect} ({effect.purpose})"
    return _NAMES[type(effect)]


def _with_code(effect: PageCodeRequest | GuardianRequest) -> Outcome:
    if isinstance(effect, PageCodeRequest):
        return PageCodeOutcome("012345")
    return GuardianOutcome(effect.wish, effect.who, "012345" if effect.wish is Guarding.ALLOW else None)


def _answer(effect: DialogueEffect, kind: OutcomeKind) -> Outcome:
    if isinstance(effect, HandoverRequest):
        return HandoverOutcome("queued", 1)
    if isinstance(effect, MemoryRequest):
        return MemoryOutcome(remembers=effect.agreement is not None)
    if isinstance(effect, PageCodeRequest | GuardianRequest):
        return _with_code(effect)
    if isinstance(effect, OutgoingCallRequest):
        return OutgoingCallOutcome("soon" if effect.service else None, stopped=effect.service is None)
    if effect.effect is not Effect.WRITE:
        row = ROWS.get(effect.operation)
        return CallOutcome(effect, OutcomeKind.OK, Answer((row,) if row is not None else ()))
    answer = Answer((), receipt="SEL-1") if kind is OutcomeKind.OK else None
    return CallOutcome(effect, kind, answer, "full" if kind is OutcomeKind.REFUSED else None)


def ladder(rules: Policy, state: State, kind: ActKind, most: int = 4) -> list[Step]:
    """What happens when the same leads nowhere again and again, until a person is offered."""
    steps: list[Step] = []
    for _ in range(most):
        steps.append(take(rules, state, Act(kind)))
        state = steps[-1].state
        if state.offer or state.ended:
            break
    return steps


def changes() -> dict[str, tuple[str, ...]]:
    """By event, the fields of the state and of the frame in hand that it changes: each event is folded into
    a new state and into one in which nothing is empty."""
    return {name: _changed_by(_sample(kind)) for name, kind in happened.EVENTS.items()}


def _changed_by(event: Event) -> tuple[str, ...]:
    found: list[str] = []
    for before in (State(), states()["confirm"], _full_state()):
        after = evolve(before, event)
        found += _differences(before, after, "")
        found += _differences(before.frame, after.frame, "frame.")
    inside = [name for name in dict.fromkeys(found) if name.startswith("frame.")]
    return tuple(name for name in dict.fromkeys(found) if not inside or name != "frames")


def _differences(before: Any, after: Any, prefix: str) -> list[str]:
    if before is None or after is None:
        return []
    same_frame = getattr(before, "service", None) == getattr(after, "service", None)
    if prefix and not same_frame:
        return []
    names = [item.name for item in fields(before)]
    return [f"{prefix}{name}" for name in names if getattr(before, name) != getattr(after, name)]


def _full_state() -> State:
    state = states()["confirm"]
    spoken: Sequence[Event] = (
        happened.FrameOpened(COUNSELLOR, {"topic": "가"}),
        happened.FrameRaised(SERVICE),
        happened.SlotsFilled({}, {"slots": ("가", "나")}),
        happened.Asked("slot", "date"),
        happened.WishesNoted(({"service": ASIDE},)),
        happened.WriteAccepted(SERVICE, "x", "x"),
        happened.WriteSettled(SERVICE, "SEL-2"),
        happened.Missed(),
        happened.PersonOffered(),
        happened.Missed(),
    )
    guesses = happened.ServicesGuessed({ASIDE: "날씨"})
    full = fold((*spoken, guesses, happened.ConsentAsked(), happened.GuardianAsked("따님")), state)
    reading = learnt.CourseRead(FIRST_COURSE, 1, ("가", "나"))
    learns = (learnt.PracticeBegan(), learnt.EmergencyDoubted("fire"), learnt.HelperAsked(), reading)
    full = fold(learns, full)
    frame = full.frames[-1]
    pending = dataclasses.replace(frame, pending="x", waits=True)
    return dataclasses.replace(full, frames=(*full.frames[:-1], pending))


_SAMPLES: Mapping[tuple[str, str], Any] = {
    ("Asked", "kind"): "confirm",
    ("CallRequested", "effect"): "write",
    ("FrameClosed", "outcome"): "completed",
    ("FrameRaised", "service"): COUNSELLOR,
    ("HandoverChanged", "state"): "queued",
    ("SlotsCleared", "slots"): ("item",),
    ("SlotsFilled", "slots"): {"item": "침대"},
    ("AnswersBegun", "words"): {"address": "마포구요"},
    ("ServicesGuessed", "labels"): {SERVICE: "대형 폐기물"},
    ("WishesNoted", "wishes"): ({"service": SERVICE},),
}
_BY_TYPE: tuple[tuple[str, Any], ...] = (
    ("Mapping", {}),
    ("tuple", ()),
    ("bool", True),
    ("int", 1),
    ("float", 0.5),
    ("str", "x"),
)


def _sample(kind: type[Event]) -> Event:
    hints = get_type_hints(kind)
    values = {}
    for item in fields(kind):
        known = _SAMPLES.get((kind.__name__, item.name))
        plain = str(hints[item.name])
        usual = next((value for name, value in _BY_TYPE if name in plain), None)
        values[item.name] = known if known is not None else usual
    return kind(**values)
