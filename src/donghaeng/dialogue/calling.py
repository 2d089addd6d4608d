"""Being called by the machine: only who asked for it, at a number that was read back, never again after a no.

The number is one that the citizen confirmed in this conversation with an accepted request: a misheard one
would ring at a stranger's. Whoever has none is offered a counsellor's call.
"""

from __future__ import annotations

import re
from typing import Final

from donghaeng.city.services import ServiceDefinition
from donghaeng.dialogue.effects import OutgoingCallOutcome, OutgoingCallRequest
from donghaeng.dialogue.filling import put_question
from donghaeng.dialogue.person_wish import COUNSELLOR
from donghaeng.dialogue.questions import offer_person
from donghaeng.dialogue.taking import ask
from donghaeng.dialogue.turn import Turn
from donghaeng.understanding.acts import Act, ActKind

SCRIPT: Final = "call_me/1"
"""Version of the sentences ``call_me_soon`` and ``call_me_morning``; another wording is another version."""
NUMBER: Final = "phone"
MORNING: Final = "morning"
SOUNDS_LIKE_FRAUD: Final = re.compile(
    r"돈|요금|세금|지방세|과태료|벌금|환급|계좌|통장|카드|송금|입금|이체|비밀번호|인증|주민\s?등록|오티피|otp|"
    r"설치|대출|검찰|경찰|금감원|상품권",
    re.IGNORECASE,
)
"""Words that open no call of ours: they are those of voice phishing."""
PLAIN_SUBJECT: Final = "일"
FREEZE_WARNING: Final = "freeze_warning"
"""What a call is for that a household agreed to before a cold winter; it has first words of its own."""


def subject(service: ServiceDefinition) -> str:
    """What a call is about, in words that may open it."""
    return PLAIN_SUBJECT if SOUNDS_LIKE_FRAUD.search(service.name) else service.name


def call_me(turn: Turn, act: Act) -> None:
    """Book a call to the confirmed number; without one a counsellor is asked to call."""
    number = turn.state.said.get(NUMBER)
    if number is None or not turn.state.accepted:
        ask(turn, Act(ActKind.ASK, act.score, COUNSELLOR, act.slots))
        return
    spoken = turn.state.spoken.say if turn.state.spoken is not None else ""
    turn.want(OutgoingCallRequest(number, turn.state.accepted[-1].service, SCRIPT, spoken, turn.heard))


def do_not_call(turn: Turn, act: Act) -> None:
    """Take the consent back, at once and without asking back."""
    del act
    turn.want(OutgoingCallRequest(turn.state.said.get(NUMBER)))


def tell_call(turn: Turn, outcome: OutgoingCallOutcome) -> None:
    """Say what was done, and go back to what was open."""
    if outcome.stopped:
        turn.phrase("calls_stopped")
    elif outcome.when is None:
        turn.phrase("call_me_not")
        offer_person(turn)
        return
    elif outcome.when == MORNING:
        turn.phrase("call_me_morning", phone=turn.state.said.get(NUMBER))
    else:
        turn.phrase("call_me_soon", phone=turn.state.said.get(NUMBER))
    if turn.state.frame is not None or turn.state.guesses:
        put_question(turn)
