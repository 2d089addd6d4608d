"""A limit on requests per address: a token bucket in memory."""

from __future__ import annotations

import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from donghaeng.web import problems
from donghaeng.web.problems import ProblemError

BURST: Final = 120.0
"""Requests that may come at once: a welfare centre's few machines behind one address."""
REFILL_PER_SECOND: Final = 10.0
"""Requests a second that one address may keep up."""
LIMITED_PREFIXES: Final = ("/v1/", "/mcp")
MOST_ADDRESSES: Final = 10_000
"""Addresses remembered; the one longest silent is forgotten first."""
IPV6_PREFIX: Final = 64
"""One household or office holds a whole network of this length, so it shares a bucket."""
UNKNOWN_ADDRESS: Final = "unknown"


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float


class TokenBuckets:
    """A bucket per address. Pure but for the clock that it is given."""

    def __init__(
        self,
        *,
        burst: float = BURST,
        refill_per_second: float = REFILL_PER_SECOND,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._burst = burst
        self._refill = refill_per_second
        self._clock = clock
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def __len__(self) -> int:
        """How many addresses are remembered."""
        return len(self._buckets)

    def take(self, address: str) -> float:
        """Take one token of ``address``; 0 when there was one, else the seconds until there is."""
        now = self._clock()
        bucket = self._buckets.pop(address, None) or _Bucket(self._burst, now)
        bucket.tokens = min(self._burst, bucket.tokens + (now - bucket.at) * self._refill)
        bucket.at = now
        self._buckets[address] = bucket
        if len(self._buckets) > MOST_ADDRESSES:
            self._buckets.popitem(last=False)
        if bucket.tokens >= 1.0:
            bucket.tokens -= 1.0
            return 0.0
        return (1.0 - bucket.tokens) / self._refill


def address_of(scope: Scope) -> str:
    """What a bucket is kept for: an IPv4 address, or the network of an IPv6 address."""
    client = scope.get("client")
    if not client:
        return UNKNOWN_ADDRESS
    try:
        address = ipaddress.ip_address(client[0])
    except ValueError:
        return str(client[0])
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network(f"{address}/{IPV6_PREFIX}", strict=False))


class RateLimit:
    """ASGI middleware: refuses calls under :data:`LIMITED_PREFIXES` of an address whose bucket is empty."""

    def __init__(self, app: ASGIApp, buckets: TokenBuckets) -> None:
        self._app = app
        self._buckets = buckets

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the call through or answer it with 429 and ``Retry-After``."""
        limited = scope["type"] in {"http", "websocket"} and scope["path"].startswith(LIMITED_PREFIXES)
        wait = self._buckets.take(address_of(scope)) if limited else 0.0
        if wait == 0.0:
            await self._app(scope, receive, send)
            return
        refusal = ProblemError(
            problems.TOO_MANY,
            f"more than {REFILL_PER_SECOND:g} requests a second from this address",
            headers={"Retry-After": str(math.ceil(wait))},
        )
        await refusal.response()(scope, receive, send)
