"""Every served service under every fault of the city: an apology or honest words, another way, no invented
fact, and the conversation goes on. Whatever the catalogue serves is covered without a line here.

The real runtime, policy and adapters work on a sandbox city of their own; only the ears are left out: acts
are made as the recogniser would make them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import pytest
from tests.conversation.sandboxed import runtime_on
from tests.conversation.scripted import KEY, PLACES
from tests.dialogue.harness import CATALOGUE, ask, catalogue, fills, policy, value_of

from donghaeng.city.apps import APPS_FILE, app_operations, load_public_apps
from donghaeng.city.local import LocalOperations
from donghaeng.city.operations import Effect
from donghaeng.city.services.definition import ServiceDefinition
from donghaeng.conversation.door import Location, Opening
from donghaeng.conversation.reply import Reply
from donghaeng.conversation.runtime import ConversationRuntime
from donghaeng.dialogue.effects import CallOutcome, Purpose
from donghaeng.errors import QuotaUsedUp
from donghaeng.knowledge.base import KnowledgeBase
from donghaeng.knowledge.loading import load_passages
from donghaeng.knowledge.operations import local_operations
from donghaeng.korean.morphemes import analyser
from donghaeng.sandbox.faults import FaultKind, FaultPlan, Struck
from donghaeng.sandbox.inside import own_city
from donghaeng.store import Store, outbox
from donghaeng.trust.sealing import Sealer
from donghaeng.understanding.acts import Act, ActKind

NOW = datetime.fromisoformat("2026-11-23T10:00:00+09:00")
HERE = Location(37.5495, 126.9137)
MOST_TURNS = 12


class Kind(StrEnum):
    """How the city goes wrong."""

    TIMEOUT = "timeout"
    ERROR = "error"
    EMPTY = "empty"
    MALFORMED = "malformed"
    SLOW = "slow"
    ENVELOPE = "envelope"
    """The provider's own error in an answer with HTTP 200, where it has such answers."""
    QUOTA = "quota"
    """Today's calls are spent."""


FAILS = (Kind.TIMEOUT, Kind.ERROR, Kind.MALFORMED, Kind.ENVELOPE, Kind.QUOTA)


OWN_VALUES: Mapping[tuple[str, str], Any] = {("water_bill", "customer_number"): "123456789"}
"""Where a type's value is no value of the slot."""
A_DAY = "2026-11-24"
"""A day that bookings and forecasts both reach."""


def a_value_of(service: str, slot: str) -> Any:
    if catalogue()[service].slots[slot].type == "date":
        return A_DAY
    return OWN_VALUES.get((service, slot)) or value_of(service, slot)


def carries_out(service: ServiceDefinition) -> bool:
    return any(way.call is not None for way in service.ways)


SERVICES = tuple(name for name, service in catalogue().items() if service.is_served and carries_out(service))


class Always(FaultPlan):
    """Strikes every request of a service alike; counts."""

    def __init__(self, service: str, kind: Kind) -> None:
        super().__init__()
        self.service = service
        self.struck = 0
        # The second error in a row is the provider's own envelope.
        self.how = Struck(FaultKind.ERROR, 1) if kind is Kind.ENVELOPE else Struck(FaultKind(kind), 0)

    def strike(self, services: Any) -> Struck | None:
        if self.service not in services:
            return None
        self.struck += 1
        return self.how


class Spent:
    """A quota of nothing."""

    def __init__(self) -> None:
        self.struck = 0

    async def take(self, name: str, now: datetime) -> None:
        self.struck += 1
        raise QuotaUsedUp(name, "today's calls are spent")


