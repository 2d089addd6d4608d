"""How often something may be done: one mechanism (token buckets in memory), and every limit in one table.

A limit is per address, per account of staff, per conversation or per connection. What is counted lives in
this process: several processes of one city each have their own (docs/operations.md). Only what must hold for
the whole city, how many codes strangers may try, is counted in the database besides.
"""

from __future__ import annotations

import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal, Protocol

from starlette.types import ASGIApp, Receive, Scope, Send

from donghaeng.web import problems
from donghaeng.web.problems import Kind, ProblemError

LIMITED_PREFIXES: Final = ("/v1/", "/mcp")
MOST_KEYS: Final = 10_000
"""Addresses, accounts or conversations remembered of a limit; the one longest silent is forgotten first."""
IPV6_PREFIX: Final = 64
"""One household or office holds a whole network of this length, so it shares a bucket."""
UNKNOWN_ADDRESS: Final = "unknown"
EVERYBODY: Final = "everybody"

Per = Literal["address", "account", "account and address", "conversation", "connection", "everybody"]
Name = Literal[
    "requests",
    "openings",
    "turns",
    "sockets",
    "socket_messages",
    "staff",
    "login_of_address",
    "login_of_pair",
    "login_of_account",
    "factor",
    "sign_on",
    "codes",
    "codes_of_all",
    "guardian_codes",
    "guardian_codes_of_all",
    "opinions",
    "opinions_of_all",
]


@dataclass(frozen=True, slots=True)
class Limit:
    """So many at once, and so many a second for ever."""

    per: Per
    burst: float
    per_second: float
    what: str
    """English, for the one who is refused."""
    shared: bool = False
    """Counted by all processes of the city together as well."""


LIMITS: Final[Mapping[Name, Limit]] = MappingProxyType(
    {
        # A welfare centre's few machines stand behind one address.
        "requests": Limit("address", 120, 10, "requests"),
        "openings": Limit("address", 60, 1, "new conversations"),
        # Nobody speaks faster; a page that asks again after a lost line does for a moment.
        "turns": Limit("conversation", 30, 2, "turns in this conversation"),
        "sockets": Limit("address", 60, 1, "live connections"),
        "socket_messages": Limit("connection", 200, 20, "messages on this connection"),
        "staff": Limit("account", 240, 20, "requests of this account"),
        # Logins: whoever guesses from one place, at one account from one place, or at one account from many.
        "login_of_address": Limit("address", 30, 1 / 10, "logins"),
        "login_of_pair": Limit("account and address", 6, 1 / 60, "logins to this account"),
        "login_of_account": Limit("account", 30, 1 / 30, "logins to this account"),
        # A code of the authenticator; wrong ones are counted in the database besides.
        "factor": Limit("account", 6, 1 / 30, "codes of this account"),
        "sign_on": Limit("address", 30, 1 / 5, "logins by the organisation's server"),
        # A code has a million values and lives ten minutes.
        "codes": Limit("address", 5, 1 / 120, "codes"),
        "codes_of_all": Limit("everybody", 60, 1 / 10, "codes", shared=True),
        # A guardian's lives half an hour.
        "guardian_codes": Limit("address", 5, 1 / 180, "codes"),
        "guardian_codes_of_all": Limit("everybody", 30, 1 / 60, "codes", shared=True),
        # Of the public register, by who has no account; people read each of them.
        "opinions": Limit("address", 5, 1 / 120, "opinions"),
        "opinions_of_all": Limit("everybody", 60, 1 / 60, "opinions"),
    }
)
"""Every limit by its name."""


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float


