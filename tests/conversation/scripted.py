"""A runtime on a real store and policy, with a city and an understanding that tests script."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Container, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.databases import stored_bytes
from tests.dialogue.harness import BULKY, CATALOGUE, ROWS, ask, policy

from donghaeng.city.operations import Answer, Operation
from donghaeng.city.places.builtin import load_builtin
from donghaeng.conversation.account import Account
from donghaeng.conversation.carrying_out import Carrier
from donghaeng.conversation.counsel import Counsel
from donghaeng.conversation.door import Opening, Said
from donghaeng.conversation.editions import Edition, Editions, OneEdition
from donghaeng.conversation.guardianship import Guardianship
from donghaeng.conversation.live_clock import SystemClock
from donghaeng.conversation.machine_switch import MachineSwitch
from donghaeng.conversation.reply import Reply
from donghaeng.conversation.runtime import ConversationRuntime
from donghaeng.conversation.summaries import Summaries
from donghaeng.conversation.switchboard import Switchboard
from donghaeng.dialogue.effects import CallOutcome
from donghaeng.errors import InputError
from donghaeng.people.bell import Bell
from donghaeng.people.desk_files import load_desk
from donghaeng.store import Store
from donghaeng.store.conversations import Conversation
from donghaeng.trust.sealing import Sealer
from donghaeng.understanding.acts import Act, ActKind, Context
from donghaeng.understanding.proposing.proposals import Proposals

START = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
PLACES = load_builtin(CATALOGUE / "places")
KEY = b"k" * 32


class Died(BaseException):
    """The process ends here: nothing catches it."""


@dataclass
class ScriptedClock:
    """A clock that goes on by a millisecond with each look."""

    now: datetime = START

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now


class ScriptedUnderstanding:
    """Words are names of acts; anything else is unclear."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.words: dict[str, Act] = {
            "소파": ask("bulky_waste", **BULKY),
            "날씨": ask("weather"),
            "상담사": ask("counsellor"),
            "불": Act(ActKind.EMERGENCY, detail="fire"),
        }

    def understand(self, utterance: str, context: Context) -> tuple[Act, ...]:
        self.heard.append(utterance)
        named = self.words.get(utterance)
        if named is not None:
            return (named,)
        return (Act(ActKind(utterance) if utterance in set(ActKind) else ActKind.UNCLEAR),)


@dataclass
class ScriptedCity:
    """A city whose gateway honours idempotency keys. ``on_write`` runs before and after it accepts."""

    accepted: dict[str, str] = field(default_factory=dict)
    """Receipt of each idempotency key."""
    sent: list[str] = field(default_factory=list)
    """The key of every request that arrived, accepted or not."""
    before: Callable[[], None] = lambda: None
    after: Callable[[], None] = lambda: None
    gate: asyncio.Event | None = None
    """Reads wait for it."""
    reads: int = 0
    reading: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when a read has arrived."""
    operations: Mapping[str, Operation] = field(default_factory=dict)

    async def call(
        self,
        operation: str,
        arguments: Mapping[str, Any],
        *,
        now: datetime,
        idempotency_key: str | None = None,
    ) -> Answer:
        if idempotency_key is None:
            self.reads += 1
            self.reading.set()
            if self.gate is not None:
                await self.gate.wait()
            return Answer((ROWS[operation],))
        self.before()
        self.sent.append(idempotency_key)
        receipt = self.accepted.setdefault(idempotency_key, f"SEL-{len(self.accepted) + 1:06}")
        self.after()
        return Answer(({"receipt": receipt},), receipt=receipt)


class ScriptedCities:
    """The same city for all."""

    def __init__(self, city: ScriptedCity) -> None:
        self.city = city
        self.released: list[str] = []

    def of(self, conversation: Conversation) -> ScriptedCity:
        return self.city

    def writes(self, conversation: Conversation) -> list[dict[str, Any]]:
        if conversation.test_clock is None:
            raise InputError("the conversation has no city of its own")
        return [{"receipt": receipt} for receipt in self.city.accepted.values()]

    def release(self, conversation_id: str) -> None:
        self.released.append(conversation_id)


@dataclass
class World:
    """What outlives a process: database, city, clock."""

    folder: Path
    city: ScriptedCity = field(default_factory=ScriptedCity)
    clock: ScriptedClock = field(default_factory=ScriptedClock)
    understanding: ScriptedUnderstanding = field(default_factory=ScriptedUnderstanding)
    outcomes: list[CallOutcome] = field(default_factory=list)
    proposals: Proposals | None = None
    texts: bool = False
    """Whether something sends text messages."""

    @property
    def database(self) -> Path:
        return self.folder / "donghaeng.db"

    @contextmanager
    def process(self, owner: str = "one", *, allow_test_clock: bool = False) -> Any:
        """A process that serves until the block ends."""
        with Store.open(f"sqlite:///{self.database}", Sealer([KEY])) as store:
            yield self.runtime(store, owner, allow_test_clock=allow_test_clock)

    def runtime(
        self,
        store: Store,
        owner: str,
        *,
        allow_test_clock: bool = False,
        bell: Bell | None = None,
        switch: MachineSwitch | None = None,
        withheld: Callable[[], Container[str]] = tuple,
        editions: Editions | None = None,
    ) -> ConversationRuntime:
        cities = ScriptedCities(self.city)
        editions = editions or OneEdition(Edition(policy(), self.understanding, self.proposals))
        guardians = Guardianship(store, editions, policy().guardians, clock=self.clock)
        return ConversationRuntime(
            store=store,
            editions=editions,
            places=PLACES,
            cities=cities,
            carrier=Carrier(
                store,
                owner=owner,
                clock=self.clock,
                observe=self.outcomes.append,
                account=Account(store, editions, cities),
                bell=bell,
                guardians=guardians,
            ),
            clock=self.clock,
            bell=bell,
            summaries=Summaries(self.clock, enabled=self.texts),
            allow_test_clock=allow_test_clock,
            switch=switch,
            guardians=guardians,
            withheld=withheld,
        )

    def desk(self, store: Store, runtime: ConversationRuntime, bell: Bell, **more: Any) -> Counsel:
        """The counsellors' desk beside a runtime that has the same bell."""
        return Counsel(
            store=store,
            editions=OneEdition(Edition(policy(), self.understanding)),
            machine=runtime,
            files=load_desk(CATALOGUE / "desk"),
            clock=self.clock,
            bell=bell,
            switchboard=Switchboard(SystemClock()),
            **more,
        )

    def bytes(self) -> bytes:
        """Everything that the database has written."""
        return stored_bytes(self.database)


async def say(runtime: ConversationRuntime, reply: Reply, text: str) -> Reply:
    return await runtime.turn(reply.conversation, reply.token, Said(text=text))


async def talk(runtime: ConversationRuntime, opening: Opening, *words: str) -> Reply:
    reply = await runtime.open(opening)
    for each in words:
        reply = await say(runtime, reply, each)
    return reply
