"""`/v1/conversations/continue`: the page takes over a call by the code that was said in it.

A code has a million values, so trying is what is limited: a few tries for an address, and for all addresses
together some hundred in the ten minutes of a code's life: with a hundred codes out, guessing hits one of them
in about one of a hundred such spells.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request

from donghaeng.conversation.reply import Reply
from donghaeng.web import problems
from donghaeng.web.bodies import CODE, read_json
from donghaeng.web.limits import TokenBuckets, address_of
from donghaeng.web.problems import ProblemError, documented
from donghaeng.web.services import WebServices, services_of

TRIES: Final = 5
"""Tries that one address has; one more comes every two minutes."""
TRIES_OF_ALL: Final = 60
"""Tries that all addresses have together; one more comes every ten seconds."""
EVERYBODY: Final = "everybody"

router = APIRouter(prefix="/v1", tags=["conversations"])
Services = Annotated[WebServices, Depends(services_of)]


class CodeTries:
    """Counts tries, in this process."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._one = TokenBuckets(burst=TRIES, refill_per_second=1 / 120, clock=clock)
        self._all = TokenBuckets(burst=TRIES_OF_ALL, refill_per_second=1 / 10, clock=clock)

    def take(self, address: str) -> float:
        """Count a try; 0 where it is allowed, else the seconds until the next one is."""
        return self._one.take(address) or self._all.take(EVERYBODY)


@router.post(
    "/conversations/continue",
    responses=documented(
        problems.MALFORMED,
        problems.TOO_LARGE,
        problems.WRONG_MEDIA,
        problems.INVALID,
        problems.UNKNOWN_CODE,
        problems.TOO_MANY_CODES,
        problems.UNEXPECTED,
        problems.STORE_FAILED,
    ),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/CodeBody"}}},
        }
    },
)
async def continue_call(request: Request, services: Services) -> Reply:
    """Go on with a telephone call by the code that was said in it, which is used up by that. The reply is the
    last one of the call and carries its token; live voice with it takes the microphone from the telephone."""
    body = await read_json(request, CODE)
    tries: CodeTries = request.app.state.code_tries
    limited = services.settings.rate_limit == "on"
    wait = tries.take(address_of(request.scope)) if limited else 0.0
    if wait:
        raise ProblemError(
            problems.TOO_MANY_CODES,
            "too many codes were tried",
            headers={"Retry-After": str(math.ceil(wait))},
        )
    return await services.conversations.continue_by_code(body.code)
