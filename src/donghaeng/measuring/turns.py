"""`donghaeng bench turns`: typed turns a second of one process, storage included (CONTRACT 6)."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Final

from donghaeng.conversation.door import Conversations, Opening, Said
from donghaeng.errors import ConversationEnded
from donghaeng.measuring.cases import JsonObject, Progress, no_progress
from donghaeng.measuring.figures import cpu_seconds, memory_bytes, milliseconds
from donghaeng.measuring.sound_alike import sound_alike

HOME: Final = "마포구"
"""District of the scripted citizens: nearby places and weather need one."""
OPEN_CONVERSATIONS: Final = 200
"""Conversations that are opened to see what one costs in memory."""
SEED: Final = 7

Script = Sequence[str]
"""What a citizen says, turn by turn."""


@dataclass(slots=True)
class _Tally:
    deadline: float
    seconds: list[float] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    conversations: int = 0


def endless(scripts: Sequence[Script]) -> Iterator[Script]:
    """The scripts in turn for ever: the first round as written, later ones as a recogniser hears them."""
    yield from scripts
    chance = Random(SEED)  # noqa: S311  repeatable, no secret
    for script in itertools.cycle(scripts):
        yield [sound_alike(text, chance) for text in script]


async def run(
    conversations: Conversations,
    scripts: Sequence[Script],
    *,
    seconds: float,
    together: int,
    settles: Callable[[str], bool],
    progress: Progress = no_progress,
) -> JsonObject:
    """Hold scripted conversations, ``together`` at a time, for ``seconds``.

    A turn's time runs from the words to the stored reply. The process must do nothing else.

    Args:
        conversations: the agent.
        scripts: what citizens say.
        seconds: how long.
        together: conversations at a time.
        settles: whether the first stage of the ranking settles a text; the rate of these turns is given
            where one conversation is held at a time.
        progress: told the seconds done.
    """
    memory = await _memory_of_one(conversations, scripts)
    waiting = endless(scripts)
    cpu, began = cpu_seconds(), time.perf_counter()
    tally = _Tally(began + seconds)

    async def citizen() -> None:
        while time.perf_counter() < tally.deadline:
            await _hold(conversations, next(waiting), tally)
            progress(min(int(seconds), int(time.perf_counter() - began)), int(seconds))

    await asyncio.gather(*(citizen() for _ in range(together)))
    elapsed, cpu = time.perf_counter() - began, cpu_seconds() - cpu
    turns = len(tally.seconds)
    known = {text: settles(text) for text in set(tally.texts)}
    first = [taken for text, taken in zip(tally.texts, tally.seconds, strict=True) if known[text]]
    return {
        "kind": "turns",
        "turns": turns,
        "conversations": tally.conversations,
        "together": together,
        "turns_per_s": round(turns / elapsed, 1),
        "turns_per_cpu_s": round(turns / cpu, 1) if cpu else None,
        **milliseconds(tally.seconds),
        "settled_by_first_stage": round(len(first) / turns, 4) if turns else None,
        "first_stage_turns_per_s": round(len(first) / sum(first), 1) if first and together == 1 else None,
        "memory_per_open_conversation_kb": round(memory / 1000, 1),
    }


async def _hold(conversations: Conversations, script: Script, tally: _Tally) -> None:
    reply = await conversations.open(Opening(home_district=HOME))
    tally.conversations += 1
    for text in script:
        began = time.perf_counter()
        reply = await conversations.turn(reply.conversation, reply.token, Said(text=text))
        tally.seconds.append(time.perf_counter() - began)
        tally.texts.append(text)
        if reply.ended:
            return
    await conversations.end(reply.conversation, reply.token)


async def _memory_of_one(conversations: Conversations, scripts: Sequence[Script]) -> float:
    """Bytes of memory that an open conversation takes, after everything that is made once has been made."""
    for script in scripts:
        await _begin(conversations, script[0])
    before = memory_bytes()
    opened = [await _begin(conversations, script[0]) for script in _cycle(scripts)]
    grown = max(0, memory_bytes() - before)
    for conversation, token in opened:
        try:
            await conversations.end(conversation, token)
        except ConversationEnded:
            continue
    return grown / len(opened)


def _cycle(scripts: Sequence[Script]) -> Iterator[Script]:
    return itertools.islice(itertools.cycle(scripts), OPEN_CONVERSATIONS)


async def _begin(conversations: Conversations, text: str) -> tuple[str, str]:
    reply = await conversations.open(Opening(home_district=HOME))
    await conversations.turn(reply.conversation, reply.token, Said(text=text))
    return reply.conversation, reply.token
