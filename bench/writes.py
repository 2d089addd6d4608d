"""Turns that a request takes, slot by slot and all in one breath: ``python bench/writes.py``.

For each service that writes (``bench/writes.yaml``): turns of the citizen until the city has accepted, with
the answers to the questions given one at a time, and with everything told at once. The last line is JSON.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from donghaeng.app import open_for_tests
from donghaeng.conversation.door import Conversations, Opening, Said
from donghaeng.conversation.reply import Reply

SCRIPTS = Path(__file__).with_suffix(".yaml")
NOW = datetime.fromisoformat("2026-11-23T10:00:00+09:00")
"""A Monday morning, whatever day the bench is run on."""
MOST = 16
"""Turns after which a request counts as not finished."""
MOST_OVER_SLOTS, MOST_TOGETHER = 3, 3
"""Aims: turns beyond the number of slots that were asked for, and turns where all was told at once."""


async def main() -> int:
    scripts: dict[str, dict[str, Any]] = YAML(typ="safe").load(SCRIPTS)
    rows = []
    async with open_for_tests() as application:
        for service, script in scripts.items():
            answers = script["answers"]
            alone = await _turns(application.conversations, script["open"], answers)
            together = await _turns(application.conversations, script["together"], answers)
            rows.append((service, len(answers), alone, together))
            turns = f"{alone or 'not done'} turns, told at once {together or 'not done'}"
            print(f"{service:18} {len(answers)} slots: {turns}")
    return _summed(rows)


def _summed(rows: list[tuple[str, int, int | None, int | None]]) -> int:
    over = [alone - slots for _, slots, alone, _ in rows if alone is not None]
    together = [turns for _, _, _, turns in rows if turns is not None]
    done = len(over) == len(together) == len(rows)
    beyond, at_once = round(sum(over) / len(over), 2), round(sum(together) / len(together), 2)
    figures = {
        "kind": "writes",
        "services": len(rows),
        "finished": done,
        "turns_beyond_slots": beyond,
        "turns_told_at_once": at_once,
    }
    print(json.dumps(figures))
    met = beyond <= MOST_OVER_SLOTS and at_once <= MOST_TOGETHER
    return 0 if done and met else 1


async def _turns(conversations: Conversations, words: str, answers: Mapping[str, str]) -> int | None:
    """Turns until the write is accepted; None where it is not."""
    reply = await conversations.open(Opening(channel="chat", now=NOW))
    for turn in range(1, MOST):
        reply = await conversations.turn(reply.conversation, reply.token, Said(text=words))
        if any(call.effect == "write" and call.outcome == "ok" for call in reply.calls):
            return turn
        words = _next(reply, answers)
    return None


def _next(reply: Reply, answers: Mapping[str, str]) -> str:
    if reply.expects == "confirm":
        return "네"
    if reply.asks is not None and reply.asks in answers:
        return answers[reply.asks]
    return "첫 번째요" if reply.expects == "choice" else "네"


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
