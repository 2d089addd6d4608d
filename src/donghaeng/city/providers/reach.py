"""Which hosts imported operations reach: those of an allow list, and those of the public internet.

An ``operation.yaml`` is drafted from another program's document, so its address is somebody else's word. It
may name a machine inside, or a name that is looked up as one (server-side request forgery, OWASP). So every
host that is not on the list has to be public in all of its addresses, and the connection goes to the address
that was looked at. Redirects are not followed.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

import httpx
import httpx2

from donghaeng.trust.addresses import is_public

STDIO_HOST: Final = "stdio"
"""Stands on the list where MCP servers may be started as programs of this machine."""

Resolve = Callable[[str, int], Sequence[str]]
"""A host and a port → its addresses. Blocks; raises OSError where there are none."""


class NotReached(OSError):
    """The host is neither on the list nor public."""


def look_up(host: str, port: int) -> list[str]:
    """The addresses of a host, as the system finds them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


class Reach:
    """Judges hosts.

    Args:
        inside: hosts that are reached wherever they are, and :data:`STDIO_HOST`.
        resolve: finds addresses.
    """

    def __init__(self, inside: Iterable[str] = (), *, resolve: Resolve = look_up) -> None:
        self._inside = frozenset(host.lower().strip("[]") for host in inside)
        self._resolve = resolve

    def may_start_programs(self) -> bool:
        """Whether MCP servers may be started here."""
        return STDIO_HOST in self._inside

    async def address_of(self, host: str, port: int) -> str | None:
        """The address to connect to; None where the host is on the list and found as usual.

        Raises:
            NotReached: neither on the list nor public, or it has no address.
        """
        if host.lower().strip("[]") in self._inside:
            return None
        try:
            found = await asyncio.to_thread(self._resolve, host, port)
        except (OSError, UnicodeError):
            raise NotReached("the host has no address") from None
        if not found or not all(is_public(one) for one in found):
            raise NotReached("the host is not on DONGHAENG_SERVICE_HOSTS and none of the public internet")
        return found[0]


async def _pin(reach: Reach, request: Any) -> None:
    """Send a request to the address that was looked at, under the name that it has."""
    host = request.url.raw_host.decode("ascii")
    port = request.url.port or (443 if request.url.scheme == "https" else 80)
    address = await reach.address_of(host, port)
    if address is not None:
        request.extensions = {**request.extensions, "sni_hostname": host}
        request.url = request.url.copy_with(host=address)


class PinnedTransport(httpx.AsyncBaseTransport):
    """Carries requests to hosts that :class:`Reach` lets through."""

    def __init__(self, reach: Reach, inner: httpx.AsyncBaseTransport | None = None) -> None:
        self._reach = reach
        self._inner = inner or httpx.AsyncHTTPTransport(trust_env=False)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Look at the host, then send.

        Raises:
            httpx.ConnectError: the host is not reached.
        """
        try:
            await _pin(self._reach, request)
        except NotReached as error:
            raise httpx.ConnectError(str(error), request=request) from None
        return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        """Close connections."""
        await self._inner.aclose()


class PinnedToolTransport(httpx2.AsyncBaseTransport):
    """The same for the library that MCP servers are reached with."""

    def __init__(self, reach: Reach, inner: httpx2.AsyncBaseTransport | None = None) -> None:
        self._reach = reach
        self._inner = inner or httpx2.AsyncHTTPTransport(trust_env=False)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Look at the host, then send.

        Raises:
            httpx2.ConnectError: the host is not reached.
        """
        try:
            await _pin(self._reach, request)
        except NotReached as error:
            raise httpx2.ConnectError(str(error), request=request) from None
        return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        """Close connections."""
        await self._inner.aclose()
