"""What is said to the acts that belong to no service: repeat, pace, help, cancel, emergency and the rest.

Every handler leaves a next prompt: the open question again, or words that say what may be asked.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from donghaeng.dialogue.draft import Draft
from donghaeng.dialogue.events import (
    ConversationEnded,
    EmergencyNoticed,
    FrameClosed,
    FrameOpened,
    Missed,
    NewsTold,
    OfferAnswered,
    PaceChanged,
    Resumed,
    SlotsCleared,
    WishTaken,
)
from donghaeng.dialogue.filling import advance, ask_again, put_question, return_to_frame
from donghaeng.dialogue.questions import ask_slot, offer_person, put_guess
from donghaeng.dialogue.state import QuestionKind
from donghaeng.dialogue.turn import Turn
from donghaeng.dialogue.wording import choice_card, slot_values, write
from donghaeng.understanding.acts import Act, ActKind

SPEED_STEP = 0.15
SLOWEST, FASTEST = 0.6, 1.5
"""Factors on the voice's own rate (voice-ux section 2)."""
VOLUME_STEP_DB = 6.0
QUIETEST_DB, LOUDEST_DB = -12.0, 12.0
"""Together a range of 24 dB: KS X 9211 asks for at least 18."""
MISSES_BEFORE_PERSON = 3
WHY = "why"
"""``detail`` of a HELP that asks what the open question is for."""
MY_REQUESTS = "my_requests"
"""The service that lists requests and takes them back."""
UNDO_WITHIN = timedelta(minutes=30)
"""How long "취소해 줘" with nothing in hand means what was accepted last."""


def _pace(turn: Turn, phrase: str, speed: float = 0.0, volume_db: float = 0.0) -> None:
    pace = turn.state.pace
    turn.emit(
        PaceChanged(
            round(min(FASTEST, max(SLOWEST, pace.speed + speed)), 2),
            min(LOUDEST_DB, max(QUIETEST_DB, pace.volume_db + volume_db)),
        )
    )
    turn.preface(phrase)


def speak_at(turn: Turn, kind: str) -> None:
    """Speak slower, faster, louder or more quietly from now on; any other ``kind`` changes nothing."""
    match kind:
        case ActKind.SLOWER:
            _pace(turn, "slower", speed=-SPEED_STEP)
        case ActKind.FASTER:
            _pace(turn, "faster", speed=SPEED_STEP)
        case ActKind.LOUDER:
            _pace(turn, "louder", volume_db=VOLUME_STEP_DB)
        case ActKind.QUIETER:
            _pace(turn, "quieter", volume_db=-VOLUME_STEP_DB)


def change_pace(turn: Turn, act: Act) -> None:
    """Speak in another way, beginning with the open question or the last words."""
    speak_at(turn, act.kind)
    spoken = turn.state.spoken
    asked = turn.state.consent_asked or turn.state.guardian_asked is not None
    outside = turn.state.offer or turn.state.guesses or asked
    if turn.state.question is not None and turn.state.frame is not None and not outside:
        put_question(turn)
    elif spoken is not None:
        turn.repeat(Draft(say=spoken.say, show=spoken.show, card=spoken.card))


def tell_news(turn: Turn) -> None:
    """Tell of writes that were settled since the last turn."""
    for news in turn.state.news:
        service = turn.catalogue.get(news.service)
        name = service.name if service is not None else news.service
        if news.service == MY_REQUESTS:
            turn.preface("settled_cancel" if news.receipt else "settled_refused_cancel")
        else:
            turn.preface("settled" if news.receipt else "settled_refused", service=name, receipt=news.receipt)
    if turn.state.news:
        turn.emit(NewsTold())


def repeat(turn: Turn, act: Act) -> None:
    """The same words once more."""
    del act
    spoken = turn.state.spoken
    if spoken is None:
        turn.phrase("greeting")
    else:
        turn.repeat(Draft(say=spoken.say, show=spoken.show, card=spoken.card))


