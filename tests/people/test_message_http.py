"""Messages posted to an operator's own bridge."""

from __future__ import annotations

import json

import httpx
import pytest

from donghaeng.errors import (
    MessageRefused,
    ProviderDenied,
    ProviderError,
    ProviderTimeout,
    ProviderUnavailable,
    SettingsError,
)
from donghaeng.people.message_http import HttpMessages

NUMBER, TEXT = "010-1234-5678", "[서울시 동행] 접수번호 SEL-1."


async def post(handler, key: str | None = "secret") -> str:
    provider = HttpMessages("https://bridge.example/send", key, transport=httpx.MockTransport(handler))
    try:
        return await provider.send(NUMBER, TEXT, key="c_1.2")
    finally:
        await provider.aclose()


async def test_a_message_is_posted_with_its_key() -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(202, json={"id": 17})

    assert await post(answer) == "17"
    (request,) = asked
    assert json.loads(request.content) == {"to": "01012345678", "text": TEXT, "key": "c_1.2"}
    assert request.headers["idempotency-key"] == "c_1.2"
    assert request.headers["authorization"] == "Bearer secret"


@pytest.mark.parametrize("body", [b"", b"[]", b'{"id": null}', b"\xff"])
async def test_without_an_id_the_key_is_the_reference(body: bytes) -> None:
    assert await post(lambda _: httpx.Response(200, content=body), None) == "c_1.2"


@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, MessageRefused), (422, MessageRefused), (401, ProviderDenied), (500, ProviderUnavailable)]
    + [(302, ProviderUnavailable), (429, ProviderUnavailable)],
)
async def test_what_the_status_means(status: int, kind: type[ProviderError]) -> None:
    with pytest.raises(kind) as caught:
        await post(lambda _: httpx.Response(status, headers={"location": "https://elsewhere.example/"}))
    assert type(caught.value) is kind
    assert "1234" not in str(caught.value)


@pytest.mark.parametrize(
    ("error", "kind"), [(httpx.ReadTimeout, ProviderTimeout), (httpx.ConnectError, ProviderUnavailable)]
)
async def test_no_answer_is_tried_again_later(error: type[Exception], kind: type[ProviderError]) -> None:
    def silent(_: httpx.Request) -> httpx.Response:
        raise error(f"{NUMBER} {TEXT}")

    with pytest.raises(kind) as caught:
        await post(silent)
    assert "1234" not in str(caught.value)


@pytest.mark.parametrize("url", [None, "", "bridge", "ftp://bridge.example", "http://"])
def test_an_address_is_needed(url: str | None) -> None:
    with pytest.raises(SettingsError, match="MESSAGE_URL"):
        HttpMessages(url)
