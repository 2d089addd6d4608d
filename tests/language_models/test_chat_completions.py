"""The client against a real HTTP server: good, slow, wrong, endless and cut-off answers."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
from typing import Any

import pytest
from tests.language_models.server import (
    DRIP_S,
    Manner,
    ModelServer,
    answers,
    completion,
    cut_off,
    goes_on,
    model_server,
    says,
    silent,
)

from donghaeng.errors import LanguageModelFailed, SettingsError
from donghaeng.language_models.chat_completions import MAX_BYTES, ChatCompletions, stays_inside
from donghaeng.language_models.guard import GuardedModel
from donghaeng.language_models.protocol import Prompt

PROMPT = Prompt("system words", "user words", {"type": "object"}, 99)
KEY = "sk-very-secret"
SHORT_S = 0.3


async def ask(server: ModelServer, **options: Any) -> str:
    client = ChatCompletions(server.url, "small", **options)
    model = GuardedModel(client, deadline_s=options.pop("deadline_s", 10.0))
    try:
        return await model.complete(PROMPT)
    finally:
        await model.aclose()


async def reason(manner: Manner, *, deadline_s: float = 10.0) -> str:
    with model_server(manner) as server:
        model = GuardedModel(ChatCompletions(server.url, "small", KEY), deadline_s=deadline_s)
        with pytest.raises(LanguageModelFailed) as failed:
            await model.complete(PROMPT)
        await model.aclose()
    assert KEY not in str(failed.value)
    assert PROMPT.user not in str(failed.value)
    return failed.value.reason


async def test_a_question_in_the_published_format() -> None:
    with model_server(says("안녕하세요")) as server:
        assert await ask(server, key=KEY) == "안녕하세요"
    sent = server.asked[0]
    assert server.paths == ["/v1/chat/completions"]
    assert server.headers[0]["authorization"] == f"Bearer {KEY}"
    assert sent["messages"] == [
        {"role": "system", "content": "system words"},
        {"role": "user", "content": "user words"},
    ]
    assert (sent["model"], sent["temperature"], sent["max_tokens"], sent["stream"]) == ("small", 0, 99, False)
    assert sent["response_format"]["json_schema"]["schema"] == {"type": "object"}


@pytest.mark.parametrize(("form", "sent"), [("json_object", {"type": "json_object"}), ("text", None)])
async def test_servers_that_take_no_schema(form: Any, sent: Any) -> None:
    with model_server(says("x")) as server:
        await ask(server, answer_format=form)
    assert server.asked[0].get("response_format") == sent
    assert "authorization" not in server.headers[0]


@pytest.mark.parametrize("status", [204, 400, 401, 404, 429, 500, 503])
async def test_another_status_is_a_failure(status: int) -> None:
    assert await reason(answers(b"", status)) == "status"


async def test_a_redirect_is_not_followed() -> None:
    with model_server(says("x")) as elsewhere:
        assert await reason(answers(b"", 307, location=f"{elsewhere.url}/chat/completions")) == "status"
        assert elsewhere.asked == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>502</html>",
        b"\xff\xfe\x00",
        b"[" * 50_000,
        b"{}",
        b"null",
        b'{"choices": []}',
        b'{"choices": [{"message": null}]}',
        b'{"choices": [{"text": "old format"}]}',
        json.dumps(completion(None)).encode(),
        json.dumps(completion([{"type": "text", "text": "x"}])).encode(),
    ],
)
async def test_what_is_no_chat_completion(body: bytes) -> None:
    assert await reason(answers(body)) == "malformed"


async def test_a_huge_answer_is_not_read_to_its_end() -> None:
    assert await reason(answers(b" " * (MAX_BYTES + 1))) == "too_large"
    assert await reason(goes_on(b" " * 10_000)) == "too_large"


async def test_packed_answers_are_not_unpacked() -> None:
    assert await reason(answers(b"\x1f\x8b" + b"0" * 100, **{"content-encoding": "gzip"})) == "malformed"


@pytest.mark.parametrize("manner", [silent, goes_on(b" ", DRIP_S)])
async def test_slow_answers_end_at_the_deadline(manner: Manner) -> None:
    began = asyncio.get_running_loop().time()
    assert await reason(manner, deadline_s=SHORT_S) == "timeout"
    assert asyncio.get_running_loop().time() - began < 10.0


async def test_headers_that_trickle_end_at_the_deadline() -> None:
    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nx-a: ")
        while not reader.at_eof():
            writer.write(b"a")
            await asyncio.wait({asyncio.ensure_future(reader.read(10_000))}, timeout=DRIP_S)
        writer.close()

    server = await asyncio.start_server(drip, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    model = GuardedModel(ChatCompletions(f"http://127.0.0.1:{port}/v1", "small"), deadline_s=SHORT_S)
    with pytest.raises(LanguageModelFailed) as failed:
        await model.complete(PROMPT)
    assert failed.value.reason == "timeout"
    await model.aclose()
    server.close()


async def test_a_broken_connection() -> None:
    assert await reason(cut_off) == "refused"


async def test_nobody_listens() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{probe.getsockname()[1]}/v1"
        client = ChatCompletions(address, "small")
        with pytest.raises(LanguageModelFailed) as failed:
            await client.complete(PROMPT)
        await client.aclose()
    assert failed.value.reason == "refused"


async def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    monkeypatch.delenv("NO_PROXY", raising=False)
    with model_server(says("x")) as server:
        assert await ask(server) == "x"


async def test_neither_key_nor_words_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with model_server(says("x")) as server:
        await ask(server, key=KEY)
    assert KEY not in caplog.text
    assert "user words" not in caplog.text
    assert "user words" not in repr(PROMPT)


@pytest.mark.parametrize(
    "url",
    ["", "localhost:8080", "ftp://a/v1", "http://", "http://me:pw@host/v1", "http://host/v1?key=1"]
    + ["http://host:port/v1", "http://a b/v1", "http://xn--/v1"],
)
def test_addresses_that_are_none(url: str) -> None:
    with pytest.raises(SettingsError) as refused:
        ChatCompletions(url, "small")
    assert "pw" not in str(refused.value)


@pytest.mark.parametrize(
    ("url", "inside"),
    [
        ("http://127.0.0.1:8080/v1", True),
        ("http://localhost/v1", True),
        ("http://[::1]:80/v1", True),
        ("http://llm:8000/v1", True),
        ("http://10.0.0.7/v1", True),
        ("https://api.example.com/v1", False),
        ("http://8.8.8.8/v1", False),
    ],
)
def test_which_addresses_stay_inside(url: str, inside: bool) -> None:
    assert stays_inside(url) is inside
