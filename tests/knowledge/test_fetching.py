"""Only documents of the public internet are fetched, in bounded size and time, however they are named."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from donghaeng.errors import InputError
from donghaeng.knowledge.documents.limits import MEGABYTE, Limits
from donghaeng.knowledge.fetching import REDIRECTS, Fetcher, resolve
from donghaeng.trust.addresses import is_public

PUBLIC = "93.184.215.14"
ADDRESS = "https://seoul.example/a.md"


def fetcher(
    answer: Callable[[httpx.Request], httpx.Response],
    addresses: Sequence[str] = (PUBLIC,),
    *,
    monotonic: Callable[[], float] = lambda: 0.0,
    asked: list[str] | None = None,
) -> Fetcher:
    def found(host: str, port: int) -> Sequence[str]:
        if asked is not None:
            asked.append(f"{host}:{port}")
        return addresses

    return Fetcher(
        Limits(file_bytes=MEGABYTE),
        resolve=found,
        transport=httpx.MockTransport(answer),
        monotonic=monotonic,
    )


def page(request: httpx.Request) -> httpx.Response:
    del request
    return httpx.Response(200, stream=httpx.ByteStream(b"# page"))


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),
        *("224.0.0.1", "255.255.255.255", "::1", "fe80::1", "fc00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1"),
        *("64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:7f00:1::", "ff02::1", "no address", ""),
    ],
)
def test_addresses_inside_are_not_public_in_any_form(address: str) -> None:
    assert not is_public(address)
    with pytest.raises(InputError, match="public internet"), fetcher(page, [PUBLIC, address]) as one:
        one.fetch(ADDRESS)


@pytest.mark.parametrize(
    "address", [PUBLIC, "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::ffff:93.184.215.14"]
)
def test_addresses_of_the_internet_are(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses(v=4, network="10.0.0.0/8") | st.ip_addresses(v=6, network="fc00::/7"))
def test_no_private_address_is_public(address: object) -> None:
    assert not is_public(str(address))


def test_the_connection_goes_to_the_address_that_was_looked_at() -> None:
    seen: list[httpx.Request] = []
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return page(request)

    with fetcher(answer, asked=asked) as one:
        assert one.fetch(ADDRESS) == b"# page"
    (request,) = seen
    assert (request.url.host, request.headers["host"]) == (PUBLIC, "seoul.example")
    assert request.extensions["sni_hostname"] == "seoul.example"
    assert request.headers["accept-encoding"] == "identity"
    assert asked == ["seoul.example:443"]


def test_a_redirect_is_looked_at_as_the_first_address_was() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/a.md":
            return httpx.Response(302, headers={"Location": "/b.md"})
        return httpx.Response(302, headers={"Location": "http://169.254.169.254/meta-data"})

    asked: list[str] = []
    with (
        pytest.raises(InputError, match="public internet"),
        Fetcher(
            resolve=lambda host, port: asked.append(host) or ([host] if host[0].isdigit() else [PUBLIC]),
            transport=httpx.MockTransport(answer),
        ) as one,
    ):
        one.fetch(ADDRESS)
    assert asked == ["seoul.example", "seoul.example", "169.254.169.254"]


def test_redirects_end() -> None:
    count = 0

    def answer(request: httpx.Request) -> httpx.Response:
        nonlocal count
        count += 1
        return httpx.Response(302, headers={"Location": str(count)})

    with pytest.raises(InputError, match="redirects"), fetcher(answer) as one:
        one.fetch(ADDRESS)
    assert count == REDIRECTS + 1


@pytest.mark.parametrize(
    "address",
    ["file:///etc/passwd", "ftp://seoul.example/a", "https://", "gopher://x", "https://a:b@seoul.example/"],
)
def test_only_plain_web_addresses_are_fetched(address: str) -> None:
    with pytest.raises(InputError), fetcher(page) as one:
        one.fetch(address)


def _giant(request: httpx.Request) -> httpx.Response:
    del request
    return httpx.Response(200, stream=httpx.ByteStream(b"x" * (MEGABYTE + 1)))


def _packed(request: httpx.Request) -> httpx.Response:
    del request
    return httpx.Response(200, headers={"Content-Encoding": "br"}, stream=httpx.ByteStream(b"xx"))


def _absent(request: httpx.Request) -> httpx.Response:
    del request
    return httpx.Response(404)


def _silent(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectTimeout("no", request=request)


@pytest.mark.parametrize(
    ("answer", "what"),
    [(_giant, "more than 1 MB"), (_packed, "packed"), (_absent, "HTTP 404"), (_silent, "ConnectTimeout")],
)
def test_what_is_no_document_is_told_in_one_line(
    answer: Callable[[httpx.Request], httpx.Response], what: str
) -> None:
    with pytest.raises(InputError, match=what) as raised, fetcher(answer) as one:
        one.fetch(ADDRESS)
    assert raised.value.remedy
    assert str(raised.value).startswith(ADDRESS)


def test_what_drips_is_given_up() -> None:
    clock = iter(range(0, 1_000, 40))
    with pytest.raises(InputError, match="within 30 s"), fetcher(page, monotonic=lambda: next(clock)) as one:
        one.fetch(ADDRESS)


def test_names_are_looked_up_and_unknown_ones_told() -> None:
    assert resolve("127.0.0.1", 80) == ["127.0.0.1"]

    def unknown(host: str, port: int) -> Sequence[str]:
        raise OSError

    with pytest.raises(InputError, match="no such host"), Fetcher(resolve=unknown) as one:
        one.fetch(ADDRESS)
