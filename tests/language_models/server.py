"""A server that speaks the chat-completions format, well or badly, on a free port."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.web.serving import served

Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Manner = Callable[[Receive, Send], Awaitable[None]]

DRIP_S = 0.005
"""Pause between two bytes of an answer that trickles."""


@dataclass
class ModelServer:
    """An ASGI application; ``manner`` is how it answers, ``asked`` what it was asked."""

    manner: Manner
    url: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        self.asked.append(json.loads(body))
        self.headers.append({name.decode(): value.decode() for name, value in scope["headers"]})
        self.paths.append(scope["path"])
        await self.manner(receive, send)


@contextmanager
def model_server(manner: Manner | None = None) -> Iterator[ModelServer]:
    """Serves until the block ends."""
    server = ModelServer(manner or says("{}"))
    with served(server) as address:  # type: ignore[arg-type]
        server.url = f"{address}/v1"
        yield server


def completion(content: Any, **more: Any) -> dict[str, Any]:
    message = {"role": "assistant", "content": content}
    choice = {"index": 0, "message": message, "finish_reason": "stop", **more}
    return {"id": "chatcmpl-1", "object": "chat.completion", "choices": [choice], "usage": {}}


def says(content: Any) -> Manner:
    return answers(json.dumps(completion(content)).encode())


def answers(body: bytes, status: int = 200, **headers: str) -> Manner:
    async def manner(receive: Receive, send: Send) -> None:
        sent = [(name.encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": status, "headers": sent})
        await send({"type": "http.response.body", "body": body})

    return manner


async def silent(receive: Receive, send: Send) -> None:
    """Takes the question and never says a word."""
    while (await receive())["type"] != "http.disconnect":
        pass


def goes_on(piece: bytes, pause_s: float = 0.0) -> Manner:
    """An answer that never ends."""

    async def manner(receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        gone = asyncio.ensure_future(receive())
        while not gone.done():
            await send({"type": "http.response.body", "body": piece, "more_body": True})
            await asyncio.sleep(pause_s)

    return manner


async def cut_off(receive: Receive, send: Send) -> None:
    """Promises a long answer and hangs up in its middle."""
    whole = json.dumps(completion('{"act": "ask", "service": "weather", "slots": []}')).encode()
    headers = [(b"content-length", str(len(whole)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": whole[:40], "more_body": True})
    raise ConnectionResetError
