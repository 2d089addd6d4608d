"""Imported operations: JSON over HTTP as an ``operation.yaml`` declares it, and tools of MCP servers.

A write is sent once a call and never repeated here. Where the file says that the system knows repeated keys,
the outbox repeats it; what came of it is then the first receipt.
"""

from __future__ import annotations

import asyncio
import json
import shlex
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

import httpx
import httpx2
from mcp.client.streamable_http import streamable_http_client
from mcp_types import CONNECTION_CLOSED

from donghaeng.city.imported import ImportedOperation, Parameter
from donghaeng.city.operations import Answer
from donghaeng.city.providers.envelopes import parse_json
from donghaeng.city.providers.quota import DailyQuota
from donghaeng.city.providers.reach import NotReached, PinnedToolTransport, PinnedTransport, Reach
from donghaeng.city.providers.transport import Reply, Request, Transport, check_status
from donghaeng.city.providers.values import number, text
from donghaeng.errors import (
    GatewayRefused,
    MalformedAnswer,
    ProviderDenied,
    ProviderError,
    ProviderTimeout,
    ProviderUnavailable,
)
from mcp import Client, MCPError, StdioServerParameters

STDIO: Final = "stdio:"
"""Begins the address of an MCP server that is started for a call."""
TOOL_TIMEOUT_S: Final = 8.0
"""Starting or reaching an MCP server, and its answer."""
MOST_ROWS: Final = 1_000

_REFUSALS: Final = frozenset({400, 404, 409, 410, 422})
_NUMBERS: Final = frozenset({"count", "number", "money", "minutes", "metres"})


@dataclass(frozen=True, slots=True)
class Carried:
    """A connection to the systems of imported operations; whoever made it closes the client."""

    transport: Transport
    client: httpx.AsyncClient
    reach: Reach


def carry(inside: Sequence[str] = ()) -> Carried:
    """A connection without limits of calls: those are the systems' own.

    Args:
        inside: hosts that are reached though they are none of the public internet.
    """
    reach = Reach(inside)
    client = httpx.AsyncClient(transport=PinnedTransport(reach), follow_redirects=False, trust_env=False)
    return Carried(Transport(client, DailyQuota({})), client, reach)


async def call_http(
    operation: ImportedOperation,
    provider: str,
    arguments: Mapping[str, Any],
    *,
    transport: Transport,
    key: str | None,
    now: datetime,
    idempotency_key: str | None = None,
) -> Answer:
    """Make one request over HTTP; ``provider`` is what errors name and circuits go by.

    Raises:
        GatewayRefused: the system understood a write and said no.
        ProviderError: it did not answer as it should, or no key is set.
    """
    request = _request(operation, provider, key, arguments, idempotency_key)

    def parse(body: str) -> Answer:
        return answer_of(operation, provider, _json(provider, body))

    if operation.effect == "read":
        return await transport.read(request, now, parse)

    def take(reply: Reply) -> Answer:
        if reply.status in _REFUSALS:
            raise GatewayRefused(provider, f"http_{reply.status}", "the request was refused")
        return parse(check_status(provider, reply))

    return await transport.send(request, now, take)


def _request(
    operation: ImportedOperation,
    provider: str,
    key: str | None,
    arguments: Mapping[str, Any],
    idempotency_key: str | None,
) -> Request:
    path, params, headers = operation.path, dict[str, str](), dict[str, str]()
    body: dict[str, Any] = {}
    for name, value in arguments.items():
        spec = operation.parameters[name]
        sent = _sent(spec, value)
        match spec.place:
            case "path":
                path = path.replace("{" + spec.sent_as + "}", quote(_word(sent), safe=""))
            case "query":
                params[spec.sent_as] = _word(sent)
            case "header":
                headers[spec.sent_as] = quote(_word(sent), safe=" /:,-")
            case "body":
                _put(body, spec.sent_as, sent)
    if operation.key is not None:
        where = headers if operation.key.place == "header" else params
        where[operation.key.name] = operation.key.prefix + _key(provider, key)
    how, _, name = (operation.idempotency or "").partition(" ")
    if idempotency_key is not None and how == "header":
        headers[name] = idempotency_key
    if idempotency_key is not None and how == "argument":
        _put(body, name, idempotency_key)
    return Request(
        provider,
        operation.method,
        operation.address.rstrip("/") + path,
        quota=provider,
        params=params,
        headers=headers,
        body=body or None,
    )


async def call_tool(
    operation: ImportedOperation,
    provider: str,
    arguments: Mapping[str, Any],
    *,
    reach: Reach,
    key: str | None,
    idempotency_key: str | None = None,
) -> Answer:
    """Call a tool of an MCP server, which is reached or started for it where ``reach`` allows.

    Raises:
        GatewayRefused: the tool understood a write and said no.
        ProviderError: it did not answer as it should, or no key is set.
    """
    given: dict[str, Any] = {}
    for name, value in arguments.items():
        spec = operation.parameters[name]
        _put(given, spec.sent_as, _sent(spec, value))
    how, _, argument = (operation.idempotency or "").partition(" ")
    if idempotency_key is not None and how == "argument":
        _put(given, argument, idempotency_key)
    headers = _header(operation, provider, key)
    try:
        async with asyncio.timeout(TOOL_TIMEOUT_S), AsyncExitStack() as stack:
            client = await connect(operation.address, headers, stack, reach)
            result = await client.call_tool(operation.tool, given)
    except (MCPError, OSError, httpx2.HTTPError, RuntimeError, ValueError, ExceptionGroup) as error:
        raise _fault(provider, error) from None
    if result.is_error and operation.effect == "write":
        raise GatewayRefused(provider, "tool_error", "the request was refused")
    if result.is_error:
        raise ProviderError(provider, "the tool answered with an error")
    return answer_of(operation, provider, _structured(provider, result))