@dataclass
class Talk:
    """A conversation whose acts are made here."""

    runtime: ConversationRuntime
    opened: Reply
    replies: list[Reply] = field(default_factory=list)
    outcomes: list[CallOutcome] = field(default_factory=list)

    @property
    def last(self) -> Reply:
        return self.replies[-1] if self.replies else self.opened

    async def does(self, act: Act) -> Reply:
        reply, outcomes = await self.runtime.act(
            self.opened.conversation,
            self.opened.token,
            (act,),
            text="말",
            idempotency_key=f"turn {len(self.replies)}",
            at_turn=self.last.turn,
        )
        self.replies.append(reply)
        self.outcomes += outcomes
        return reply

    async def wants(self, service: str) -> Reply:
        """Asks for a service with everything said, and answers what is asked until something came of it."""
        definition = catalogue()[service]
        said = {name: a_value_of(service, name) for name in definition.slots}
        reply = await self.does(ask(service, **said))
        for _ in range(MOST_TURNS):
            if reply.calls or reply.handover or reply.ended:
                return reply
            if reply.expects == "confirm":
                reply = await self.does(Act(ActKind.CONFIRM))
            elif reply.expects == "choice" and reply.asks is not None:
                reply = await self.does(Act(ActKind.CHOOSE, detail="0"))
            elif reply.expects == "slot" and reply.asks is not None and reply.asks not in said:
                said[reply.asks] = a_value_of(service, reply.asks)
                reply = await self.does(Act(ActKind.FILL, slots=fills({reply.asks: said[reply.asks]})))
            else:
                return reply
        raise AssertionError(f"{service} asks for ever: {reply.show.text}")


class World:
    """A runtime on a city whose faults can be set."""

    def __init__(self, store: Store, local: LocalOperations) -> None:
        self.now = NOW
        self.store = store
        self.city = own_city(PLACES)
        self.city.offer(local)
        self.runtime = runtime_on(store, self.city, lambda: self.now)

    async def talk(self) -> Talk:
        opening = Opening(home_district="마포구", location=HERE)
        return Talk(self.runtime, await self.runtime.open(opening))

    def breaks(self, service: str, kind: Kind) -> Always | Spent:
        transport = self.city._outside.transport
        if kind is Kind.QUOTA:
            transport._quota = spent = Spent()
            return spent
        self.city.sandbox.faults = plan = Always(service, kind)
        return plan

    def works_again(self, quota: Any) -> None:
        self.city.sandbox.faults = FaultPlan()
        self.city._outside.transport._quota = quota


@pytest.fixture(scope="module")
def local() -> LocalOperations:
    knowledge = KnowledgeBase(load_passages(CATALOGUE / "knowledge"), analyser())
    apps = load_public_apps(CATALOGUE / "lexicon" / APPS_FILE)
    return {**local_operations(knowledge), **app_operations(apps)}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    file = tmp_path_factory.mktemp("faults") / "donghaeng.db"
    with Store.open(f"sqlite:///{file}", Sealer([KEY]), synchronous="NORMAL") as opened:
        yield opened


@pytest.fixture
def world(store: Store, local: LocalOperations) -> World:
    return World(store, local)


APOLOGY = re.compile(r"죄송|답이 오지|못 받았|않았어요|없어요|못 찾|찾지 못했|찾을 수가 없|몰라요|모르")
ANOTHER_WAY = re.compile(r"\d{2,4}번|\d{2,4}-\d{3,4}|상담사|사람")
NUMBER = re.compile(r"\d+")


