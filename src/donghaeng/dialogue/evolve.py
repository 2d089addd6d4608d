"""The fold from events to state: what each event means, and nothing about why it happened."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from donghaeng.city.operations import Effect
from donghaeng.dialogue import events as happened
from donghaeng.dialogue import learning_events as learnt
from donghaeng.dialogue.event import Event
from donghaeng.dialogue.state import (
    Accepted,
    CoursePlace,
    Frame,
    Guess,
    HandoverInfo,
    HandoverState,
    News,
    Option,
    Pace,
    Question,
    QuestionKind,
    Sourced,
    Spoken,
    State,
    Wish,
)

T = TypeVar("T")

OWN_SLOTS = ("phone", "address", "person_name")
"""Slots that hold what belongs to the citizen, whatever the service: "아까 그 번호로 해 주세요"."""


def fold(events: Iterable[Event], state: State | None = None) -> State:
    """The state after ``events``."""
    current = state if state is not None else State()
    for event in events:
        current = evolve(current, event)
    return current


def evolve(state: State, event: Event) -> State:
    """The state after one event."""
    return _STEPS[type(event)](state, event)


def _top(state: State, frame: Frame) -> State:
    return replace(state, frames=(*state.frames[:-1], frame))


def _opened(state: State, event: happened.ConversationOpened) -> State:
    recalled = event.recalled or {}
    home_recalled = event.home_district is None and recalled.get("home_district") is not None
    usual = Pace()
    speed, volume_db = recalled.get("speed"), recalled.get("volume_db")
    return replace(
        state,
        channel=event.channel,
        home_district=recalled["home_district"] if home_recalled else event.home_district,
        here=event.here,
        practice=event.practice,
        turn=event.turns_before,
        called_about=event.called_about,
        called_for=event.called_for,
        known_again=event.known_again,
        guardian_ends=event.guardian_ends,
        remembers=event.recalled is not None,
        home_said=home_recalled or (event.home_district is not None and not event.home_located),
        home_recalled=home_recalled,
        last_stop=recalled.get("last_stop"),
        pace=Pace(
            speed if speed is not None else usual.speed,
            volume_db if volume_db is not None else usual.volume_db,
        ),
    )


def _home_named(state: State, event: happened.HomeNamed) -> State:
    if event.district == state.home_district:
        return replace(state, home_said=True, home_recalled=False)
    return replace(_without_home(state), home_district=event.district, home_said=True, home_recalled=False)


def _without_home(state: State) -> State:
    """The state without home, and without the place that stood for it where the citizen's own is unknown."""
    stood_for = state.here is not None and state.here.get("name") == state.home_district
    return replace(state, home_district=None, here=None if stood_for else state.here)


def _guardian_asked(state: State, event: happened.GuardianAsked) -> State:
    return replace(state, guardian_asked=event.who)


def _forgotten(state: State, event: happened.Forgotten) -> State:
    """What the services in hand were told stays with them, and so do the pace and a home that was named in
    this conversation."""
    del event
    forgetful = replace(_without_home(state), home_said=False) if state.home_recalled else state
    return replace(
        forgetful, remembers=False, consent_asked=False, home_recalled=False, last_stop=None, said={}
    )


def _heard(state: State, event: happened.UtteranceHeard) -> State:
    del event
    return replace(state, turn=state.turn + 1)


def _frame_opened(state: State, event: happened.FrameOpened) -> State:
    frame = Frame(event.service, dict(event.slots), about_answer=event.about_answer)
    return replace(state, frames=(*state.frames, frame), last=None, guesses=(), course=_paused(state))


def _frame_raised(state: State, event: happened.FrameRaised) -> State:
    found = next((frame for frame in reversed(state.frames) if frame.service == event.service), None)
    if found is None:
        return state
    others = tuple(frame for frame in state.frames if frame is not found)
    return replace(state, frames=(*others, found))


def _waits(state: State, waits: bool) -> State:
    return replace(state, frames=tuple(replace(frame, waits=waits) for frame in state.frames))


def _without(known: Mapping[str, T], gone: Container[str]) -> dict[str, T]:
    return {name: value for name, value in known.items() if name not in gone}


