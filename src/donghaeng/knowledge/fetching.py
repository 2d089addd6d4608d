"""Documents from public addresses, where a setting allows it.

An address may name a machine inside (a database, the cloud's metadata service), or lead there by a redirect
or by a name that is looked up anew (server-side request forgery, OWASP). So only http and https are spoken,
every host's addresses have to be public, and the connection goes to the address that was looked at.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Sequence
from typing import Final

import httpx

from donghaeng.errors import InputError
from donghaeng.knowledge.documents.limits import LIMITS, MEGABYTE, Limits
from donghaeng.trust.addresses import is_public

SECONDS: Final = 30.0
"""For one document, redirects included."""
REDIRECTS: Final = 5
_CHUNK: Final = 64 * 1024
Resolve = Callable[[str, int], Sequence[str]]
"""A host and a port → its addresses."""


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host.

    Raises:
        OSError: it has none.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


class Fetcher:
    """Fetches documents. Close it, or use it in ``with``.

    Args:
        limits: how large a document may be.
        seconds: for one document.
        resolve: finds addresses.
        transport: carries the requests; httpx's own unless given.
        monotonic: a clock, in seconds.
    """

    def __init__(
        self,
        limits: Limits = LIMITS,
        *,
        seconds: float = SECONDS,
        resolve: Resolve = resolve,
        transport: httpx.BaseTransport | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limits = limits
        self._seconds = seconds
        self._resolve = resolve
        self._monotonic = monotonic
        self._client = httpx.Client(
            transport=transport,
            timeout=httpx.Timeout(seconds / 3),
            follow_redirects=False,
            trust_env=False,
            # What is packed on the way could grow without bound.
            headers={"Accept-Encoding": "identity", "User-Agent": "Donghaeng"},
        )

    def __enter__(self) -> Fetcher:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def fetch(self, address: str) -> bytes:
        """The document at an address.

        Raises:
            InputError: the address is none of the public internet, or no document came in time and size.
        """
        until = self._monotonic() + self._seconds
        url = _parsed(address)
        for _ in range(REDIRECTS + 1):
            answer = self._answer(address, url, until)
            if isinstance(answer, bytes):
                return answer
            url = _parsed(str(url.join(answer)))
        raise InputError(f"{address}: more than {REDIRECTS} redirects", remedy="give the address it ends at")

    def _answer(self, address: str, url: httpx.URL, until: float) -> bytes | str:
        """What an address holds, or where it leads."""
        host = url.raw_host.decode("ascii")
        request = self._client.build_request(
            "GET",
            url.copy_with(host=self._public(address, url)),
            headers={"Host": url.netloc.decode("ascii")},
            extensions={"sni_hostname": host},
        )
        try:
            answer = self._client.send(request, stream=True)
            try:
                if answer.has_redirect_location:
                    return str(answer.headers["Location"])
                if not answer.is_success:
                    raise InputError(f"{address}: HTTP {answer.status_code}", remedy="open it in a browser")
                return self._body(address, answer, until)
            finally:
                answer.close()
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            raise InputError(
                f"{address}: no document came ({type(error).__name__})", remedy="open it in a browser"
            ) from error

    def _public(self, address: str, url: httpx.URL) -> str:
        try:
            found = self._resolve(url.host, url.port or (443 if url.scheme == "https" else 80))
        except (OSError, UnicodeError) as error:
            raise InputError(f"{address}: no such host", remedy="check the address") from error
        if not found or not all(is_public(one) for one in found):
            raise InputError(
                f"{address}: the host is none of the public internet", remedy="save the file and add it"
            )
        return found[0]

    def _body(self, address: str, answer: httpx.Response, until: float) -> bytes:
        if answer.headers.get("Content-Encoding", "identity") != "identity":
            raise InputError(f"{address}: the answer is packed", remedy="save the file and add it")
        data = bytearray()
        for chunk in answer.iter_raw(_CHUNK):
            data += chunk
            if len(data) > self._limits.file_bytes:
                most = self._limits.file_bytes // MEGABYTE
                raise InputError(f"{address}: more than {most} MB", remedy="save the file and split it")
            if self._monotonic() > until:
                raise InputError(
                    f"{address}: not here within {self._seconds:.0f} s", remedy="save the file and add it"
                )
        return bytes(data)


def _parsed(address: str) -> httpx.URL:
    try:
        url = httpx.URL(address)
    except (httpx.InvalidURL, ValueError) as error:
        raise InputError(f"{address}: no address", remedy="give https://…") from error
    if url.scheme not in ("http", "https") or not url.host:
        raise InputError(f"{address}: only http and https addresses are fetched", remedy="give https://…")
    if url.userinfo:
        raise InputError("an address with a password in it is not fetched", remedy="leave the password out")
    return url
