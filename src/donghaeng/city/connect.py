"""The city behind one door: which addresses answer, and every operation by its name."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

import httpx
from pydantic import SecretStr

from donghaeng.city.local import NO_LOCAL_OPERATIONS, LocalOperations
from donghaeng.city.operations import Answer, Effect, Operation
from donghaeng.city.places import PlaceTable
from donghaeng.city.providers import gateway
from donghaeng.city.providers.base import Address, Outside
from donghaeng.city.providers.cache import AnswerCache, patience
from donghaeng.city.providers.circuits import Circuits, CircuitState, OnChange
from donghaeng.city.providers.declared import OPERATIONS
from donghaeng.city.providers.quota import DEVELOPMENT_LIMITS, DailyQuota, Quota
from donghaeng.city.providers.registry import READS
from donghaeng.city.providers.transport import Transport
from donghaeng.city.providers.values import kst
from donghaeng.errors import InputError, ProviderDenied, SettingsError
from donghaeng.settings import Settings

INSIDE = "http://sandbox.invalid"
"""Address of a city in this process; the name can never resolve (RFC 6761)."""

Application = Callable[..., Awaitable[None]]
"""An ASGI application."""

_HOSTS: Mapping[str, str] = MappingProxyType(
    {
        "seoul": "openapi.seoul.go.kr",
        "subway": "swopenapi.seoul.go.kr",
        "bus": "ws.bus.go.kr",
        "data_go_kr": "apis.data.go.kr",
        "data_go_kr_standard": "api.data.go.kr",
        "library": "data4library.kr",
        "gateway": "gateway",
    }
)


def _nobody(name: str, state: CircuitState) -> None:
    """Told of circuits where nobody asks."""
    del name, state


class ConnectedCity:
    """A :class:`~donghaeng.city.operations.City` over httpx."""

    def __init__(self, outside: Outside, client: httpx.AsyncClient) -> None:
        self._outside = outside
        self._client = client
        self._local = NO_LOCAL_OPERATIONS

    def offer(self, local: LocalOperations) -> None:
        """Carry these operations out in this process from now on."""
        self._local = local

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
        if operation in self._local:
            return await self._local[operation].carry_out(self, arguments, now)
        if declared.effect is not Effect.WRITE:
            return await self._read(declared, arguments, now)
        if not idempotency_key:
            raise InputError(f"{operation} is a write", remedy="give an idempotency key")
        if operation == "gateway.cancel":
            return await gateway.cancel(self._outside, arguments, now, idempotency_key)
        service = operation.removeprefix("gateway.")
        return await gateway.write(self._outside, service, arguments, now, idempotency_key)

    async def _read(self, declared: Operation, arguments: Mapping[str, Any], now: datetime) -> Answer:
        if declared.name not in READS:
            raise ProviderDenied(
                declared.provider, "nothing here carries it out", remedy="see ConnectedCity.offer"
            )
        with patience(declared.longest_stale_s) as given:
            answer = await READS[declared.name](self._outside, arguments, now)
        if given.as_of is None or given.error is None:
            return answer
        if not answer.rows:
            # That nothing comes or nothing is there was true then; nobody knows whether it is now.
            raise given.error
        made = given.as_of if answer.as_of is None else min(answer.as_of, given.as_of)
        return replace(answer, as_of=made, stale=True)

    async def aclose(self) -> None:
        """Close connections."""
        await self._client.aclose()


def connect(
    settings: Settings,
    places: PlaceTable,
    *,
    transport: httpx.AsyncBaseTransport | None = None,
    quota: Quota | None = None,
    on_circuit: OnChange = _nobody,
) -> ConnectedCity:
    """The city at the addresses that the settings name.

    ``city=sandbox``: the sandbox city at ``sandbox_url``. ``city=live``: the real addresses; an operation
    whose key is not set raises ``ProviderDenied`` with the setting to set, since a citizen must never be
    given sandbox data for real.

    Args:
        settings: keys and addresses.
        places: every place the city knows.
        transport: carries the requests; httpx's own unless given.
        quota: counts the calls of real keys; in this process alone, up to :func:`daily_limits`, unless given.
        on_circuit: told of every provider that is left alone, tried or answers again.

    Raises:
        SettingsError: the sandbox city has no address; one inside this process is
            ``donghaeng.sandbox.inside``.
    """
    if settings.city == "live":
        addresses, counted = addresses_of(settings), quota or DailyQuota(daily_limits(settings))
    elif settings.sandbox_url:
        addresses, counted = _sandbox(settings.sandbox_url), DailyQuota({})
    else:
        raise SettingsError("the sandbox city has no address", remedy="set DONGHAENG_SANDBOX_URL")
    client = httpx.AsyncClient(transport=transport, follow_redirects=False)
    carried = Transport(client, counted, circuits=Circuits(on_circuit))
    return ConnectedCity(Outside(addresses, carried, AnswerCache(), places), client)


def daily_limits(settings: Settings) -> dict[str, int]:
    """Calls allowed a day by counter name: those of development keys, and what the settings say instead."""
    return {**DEVELOPMENT_LIMITS, **settings.daily_limits}


def key_of(settings: Settings, counter: str) -> str:
    """The key whose calls a daily counter counts; empty when it is not set."""
    portals = {
        "subway": settings.seoul_subway_key,
        "seoul": settings.seoul_openapi_key,
        "library": settings.data4library_key,
    }
    key = portals.get(counter.partition(" ")[0], settings.data_go_kr_key)
    return key.get_secret_value() if key else ""


def inside(
    application: Application,
    places: PlaceTable,
    *,
    quota: Quota | None = None,
    on_circuit: OnChange = _nobody,
) -> tuple[Outside, httpx.AsyncClient]:
    """A city whose every address is an ASGI application in this process, without a socket."""
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app=application))
    counted = quota or DailyQuota({})
    carried = Transport(client, counted, circuits=Circuits(on_circuit), sleep=_at_once)
    return Outside(_sandbox(INSIDE), carried, AnswerCache(), places), client


async def _at_once(seconds: float) -> None:
    """No pause between attempts: there is no network to relieve."""
    del seconds
    await asyncio.sleep(0)


def _sandbox(base: str) -> dict[str, Address]:
    return {name: Address(f"{base.rstrip('/')}/{host}", "sandbox") for name, host in _HOSTS.items()}


def addresses_of(settings: Settings) -> dict[str, Address]:
    """Where each provider answers in the live city, with its key; some may lack one."""
    portal = settings.data_go_kr_key
    keyed: dict[str, tuple[str | None, SecretStr | None, str]] = {
        "seoul": (settings.seoul_openapi_url, settings.seoul_openapi_key, "SEOUL_OPENAPI_KEY"),
        "subway": (settings.seoul_subway_url, settings.seoul_subway_key, "SEOUL_SUBWAY_KEY"),
        "bus": (settings.bus_url, portal, "DATA_GO_KR_KEY"),
        "data_go_kr": (settings.data_go_kr_url, portal, "DATA_GO_KR_KEY"),
        "data_go_kr_standard": (settings.data_go_kr_standard_url, portal, "DATA_GO_KR_KEY"),
        "library": (settings.data4library_url, settings.data4library_key, "DATA4LIBRARY_KEY"),
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
