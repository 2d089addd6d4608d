"""What the tests of live sessions share: a scripted conversation, a clock by hand, a caller."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any, TypeVar

import numpy as np
from tests.spoken import PHRASES

from donghaeng.conversation.admission import Admission
from donghaeng.conversation.door import Opening, Said
from donghaeng.conversation.live_desk import LiveDesk
from donghaeng.conversation.live_mouth import LiveOptions
from donghaeng.conversation.reply import Reply, Show
from donghaeng.errors import UnknownConversation
from donghaeng.speech.activity.fake import EnergyActivity
from donghaeng.speech.audio import samples_to_pcm16
from donghaeng.speech.engines import Audio, Hints, Samples
from donghaeng.speech.load import Ears, Speech, SpeechPool, Voice
from donghaeng.speech.recognise.fake import FakeRecogniser
from donghaeng.speech.synthesise.clauses import split_clauses

T = TypeVar("T")
RATE = 16_000
FRAME_SECONDS = 0.04
CLAUSE_SECONDS = 2.0
GREETING = "안녕하세요, 서울시 인공지능 상담원이에요. 사람 상담원을 원하시면 말씀하세요. 무엇이 궁금하세요?"


class HandClock:
    """Stands still unless the test moves it."""

    def __init__(self) -> None:
        self._now = 1000.0
        self._sleepers: list[tuple[float, asyncio.Future[None]]] = []

    def now(self) -> float:
        return self._now

    async def sleep(self, seconds: float) -> None:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sleepers.append((self._now + seconds, future))
        await future

    def advance(self, seconds: float) -> None:
        self._now += seconds
        for at, future in self._sleepers:
            if at <= self._now + 1e-9 and not future.done():
                future.set_result(None)
        self._sleepers = [(at, future) for at, future in self._sleepers if not future.done()]


class InlinePool(SpeechPool):
    """Runs the work at once."""

    def __init__(self) -> None:
        super().__init__(1)
        self.gate: asyncio.Event | None = None

    async def hear(self, work: Callable[..., T], *arguments: Any) -> T:
        await asyncio.sleep(0)
        return work(*arguments)

    async def speak(self, work: Callable[..., T], *arguments: Any, due: float = 0.0) -> T:
        await (self.gate.wait() if self.gate else asyncio.sleep(0))
        return work(*arguments)


class TwoSecondVoice:
    """Every clause lasts two seconds; can be made to fail or to wait."""

    def __init__(self) -> None:
        self.spoken: list[str] = []
        self.error: Exception | None = None

    def speak(
        self, spoken: str, speed: float = 0.9, volume_db: float = 0.0, *, private: object = None
    ) -> Iterator[Audio]:
        for clause in split_clauses(spoken, speed=speed):
            if self.error:
                raise self.error
            self.spoken.append(clause.text)
            yield Audio(np.full(int(CLAUSE_SECONDS * 24_000), 0.1, np.float32), 24_000)


class ScriptedConversations:
    """Answers each turn with the next reply; keeps what was said."""

    def __init__(self, *replies: dict[str, Any] | Exception) -> None:
        self.replies = list(replies)
        self.said: list[Said] = []
        self.keys: list[str | None] = []
        self.openings: list[Opening] = []
        self.last = self._reply({"say": GREETING}, turn=0)
        self.gate: asyncio.Event | None = None

    def _reply(self, fields: dict[str, Any], turn: int) -> Reply:
        say = fields.get("say", "네, 알겠어요. 더 필요하신 것이 있으세요?")
        base = {"conversation": "c_1", "token": "t_1", "turn": turn, "say": say, "show": Show(text=say)}
        return Reply(**{**base, **fields})

    async def open(self, opening: Opening) -> Reply:
        self.openings.append(opening)
        return self.last

    async def turn(
        self, conversation: str, token: str, said: Said, *, idempotency_key: str | None = None
    ) -> Reply:
        assert (conversation, token) == ("c_1", "t_1")
        self.said.append(said)
        self.keys.append(idempotency_key)
        if self.gate:
            await self.gate.wait()
        fields = self.replies.pop(0) if self.replies else {}
        if isinstance(fields, Exception):
            raise fields
        self.last = self._reply(fields, turn=self.last.turn + 1)
        return self.last

    async def resume(self, token: str) -> Reply:
        if token != "t_1":
            raise UnknownConversation("no such conversation")
        return self.last

    async def hints(self, conversation: str, token: str) -> Hints:
        return Hints(expects=self.last.expects, slot_type="phone" if self.last.asks == "phone" else None)


def _ends(words: str) -> float:
    """Polite sentences are whole, anything else is not."""
    return 0.95 if words.rstrip(".?!").endswith(("요", "니다", "줘")) else 0.05


class Caller:
    """One client of a desk. Time moves only while it makes a sound or waits."""

    def __init__(
        self,
        conversations: ScriptedConversations | None = None,
        heard: list[str | None] | None = None,
        *,
        options: LiveOptions | None = None,
        page_voice: Voice | None = None,
        admission: Admission | None = None,
    ) -> None:
        self.clock = HandClock()
        self.conversations = conversations or ScriptedConversations()
        self.recogniser = FakeRecogniser(heard or [])
        self.voice = TwoSecondVoice()
        self.pool = InlinePool()
        ears = Ears(self.recogniser, EnergyActivity(), _ends)
        speech = Speech(ears, self.voice, 24_000, self.pool, page_voice)
        self.admission = admission or Admission(4, now=self.clock.now)
        self.desk = LiveDesk(
            self.conversations,  # type: ignore[arg-type]
            speech,
            options or LiveOptions(PHRASES),
            admission=self.admission,
            clock=self.clock,
        )
        self.received: list[dict[str, Any] | bytes] = []
        self._incoming: asyncio.Queue[str | bytes | None] = asyncio.Queue()
        self._serving: asyncio.Task[str] | None = None
        self.started_at = 0.0

    # connection

    async def _messages(self) -> AsyncIterator[str | bytes]:
        while (data := await self._incoming.get()) is not None:
            yield data

    async def _send(self, data: str | bytes) -> None:
        self.received.append(data if isinstance(data, bytes) else json.loads(data))

    def dial(self) -> None:
        self._incoming = asyncio.Queue()
        self._serving = asyncio.create_task(self.desk.serve(self._messages(), self._send))

    async def start(self, **fields: Any) -> None:
        self.dial()
        self.started_at = self.clock.now()
        await self.send(type="start", sample_rate=RATE, channel="web", **fields)

    async def hang_up(self) -> str:
        assert self._serving is not None
        self._incoming.put_nowait(None)
        return await self._serving

    async def over(self) -> str:
        assert self._serving is not None
        return await self._serving

    async def send(self, **message: Any) -> None:
        self._incoming.put_nowait(json.dumps(message))
        await self.settle()

    async def send_raw(self, data: str | bytes) -> None:
        self._incoming.put_nowait(data)
        await self.settle()

    async def settle(self) -> None:
        for _ in range(60):
            await asyncio.sleep(0)

    # sound

    async def sound(self, samples: Samples, frame: float = FRAME_SECONDS) -> None:
        step = int(frame * RATE)
        for at in range(0, len(samples), step):
            self.clock.advance(frame)
            self._incoming.put_nowait(samples_to_pcm16(samples[at : at + step]))
            await self.settle()

    async def speak(self, seconds: float, loudness: float = 0.3) -> None:
        wave = np.sin(2 * np.pi * 200 * np.arange(int(seconds * RATE)) / RATE)
        await self.sound((loudness * wave).astype(np.float32))

    async def quiet(self, seconds: float) -> None:
        """A quiet room; a microphone that sends nothing but zeros is a dead one."""
        room = np.resize(np.array([2.0, -2.0], np.float32) / 32_768, int(seconds * RATE))
        await self.sound(room)

    async def listen_to_the_end(self) -> None:
        """Let everything that was sent so far sound."""
        await self.quiet(0.4 + sum(len(data) for data in self.received if isinstance(data, bytes)) / 48_000)

    # what came

    @property
    def messages(self) -> list[dict[str, Any]]:
        return [message for message in self.received if isinstance(message, dict)]

    @property
    def types(self) -> list[str]:
        return [message["type"] for message in self.messages if message.get("final", True)]

    def of(self, kind: str) -> list[dict[str, Any]]:
        """Messages of a kind; of words heard only those that are final."""
        return [one for one in self.messages if one["type"] == kind and one.get("final", True)]

    def partial(self) -> list[str]:
        """Words told while they were still being said."""
        return [one["text"] for one in self.messages if one["type"] == "heard" and not one["final"]]

    def forget(self) -> None:
        self.received.clear()
