"""A desk that tells the citizen what a test says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from donghaeng.conversation.citizen_end import Answers, Told
from donghaeng.conversation.reply import Handover, Reply, Show
from donghaeng.people.cases import LineKind


class ScriptedDesk:
    """What the test tells the citizen."""

    def __init__(self) -> None:
        self.lines: asyncio.Queue[Told] = asyncio.Queue()
        self.seq = 0
        self.standing: Handover | None = None

    def tell(self, kind: LineKind, text: str, state: str | None) -> None:
        self.seq += 1
        self.standing = Handover(state=state) if state else None  # type: ignore[arg-type]
        reply = Reply(
            conversation="c_1", token="t_1", turn=1, say=text, show=Show(text=text), handover=self.standing
        )
        self.lines.put_nowait(Told(self.seq, kind, reply))

    async def follow(self, conversation: str, token: str) -> AsyncIterator[Told]:
        assert (conversation, token) == ("c_1", "t_1")
        while True:
            yield await self.lines.get()

    async def answers(self, conversation: str, token: str, *, after: int, seconds: float) -> Answers:
        return Answers(after, self.standing, ())
