"""The skill server: KakaoTalk posts what a citizen wrote and shows what comes back.

Every request that knows the secret gets bubbles with status 200, whatever it holds and whatever fails: an
error status would show the citizen nothing, or the platform's own words.
"""

from __future__ import annotations

import hmac
import time
from collections.abc import Callable, Sequence
from typing import Final

import httpx
import structlog
from pydantic import SecretStr, ValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from donghaeng.channels.kakao.bubbles import response
from donghaeng.channels.kakao.callback import Callbacks, is_callback
from donghaeng.channels.kakao.wire import (
    ANSWER_SECONDS,
    CALLBACK_SECONDS,
    SkillPayload,
    SkillResponse,
)
from donghaeng.channels.protocol import Answer, Desk, Incoming, Later
from donghaeng.channels.words import Words
from donghaeng.channels.writing import Message, written
from donghaeng.web import problems
from donghaeng.web.attempts import note_attempt
from donghaeng.web.bodies import read_body
from donghaeng.web.limits import TokenBuckets
from donghaeng.web.problems import ProblemError
from donghaeng.web.shell import log_unexpected

PATH: Final = "/channels/kakao"
MOST_BYTES: Final = 64_000
SPARE_SECONDS: Final = 1.0
"""Kept for the way back, of what the platform waits."""
CALLBACK_SPARE_SECONDS: Final = 8.0
"""Kept for posting, of what a callback address is good for."""
BURST: Final = 20.0
"""Messages of one citizen that may come at once."""
REFILL_PER_SECOND: Final = 0.5
BURST_OF_ALL: Final = 300.0
REFILL_OF_ALL_PER_SECOND: Final = 50.0
EVERYBODY: Final = ""

_log = structlog.get_logger(__name__)


class KakaoSkill:
    """A :class:`~donghaeng.channels.protocol.TextChannel`.

    Args:
        secret: the skill's header `Authorization` is ``Bearer`` and this.
        words: what the channel itself tells.
        limited: whether messages are limited (:data:`BURST`).
        transport: carries callbacks; httpx's own unless given.
        clock: seconds that only go forward.
    """

    def __init__(
        self,
        secret: SecretStr,
        words: Words,
        limited: bool = True,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._secret = f"Bearer {secret.get_secret_value()}".encode()
        self._words = words
        self._limited = limited
        self._callbacks = Callbacks(transport)
        self._clock = clock
        self._one = TokenBuckets(burst=BURST, refill_per_second=REFILL_PER_SECOND, clock=clock)
        self._all = TokenBuckets(burst=BURST_OF_ALL, refill_per_second=REFILL_OF_ALL_PER_SECOND, clock=clock)

    @property
    def name(self) -> str:
        """``kakao``."""
        return "kakao"

    def routes(self, desk: Desk) -> Sequence[BaseRoute]:
        """The skill's address."""

        async def endpoint(request: Request) -> Response:
            if not self._knows_secret(request):
                refusal = ProblemError(problems.UNAUTHORISED, "the skill's header Authorization is not right")
                note_attempt(request.scope, refusal.kind.name)
                return refusal.response()
            try:
                answered = await self._answer(request, desk)
            except Exception as error:  # whatever it is, the citizen gets an answer
                log_unexpected(error)
                answered = self._tell(self._words.sorry)
            return Response(answered.body(), media_type="application/json")

        return [Route(PATH, endpoint, methods=["POST"])]

    async def aclose(self) -> None:
        """Close connections."""
        await self._callbacks.aclose()

    def _knows_secret(self, request: Request) -> bool:
        given = request.headers.get("authorization", "").encode("utf-8", "surrogateescape")
        return hmac.compare_digest(given, self._secret)

    async def _answer(self, request: Request, desk: Desk) -> SkillResponse:
        began = self._clock()
        try:
            asked = SkillPayload.model_validate_json(await read_body(request, MOST_BYTES)).user_request
        except (ValidationError, ProblemError) as error:
            _log.info("kakao.unreadable", error=type(error).__name__)
            return self._tell(self._words.unreadable)
        if self._limited and (self._one.take(asked.user.id) or self._all.take(EVERYBODY)):
            return self._tell(self._words.too_many)
        address = asked.callback_url if is_callback(asked.callback_url) else None
        answer = await desk.take(
            Incoming(self.name, asked.user.id, asked.utterance, message=address),
            seconds=ANSWER_SECONDS - SPARE_SECONDS,
            later=None if address is None else self._later(address, began),
        )
        if answer.notice == "waiting_callback":
            return SkillResponse(use_callback=True, data={"text": self._words.waiting_callback})
        return self._bubbles(answer)

    def _later(self, address: str, began: float) -> Later:
        async def post(answer: Answer) -> bool:
            if self._clock() - began > CALLBACK_SECONDS - CALLBACK_SPARE_SECONDS:
                return False
            return await self._callbacks.post(address, self._bubbles(answer))

        return post

    def _bubbles(self, answer: Answer) -> SkillResponse:
        first = (self._words.show,) if answer.notice in ("waiting", "busy", "passed_on") else ()
        return response(written(answer, self._words), self._words, first=first)

    def _tell(self, sentence: str) -> SkillResponse:
        return response([Message(sentence)], self._words)
