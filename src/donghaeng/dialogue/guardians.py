"""Letting a child or a social worker see receipt and status of requests: asked for, agreed to, taken back and
told of by voice, in any state, whatever is open."""

from __future__ import annotations

from typing import Final

from donghaeng.city.slots import SLOT_TYPES
from donghaeng.dialogue.consent_question import ConsentQuestion, go_back
from donghaeng.dialogue.effects import GuardianOutcome, GuardianRequest, Guarding
from donghaeng.dialogue.events import GuardianAnswered, GuardianAsked
from donghaeng.dialogue.guardian_question import (
    asked_for,
    period,
    put_guardian_question,
    put_guardian_shortly,
)
from donghaeng.dialogue.turn import Turn
from donghaeng.trust.page_codes import spoken_code
from donghaeng.understanding.acts import Act

SCRIPT: Final = "guardian/1"
"""Version of the sentence ``guardian_ask``. It tells who gets what, what for, how long, and that a no costs
nothing (개인정보 보호법 제17조 제2항). Another wording is another version."""
MY_REQUESTS: Final = "my_requests"


def let_see(turn: Turn, act: Act) -> None:
    """Say what would be seen and ask; the wish said again for the same person is a yes to that question."""
    del act
    who = turn.guardians.named(turn.heard) or turn.guardians.someone
    if turn.state.practice:
        turn.phrase("guardian_not_in_practice")
        go_back(turn)
    elif turn.state.guardian_asked == who:
        agree_to_guardian(turn)
    else:
        turn.emit(GuardianAsked(who))
        put_guardian_question(turn)


def agree_to_guardian(turn: Turn) -> None:
    """A yes: the consent is kept before it is said that it is."""
    who = turn.state.guardian_asked or turn.guardians.someone
    asked = asked_for(turn)
    turn.emit(GuardianAnswered())
    turn.want(GuardianRequest(Guarding.ALLOW, who, SCRIPT, asked, turn.heard))


QUESTION: Final = ConsentQuestion(
    "guardian_not", GuardianAnswered, put_guardian_question, put_guardian_shortly
)


def stop_seeing(turn: Turn, act: Act) -> None:
    """Take it back, at once and without asking back: of the person named, else of everybody."""
    del act
    if _only_practises(turn):
        return
    receipt, phone = _proof(turn)
    who = turn.guardians.named(turn.heard)
    turn.want(GuardianRequest(Guarding.STOP, who, receipt=receipt, phone=phone))


def who_sees(turn: Turn, act: Act) -> None:
    """Say who sees what the citizen has requested."""
    del act
    if _only_practises(turn):
        return
    receipt, phone = _proof(turn)
    turn.want(GuardianRequest(Guarding.LIST, receipt=receipt, phone=phone))


def _only_practises(turn: Turn) -> bool:
    """Whether nobody can be let see anything here, which is said then."""
    if turn.state.practice:
        turn.phrase("guardian_nobody")
        go_back(turn)
    return turn.state.practice


def tell_guardian(turn: Turn, outcome: GuardianOutcome) -> None:
    """Say what was done, and go back to what was open."""
    if outcome.did is Guarding.ALLOW:
        _tell_allowed(turn, outcome)
    elif outcome.did is Guarding.STOP and outcome.stopped:
        turn.phrase("guardian_stopped", whos=outcome.stopped)
    elif not outcome.known:
        turn.phrase("guardian_unknown")
    elif not outcome.seeing:
        turn.phrase("guardian_nobody")
    elif outcome.did is Guarding.STOP:
        turn.phrase("guardian_not_this", whos=[one.who for one in outcome.seeing])
    else:
        turn.phrase(
            "guardian_list", seeing=[{"who": one.who, "until": day(one.until)} for one in outcome.seeing]
        )
    go_back(turn)


def day(date: str) -> str:
    """A date as it is written for citizens."""
    return SLOT_TYPES["date"].write(date)


def _tell_allowed(turn: Turn, outcome: GuardianOutcome) -> None:
    if outcome.code is not None:
        rules = turn.guardians
        code = spoken_code(outcome.code)
        turn.phrase(
            "guardian_done", who=outcome.who, code=code, minutes=rules.code_minutes, period=period(turn)
        )
    elif outcome.seeing:
        turn.phrase("guardian_full", most=len(outcome.seeing))
    else:
        turn.phrase("guardian_failed")


def _proof(turn: Turn) -> tuple[str | None, str | None]:
    """Receipt and telephone number against which requests of an earlier conversation were just shown."""
    for frame in (turn.state.frame, turn.state.last):
        if frame is not None and frame.service == MY_REQUESTS and "phone" in frame.slots:
            return frame.slots.get("receipt"), frame.slots["phone"]
    return None, None
