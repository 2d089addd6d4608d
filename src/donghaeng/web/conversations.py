"""`/v1/conversations`: open, take a turn, show, end."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Header, Path, Request
from pydantic import BaseModel, ConfigDict

from donghaeng.conversation.admission import NoPlace
from donghaeng.conversation.reply import Reply
from donghaeng.web import problems
from donghaeng.web.bearing import StaffReader, Token, transcript_reader
from donghaeng.web.bodies import (
    AUDIO_LIMIT_BYTES,
    AUDIO_TYPES,
    JSON_TYPES,
    OPENING,
    TURN,
    described,
    media_type,
    read_body,
    read_json,
)
from donghaeng.web.limits import address_of
from donghaeng.web.problems import RETRY_SECONDS, ProblemError, documented
from donghaeng.web.services import Services, WebServices, limits_of

PLACE_WAIT_SECONDS: Final = 30.0
"""How long a recorded turn waits for a place among the live ones (CONTRACT 1)."""
ID_LIMIT: Final = 100

router = APIRouter(prefix="/v1", tags=["conversations"])
TranscriptReader = Annotated[str | StaffReader, Depends(transcript_reader)]
ConversationId = Annotated[str, Path(min_length=1, max_length=ID_LIMIT)]
IdempotencyKey = Annotated[
    str | None,
    Header(
        min_length=1,
        max_length=200,
        pattern=r"^[\x21-\x7e]+$",
        description="the same key again gives the same reply and does nothing twice",
    ),
]


class Transcript(BaseModel):
    """What was said and done, masked."""

    model_config = ConfigDict(extra="allow")

    conversation: str
    turns: list[dict[str, Any]]
    events: list[dict[str, Any]]


class CityWrites(BaseModel):
    """What the conversation's own sandbox city accepted."""

    writes: list[dict[str, Any]]


def _body(*schemas: tuple[str, dict[str, Any]], required: bool = True) -> dict[str, Any]:
    content = {media: {"schema": schema} for media, schema in schemas}
    return {"requestBody": {"required": required, "content": content}}


_KNOWN = (problems.UNAUTHORISED, problems.UNKNOWN_CONVERSATION, problems.INVALID, problems.TOO_MANY)
_ALWAYS = (problems.UNEXPECTED, problems.STORE_FAILED)
_BODY = (problems.MALFORMED, problems.TOO_SLOW, problems.TOO_LARGE, problems.WRONG_MEDIA)


@router.post(
    "/conversations",
    status_code=201,
    responses=documented(
        *_BODY,
        problems.CLOCK_FORBIDDEN,
        problems.INVALID,
        problems.TOO_MANY,
        problems.NO_PLACE,
        *_ALWAYS,
    ),
    openapi_extra=described("OpeningBody"),
)
async def open_conversation(request: Request, services: Services) -> Reply:
    """Begin a conversation. The reply is the greeting and carries the token for every further call."""
    limits_of(request).check("openings", address_of(request.scope))
    body = await read_json(request, OPENING)
    if (body.now is not None or body.city is not None) and not services.settings.allow_test_clock:
        raise ProblemError(
            problems.CLOCK_FORBIDDEN,
            "`now` and `city` are accepted only where DONGHAENG_ALLOW_TEST_CLOCK=1 is set",
        )
    if not services.admission.takes_new:
        raise ProblemError(
            problems.NO_PLACE, "memory is short here", headers={"Retry-After": str(RETRY_SECONDS)}
        )
    return await services.conversations.open(body.opening())


@router.post(
    "/conversations/{conversation}/turns",
    responses=documented(
        *_BODY,
        *_KNOWN,
        problems.BAD_AUDIO,
        problems.ENDED,
        problems.BUSY,
        problems.NO_SPEECH,
        problems.NO_PLACE,
        *_ALWAYS,
    ),
    openapi_extra=_body(
        ("application/json", {"$ref": "#/components/schemas/TurnBody"}),
        ("audio/wav", {"type": "string", "format": "binary"}),
    ),
)
async def take_turn(
    conversation: ConversationId,
    request: Request,
    token: Token,
    services: Services,
    idempotency_key: IdempotencyKey = None,
) -> Reply:
    """Say something: typed words, one key of a telephone, or a recording of at most 60 s."""
    # By its token, so that nobody without it uses up what the citizen may do.
    limits_of(request).check("turns", token)
    media = media_type(request)
    if media in JSON_TYPES:
        body = await read_json(request, TURN, tagged=True)
        return await services.conversations.turn(
            conversation, token, body.said(), idempotency_key=idempotency_key
        )
    if media in AUDIO_TYPES:
        sound = await read_body(request, AUDIO_LIMIT_BYTES)
        return await _spoken_turn(services, conversation, token, sound, idempotency_key)
    raise ProblemError(problems.WRONG_MEDIA, "send Content-Type: application/json or audio/wav")


async def _spoken_turn(
    services: WebServices, conversation: str, token: str, sound: bytes, key: str | None
) -> Reply:
    if services.spoken_turn is None:
        raise ProblemError(problems.NO_SPEECH, "no recogniser is installed; `donghaeng doctor` says more")
    # An unknown conversation is refused before it takes a place and a recogniser's time.
    await services.conversations.hints(conversation, token)
    try:
        async with services.admission.place(PLACE_WAIT_SECONDS):
            return await services.spoken_turn(conversation, token, sound, idempotency_key=key)
    except NoPlace:
        raise ProblemError(
            problems.NO_PLACE,
            f"all {services.admission.places} places for speech stayed taken for {PLACE_WAIT_SECONDS:g} s",
            headers={"Retry-After": str(RETRY_SECONDS)},
        ) from None


@router.get("/conversations/{conversation}", responses=documented(*_KNOWN, problems.NOT_ALLOWED, *_ALWAYS))
async def show_conversation(
    conversation: ConversationId, reader: TranscriptReader, services: Services
) -> Transcript:
    """The masked transcript and events, for who has the conversation's token, and for staff who may read any:
    they say what for, and each look is recorded."""
    if isinstance(reader, str):
        return Transcript.model_validate(await services.conversations.transcript(conversation, reader))
    return Transcript.model_validate(await reader(conversation))


@router.delete("/conversations/{conversation}", responses=documented(*_KNOWN, problems.ENDED, *_ALWAYS))
async def end_conversation(conversation: ConversationId, token: Token, services: Services) -> Reply:
    """End it. The reply is the goodbye."""
    return await services.conversations.end(conversation, token)


@router.get("/conversations/{conversation}/city", responses=documented(*_KNOWN, *_ALWAYS))
async def show_city(conversation: ConversationId, token: Token, services: Services) -> CityWrites:
    """What the conversation's own sandbox city accepted. Exists only where the test clock is allowed."""
    if not services.settings.allow_test_clock:
        raise ProblemError(problems.NOT_FOUND, "exists only where DONGHAENG_ALLOW_TEST_CLOCK=1 is set")
    return CityWrites(writes=await services.conversations.city_writes(conversation, token))
