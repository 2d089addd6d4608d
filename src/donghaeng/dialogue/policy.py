"""The policy: what the agent does about each act, in each state. Pure and total.

``Policy.begin`` starts a turn; :meth:`Policy.hear` takes the acts of an utterance, :meth:`Policy.proceed`
what came of the effects; when a turn wants no more effects, ``turn.finish()`` is the reply. One handler
answers one kind of act; a service never has a handler of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from functools import partial
from types import MappingProxyType
from typing import Any, NamedTuple

from donghaeng.city.emergencies import Emergencies
from donghaeng.city.guardians import GuardianRules
from donghaeng.city.person_topics import PersonTopics
from donghaeng.city.services import Catalogue
from donghaeng.dialogue import commands, guardians, helping, remembering
from donghaeng.dialogue.calling import FREEZE_WARNING, call_me, do_not_call, subject
from donghaeng.dialogue.city_calls import request_call
from donghaeng.dialogue.consent_question import ConsentQuestion
from donghaeng.dialogue.course import Courses
from donghaeng.dialogue.courses import handler_in_course, learn, next_piece
from donghaeng.dialogue.effects import Outcome
from donghaeng.dialogue.events import (
    Asked,
    ConsentAnswered,
    GuardianAnswered,
    GuessAnswered,
    OfferAnswered,
    Resumed,
    SlotsCleared,
    SlotsFilled,
    Understood,
    UtteranceHeard,
    WriteAccepted,
    WriteSettled,
    WriteTakenBack,
)
from donghaeng.dialogue.filling import advance, ask_again, put_question
from donghaeng.dialogue.guardians import (
    agree_to_guardian,
    day,
    let_see,
    stop_seeing,
    who_sees,
)
from donghaeng.dialogue.guessing import deny_guess, guess, take_guess
from donghaeng.dialogue.helping import agree_to_helper, for_helper, helper_is_here
from donghaeng.dialogue.learning_events import HelperAnswered
from donghaeng.dialogue.moving import to_page
from donghaeng.dialogue.open_acts import (
    ABOUT_FRAME,
    LEAVE_CONSENT_OPEN,
    LEAVE_GUARDIAN_OPEN,
    LEAVE_OFFER_OPEN,
    LED_NOWHERE,
    TAKE_UP,
)
from donghaeng.dialogue.outcomes import give_up, take_outcomes
from donghaeng.dialogue.people import call_person, cancel, go_on_alone, hear_topic, skip, topic_for_a_person
from donghaeng.dialogue.practising import (
    for_real,
    handler_in_practice,
    just_left,
    practise,
    stop_practice,
)
from donghaeng.dialogue.questions import ask_confirmation, ask_slot
from donghaeng.dialogue.remembering import agree, forget, remember
from donghaeng.dialogue.sources import tell_source
from donghaeng.dialogue.state import QuestionKind, State
from donghaeng.dialogue.taking import ask, fill, note_wishes
from donghaeng.dialogue.turn import Turn
from donghaeng.dialogue.withheld import drop_withheld, tell_withheld
from donghaeng.dialogue.wording import Phrases
from donghaeng.errors import TemplateFault
from donghaeng.understanding.acts import Act, ActKind
from donghaeng.understanding.calibration import FoundBy

SURE_YES = 0.9
"""Score from which a yes lets a write go out; below it the citizen is asked for "네" or "아니요"."""
SURE_NO = 0.7
"""Score from which a no to what was read back is believed; a bare "됐어요" may mean either."""
SAY_THAT_IT_ENDED = frozenset({ActKind.STOP_PRACTICE, ActKind.FOR_REAL, ActKind.EMERGENCY})
"""Acts whose own answer says that practice is over, or that must not wait for it to be said."""


class Policy:
    """Decides. Holds only what is read-only: catalogue, sentences, emergencies."""

    def __init__(
        self,
        catalogue: Catalogue,
        phrases: Phrases,
        emergencies: Emergencies,
        person_topics: PersonTopics = MappingProxyType({}),
        guardians: GuardianRules | None = None,
        *,
        courses: Courses = MappingProxyType({}),
    ) -> None:
        self.courses = courses
        self.catalogue = catalogue
        self.phrases = phrases
        self.emergencies = emergencies
        self.person_topics = person_topics
        self.guardians = guardians or GuardianRules()

    def begin(self, state: State, now: datetime, *, withheld: Container[str] = ()) -> Turn:
        """A new turn on ``state``; services that are ``withheld`` may not answer in it."""
        return Turn(
            state,
            now,
            catalogue=self.catalogue,
            phrases=self.phrases,
            emergencies=self.emergencies,
            person_topics=self.person_topics,
            guardians=self.guardians,
            withheld=withheld,
            courses=self.courses,
        )

    def greet(self, turn: Turn) -> None:
        """The opening: that this is an AI, how to reach a person, what may be asked; where we called, first
        who calls and why, and that one may hang up and call 120 instead."""
        called_about = self.catalogue.get(turn.state.called_about or "")
        if called_about is not None:
            if turn.state.called_for == FREEZE_WARNING:
                turn.phrase("greeting_freeze")
            else:
                turn.phrase("greeting_outgoing", subject=subject(called_about))
        elif turn.state.practice:
            turn.phrase("greeting_practice")
        else:
            turn.phrase("greeting_again" if turn.state.remembers else "greeting")
        ends = turn.state.guardian_ends
        if ends is not None:
            turn.phrase("guardian_ends", who=ends["who"], until=day(ends["on"]))

    def hear(self, turn: Turn, text: str, acts: Sequence[Act]) -> None:
        """Take the acts of one utterance, most important first."""
        turn.emit(UtteranceHeard(text, tuple(_summary(act) for act in acts)))
        turn.heard = text
        act = acts[0]
        note_wishes(turn, acts)
        if act.kind not in LED_NOWHERE and turn.state.misses:
            turn.emit(Understood())
        if act.kind is not ActKind.EMERGENCY:
            commands.tell_news(turn)
        if turn.state.consent_asked and act.kind not in LEAVE_CONSENT_OPEN:
            turn.emit(ConsentAnswered())
        if turn.state.guardian_asked is not None and act.kind not in LEAVE_GUARDIAN_OPEN:
            turn.emit(GuardianAnswered())
        if turn.state.helper_asked and act.kind not in LEAVE_CONSENT_OPEN | {ActKind.HELPER}:
            turn.emit(HelperAnswered())
        if turn.state.offer and act.kind not in LEAVE_OFFER_OPEN:
            turn.emit(OfferAnswered())
        if turn.state.guesses and act.kind not in LEAVE_OFFER_OPEN | {ActKind.CHOOSE}:
            turn.emit(GuessAnswered())
        if turn.state.paused and act.kind in TAKE_UP:
            turn.emit(Resumed())
        gone = drop_withheld(turn)
        if gone is not None and act.kind in ABOUT_FRAME:
            tell_withheld(turn, gone)
            return
        if just_left(turn) and act.kind not in SAY_THAT_IT_ENDED:
            turn.preface("practice_left")
        topic = topic_for_a_person(turn, act)
        handler = handler_in_course(turn, act) or handler_in_practice(turn, act) or _HANDLERS[act.kind]
        if topic is not None:
            handler = partial(hear_topic, topic=topic)
        _whatever_files_say(turn, lambda: handler(turn, act))
        turn.tell_helper(for_helper(turn))

    def take_back(self, turn: Turn) -> None:
        """Go on after a counsellor handed the conversation back: what is in hand in one line, and the open
        question again."""
        _whatever_files_say(turn, lambda: go_on_alone(turn))

    def settle_later(self, turn: Turn, service: str, receipt: str | None) -> None:
        """Note that a write was settled after its turn; the next turn tells it."""
        turn.emit(WriteSettled(service, receipt))
        if receipt is not None and service == commands.MY_REQUESTS:
            turn.emit(WriteTakenBack(receipt))
        elif receipt is not None:
            turn.emit(WriteAccepted(service, receipt, turn.now.isoformat(timespec="seconds")))

    def proceed(self, turn: Turn, outcomes: Sequence[Outcome]) -> None:
        """Go on after effects were carried out."""
        _whatever_files_say(turn, lambda: take_outcomes(turn, outcomes))
        turn.tell_helper(for_helper(turn))

    def give_up(self, turn: Turn) -> None:
        """End what is in hand with an apology and another way: it comes to no end by itself."""
        give_up(turn)


class _Consent(NamedTuple):
    """What answers a question that asks for a consent."""

    agree: Callable[[Turn], None]
    question: ConsentQuestion


_CONSENTS: Mapping[QuestionKind, _Consent] = {
    QuestionKind.MEMORY: _Consent(agree, remembering.QUESTION),
    QuestionKind.GUARDIAN: _Consent(agree_to_guardian, guardians.QUESTION),
    QuestionKind.HELPER: _Consent(agree_to_helper, helping.QUESTION),
}


def _whatever_files_say(turn: Turn, work: Callable[[], None]) -> None:
    """Do it; where a service file has no words for it, its service ends with an apology and another way."""
    try:
        work()
    except TemplateFault:
        give_up(turn)


def _summary(act: Act) -> dict[str, Any]:
    summary = {key: value for key, value in asdict(act).items() if key in ("service", "detail") and value}
    return {"kind": act.kind.value, "score": round(act.score, 3), **summary, "slots": sorted(act.slots)}


def _confirm(turn: Turn, act: Act) -> None:
    question = turn.state.question
    frame = turn.state.frame
    if question is None and turn.state.paused:
        commands.go_on(turn)
    elif question is None:
        commands.attend(turn, act)
    elif question.kind in _CONSENTS:
        consent = _CONSENTS[question.kind]
        (consent.agree if _is_sure_yes(act) else consent.question.misheard)(turn)
    elif question.kind is QuestionKind.OFFER:
        turn.emit(OfferAnswered())
        call_person(turn, act)
    elif question.kind is QuestionKind.GUESS:
        take_guess(turn, 0 if len(question.options) == 1 else -1)
    elif question.kind is QuestionKind.CONFIRM and not _is_sure_yes(act):
        _ask_yes_or_no(turn)
    elif question.kind is QuestionKind.CONFIRM and frame is not None:
        request_call(turn, frame, turn.definition(frame))
    elif question.kind is QuestionKind.REPAIR:
        ask_confirmation(turn, attempt=0)
    elif question.kind is QuestionKind.CHOICE and len(question.options) == 1 and question.slot:
        turn.emit(SlotsFilled({question.slot: question.options[0].value}))
        advance(turn, before=question)
    else:
        ask_again(turn)


def _deny(turn: Turn, act: Act) -> None:
    question = turn.state.question
    if question is None:
        turn.phrase("as_you_like")
    elif question.kind in _CONSENTS:
        _CONSENTS[question.kind].question.refuse(turn)
    elif question.kind is QuestionKind.OFFER:
        turn.emit(OfferAnswered())
        if turn.state.frame is None:
            turn.phrase("as_you_like")
        else:
            turn.phrase("without_person")
            put_question(turn)
    elif question.kind is QuestionKind.GUESS:
        deny_guess(turn)
    elif question.kind is QuestionKind.CONFIRM and act.score < SURE_NO:
        _ask_yes_or_no(turn)
    elif question.kind is QuestionKind.CONFIRM:
        _deny_readback(turn)
    elif question.kind is QuestionKind.REPAIR and act.score < SURE_NO:
        ask_confirmation(turn, attempt=0)
    elif question.kind is QuestionKind.REPAIR:
        cancel(turn, act)
    elif question.kind is QuestionKind.CHOICE and question.slot is not None:
        turn.emit(SlotsCleared((question.slot,)))
        ask_slot(turn, question.slot, attempt=1)
    else:
        ask_again(turn)


def _deny_readback(turn: Turn) -> None:
    """Ask what is wrong with what was read back; a no to taking a request back leaves it, and that is all."""
    if turn.state.frame is not None and turn.state.frame.service == commands.MY_REQUESTS:
        commands.leave(turn)
        return
    turn.emit(Asked(QuestionKind.REPAIR))
    turn.phrase("what_is_wrong")


def _choose(turn: Turn, act: Act) -> None:
    question = turn.state.question
    index = int(act.detail) if act.detail and act.detail.isdigit() else -1
    if question is None:
        commands.unclear(turn, act)
        return
    if question.kind is QuestionKind.GUESS:
        take_guess(turn, index)
        return
    if question.slot is None or not 0 <= index < len(question.options):
        ask_again(turn)
        return
    turn.emit(SlotsFilled({question.slot: question.options[index].value}))
    advance(turn, before=question)


def _unclear(turn: Turn, act: Act) -> None:
    question = turn.state.question
    if question is not None and question.kind in _CONSENTS:
        _CONSENTS[question.kind].question.misheard(turn)
    else:
        commands.unclear(turn, act)


def _is_sure_yes(act: Act) -> bool:
    """Whether a yes may let a write go out, or something be kept: one that was only learnt from examples may
    not."""
    return act.score >= SURE_YES and act.found_by != FoundBy.LEARNT


def _ask_yes_or_no(turn: Turn) -> None:
    """The narrower question before anything that cannot be undone."""
    turn.phrase("yes_or_no")
    ask_again(turn)


_HANDLERS: Mapping[ActKind, Callable[[Turn, Act], None]] = {
    ActKind.ASK: ask,
    ActKind.FILL: fill,
    ActKind.CORRECT: fill,
    ActKind.CONFIRM: _confirm,
    ActKind.DENY: _deny,
    ActKind.CHOOSE: _choose,
    ActKind.DONT_KNOW: commands.dont_know,
    ActKind.SKIP: skip,
    ActKind.CANCEL: cancel,
    ActKind.CONTINUE: commands.go_on,
    ActKind.BACK: commands.back,
    ActKind.START_OVER: commands.start_over,
    ActKind.REPEAT: commands.repeat,
    ActKind.SLOWER: commands.change_pace,
    ActKind.FASTER: commands.change_pace,
    ActKind.LOUDER: commands.change_pace,
    ActKind.QUIETER: commands.change_pace,
    ActKind.REMEMBER: remember,
    ActKind.FORGET: forget,
    ActKind.TO_PAGE: to_page,
    ActKind.CALL_ME: call_me,
    ActKind.DO_NOT_CALL: do_not_call,
    ActKind.LET_SEE: let_see,
    ActKind.STOP_SEEING: stop_seeing,
    ActKind.WHO_SEES: who_sees,
    ActKind.HELP: commands.help_out,
    ActKind.PRACTISE: practise,
    ActKind.STOP_PRACTICE: stop_practice,
    ActKind.FOR_REAL: for_real,
    ActKind.LEARN: learn,
    ActKind.NEXT: next_piece,
    ActKind.HELPER: helper_is_here,
    ActKind.SOURCE: tell_source,
    ActKind.WHAT_ARE_YOU: commands.say_what_i_am,
    ActKind.THANKS: commands.thanks,
    ActKind.GREETING: commands.attend,
    ActKind.GOODBYE: commands.goodbye,
    ActKind.CHITCHAT: commands.chat,
    ActKind.UNSURE: guess,
    ActKind.ABUSE: commands.calm,
    ActKind.EMERGENCY: commands.emergency,
    ActKind.OUT_OF_SCOPE: commands.out_of_scope,
    ActKind.UNCLEAR: _unclear,
    ActKind.SILENCE: commands.silence,
}


def handler_of(kind: ActKind) -> Callable[[Turn, Act], None]:
    """What answers acts of a kind (docs/state-machine.md)."""
    return _HANDLERS[kind]