def _filled(state: State, event: happened.SlotsFilled) -> State:
    frame = state.frame
    if frame is None:
        return state
    said = {name: str(event.slots[name]) for name in OWN_SLOTS if name in event.slots}
    state = replace(state, said={**state.said, **said}) if said else state
    settled, slots = _without(frame.candidates, event.slots), _without(frame.slots, event.candidates)
    return _top(
        state,
        replace(
            frame,
            slots={**slots, **event.slots},
            candidates={**settled, **event.candidates},
            begun=_without(frame.begun, {*event.slots, *event.candidates}),
            lookups={},
            question=None,
        ),
    )


def _begun(state: State, event: happened.AnswersBegun) -> State:
    frame = state.frame
    if frame is None:
        return state
    return _top(state, replace(frame, begun={**frame.begun, **event.words}))


def _cleared(state: State, event: happened.SlotsCleared) -> State:
    frame = state.frame
    if frame is None:
        return state
    gone = set(event.slots)
    return _top(
        state,
        replace(
            frame,
            slots=_without(frame.slots, gone),
            candidates=_without(frame.candidates, gone),
            begun=_without(frame.begun, gone),
            lookups={},
            question=None,
        ),
    )


def _looked_up(state: State, event: happened.LookedUp) -> State:
    frame = state.frame
    if frame is None:
        return state
    return _top(state, replace(frame, lookups={**frame.lookups, event.name: event.row}))


def _asked(state: State, event: happened.Asked) -> State:
    frame = state.frame
    if frame is None:
        return state
    options = tuple(Option(option["label"], option["value"]) for option in event.options)
    question = Question(QuestionKind(event.kind), event.slot, options, event.attempt)
    return _top(state, replace(frame, question=question))


def _guessed(state: State, event: happened.ServicesGuessed) -> State:
    guesses = []
    for service, label in event.labels.items():
        said = event.said.get(service, {})
        candidates = {name: tuple(found) for name, found in said.get("candidates", {}).items()}
        guesses.append(Guess(service, label, dict(said.get("slots", {})), candidates))
    return replace(state, guesses=tuple(guesses))


def _call_requested(state: State, event: happened.CallRequested) -> State:
    frame = state.frame
    if frame is None or event.effect != Effect.WRITE:
        return state
    return _top(state, replace(frame, pending=event.call, question=None))


def _call_finished(state: State, event: happened.CallFinished) -> State:
    frames = tuple(
        replace(frame, pending=None) if frame.pending == event.call else frame for frame in state.frames
    )
    return replace(state, frames=frames)


def _frame_closed(state: State, event: happened.FrameClosed) -> State:
    frame = state.frame
    completed = frame is not None and event.outcome == "completed"
    last = replace(frame, answer=dict(event.answer)) if frame is not None and completed else None
    left = frame if event.outcome == "failed" else None
    return replace(_moved_on(state), frames=state.frames[:-1], last=last, left=left)


def _sourced(state: State, event: happened.AnswerSourced) -> State:
    return replace(state, sourced=Sourced(event.service, event.rows, state.turn))


def _moved_on(state: State) -> State:
    """The state after a service ended: unless it was asked about the last answer with a source, or gave one,
    that answer is no longer what a question without a subject is about."""
    sourced = state.sourced
    about_it = state.frame is not None and state.frame.about_answer
    if sourced is None or about_it or sourced.turn == state.turn:
        return state
    return replace(state, sourced=replace(sourced, fresh=False))


def _accepted(state: State, event: happened.WriteAccepted) -> State:
    return replace(state, accepted=(*state.accepted, Accepted(event.service, event.receipt, event.at)))


def _taken_back(state: State, event: happened.WriteTakenBack) -> State:
    return replace(state, accepted=tuple(one for one in state.accepted if one.receipt != event.receipt))


def _wishes(state: State, event: happened.WishesNoted) -> State:
    noted = tuple(
        Wish(
            wish["service"],
            dict(wish.get("slots", {})),
            {name: tuple(found) for name, found in wish.get("candidates", {}).items()},
        )
        for wish in event.wishes
    )
    return replace(state, wishes=noted)


def _handover(state: State, event: happened.HandoverChanged) -> State:
    info = HandoverInfo(HandoverState(event.state), event.position, event.callback_at)
    if info.state is HandoverState.CLOSED:
        return replace(state, handover=info)
    return replace(_waits(state, True), handover=info)


