"""`donghaeng bench listening` and `bench calls`: what a silent caller costs, and what calls leave behind."""

from __future__ import annotations

import asyncio
import gc
import json
import threading
import time
from collections.abc import AsyncIterator, Callable
from typing import Any, Final

import numpy as np
import psutil

from donghaeng.conversation.admission import Admission
from donghaeng.conversation.door import Conversations
from donghaeng.conversation.live import LiveSession
from donghaeng.conversation.live_clock import SystemClock
from donghaeng.conversation.live_desk import LiveDesk
from donghaeng.conversation.live_messages import AudioFrame, Start
from donghaeng.conversation.live_mouth import LiveOptions
from donghaeng.conversation.live_outbox import Outlet
from donghaeng.measuring.cases import JsonObject
from donghaeng.measuring.figures import MEGABYTE, cpu_seconds, memory_bytes
from donghaeng.measuring.voice import FRAME_SECONDS, room_frames
from donghaeng.speech.load import Speech
from donghaeng.speech.synthesise.cache import PhraseCache

SETTLE_SECONDS: Final = 45.0
"""Greeting and reminders; after them nothing is said any more."""
ROOM_SECONDS: Final = 10.0
WARM_CALLS: Final = 20
"""Calls before memory counts: caches fill first."""
Tell = Callable[[int, int], None]


async def listening(
    conversations: Conversations,
    speech: Speech,
    *,
    sessions: int,
    seconds: float,
    options: LiveOptions,
    settle: float = SETTLE_SECONDS,
) -> JsonObject:
    """Hold ``sessions`` sessions that hear the noise of a quiet room in real time; nobody speaks.

    The CPU share is that of a second of sound, so a busy machine does not change it; the caller's side is in
    it. Memory is the slope from half of the sessions to all of them; one goes before, for what is made once.
    """
    room = room_frames(ROOM_SECONDS)
    half = max(1, sessions // 2)
    memory: list[int] = []
    open_sessions: list[tuple[LiveSession, asyncio.Task[None]]] = []
    frames = 0
    cpu = 0.0
    for count, length in ((1, settle), (half, settle), (sessions, settle + seconds)):
        open_sessions += [_open(conversations, speech, options) for _ in range(count - len(open_sessions))]
        if length > settle:
            await _feed(open_sessions, room, settle)
            began = cpu_seconds()
            frames = await _feed(open_sessions, room, seconds)
            cpu = cpu_seconds() - began
        else:
            await _feed(open_sessions, room, length)
        gc.collect()
        memory.append(memory_bytes())
    for session, reading in open_sessions:
        session.finish("over")
        await reading
    share = cpu / (frames * FRAME_SECONDS) if frames else None
    return {
        "kind": "listening",
        "sessions": sessions,
        "cpu_share_per_session": None if share is None else round(share, 5),
        "sessions_a_core": None if not share else int(1 / share),
        "memory_per_session_mb": round((memory[-1] - memory[-2]) / max(1, sessions - half) / MEGABYTE, 3),
        "behind_share": round(1 - frames * FRAME_SECONDS / (sessions * seconds), 3),
    }


def _open(
    conversations: Conversations, speech: Speech, options: LiveOptions
) -> tuple[LiveSession, asyncio.Task[None]]:
    session = LiveSession(Start(channel="phone"), conversations, speech, SystemClock(), options)
    outlet = Outlet()
    session.outbox.attach(outlet)
    session.open()

    async def read() -> None:
        while await outlet.get() is not None:
            pass

    return session, asyncio.create_task(read())


async def _feed(
    sessions: list[tuple[LiveSession, asyncio.Task[None]]], room: list[bytes], seconds: float
) -> int:
    """Give every session its frames for ``seconds`` of the wall; returns how many were given."""
    began, given, number = time.perf_counter(), 0, 0
    while (now := time.perf_counter() - began) < seconds:
        for index, (session, _) in enumerate(sessions):
            session.receive(AudioFrame(room[(number + 7 * index) % len(room)]))
        given += len(sessions)
        number += 1
        await asyncio.sleep(max(0.0, number * FRAME_SECONDS - now))
    return given


async def calls(
    conversations: Conversations,
    speech: Speech,
    *,
    count: int,
    options: LiveOptions,
    warm: int = WARM_CALLS,
    memory_used: Callable[[], int] = memory_bytes,
    tell: Tell = lambda done, total: None,
) -> JsonObject:
    """Make ``count`` short calls in a row (greeting, one question by key, hung up) and see what is left.

    The memory slope is the least-squares line of ``memory_used`` (bytes) over the calls after the first
    ``warm``; the part of it that is sound in the voice's bounded cache is told apart.
    """
    desk = LiveDesk(conversations, speech, options, admission=Admission(1))
    process = psutil.Process()
    memory: list[int] = []
    sound: list[int] = []
    before: dict[str, int] = {}
    for number in range(warm + count):
        if number == warm:
            before = _left(process)
        await _call(desk)
        gc.collect()
        if number >= warm:
            memory.append(memory_used())
            sound.append(speech.voice.memory_used if isinstance(speech.voice, PhraseCache) else 0)
        tell(number + 1, warm + count)
    await asyncio.sleep(0)
    after = _left(process)
    await desk.close()
    return {
        "kind": "calls",
        "calls": count,
        "memory_kb_per_call": _slope_kb(memory),
        "sound_kept_kb_per_call": _slope_kb(sound),
        **{f"{name}_left": after[name] - before[name] for name in after},
        "sessions_left": desk.sessions,
    }


def _slope_kb(values: list[int]) -> float:
    return round(float(np.polyfit(np.arange(len(values)), np.array(values, float), 1)[0]) / 1000, 2)


def _left(process: psutil.Process) -> dict[str, int]:
    return {
        "tasks": len(asyncio.all_tasks()),
        "threads": sum(not one.name.startswith(("speak", "hear")) for one in threading.enumerate()),
        "sockets": len(process.net_connections()),
    }


async def _call(desk: LiveDesk) -> None:
    """One caller who presses a key as soon as the greeting is there, hears the answer begin, and hangs up."""
    incoming: asyncio.Queue[str | None] = asyncio.Queue()
    replies = 0

    async def messages() -> AsyncIterator[str | bytes]:
        while (one := await incoming.get()) is not None:
            yield one

    async def send(data: str | bytes) -> None:
        nonlocal replies
        if isinstance(data, bytes):
            return
        message: dict[str, Any] = json.loads(data)
        replies += message["type"] == "reply"
        if message["type"] == "reply" and replies == 1:
            incoming.put_nowait(json.dumps({"type": "text", "text": "오늘 날씨 어때요"}))
        elif message["type"] == "reply":
            incoming.put_nowait(None)

    incoming.put_nowait(json.dumps({"type": "start", "sample_rate": 8_000, "channel": "phone"}))
    await desk.serve(messages(), send)