def words_of(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def known_words(service: str) -> str:
    """Everything that a reply may say without an answer of the city: what the service file and the agent's
    own sentences hold, and what the citizen said."""
    definition = catalogue()[service]
    values = {name: a_value_of(service, name) for name in definition.slots}
    written = policy().phrases.templates
    return words_of([definition.model_dump(mode="json"), values, dict(written), NOW.isoformat()])


def names_in(outcomes: Sequence[CallOutcome]) -> set[str]:
    """Words that only rows can have given."""
    return {
        value
        for outcome in outcomes
        if outcome.answer is not None
        for row in outcome.answer.rows
        for value in row.values()
        if isinstance(value, str) and len(value) > 2
    }


def nothing_is_invented(service: str, reply: Reply, names: set[str], given: set[str]) -> None:
    known = known_words(service)
    shown = words_of([reply.show.text, reply.show.card.model_dump() if reply.show.card else None])
    written_dates = {"11", "12", "1", "2", "3", "15", "8", "9", "10", "20", "23", "00", "30"}
    for number in set(NUMBER.findall(reply.show.text)) - written_dates:
        assert number in known or any(number in one for one in given), f"{number}: {reply.show.text}"
    invented = {name for name in names - given if name in shown and name not in known}
    assert not invented, reply.show.text


async def carried_out(world: World, service: str) -> tuple[Talk, set[str]]:
    """The service while all is well, and what only its rows say."""
    talk = await world.talk()
    await talk.wants(service)
    assert any(one.call.purpose is Purpose.CARRY_OUT for one in talk.outcomes), talk.last.show.text
    return talk, names_in(talk.outcomes)


@pytest.mark.parametrize("service", SERVICES)
async def test_every_fault_of_every_service(store: Store, local: LocalOperations, service: str) -> None:
    _, names = await carried_out(World(store, local), service)
    for kind in Kind:
        world = World(store, local)
        quota = world.city._outside.transport._quota
        fault = world.breaks(service, kind)
        talk = await world.talk()
        reply = await talk.wants(service)
        if kind is Kind.QUOTA and not fault.struck:
            continue
        assert fault.struck, f"{kind}: the faults of {service} strike none of its requests"
        judge(service, kind, reply, talk, names)
        world.works_again(quota)
        await goes_on(world, talk, service)
        await world.city.aclose()


def judge(service: str, kind: Kind, reply: Reply, talk: Talk, names: set[str]) -> None:
    said = f"{service} under {kind}: {reply.show.text}"
    writes = any(one.call.effect is Effect.WRITE for one in talk.outcomes)
    given = names_in(talk.outcomes)
    assert reply.service == service or reply.handover, said
    assert reply.say, said
    outcomes = {call.outcome for call in reply.calls}
    if kind is Kind.SLOW:
        assert outcomes <= {"ok", "empty"}, said
        return
    if kind is Kind.QUOTA and outcomes == {"ok"}:
        # What is answered from here is known; what had to be asked outside is said to be missing.
        assert APOLOGY.search(reply.show.text), said
        return
    nothing_is_invented(service, reply, names, given)
    if kind is Kind.EMPTY and not writes:
        assert outcomes <= {"empty", "failed"}, said
        assert APOLOGY.search(reply.show.text), said
        return
    assert outcomes <= {"failed"}, said
    assert all(call.receipt is None for call in reply.calls), said
    assert APOLOGY.search(reply.show.text), said
    assert ANOTHER_WAY.search(reply.show.text), said


async def goes_on(world: World, talk: Talk, service: str) -> None:
    """Another wish is served; a write that was not answered is sent once and told."""
    reply = await talk.wants("air_quality" if service != "air_quality" else "bike_station")
    assert [call.outcome for call in reply.calls][-1:] == ["ok"], f"after {service}: {reply.show.text}"
    conversation = talk.opened.conversation
    waiting = world.store.look(lambda tx: outbox.pending(tx, conversation))
    if not waiting:
        return
    world.now += timedelta(hours=1)
    assert await world.runtime.send_waiting() >= 1
    assert not world.store.look(lambda tx: outbox.pending(tx, conversation))
    entries = [one for one in world.city.sandbox.writes() if one["service"] == service]
    assert len(entries) == 1
    told = await talk.does(Act(ActKind.THANKS))
    assert str(entries[0]["receipt"]) in told.show.text


def test_the_matrix_knows_every_served_service() -> None:
    served = {name for name, service in catalogue().items() if service.is_served}
    left_out = served - set(SERVICES)
    assert all(not any(way.lookups for way in catalogue()[one].ways) for one in left_out)
    assert len(SERVICES) >= 10
