"""Steering words in the light of the open question: the same "됐어요" is a yes, a no or a goodbye to it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from donghaeng.understanding.acts import Act, ActKind, Context, SlotFill
from donghaeng.understanding.calibration import FoundBy, calibrated
from donghaeng.understanding.commands import ANY_TIME, ENOUGH, PERSON, WHY, Command
from donghaeng.understanding.text import compact

COUNSELLOR: Final = "counsellor"
LONGEST_BARE_REQUEST: Final = 14
"""Characters of a request for a person that says nothing about its topic."""
AMBIGUOUS: Final = 0.5
"""Score of a bare "됐어요" to "이렇게 신청할까요?": it may mean "fine" as well as "never mind"."""

_YES_FIRST = re.compile(r"^(?:네|예|응|어|그래|그려|하모|좋아)")
_NO_FIRST = re.compile(r"^(?:아니|아뇨|아녀|아이다|됐고|에이)")
_CHANGES = re.compile(r"바꿔|바꾸|바까|고쳐|고치|연결|불러")
_NONE_THERE = re.compile(r"없|읎|어수다")

_PACES = frozenset(kind.value for kind in (ActKind.SLOWER, ActKind.FASTER, ActKind.LOUDER, ActKind.QUIETER))
_ANYWHERE = frozenset(
    {PERSON}
    | {kind.value for kind in (ActKind.DONT_KNOW, ActKind.CANCEL, ActKind.START_OVER, ActKind.REPEAT)}
    | _PACES
    | {kind.value for kind in (ActKind.HELP, ActKind.THANKS, ActKind.GREETING, ActKind.GOODBYE)}
    | {kind.value for kind in (ActKind.CHITCHAT, ActKind.ABUSE, ActKind.CONTINUE)}
)


def possible_acts(context: Context) -> frozenset[str]:
    """Names of the acts that make sense after the last reply."""
    found = set(_ANYWHERE)
    if context.expects in ("confirm", "choice"):
        found |= {ActKind.CONFIRM, ActKind.DENY, ENOUGH}
    elif context.asks is None and context.last_service is not None:
        found |= {ENOUGH}
    if context.service is not None:
        found |= {ActKind.BACK}
    if context.asks is not None and context.expects == "slot":
        found |= {ActKind.SKIP}
    return frozenset(str(name) for name in found)


def steer(commands: Sequence[Command], words: str, context: Context) -> Act | None:
    """The act of the first steering word that counts here; a person comes before all others.

    "네, 바꿔 주세요" to what was read back wants a change and is no yes.
    """
    commands = fitting(commands, context)
    if not commands:
        return None
    command = next((one for one in commands if one.name == PERSON), commands[0])
    if command.name == ActKind.CONFIRM and context.expects == "confirm" and _CHANGES.search(compact(words)):
        return None
    found_by = FoundBy.WHOLE if command.whole else FoundBy.PART
    act = as_act(command.name, calibrated(found_by), found_by, words, context)
    if act.kind is not ActKind.REMEMBER:
        return act
    return replace(act, detail=next((one.name for one in commands if one.name in _PACES), None))


def fitting(commands: Sequence[Command], context: Context) -> list[Command]:
    """The steering words that mean something to the open question: "놔두세요" passes over what is asked for,
    and is a no to what was read back."""
    asked = context.asks is not None and context.expects == "slot"
    names = {command.name for command in commands}
    without: set[str] = {ActKind.DENY} if asked and ActKind.SKIP in names else set()
    if context.expects == "confirm" and ActKind.DENY in names:
        without = {ActKind.SKIP}
    without.add(WHY if context.service is None else ActKind.NEXT)
    without.add(ActKind.CALL_ME if _called_back(context) else ANY_TIME)
    return [command for command in commands if command.name not in without]


def _called_back(context: Context) -> bool:
    """Whether a call-back is what is talked about."""
    if context.service is not None:
        return context.service == COUNSELLOR
    return context.last_service == COUNSELLOR and "callback_phone" in context.last_slots


def as_act(name: str, score: float, found_by: FoundBy, words: str, context: Context) -> Act:
    """The act that a steering word called ``name`` is in this context."""
    if name == PERSON:
        return Act(ActKind.ASK, score, COUNSELLOR, person_topic(words), found_by=found_by)
    if name == ANY_TIME:
        return Act(ActKind.SKIP, score, COUNSELLOR, found_by=found_by)
    if name == WHY:
        return Act(ActKind.HELP, score, detail=WHY, found_by=found_by)
    if name == ENOUGH:
        return _enough(score, found_by, words, context)
    return Act(ActKind(name), score, found_by=found_by)


def person_topic(words: str) -> dict[str, SlotFill]:
    """What a person is wanted for, where the words say more than that."""
    return {"topic": SlotFill(words)} if len(words) > LONGEST_BARE_REQUEST else {}


def _enough(score: float, found_by: FoundBy, words: str, context: Context) -> Act:
    packed = compact(words)
    if context.expects == "slot" and _NONE_THERE.search(packed):
        return Act(ActKind.SKIP, score, found_by=found_by)
    if context.expects != "confirm":
        return Act(ActKind.DENY, score, found_by=found_by)
    if _YES_FIRST.match(packed):
        return Act(ActKind.CONFIRM, score, found_by=found_by)
    no = _NO_FIRST.match(packed) is not None
    return Act(ActKind.DENY, score if no else min(score, AMBIGUOUS), found_by=found_by)
