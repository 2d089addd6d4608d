"""The sandbox city as a web application that speaks the providers' formats.

Every provider's host is the first part of the path: ``/ws.bus.go.kr/api/rest/…``. The gateway is
``/gateway/v1/…``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from urllib.parse import unquote

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from donghaeng.sandbox import bus_api, library_api, portal_api, seoul_api, welfare_api, wire
from donghaeng.sandbox.city import SandboxCity
from donghaeng.sandbox.faults import FaultKind, Struck
from donghaeng.sandbox.gateway_api import GatewayCall, gateway_api
from donghaeng.sandbox.wire import Reply

SEOUL, SUBWAY = "openapi.seoul.go.kr", "swopenapi.seoul.go.kr"
BUS, PORTAL, STANDARD = "ws.bus.go.kr", "apis.data.go.kr", "api.data.go.kr"
LIBRARY = "data4library.kr"
GATEWAY = "gateway"

SLOW_S = 2.5
HANG_S = 60.0
"""Longer than any caller waits."""

Sleep = Callable[[float], Awaitable[None]]


def create_app(city: SandboxCity, *, sleep: Sleep = asyncio.sleep) -> Starlette:
    """The application of a city.

    Args:
        city: the world, its faults and its ledger.
        sleep: waits for slow answers and those that never come, seconds.
    """

    async def answer(request: Request) -> Response:
        call = await _call(request)
        if call is None:
            return PlainTextResponse("not found", 404)
        struck = city.faults.strike(call.services)
        if struck:
            broken = await _broken(call, struck, sleep)
            if broken:
                return broken.response()
        reply = call.answer(city)
        if struck and struck.kind is FaultKind.MALFORMED:
            reply = Reply(reply.body[: len(reply.body) // 2], reply.status, reply.media)
        return reply.response()

    return Starlette(routes=[Route("/{rest:path}", answer, methods=["GET", "POST"])])


class _Call:
    """One request: who answers it, whose faults it meets, and what that provider's errors look like."""

    def __init__(
        self,
        services: tuple[str, ...],
        answer: Callable[[SandboxCity], Reply],
        error: Reply,
        empty: Reply,
        *,
        write: bool = False,
    ) -> None:
        self.services = services
        self.answer = answer
        self.error = error
        self.empty = empty
        self.write = write


async def _broken(call: _Call, struck: Struck, sleep: Sleep) -> Reply | None:
    """The answer under a fault; ``None`` where the true one follows.

    A write is accepted when its answer is slow, and not under any other fault.
    """
    match struck.kind:
        case FaultKind.TIMEOUT:
            await sleep(HANG_S)
            return Reply("gateway timeout", 504, "text/plain")
        case FaultKind.ERROR:
            return Reply("internal error", 500, "text/plain") if struck.before % 2 == 0 else call.error
        case FaultKind.EMPTY:
            return call.empty
        case FaultKind.SLOW:
            await sleep(SLOW_S)
        case FaultKind.MALFORMED if call.write:
            return Reply('{"receipt": "SE', 200)
    return None


async def _call(request: Request) -> _Call | None:
    path = request.scope.get("raw_path", b"").decode("ascii", errors="replace").partition("?")[0]
    host, *parts = [unquote(part) for part in path.lstrip("/").split("/")]
    query = dict(request.query_params)
    if host == GATEWAY:
        body = await request.body()
        return _gateway(GatewayCall(request.method, tuple(parts), query, dict(request.headers), body))
    if request.method != "GET":
        return None
    if host in _BY_PARTS:
        return _BY_PARTS[host](parts)
    return _BY_PATH[host]("/" + "/".join(parts), query) if host in _BY_PATH else None


def _seoul(parts: list[str]) -> _Call:
    kind = parts[1] if len(parts) > 1 and parts[1] in seoul_api.KINDS else "json"
    service = parts[2] if len(parts) > 2 else ""
    trimmed = parts[:-1] if parts and parts[-1] == "" else parts
    return _Call(
        seoul_api.FAULT_SERVICES.get(service, ()),
        lambda city: seoul_api.open_api(city, trimmed),
        error=wire.seoul_code("ERROR-500", kind),
        empty=wire.seoul_code("INFO-200", kind),
    )


def _subway(parts: list[str]) -> _Call:
    kind = parts[3] if len(parts) > 3 and parts[3] in seoul_api.KINDS else "json"
    return _Call(
        ("subway_arrival",),
        lambda city: seoul_api.subway_api(city, parts),
        error=wire.subway_code("ERROR-500", kind),
        empty=wire.subway_code("INFO-200", kind),
    )


def _bus(path: str, query: Mapping[str, str]) -> _Call:
    json_wanted = query.get("resultType") == "json"
    return _Call(
        bus_api.FAULT_SERVICES.get(path, ()),
        lambda city: bus_api.bus_api(city, path, query),
        error=wire.bus_rows(None, "1", json_wanted=json_wanted),
        empty=wire.bus_rows(None, "4", json_wanted=json_wanted),
    )


def _portal(path: str, query: Mapping[str, str]) -> _Call:
    if path == welfare_api.LIST:
        return _welfare(query)
    json_wanted = portal_api.wants_json(query)
    return _Call(
        portal_api.FAULT_SERVICES.get(path, ()),
        lambda city: portal_api.portal_api(city, path, query),
        error=wire.portal_fault("04", portal_api.MESSAGES["04"]),
        empty=wire.portal_code("03", portal_api.MESSAGES["03"], json_wanted=json_wanted),
    )


def _welfare(query: Mapping[str, str]) -> _Call:
    return _Call(
        ("welfare_search",),
        lambda city: welfare_api.welfare_api(query),
        error=welfare_api.welfare_code("04"),
        empty=welfare_api.welfare_code("03"),
    )


def _library(path: str, query: Mapping[str, str]) -> _Call:
    json_wanted = query.get("format") == "json"
    return _Call(
        library_api.FAULT_SERVICES,
        lambda city: library_api.library_api(city, path, query),
        error=library_api.fault("일시적인 오류입니다.", json_wanted=json_wanted),
        empty=library_api.nothing(json_wanted=json_wanted),
    )


def _gateway(call: GatewayCall) -> _Call:
    return _Call(
        call.services,
        lambda city: gateway_api(city, call),
        error=wire.problem(503, "unavailable", "The city's system is down"),
        empty=wire.as_json({"items": []}) if call.is_read else Reply("", 204),
        write=not call.is_read,
    )


_BY_PARTS: Mapping[str, Callable[[list[str]], _Call]] = MappingProxyType({SEOUL: _seoul, SUBWAY: _subway})
_BY_PATH: Mapping[str, Callable[[str, Mapping[str, str]], _Call]] = MappingProxyType(
    {BUS: _bus, LIBRARY: _library, PORTAL: _portal, STANDARD: _portal}
)
"""Who answers for a host, given the parts of the path, or the path and the query."""
