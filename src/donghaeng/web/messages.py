"""`/v1/conversations/{id}/messages`: what a counsellor says, for channels without a live line."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Query
from pydantic import BaseModel

from donghaeng.conversation.reply import Handover, Reply
from donghaeng.web import problems
from donghaeng.web.bearing import Token
from donghaeng.web.conversations import ConversationId
from donghaeng.web.problems import ProblemError, documented
from donghaeng.web.services import Services

LONGEST_WAIT_SECONDS: Final = 25.0
"""Less than a proxy between page and server waits."""
MOST_AFTER: Final = 2**53

router = APIRouter(prefix="/v1", tags=["conversations"])


class Told(BaseModel):
    """Something that the desk told the citizen."""

    seq: int
    reply: Reply


class Messages(BaseModel):
    """What the desk told the citizen, in order."""

    last: int
    """To be asked after the next time."""
    handover: Handover | None
    """Where the hand-over stands now; null without one, and when it is closed."""
    told: list[Told]


@router.get(
    "/conversations/{conversation}/messages",
    responses=documented(
        problems.UNAUTHORISED,
        problems.UNKNOWN_CONVERSATION,
        problems.INVALID,
        problems.TOO_MANY,
        problems.NOT_FOUND,
        problems.UNEXPECTED,
        problems.STORE_FAILED,
    ),
)
async def messages(
    conversation: ConversationId,
    token: Token,
    services: Services,
    after: Annotated[
        int, Query(ge=0, le=MOST_AFTER, description="`last` of the answer before; 0 at first")
    ] = 0,
    wait: Annotated[
        float,
        Query(ge=0, le=LONGEST_WAIT_SECONDS, description="seconds to wait where nothing is there yet"),
    ] = 0.0,
) -> Messages:
    """What a counsellor says to the citizen, and the machine on behalf of the desk.

    Ask again and again, each time after the `last` of the answer before. With `wait` the answer comes as
    soon as there is something, or with nothing in `told` when the time is over. While `handover.state` is
    `joined` a counsellor has the conversation: replies to turns have no words, and what answers them comes
    here. Once a hand-over is closed, `handover` is null, and the machine's first words after it may come a
    moment later. On the live voice line the same replies come by themselves and are spoken.
    """
    if services.from_desk is None:
        raise ProblemError(problems.NOT_FOUND, "nobody can be handed over to here")
    answers = await services.from_desk.answers(conversation, token, after=after, seconds=wait)
    return Messages(
        last=answers.last,
        handover=answers.handover,
        told=[Told(seq=one.seq, reply=one.reply) for one in answers.told],
    )
