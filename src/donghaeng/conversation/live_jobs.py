"""What a live session's worker does, one job after the other."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from donghaeng.conversation.door import Said
from donghaeng.conversation.live_marks import TurnMarks
from donghaeng.conversation.live_messages import Dtmf, Text
from donghaeng.speech.engines import Audio, Recognition


@dataclass(slots=True)
class Spoken:
    """An utterance to be taken."""

    audio: Audio
    recognition: asyncio.Future[Recognition] | None
    """Already under way when the words were recognised in advance."""
    aside: bool
    """It began while the agent spoke, before its question: a backchannel then means nothing."""
    marks: TurnMarks
    capped: bool = False


@dataclass(frozen=True, slots=True)
class Silence:
    """Nobody answered."""


@dataclass(frozen=True, slots=True)
class Again:
    """Say the last reply again (the client came back)."""


@dataclass(frozen=True, slots=True)
class Remark:
    """Say something about the line itself."""

    code: str
    """Name of the sentence among the phrases."""


Job = Spoken | Text | Dtmf | Silence | Again | Remark
"""What the worker of a session does, one after the other."""


def said_in(job: Text | Dtmf | Silence) -> Said:
    """The turn that a job without sound makes."""
    match job:
        case Text(text):
            return Said(text=text)
        case Dtmf(digit):
            return Said(dtmf=digit)
        case Silence():
            return Said(no_input=True)
