"""The WebSocket `/v1/voice`: a thin route over the desk of live sessions (CONTRACT 4)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Final

from fastapi import APIRouter
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from donghaeng.conversation.live_messages import Start, parse_client_message
from donghaeng.errors import InputError
from donghaeng.trust.tokens import make_id
from donghaeng.web import problems
from donghaeng.web.attempts import FOREIGN_ORIGIN, note_attempt
from donghaeng.web.limits import Limits
from donghaeng.web.origins import is_from_foreign_page
from donghaeng.web.services import WebServices, limits_of, services_of

START_SECONDS: Final = 10.0
"""A client that has not said `start` by then gives its place to another."""
IDLE_SECONDS: Final = 900.0
"""A client that sends nothing at all for so long is asleep; its conversation can be resumed."""
MOST_MESSAGE_BYTES: Final = 262_144
"""Longest message taken; the server process should be told the same limit, so that it reads no more."""

CLOSE_CODES: Final = {
    "ended": 1000,
    "idle": 4408,
    "stopping": 1012,
    "busy": 1013,
    "callback": 1000,
    "failed": 1011,
    "invalid": 1008,
    "protocol": 1008,
    "too_long": 1009,
    "too_many": 4429,
    "unknown_conversation": 4404,
    "unavailable": 1013,
}
"""Close code for each reason; 4xxx are ours, after the HTTP statuses."""

_ATTEMPTS: Final = {
    "too_long": problems.TOO_LARGE.name,
    "too_many": problems.TOO_MANY.name,
    "invalid": problems.INVALID.name,
    "unknown_conversation": problems.UNKNOWN_CONVERSATION.name,
}
"""Ends of a line that are logged as attempts."""

FOREIGN: Final = 4403
"""A page of another site asked; browsers see the handshake refused (403)."""

router = APIRouter()


class _Incoming:
    """The client's messages; ends when the connection does, and notes why where we end it."""

    def __init__(self, socket: WebSocket, limits: Limits) -> None:
        self._socket = socket
        self._limits = limits
        self._name = make_id("line")
        self._started = False
        self.ended: str | None = None

    async def __aiter__(self) -> AsyncIterator[str | bytes]:
        """Yield text and bytes as they come."""
        while (data := await self._next()) is not None:
            if len(data) > MOST_MESSAGE_BYTES:
                self.ended = "too_long"
                return
            # Sound comes at its own pace, which the session itself holds it to.
            if isinstance(data, str) and self._limits.take("socket_messages", self._name):
                self.ended = "too_many"
                return
            self._started = self._started or _is_start(data)
            yield data

    async def _next(self) -> str | bytes | None:
        patience = IDLE_SECONDS if self._started else START_SECONDS
        try:
            async with asyncio.timeout(patience):
                message = await self._socket.receive()
        except TimeoutError:
            self.ended = "idle" if self._started else "protocol"
            return None
        if message["type"] != "websocket.receive":
            return None
        text: str | None = message.get("text")
        return text if text is not None else message.get("bytes") or b""


def _is_start(data: str | bytes) -> bool:
    try:
        return isinstance(parse_client_message(data), Start)
    except InputError:
        return False


@router.websocket("/v1/voice")
async def voice(socket: WebSocket) -> None:
    """Live voice: frames in, frames out, until either side ends."""
    services = services_of(socket)
    if is_from_foreign_page(socket):
        note_attempt(socket.scope, FOREIGN_ORIGIN)
        await socket.close(FOREIGN)
        return
    await socket.accept()
    incoming = _Incoming(socket, limits_of(socket))
    reason = await _serve(services, socket, incoming)
    refused = _ATTEMPTS.get(incoming.ended or reason)
    if refused is not None:
        note_attempt(socket.scope, refused)
    if socket.application_state is WebSocketState.CONNECTED:
        await _close(socket, incoming.ended or reason)


async def _serve(services: WebServices, socket: WebSocket, incoming: _Incoming) -> str:
    async def send(data: str | bytes) -> None:
        if isinstance(data, str):
            await socket.send_text(data)
        else:
            await socket.send_bytes(data)

    if services.live is None:
        await send(_error("no_speech", "여기서는 소리를 들을 수 없어요. 글로 써 주세요."))
        return "unavailable"
    return await services.live.serve(aiter(incoming), send)


def _error(code: str, title: str) -> str:
    return json.dumps({"type": "error", "seq": 0, "code": code, "title": title}, ensure_ascii=False)


async def _close(socket: WebSocket, reason: str) -> None:
    try:
        await socket.close(CLOSE_CODES.get(reason, 1000), reason)
    except (RuntimeError, WebSocketDisconnect, OSError):
        # The client was quicker: there is nobody left to close for.
        return