def help_out(turn: Turn, act: Act) -> None:
    """Where we are and what may be said; to "그건 왜 물어봐요", what the answer is for."""
    frame, question = turn.state.frame, turn.state.question
    if frame is None:
        turn.phrase("help")
        return
    service = turn.definition(frame)
    spec = service.slots.get(question.slot or "") if question is not None else None
    if act.detail == WHY and spec is not None:
        name = f"why_{spec.type}"
        turn.phrase(name if name in turn.phrases.templates else "why", service=service.name)
    else:
        turn.phrase("help_in_service", service=service.name)
    put_question(turn)


def dont_know(turn: Turn, act: Act) -> None:
    """Say where the value is found, and ask again."""
    question, frame = turn.state.question, turn.state.frame
    if question is None or frame is None:
        turn.phrase("help")
        return
    service = turn.definition(frame)
    spec = service.slots.get(question.slot or "")
    if question.attempt == 0 and spec is not None and spec.prompts is not None and spec.prompts.help:
        turn.say(write(spec.prompts.help, slot_values(service, frame.slots)))
        ask_slot(turn, question.slot or "", attempt=1)
        return
    del act
    if question.attempt == 0 and question.kind is QuestionKind.SLOT:
        turn.phrase("dont_know")
        ask_slot(turn, question.slot or "", attempt=1)
        return
    ask_again(turn)


def cancel(turn: Turn, act: Act) -> None:
    """Give the service in hand up; the one below it goes on."""
    del act
    frame = turn.state.frame
    if frame is None:
        _undo(turn)
        return
    turn.emit(FrameClosed("cancelled"))
    turn.about(frame.service, {})
    turn.phrase("cancelled", service=turn.catalogue[frame.service].name)
    if turn.state.frame is not None or turn.state.wishes:
        return_to_frame(turn)
    else:
        turn.phrase("what_else")


def leave(turn: Turn) -> None:
    """Take nothing back after all."""
    turn.emit(FrameClosed("cancelled"))
    turn.about(MY_REQUESTS, {})
    turn.phrase("left_as_it_is")
    if turn.state.frame is not None or turn.state.wishes:
        return_to_frame(turn)
    else:
        turn.phrase("what_else")


def _undo(turn: Turn) -> None:
    """Nothing is in hand: what was accepted last is taken back, once that is confirmed; what was accepted
    long ago is asked about."""
    accepted = turn.state.accepted
    if not accepted or MY_REQUESTS not in turn.catalogue:
        turn.phrase("nothing_to_cancel")
        return
    slots = {"action": "cancel"}
    if turn.now - datetime.fromisoformat(accepted[-1].at) <= UNDO_WITHIN:
        slots["receipt"] = accepted[-1].receipt
    turn.emit(FrameOpened(MY_REQUESTS, slots))
    advance(turn)


def back(turn: Turn, act: Act) -> None:
    """One question back: the slot filled last is asked for again."""
    frame = turn.state.frame
    if frame is None:
        repeat(turn, act)
        return
    slots = turn.definition(frame).slots
    filled = [name for name, spec in slots.items() if name in frame.slots and spec.required and spec.prompts]
    if not filled:
        put_question(turn)
        return
    turn.emit(SlotsCleared((filled[-1],)))
    ask_slot(turn, filled[-1], attempt=0)


def start_over(turn: Turn, act: Act) -> None:
    """Everything in hand is dropped and the conversation begins anew."""
    del act
    while turn.state.frames:
        turn.emit(FrameClosed("cancelled"))
    while turn.state.wishes:
        turn.emit(WishTaken())
    turn.phrase("started_over")


def say_what_i_am(turn: Turn, act: Act) -> None:
    """The truth whenever it is asked for, then the open question again.

    인공지능 발전과 신뢰 기반 조성 등에 관한 기본법 제31조: that an AI speaks must be told.
    """
    del act
    turn.phrase("what_i_am")
    if turn.state.question is not None:
        put_question(turn)


