"""`/v1/conversations/continue`: the page takes over a call by the code that was said in it.

A code has a million values, so trying is what is limited (:data:`donghaeng.web.limits.LIMITS`): a few tries
for an address, and for all addresses together some hundred in the ten minutes of a code's life: with a
hundred codes out, guessing hits one of them in about one of a hundred such spells.
"""

from __future__ import annotations

from fastapi import APIRouter, Request

from donghaeng.conversation.reply import Reply
from donghaeng.web import problems
from donghaeng.web.bodies import CODE, described, read_json
from donghaeng.web.limits import address_of
from donghaeng.web.problems import documented
from donghaeng.web.services import Services, limits_of

router = APIRouter(prefix="/v1", tags=["conversations"])


@router.post(
    "/conversations/continue",
    responses=documented(
        problems.MALFORMED,
        problems.TOO_SLOW,
        problems.TOO_LARGE,
        problems.WRONG_MEDIA,
        problems.INVALID,
        problems.UNKNOWN_CODE,
        problems.TOO_MANY_CODES,
        problems.UNEXPECTED,
        problems.STORE_FAILED,
    ),
    openapi_extra=described("CodeBody"),
)
async def continue_call(request: Request, services: Services) -> Reply:
    """Go on with a telephone call by the code that was said in it, which is used up by that. The reply is the
    last one of the call and carries its token; live voice with it takes the microphone from the telephone."""
    body = await read_json(request, CODE)
    limits = limits_of(request)
    limits.check("codes", address_of(request.scope), kind=problems.TOO_MANY_CODES)
    await limits.check_together("codes_of_all", kind=problems.TOO_MANY_CODES)
    return await services.conversations.continue_by_code(body.code)
