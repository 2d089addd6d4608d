"""Media streams over a WebSocket, as telephone services on the internet send them.

JSON messages with an ``event`` (connected, start, media, dtmf, mark, stop); the sound is base64 of µ-law,
8,000 samples a second (twilio.com/docs/voice/media-streams/websocket-messages; others speak the same).
The service cannot log in, so it brings a secret: as the custom parameter ``secret`` of the start message, or,
where it knows no parameters, in the address.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hmac
import json
from collections.abc import AsyncIterator, Callable
from typing import Any, Final

import structlog
from pydantic import SecretStr
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from donghaeng.phone.g711 import MU_LAW, RATE
from donghaeng.phone.line import Key, PhoneDesk
from donghaeng.speech.engines import Samples

PATH: Final = "/phone/media-streams"
PATH_WITH_SECRET: Final = f"{PATH}/{{secret}}"
"""Addresses stand in logs of proxies and services: for services that know no parameters alone."""
ENCODING: Final = "audio/x-mulaw"
START_SECONDS: Final = 10.0
"""Within this a stream must have started."""
MOST_CHARACTERS: Final = 65_536
"""Longest message taken."""
MOST_CALLER: Final = 40
"""Longest number of a caller taken."""
PIECE_BYTES: Final = 1_600
"""Longest piece of sound handed on (200 ms)."""

_log = structlog.get_logger(__name__)


def media_streams_routes(desk: PhoneDesk, secret: SecretStr) -> list[WebSocketRoute]:
    """The routes that answer streams which bring the ``secret``."""

    def is_right(given: object) -> bool:
        return isinstance(given, str) and hmac.compare_digest(
            given.encode("utf-8", "surrogatepass"), secret.get_secret_value().encode()
        )

    async def by_address(socket: WebSocket) -> None:
        if not is_right(socket.path_params["secret"]):
            await socket.close(1008)
            return
        await socket.accept()
        await _Stream(socket).serve(desk)

    async def by_parameter(socket: WebSocket) -> None:
        await socket.accept()
        await _Stream(socket, is_right).serve(desk)

    return [WebSocketRoute(PATH, by_parameter), WebSocketRoute(PATH_WITH_SECRET, by_address)]


class _Stream:
    """One call.

    Args:
        socket: accepted.
        is_right: tells the secret that the start message must bring; None where the address brought it.
    """

    def __init__(self, socket: WebSocket, is_right: Callable[[object], bool] | None = None) -> None:
        self._socket = socket
        self._is_right = is_right
        self._name = ""
        self._caller: str | None = None

    async def serve(self, desk: PhoneDesk) -> None:
        """Talk until either side ends the stream."""
        if await self._started_in_time():
            reason = await desk.serve(self._heard(), self._write, rate=RATE, caller=self._caller)
            _log.info("call.ended", reason=reason)
        if self._socket.application_state is WebSocketState.CONNECTED:
            try:
                await self._socket.close()
            except (RuntimeError, WebSocketDisconnect, OSError):
                return

    async def _started_in_time(self) -> bool:
        """Whether the stream starts soon, whatever else comes: until then it may be a stranger's."""
        try:
            async with asyncio.timeout(START_SECONDS):
                return await self._started()
        except TimeoutError:
            return False

    async def _started(self) -> bool:
        """Whether the stream has started, with the secret, and in a form that we speak."""
        while (message := await self._message()) is not None:
            if message.get("event") != "start":
                continue
            start = message.get("start")
            told = start if isinstance(start, dict) else {}
            form = told.get("mediaFormat")
            encoding = form.get("encoding", ENCODING) if isinstance(form, dict) else ENCODING
            found = told.get("customParameters")
            given = found if isinstance(found, dict) else {}
            if self._is_right is not None and not self._is_right(given.get("secret")):
                _log.warning("a media stream without the secret")
                return False
            caller = given.get("from")
            self._caller = caller[:MOST_CALLER] if isinstance(caller, str) and caller else None
            self._name = str(told.get("streamSid") or message.get("streamSid") or "")[:100]
            if encoding == ENCODING and self._name:
                return True
            _log.warning("a media stream of another form")
            return False
        return False

    async def _heard(self) -> AsyncIterator[Samples | Key]:
        while (message := await self._message()) is not None:
            match message.get("event"):
                case "media":
                    sound = _sound(message)
                    for at in range(0, len(sound), PIECE_BYTES):
                        yield MU_LAW.decode(sound[at : at + PIECE_BYTES])
                case "dtmf":
                    pressed = message.get("dtmf")
                    yield Key(str(pressed.get("digit"))[:1] if isinstance(pressed, dict) else "")
                case "stop":
                    return

    async def _message(self) -> dict[str, Any] | None:
        """The next message that can be read; None where the stream has ended."""
        while True:
            received = await self._socket.receive()
            if received["type"] != "websocket.receive":
                return None
            text = received.get("text")
            if not text or len(text) > MOST_CHARACTERS:
                continue
            try:
                message = json.loads(text)
            except (ValueError, RecursionError):
                continue
            if isinstance(message, dict):
                return message

    async def _write(self, frame: Samples) -> None:
        payload = base64.b64encode(MU_LAW.encode(frame)).decode()
        try:
            await self._socket.send_json(
                {"event": "media", "streamSid": self._name, "media": {"payload": payload}}
            )
        except WebSocketDisconnect as error:
            raise OSError("the stream is gone") from error


def _sound(message: dict[str, Any]) -> bytes:
    """The caller's sound; nothing where it is ours come back or cannot be read."""
    media = message.get("media")
    if not isinstance(media, dict) or media.get("track", "inbound") != "inbound":
        return b""
    try:
        return base64.b64decode(str(media.get("payload", "")), validate=True)
    except (binascii.Error, ValueError):
        return b""
