"""The WebSocket `/console/desk/voice/{handover}`: the counsellor's microphone and loudspeaker.

The first frame is ``{"type": "start", "sample_rate": 16000}``, answered with ``{"type": "ready"}``; then
binary frames go both ways: mono PCM, 16 bit, little-endian, at that rate.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Final

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from donghaeng.errors import DonghaengError
from donghaeng.people.cases import NotTheOwner, UnknownHandover
from donghaeng.people.counselling import VoiceLine
from donghaeng.web.console.desk import Counsellor, Desk, HandoverId
from donghaeng.web.console.session import accounts_of, session_token
from donghaeng.web.limits import address_of

START_SECONDS: Final = 10.0
LOOK_SECONDS: Final = 15.0
"""Pause between two looks whether the login still holds; who speaks does something."""
CLOSE_CODES: Final = {"hung_up": 1000, "login": 4401, "not_yours": 4403, "no_line": 4404, "protocol": 1008}

router = APIRouter()


class _Start(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    type: str = Field(pattern="^start$")
    sample_rate: int = Field(ge=8_000, le=48_000)


@router.websocket("/console/desk/voice/{handover}")
async def voice(socket: WebSocket, staff: Counsellor, desk: Desk, handover: HandoverId) -> None:
    """Sound in, sound out, until either side ends."""
    await socket.accept()
    reason = "protocol"
    with suppress(WebSocketDisconnect):
        try:
            async with asyncio.timeout(START_SECONDS):
                start = _Start.model_validate_json(await socket.receive_text())
            async with desk.voice(handover, staff.id, start.sample_rate) as line:
                conversation = next(
                    (one.conversation for one in await desk.mine(staff.id) if one.id == handover), ""
                )
                await accounts_of(socket).note_access(
                    staff, address_of(socket.scope), conversation, "listen", "handover"
                )
                await socket.send_json({"type": "ready"})
                reason = await _talk(socket, line)
        except (TimeoutError, ValidationError, KeyError):
            reason = "protocol"
        except NotTheOwner:
            reason = "not_yours"
        except UnknownHandover:
            reason = "no_line"
        except DonghaengError:
            reason = "protocol"
        if socket.application_state is WebSocketState.CONNECTED:
            await socket.close(CLOSE_CODES[reason], reason)


async def _talk(socket: WebSocket, line: VoiceLine) -> str:
    """Pass sound on both ways; why it ended."""

    async def listen() -> str:
        async for pcm in line:
            await socket.send_bytes(pcm)
        return "hung_up"

    async def speak() -> str:
        while True:
            line.speak(await socket.receive_bytes())

    async def look() -> str:
        token = session_token(socket) or ""
        logged_in = True
        while logged_in:
            await asyncio.sleep(LOOK_SECONDS)
            logged_in = await accounts_of(socket).find(token) is not None
        return "login"

    tasks = [asyncio.create_task(work()) for work in (listen, speak, look)]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        return done.pop().result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