def _replied(state: State, event: happened.Replied) -> State:
    words = event.again or {"say": event.say, "show": event.show}
    if not words["say"] and not words["show"]:
        # The turn was a counsellor's: what the machine said last stands.
        return state
    return replace(state, spoken=Spoken(words["say"], words["show"], event.card))


def _paused(state: State) -> CoursePlace | None:
    return replace(state.course, choices=()) if state.course is not None else None


def _helper_agreed(state: State, event: learnt.HelperAgreed) -> State:
    """What was remembered of the citizen is none of the helper's business: it is left out from now on."""
    del event
    forgetful = _without_home(state) if state.home_recalled else state
    return replace(forgetful, helper=True, home_recalled=False, last_stop=None)


def _set(**changes: Any) -> Callable[[State, Any], State]:
    return lambda state, event: replace(state, **changes)


_STEPS: Mapping[type[Event], Callable[[State, Any], State]] = {
    happened.ConversationOpened: _opened,
    happened.UtteranceHeard: _heard,
    happened.FrameOpened: _frame_opened,
    happened.FrameRaised: _frame_raised,
    happened.SlotsFilled: _filled,
    happened.AnswersBegun: _begun,
    happened.SlotsCleared: _cleared,
    happened.LookedUp: _looked_up,
    happened.Asked: _asked,
    happened.CallRequested: _call_requested,
    happened.CallFinished: _call_finished,
    happened.WriteSettled: lambda state, event: replace(
        state, news=(*state.news, News(event.service, event.receipt))
    ),
    happened.WriteAccepted: _accepted,
    happened.WriteTakenBack: _taken_back,
    happened.WishesNoted: _wishes,
    happened.WishTaken: lambda state, event: replace(state, wishes=state.wishes[1:]),
    happened.NewsTold: _set(news=()),
    happened.FrameClosed: _frame_closed,
    happened.AnswerSourced: _sourced,
    happened.PersonOffered: lambda state, event: replace(
        state, offer=True, misses=0, guesses=(), consent_asked=False, course=_paused(state)
    ),
    happened.ServicesGuessed: _guessed,
    happened.GuessAnswered: _set(guesses=()),
    happened.OfferAnswered: _set(offer=False),
    happened.HandoverChanged: _handover,
    happened.EmergencyNoticed: lambda state, event: replace(
        _waits(state, True), offer=False, guesses=(), alarm=event.kind
    ),
    happened.PersonNeeded: lambda state, event: replace(state, person_topic=event.topic),
    happened.Resumed: lambda state, event: _waits(state, False),
    happened.PaceChanged: lambda state, event: replace(state, pace=Pace(event.speed, event.volume_db)),
    happened.HomeNamed: _home_named,
    happened.StopUsed: lambda state, event: replace(state, last_stop=dict(event.stop)),
    happened.GuardianAsked: _guardian_asked,
    happened.GuardianAnswered: _set(guardian_asked=None),
    happened.ConsentAsked: _set(consent_asked=True),
    happened.ConsentAnswered: _set(consent_asked=False),
    happened.Remembered: _set(remembers=True),
    happened.Forgotten: _forgotten,
    learnt.PracticeBegan: lambda state, event: replace(state, practising=True, practices=state.practices + 1),
    learnt.PracticeEnded: lambda state, event: replace(
        state, practising=False, turn=state.turn + event.turns
    ),
    learnt.EmergencyDoubted: lambda state, event: replace(state, doubted=event.kind),
    learnt.DoubtAnswered: _set(doubted=None),
    learnt.CoursesOffered: lambda state, event: replace(
        state, course=CoursePlace(offered=event.courses, choices=event.titles)
    ),
    learnt.CourseRead: lambda state, event: replace(
        state, course=CoursePlace(event.course, event.step, choices=event.choices)
    ),
    learnt.CoursePaused: lambda state, event: replace(state, course=_paused(state)),
    learnt.CourseLeft: _set(course=None),
    learnt.HelperAsked: _set(helper_asked=True),
    learnt.HelperAnswered: _set(helper_asked=False),
    learnt.HelperAgreed: _helper_agreed,
    happened.Missed: lambda state, event: replace(state, misses=state.misses + 1),
    happened.Understood: _set(misses=0),
    happened.Replied: _replied,
    happened.ConversationEnded: _set(
        ended=True,
        frames=(),
        offer=False,
        guesses=(),
        wishes=(),
        consent_asked=False,
        doubted=None,
        course=None,
        helper_asked=False,
    ),
}
