"""The city behind one door: which addresses answer, and every operation by its name."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

import httpx
from pydantic import SecretStr

from donghaeng.city.operations import Answer, Effect, Operation
from donghaeng.city.places import PlaceTable
from donghaeng.city.providers import gateway
from donghaeng.city.providers.base import Address, Outside
from donghaeng.city.providers.cache import AnswerCache
from donghaeng.city.providers.declared import OPERATIONS
from donghaeng.city.providers.quota import DailyQuota
from donghaeng.city.providers.registry import READS
from donghaeng.city.providers.transport import Transport
from donghaeng.city.providers.values import kst
from donghaeng.errors import InputError
from donghaeng.sandbox import clock
from donghaeng.sandbox.city import PRACTICE_PREFIX, SandboxCity
from donghaeng.sandbox.faults import Fault, Full
from donghaeng.sandbox.inside import transport_of
from donghaeng.sandbox.ledger import Ledger
from donghaeng.settings import Settings

INSIDE = "http://sandbox.invalid"
"""Address of a sandbox city in this process; the name can never resolve (RFC 6761)."""

DEVELOPMENT_LIMITS: Mapping[str, int] = MappingProxyType(
    {
        "subway": 1_000,
        "kma": 10_000,
        "bus stationinfo/getStationByUid": 1_000,
        "bus stationinfo/getStationByName": 1_000,
    }
)
"""Calls a day that portals allow a development key, by counter name (portals' pages, users' reports)."""

_HOSTS: Mapping[str, str] = MappingProxyType(
    {
        "seoul": "openapi.seoul.go.kr",
        "subway": "swopenapi.seoul.go.kr",
        "bus": "ws.bus.go.kr",
        "data_go_kr": "apis.data.go.kr",
        "data_go_kr_standard": "api.data.go.kr",
        "gateway": "gateway",
    }
)


class ConnectedCity:
    """A :class:`~donghaeng.city.operations.City` over httpx.

    ``sandbox`` is the sandbox city inside this process, where there is one.
    """

    def __init__(self, outside: Outside, client: httpx.AsyncClient, sandbox: SandboxCity | None) -> None:
        self._outside = outside
        self._client = client
        self.sandbox = sandbox

    @property
    def operations(self) -> Mapping[str, Operation]:
        """Every operation by name."""
        return OPERATIONS

    async def call(
        self,
        operation: str,
        arguments: Mapping[str, Any],
        *,
        now: datetime,
        idempotency_key: str | None = None,
    ) -> Answer:
        """Make one request; see :class:`~donghaeng.city.operations.City`.

        Raises:
            ProviderError: the provider failed or refused.
            InputError: no such operation, or arguments that it does not take.
        """
        declared = _check(operation, arguments)
        now = kst(now)
        with clock.at(now):
            if declared.effect is not Effect.WRITE:
                return await READS[operation](self._outside, arguments, now)
            if not idempotency_key:
                raise InputError(f"{operation} is a write", remedy="give an idempotency key")
            if operation == "gateway.cancel":
                return await gateway.cancel(self._outside, arguments, now, idempotency_key)
            service = operation.removeprefix("gateway.")
            return await gateway.write(self._outside, service, arguments, now, idempotency_key)

    async def aclose(self) -> None:
        """Close connections, and the ledger of a sandbox city inside this process."""
        await self._client.aclose()
        if self.sandbox:
            self.sandbox.ledger.close()


def connect(
    settings: Settings,
    places: PlaceTable,
    *,
    ledger: Ledger | None = None,
    transport: httpx.AsyncBaseTransport | None = None,
    daily_limits: Mapping[str, int] = DEVELOPMENT_LIMITS,
) -> ConnectedCity:
    """The city that the settings name.

    ``city=sandbox``: the sandbox city at ``sandbox_url``, or one inside this process. ``city=live``: the real
    addresses; an operation whose key is not set raises ``ProviderDenied`` with the setting to set, since a
    citizen must never be given sandbox data for real.

    Args:
        settings: keys, addresses and seed.
        places: every place the city knows.
        ledger: where a sandbox city inside this process keeps what it accepted.
        transport: carries requests to addresses outside; httpx's own unless given.
        daily_limits: calls allowed a day, by counter name; for real keys alone.
    """
    if settings.city == "sandbox" and settings.sandbox_url is None:
        sandbox = SandboxCity(settings.sandbox_seed, places, clock.city_time, ledger=ledger)
        return _inside(sandbox, places)
    limits = DailyQuota(daily_limits if settings.city == "live" else {})
    addresses = _live(settings) if settings.city == "live" else _sandbox(settings.sandbox_url or INSIDE)
    client = httpx.AsyncClient(transport=transport, follow_redirects=False)
    return ConnectedCity(Outside(addresses, Transport(client, limits), AnswerCache(), places), client, None)


def own_city(
    places: PlaceTable,
    *,
    seed: int = 7,
    faults: Iterable[Fault] = (),
    full: Iterable[Full] = (),
    practice: bool = False,
) -> ConnectedCity:
    """A sandbox city for one conversation test or one practice; it forgets everything when closed."""
    ledger = Ledger(prefix=PRACTICE_PREFIX) if practice else Ledger()
    return _inside(SandboxCity(seed, places, clock.city_time, faults, full, ledger=ledger), places)


def _inside(sandbox: SandboxCity, places: PlaceTable) -> ConnectedCity:
    client = httpx.AsyncClient(transport=transport_of(sandbox))
    carried = Transport(client, DailyQuota({}), sleep=_at_once)
    return ConnectedCity(Outside(_sandbox(INSIDE), carried, AnswerCache(), places), client, sandbox)


async def _at_once(seconds: float) -> None:
    """No pause between attempts: there is no network to relieve."""
    del seconds
    await asyncio.sleep(0)


def _sandbox(base: str) -> dict[str, Address]:
    return {name: Address(f"{base.rstrip('/')}/{host}", "sandbox") for name, host in _HOSTS.items()}


def _live(settings: Settings) -> dict[str, Address]:
    portal = settings.data_go_kr_key
    keyed: dict[str, tuple[str | None, SecretStr | None, str]] = {
        "seoul": (settings.seoul_openapi_url, settings.seoul_openapi_key, "SEOUL_OPENAPI_KEY"),
        "subway": (settings.seoul_subway_url, settings.seoul_subway_key, "SEOUL_SUBWAY_KEY"),
        "bus": (settings.bus_url, portal, "DATA_GO_KR_KEY"),
        "data_go_kr": (settings.data_go_kr_url, portal, "DATA_GO_KR_KEY"),
        "data_go_kr_standard": (settings.data_go_kr_standard_url, portal, "DATA_GO_KR_KEY"),
        "gateway": (settings.gateway_url, settings.gateway_key, "GATEWAY_URL and DONGHAENG_GATEWAY_KEY"),
    }
    return {
        name: Address(base or "", key.get_secret_value() if key else None, remedy=f"set DONGHAENG_{setting}")
        for name, (base, key, setting) in keyed.items()
    }


def _check(operation: str, arguments: Mapping[str, Any]) -> Operation:
    declared = OPERATIONS.get(operation)
    if declared is None:
        raise InputError(f"no operation {operation}", remedy=f"use one of {', '.join(OPERATIONS)}")
    unknown = [name for name in arguments if name not in declared.parameters]
    missing = [
        name
        for name, field in declared.parameters.items()
        if not field.optional and arguments.get(name) is None
    ]
    if unknown or missing:
        raise InputError(
            f"{operation}: unknown {unknown or 'none'}, missing {missing or 'none'}",
            remedy=f"it takes {', '.join(declared.parameters)}",
        )
    return declared