class TokenBuckets:
    """A bucket per key. Pure but for the clock that it is given."""

    def __init__(
        self, *, burst: float, refill_per_second: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._burst = burst
        self._refill = refill_per_second
        self._clock = clock
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def __len__(self) -> int:
        """How many keys are remembered."""
        return len(self._buckets)

    def take(self, key: str) -> float:
        """Take one token of ``key``; 0 when there was one, else the seconds until there is."""
        now = self._clock()
        bucket = self._buckets.pop(key, None) or _Bucket(self._burst, now)
        bucket.tokens = min(self._burst, bucket.tokens + (now - bucket.at) * self._refill)
        bucket.at = now
        self._buckets[key] = bucket
        if len(self._buckets) > MOST_KEYS:
            self._buckets.popitem(last=False)
        if bucket.tokens >= 1.0:
            bucket.tokens -= 1.0
            return 0.0
        return (1.0 - bucket.tokens) / self._refill


class Limits:
    """Counts what is done against :data:`LIMITS`.

    Args:
        on: count at all; off in measurements under the test clock.
        clock: seconds that only go forward.
        together: counts what all processes share; None where there is one process alone.
    """

    def __init__(
        self,
        *,
        on: bool = True,
        clock: Callable[[], float] = time.monotonic,
        together: Together | None = None,
    ) -> None:
        self._on = on
        self._together = together
        self._buckets = {
            name: TokenBuckets(burst=limit.burst, refill_per_second=limit.per_second, clock=clock)
            for name, limit in LIMITS.items()
        }

    def take(self, name: Name, key: str) -> float:
        """Count one more of ``key``; 0 where it may be done, else the seconds until it may."""
        return self._buckets[name].take(key) if self._on else 0.0

    def check(self, name: Name, key: str, *, kind: Kind = problems.TOO_MANY) -> None:
        """Count one more of ``key``.

        Raises:
            ProblemError: it is one too many; says when to come back.
        """
        if wait := self.take(name, key):
            raise too_many(name, wait, kind)

    async def check_together(self, name: Name, *, kind: Kind = problems.TOO_MANY) -> None:
        """Count one more of everybody, here and for all processes.

        Raises:
            ProblemError: it is one too many.
            StoreError: nobody could count it, so it may not be done.
        """
        self.check(name, EVERYBODY, kind=kind)
        limit = LIMITS[name]
        if not self._on or self._together is None or not limit.shared:
            return
        if wait := await self._together.take(name, limit.burst, limit.per_second):
            raise too_many(name, wait, kind)


class Together(Protocol):
    """Counts for all processes of the city (:class:`donghaeng.app.shared_limits.SharedLimits`)."""

    async def take(self, name: str, burst: float, per_second: float) -> float:
        """Take one; 0 where there was one, else the seconds until there is."""
        ...


def too_many(name: Name, wait: float, kind: Kind = problems.TOO_MANY) -> ProblemError:
    """The refusal of one too many, with ``Retry-After`` in whole seconds."""
    limit = LIMITS[name]
    rate = f"{limit.per_second:g} a second" if limit.per_second >= 1 else f"one in {1 / limit.per_second:g} s"
    detail = f"too many {limit.what}: {limit.burst:g} at once, then {rate} for each {limit.per}"
    return ProblemError(kind, detail, headers={"Retry-After": str(math.ceil(wait))})


def address_of(scope: Scope) -> str:
    """What a bucket is kept for: an IPv4 address, or the network of an IPv6 address."""
    client = scope.get("client")
    if not client:
        return UNKNOWN_ADDRESS
    try:
        address = ipaddress.ip_address(client[0])
    except ValueError:
        return str(client[0])
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network(f"{address}/{IPV6_PREFIX}", strict=False))


class RateLimit:
    """ASGI middleware: refuses calls under :data:`LIMITED_PREFIXES`, and live connections wherever, of an
    address that makes too many."""

    def __init__(self, app: ASGIApp, limits: Limits) -> None:
        self._app = app
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the call through or answer it with 429 and ``Retry-After``."""
        name: Name | None = None
        if scope["type"] == "websocket":
            name = "sockets"
        elif scope["type"] == "http" and scope["path"].startswith(LIMITED_PREFIXES):
            name = "requests"
        wait = self._limits.take(name, address_of(scope)) if name is not None else 0.0
        if name is None or wait == 0.0:
            await self._app(scope, receive, send)
            return
        await too_many(name, wait).response()(scope, receive, send)
