"""A conversation that answers everything at once, for what measures conversations."""

from __future__ import annotations

import itertools
from typing import Any

from donghaeng.conversation.door import Opening, Said
from donghaeng.conversation.reply import Reply, Show
from donghaeng.speech.engines import NO_HINTS, Hints


class TalkingConversations:
    """Asks nothing; "끝" ends; "버스" is bus_arrival; "고장" breaks."""

    def __init__(self) -> None:
        self.openings: list[Opening] = []
        self.said: list[str] = []
        self.ended: list[str] = []
        self._numbers = itertools.count(1)

    def _reply(self, conversation: str, turn: int, say: str, **fields: Any) -> Reply:
        return Reply(conversation=conversation, token="t", turn=turn, say=say, show=Show(text=say), **fields)

    async def open(self, opening: Opening) -> Reply:
        self.openings.append(opening)
        return self._reply(f"c_{next(self._numbers)}", 0, "안녕하세요.")

    async def turn(
        self, conversation: str, token: str, said: Said, *, idempotency_key: str | None = None
    ) -> Reply:
        assert token == "t"
        text = said.text or ""
        self.said.append(text)
        if "고장" in text:
            raise RuntimeError("broken")
        service = "bus_arrival" if "버스" in text else None
        slots = {"route": "6411"} if service else {}
        return self._reply(conversation, 1, "네.", service=service, slots=slots, ended="끝" in text)

    async def end(self, conversation: str, token: str) -> Reply:
        self.ended.append(conversation)
        return self._reply(conversation, 2, "안녕히 계세요.", ended=True)

    async def hints(self, conversation: str, token: str) -> Hints:
        return NO_HINTS

    async def transcript(self, conversation: str, token: str) -> dict[str, Any]:
        return {}

    async def city_writes(self, conversation: str, token: str) -> list[dict[str, Any]]:
        return []

    async def resume(self, token: str) -> Reply:
        raise NotImplementedError
