"""Requests over HTTP: time limits, retries with jitter for reads alone, HTTP faults in the error tree, and
circuits that leave a failing provider alone.

Addresses carry keys and writes carry personal data, so neither addresses nor bodies reach a log line or
an error message.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

import httpx

from donghaeng.city.providers.circuits import Circuits
from donghaeng.city.providers.quota import Quota
from donghaeng.city.waiting import LEAST_S, seconds_left
from donghaeng.errors import (
    MalformedAnswer,
    ProviderDenied,
    ProviderError,
    ProviderTimeout,
    ProviderUnavailable,
    QuotaUsedUp,
)
from donghaeng.trust.tracing import Key, Step, outgoing, step

T = TypeVar("T")

TIMEOUT_S = 4.0
"""One attempt: connecting, waiting and reading."""
BUDGET_S = 2.0
"""No new attempt begins when one call has taken this long: somebody is waiting on the line, who is told
within five seconds. So a quick failure is tried again, a time that ran out is not."""
ATTEMPTS = 3
FIRST_WAIT_S = 0.2
"""Upper end of the first pause; it doubles with each attempt, and each pause is drawn between 0 and it."""
MAX_BYTES = 30_000_000
OWN = frozenset({"gateway"})
"""Providers that are the city's own: they may go on with our traces. Nobody else is told of them."""

for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)  # their INFO lines hold addresses with keys


@dataclass(frozen=True, slots=True)
class Request:
    """One request. ``quota`` names the daily counter it counts against and the circuit it belongs to: behind
    one portal each interface is another agency's, with a quota and failures of its own."""

    provider: str
    method: str
    url: str
    quota: str
    params: Mapping[str, str] = field(default_factory=dict, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: Any = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back."""

    status: int
    text: str = field(repr=False)


class Transport:
    """Sends requests.

    Args:
        client: an httpx client; its owner closes it.
        quota: daily counters; every attempt counts.
        circuits: breakers; every call counts once, whatever its attempts.
        sleep: waits between attempts, seconds.
        rng: draws the jitter.
        tick: a monotonic clock, seconds.
    """

    def __init__(
        self,
        client: httpx.AsyncClient,
        quota: Quota,
        *,
        circuits: Circuits | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        rng: random.Random | None = None,
        tick: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._quota = quota
        self._circuits = circuits or Circuits()
        self._sleep = sleep
        self._rng = rng or random.Random()  # noqa: S311 - jitter, not a secret
        self._tick = tick

    async def read(self, request: Request, now: datetime, parse: Callable[[str], T]) -> T:
        """Fetch and parse; tried again when the provider was slow, down or sent something broken.

        Raises:
            ProviderUnavailable: it failed too often lately and is left alone: nothing was sent.
            ProviderError: of the last attempt.
        """
        # Nothing is sent for somebody who has waited long enough: that says nothing about the provider.
        self._time_allowed(request)
        with self._watched(request):
            begun = self._tick()
            for attempt in range(1, ATTEMPTS + 1):
                allowed = self._time_allowed(request)
                try:
                    return parse(check_status(request.provider, await self._attempt(request, now, allowed)))
                except (ProviderTimeout, ProviderUnavailable, MalformedAnswer):
                    if attempt == ATTEMPTS or self._tick() - begun > BUDGET_S:
                        raise
                    await self._sleep(self._rng.uniform(0, FIRST_WAIT_S * 2 ** (attempt - 1)))
        raise AssertionError("unreachable: the last attempt returns or raises")

    async def send(self, request: Request, now: datetime, take: Callable[[Reply], T]) -> T:
        """One attempt of a request that changes something; ``take`` reads the reply, whatever its status.

        Raises:
            ProviderUnavailable: no connection, or it broke; or it failed too often lately and is left alone:
                nothing was sent.
            ProviderTimeout: no whole answer within the time allowed.
            MalformedAnswer: the answer is too large.
            QuotaUsedUp: nothing was sent.
            ProviderError: what ``take`` raises.
        """
        with self._watched(request):
            return take(await self._attempt(request, now, TIMEOUT_S))

    @contextmanager
    def _watched(self, request: Request) -> Iterator[None]:
        """A call whose end its circuit is told."""
        if not self._circuits.lets_through(request.quota, self._tick()):
            raise ProviderUnavailable(request.provider, "failed too often lately and is left alone")
        try:
            yield
        except (ProviderTimeout, ProviderUnavailable, MalformedAnswer):
            self._circuits.failed(request.quota, self._tick())
            raise
        except ProviderError:
            self._circuits.answered(request.quota)
            raise
        self._circuits.answered(request.quota)

    def _time_allowed(self, request: Request) -> float:
        """Seconds for one attempt of a read.

        Raises:
            ProviderTimeout: whoever waits for it has waited long enough.
        """
        left = seconds_left(self._tick())
        if left is not None and left < LEAST_S:
            raise ProviderTimeout(request.provider, "the turn has taken its time")
        return TIMEOUT_S if left is None else min(TIMEOUT_S, left)

    async def _attempt(self, request: Request, now: datetime, seconds: float) -> Reply:
        await self._quota.take(request.quota, now)
        told = {Key.PROVIDER: request.provider, Key.INTERFACE: request.quota, Key.METHOD: request.method}
        with step(Step.PROVIDER, told) as watch:
            reply = await self._exchange(request, seconds)
            watch.set(Key.STATUS, reply.status)
            return reply

    async def _exchange(self, request: Request, seconds: float) -> Reply:
        headers = dict(request.headers)
        if request.provider in OWN:
            headers |= outgoing()
        try:
            async with asyncio.timeout(seconds):
                response = await self._client.request(
                    request.method,
                    request.url,
                    params=dict(request.params) or None,
                    headers=headers,
                    json=request.body,
                )
        except (TimeoutError, httpx.TimeoutException):
            raise ProviderTimeout(request.provider, f"no answer within {seconds:.1f} s") from None
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError) as error:
            raise ProviderUnavailable(request.provider, f"no connection ({type(error).__name__})") from None
        if len(response.content) > MAX_BYTES:
            raise MalformedAnswer(request.provider, "the answer is larger than 30 MB")
        return Reply(response.status_code, response.content.decode("utf-8", errors="replace"))


def check_status(provider: str, reply: Reply) -> str:
    """The body of an answer with a 2xx status.

    Raises:
        ProviderDenied: 401 or 403.
        QuotaUsedUp: 429.
        ProviderUnavailable: 5xx.
        ProviderError: any other status.
    """
    status = reply.status
    if 200 <= status < 300:
        return reply.text
    if status in {401, 403}:
        raise ProviderDenied(provider, f"HTTP {status}", remedy="check the key and its approval")
    if status == 429:
        raise QuotaUsedUp(provider, "HTTP 429")
    if status >= 500:
        raise ProviderUnavailable(provider, f"HTTP {status}")
    raise ProviderError(provider, f"HTTP {status}")