def thanks(turn: Turn, act: Act) -> None:
    """A kind word, and the open question if there is one."""
    del act
    turn.phrase("welcome")
    if turn.state.question is not None:
        put_question(turn)


def attend(turn: Turn, act: Act) -> None:
    """A greeting or a yes to nothing: ask what is wanted."""
    del act
    turn.phrase("attend")
    if turn.state.question is not None:
        put_question(turn)


def chat(turn: Turn, act: Act) -> None:
    """Talk for company: a kind word, and back to what can be done."""
    del act
    turn.phrase("chitchat")
    if turn.state.question is not None:
        put_question(turn)
    else:
        turn.phrase("what_else")


def goodbye(turn: Turn, act: Act) -> None:
    """The citizen ends the conversation."""
    del act
    turn.emit(ConversationEnded("goodbye"))
    turn.phrase("goodbye")


def calm(turn: Turn, act: Act) -> None:
    """Abuse is answered calmly, with a person offered."""
    del act
    turn.phrase("calm")
    offer_person(turn, apologised=True)


def emergency(turn: Turn, act: Act) -> None:
    """The right number at once; whatever is in hand waits."""
    kind = act.detail or ""
    entry = turn.emergencies[kind]
    turn.emit(EmergencyNoticed(kind))
    turn.about("emergency", {"kind": kind})
    turn.say(entry.reply)
    if entry.verified:
        row = {"title": entry.name, "phone": entry.number, "value": entry.number}
        turn.show({"kind": "answer", "title": entry.name, "rows": [row]})
    if turn.state.frame is not None:
        turn.phrase("task_waits", service=turn.definition(turn.state.frame).name)


def out_of_scope(turn: Turn, act: Act) -> None:
    """No service covers it: say so, and offer a person or go back to the open question."""
    del act
    turn.about(None, {})
    turn.phrase("out_of_scope")
    if turn.state.frame is not None:
        put_question(turn)
    else:
        offer_person(turn)


def go_on(turn: Turn, act: Act | None = None) -> None:
    """Take up what was in hand."""
    del act
    if turn.state.frame is None:
        turn.phrase("attend")
        return
    turn.emit(Resumed())
    return_to_frame(turn)


def unclear(turn: Turn, act: Act) -> None:
    """Words that led nowhere: own the fault, ask in other words, then offer a person."""
    del act
    question = turn.state.question
    if question is not None and question.kind is QuestionKind.OFFER:
        turn.emit(OfferAnswered())
        if turn.state.frame is not None:
            turn.phrase("sorry")
            put_question(turn)
        else:
            turn.phrase("missed_again")
        return
    if question is not None and question.kind is not QuestionKind.GUESS:
        turn.phrase("yes_or_no" if question.kind is QuestionKind.CONFIRM else "sorry")
        ask_again(turn)
        return
    turn.emit(Missed())
    if question is not None and turn.state.misses < MISSES_BEFORE_PERSON:
        turn.phrase("sorry")
        put_guess(turn)
        return
    if turn.state.misses >= MISSES_BEFORE_PERSON:
        offer_person(turn)
    else:
        turn.phrase("missed" if turn.state.misses == 1 else "missed_again")
        if turn.state.misses > 1:
            turn.show(choice_card(turn.phrases("examples").split(" / ")))


def silence(turn: Turn, act: Act) -> None:
    """Nothing was said: "I am listening", the question again, then a person."""
    del act
    turn.emit(Missed())
    if turn.state.misses == 1 or (turn.state.question is None and turn.state.misses < MISSES_BEFORE_PERSON):
        turn.phrase("listening")
        spoken = turn.state.spoken
        if spoken is not None:
            turn.leave_standing(Draft(say=spoken.say, show=spoken.show, card=spoken.card))
    elif turn.state.misses >= MISSES_BEFORE_PERSON or turn.state.offer:
        offer_person(turn)
    else:
        put_question(turn)
