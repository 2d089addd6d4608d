"""Citizens who ask, agree and take back over HTTP while their server dies again and again.

Each does what the page does: every turn has a key, and a turn without an answer is sent again under it.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import httpx

from donghaeng.measuring.cases import JsonObject
from donghaeng.measuring.chaos_verdict import Wish

ASKS: Final = "장롱 하나 다음 주 화요일에 마포구 양화로 사십오 삼백삼 호에서 버리려고요. 전화는 {phone}이에요"
ANSWERS: Final = {
    "item": "장롱이에요",
    "count": "한 개요",
    "address": "마포구 양화로 사십오 삼백삼 호요",
    "date": "다음 주 화요일이요",
}
TAKES_BACK: Final = "방금 신청한 거 취소해 주세요"
TAKES_BACK_EVERY: Final = 3
REPEATS_EVERY: Final = 5
"""So many answered turns after which one is sent once more, as an impatient page would."""
MOST_TURNS: Final = 12
RETRY_S: Final = 0.02
WAIT_S: Final = 30.0
"""Longest that a client waits for one answer."""
RECEIPT: Final = re.compile(r"SEL-\d{6}-\d{4,}")
BUSY: Final = frozenset({409, 503})
"""Answers after which the same turn is sent again."""


@dataclass(slots=True)
class Line:
    """How the server stands, as the one who kills it knows: its citizens know nothing but that no answer
    comes, and are told here when to try again so that they need not guess."""

    up: asyncio.Event = field(default_factory=asyncio.Event)
    generation: int = 0
    ready_at: float = 0.0
    agreeing: asyncio.Event = field(default_factory=asyncio.Event)
    """Set while a yes is under way."""
    _under_way: int = 0

    def opened(self) -> None:
        """It is ready."""
        self.generation += 1
        self.ready_at = time.monotonic()
        self.up.set()

    def closed(self) -> None:
        """It is killed now."""
        self.up.clear()

    @contextmanager
    def yes(self) -> Iterator[None]:
        """A yes is under way while the block runs."""
        self._under_way += 1
        self.agreeing.set()
        try:
            yield
        finally:
            self._under_way -= 1
            if not self._under_way:
                self.agreeing.clear()


@dataclass(slots=True)
class Tally:
    """What the citizens saw."""

    turns: int = 0
    broken: int = 0
    """Requests without an answer."""
    refused: Counter[str] = field(default_factory=Counter)
    """Answers that said to try again, by kind."""
    errors: Counter[str] = field(default_factory=Counter)
    """Answers that may not be."""
    waits: list[float] = field(default_factory=list)
    """Seconds from sending, or from the moment the server was ready, to the answer."""
    resumed: list[float] = field(default_factory=list)
    """Seconds from ready to the first answer of each conversation that the kill had found open."""


class Citizen:
    """One after another asks for something.

    Args:
        client: with the server's address.
        line: how the server stands.
        tally: shared.
        number: gives the number of the next wish.
        wishes: every wish made, shared.
    """

    def __init__(
        self,
        client: httpx.AsyncClient,
        line: Line,
        tally: Tally,
        number: Callable[[], int],
        wishes: list[Wish],
    ) -> None:
        self._client = client
        self._line = line
        self._tally = tally
        self._number = number
        self._wishes = wishes
        self._generation = 0
        self._conversation = self._token = ""
        self._keys = 0
        self.stopping = False

    async def live(self) -> None:
        """Ask for one thing after another until told to stop; the wish under way is brought to its end."""
        while not self.stopping:
            await self._wish(self._number())

    async def _wish(self, number: int) -> None:
        phone = f"010-{2000 + number // 10_000:04d}-{number % 10_000:04d}"
        wish = Wish(phone)
        self._wishes.append(wish)
        body = {"channel": "chat", "home_district": "마포구"}
        opened = await self._ask("POST", "/v1/conversations", json=body)
        self._conversation, self._token = opened["conversation"], opened["token"]
        reply = await self._say(ASKS.format(phone=phone))
        for _ in range(MOST_TURNS):
            self._note(wish, reply)
            if wish.receipts or wish.failed:
                break
            reply = await self._answer(wish, reply)
        if wish.receipts and number % TAKES_BACK_EVERY == 0:
            await self._take_back(wish)
        path = f"/v1/conversations/{self._conversation}"
        await self._ask("DELETE", path, headers=self._bearer)
        self._conversation = ""

    async def _answer(self, wish: Wish, reply: JsonObject) -> JsonObject:
        if reply["expects"] == "confirm":
            wish.agreed = True
            with self._line.yes():
                answer = await self._say("네")
            wish.answered = True
            return answer
        if reply["expects"] == "slot":
            return await self._say(ANSWERS.get(reply["asks"], wish.phone))
        return await self._say("고마워요")

    def _note(self, wish: Wish, reply: JsonObject) -> None:
        wish.receipts |= set(RECEIPT.findall(reply["show"]["text"]))
        wish.receipts |= {one["receipt"] for one in reply["calls"] if one["receipt"]}
        # A write whose answer is awaited counts as failed in `calls`, and the words promise to go on.
        said_no = any(one["effect"] == "write" and one["outcome"] == "failed" for one in reply["calls"])
        wish.failed |= said_no and "다시 신청하지 않으셔도" not in reply["show"]["text"]

    async def _take_back(self, wish: Wish) -> None:
        reply = await self._say(TAKES_BACK)
        if reply["expects"] != "confirm":
            self._tally.errors["not asked whether to take back"] += 1
            return
        wish.wants_back = True
        with self._line.yes():
            reply = await self._say("네")
        for _ in range(MOST_TURNS):
            wish.told_back = "취소했어요" in reply["show"]["text"] or "취소가 접수" in reply["show"]["text"]
            if wish.told_back:
                return
            reply = await self._say("고마워요")

    @property
    def _bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}"}

    async def _say(self, text: str) -> JsonObject:
        self._keys += 1
        headers = self._bearer | {"Idempotency-Key": f"turn-{self._keys}"}
        path = f"/v1/conversations/{self._conversation}/turns"
        reply = await self._ask("POST", path, json={"text": text}, headers=headers)
        self._tally.turns += 1
        if self._tally.turns % REPEATS_EVERY == 0:
            again = await self._ask("POST", path, json={"text": text}, headers=headers)
            if again != reply:
                self._tally.errors["another answer under the same key"] += 1
        return reply

    async def _ask(self, method: str, path: str, **more: Any) -> JsonObject:
        """Ask until there is an answer."""
        asked = time.monotonic()
        while True:
            await self._line.up.wait()
            generation, begins = self._line.generation, max(asked, self._line.ready_at)
            try:
                answer = await self._client.request(method, path, timeout=WAIT_S, **more)
            except httpx.TimeoutException:
                self._tally.errors[f"no answer in {WAIT_S:g} s"] += 1
                continue
            except httpx.HTTPError:
                self._tally.broken += 1
                await asyncio.sleep(RETRY_S)
                continue
            if answer.status_code in BUSY and not _has_ended(answer):
                self._tally.refused[_kind(answer)] += 1
                await asyncio.sleep(RETRY_S)
                continue
            now = time.monotonic()
            self._tally.waits.append(now - begins)
            if generation != self._generation:
                if self._conversation and self._generation:
                    self._tally.resumed.append(now - self._line.ready_at)
                self._generation = generation
            if answer.is_error and not _has_ended(answer):
                self._tally.errors[_kind(answer)] += 1
                raise RuntimeError(f"{method}: {answer.status_code} {_kind(answer)}")
            found: JsonObject = answer.json()
            return found


def _kind(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["type"]).rpartition(":")[2]
    except (ValueError, KeyError, TypeError):
        return str(answer.status_code)


def _has_ended(answer: httpx.Response) -> bool:
    """Ending twice is no error: the first answer was lost."""
    return answer.status_code == httpx.codes.CONFLICT and _kind(answer) == "conversation-ended"