async def connect(
    address: str, headers: Mapping[str, str], stack: AsyncExitStack, reach: Reach | None = None
) -> Client:
    """A client of the MCP server at an address, until the stack is left.

    Args:
        address: of the server.
        headers: sent with every request.
        stack: closes the connection.
        reach: which hosts are reached; every one when None, for whoever names the address themselves.

    Raises:
        NotReached: a program would be started, and may not.
    """
    if address.startswith(STDIO):
        if reach is not None and not reach.may_start_programs():
            raise NotReached("no programs are started: DONGHAENG_SERVICE_HOSTS has no stdio")
        command = shlex.split(address.removeprefix(STDIO).strip())
        server = StdioServerParameters(command=command[0], args=command[1:])
        return await stack.enter_async_context(Client(server))
    transport = PinnedToolTransport(reach) if reach is not None else None
    http = await stack.enter_async_context(httpx2.AsyncClient(headers=dict(headers), transport=transport))
    return await stack.enter_async_context(Client(streamable_http_client(address, http_client=http)))


def _header(operation: ImportedOperation, provider: str, key: str | None) -> dict[str, str]:
    if operation.key is None:
        return {}
    return {operation.key.name: operation.key.prefix + _key(provider, key)}


def first_of(error: BaseException) -> BaseException:
    """What stands at the bottom of a group of errors."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def _fault(provider: str, error: BaseException) -> ProviderError:
    first = first_of(error)
    if isinstance(first, TimeoutError):
        return ProviderTimeout(provider, f"no answer within {TOOL_TIMEOUT_S:g} s")
    if isinstance(first, MCPError) and first.code != CONNECTION_CLOSED:
        return ProviderError(provider, f"the server answered with error {first.code}")
    return ProviderUnavailable(provider, f"no connection ({type(first).__name__})")


def _structured(provider: str, result: Any) -> Any:
    if result.structured_content is not None:
        return result.structured_content
    texts = [block.text for block in result.content if block.type == "text"]
    if not texts:
        return None
    try:
        return json.loads(texts[0])
    except ValueError:
        return {"text": "\n".join(texts)}


def _key(provider: str, key: str | None) -> str:
    if not key:
        raise ProviderDenied(provider, "no key is set", remedy="set it in DONGHAENG_OPERATION_KEYS")
    return key


def _json(provider: str, body: str) -> Any:
    if not body.strip():
        return None
    if body.lstrip()[:1] == "[":
        return parse_json(provider, '{"rows": ' + body + "}")["rows"]
    return parse_json(provider, body)


# --- values -----------------------------------------------------------------------------------------


def answer_of(operation: ImportedOperation, provider: str, document: Any) -> Answer:
    """Rows and receipt of what a system sent.

    Raises:
        MalformedAnswer: rows, a promised field or the receipt are not where the file says.
    """
    found = _dig(document, operation.rows)
    if found is None:
        rows: list[Any] = []
    else:
        rows = found if isinstance(found, list) else [found]
    if not all(isinstance(row, Mapping) for row in rows):
        raise MalformedAnswer(provider, "a row is not an object")
    read = tuple(_row(operation, provider, row) for row in rows[:MOST_ROWS])
    receipt = None
    if operation.effect == "write":
        receipt = text({"receipt": _dig(document, operation.receipt or "")}, "receipt")[:96] or None
        if receipt is None:
            raise MalformedAnswer(provider, "the receipt is missing")
    return Answer(rows=read, receipt=receipt)


def _row(operation: ImportedOperation, provider: str, raw: Mapping[str, Any]) -> dict[str, Any]:
    row = {}
    for name, column in operation.row.items():
        read: Callable[[Any], Any] = _READ.get(column.type, _text)
        row[name] = read(_dig(raw, column.path))
        if row[name] is None and not column.optional:
            raise MalformedAnswer(provider, f"a row lacks {column.path}")
    return row


def _text(value: Any) -> str | None:
    return text({"value": value}, "value") or None


def _number(value: Any) -> float | int | None:
    found = number({"value": value}, "value")
    return int(found) if found is not None and found == int(found) else found


def _flag(value: Any) -> bool | None:
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.lower())
    return value if isinstance(value, bool) else None


_READ: Final[Mapping[str, Callable[[Any], Any]]] = {**dict.fromkeys(_NUMBERS, _number), "flag": _flag}


def _dig(value: Any, path: str) -> Any:
    for name in path.split(".") if path else ():
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _put(target: dict[str, Any], path: str, value: Any) -> None:
    *outer, last = path.split(".")
    for name in outer:
        target = target.setdefault(name, {})
    target[last] = value


def _sent(spec: Parameter, value: Any) -> Any:
    """A normalised value as JSON APIs take it: a moment with seconds and the offset of Korea."""
    return f"{value}:00+09:00" if spec.type == "datetime" else value


def _word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
