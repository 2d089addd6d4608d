"""Plays a conversation test against the agent and judges it (CONTRACT 7)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from donghaeng.conversation.door import Conversations, Location, Opening, Said, TestCity
from donghaeng.conversation.matching import Mismatch, mismatches, words_mismatches
from donghaeng.conversation.scenarios import Scenario, Step

MAX_TURNS = 30
"""A conversation that has not ended after so many turns has gone astray."""

JsonObject = dict[str, Any]

_NOT_SAID = frozenset({"conversation", "token"})
"""Fields of replies and transcripts that are drawn at random and said to nobody."""
_BY_DEFINITION = frozenset({"effect", "outcome"})
"""Fields of an expected write that hold of every write the city accepted."""


class Agent(Protocol):
    """An agent under test, in process or behind HTTP."""

    async def open(self, scenario: Scenario) -> JsonObject:
        """Open a conversation; the greeting's reply object."""
        ...

    async def say(self, reply: JsonObject, text: str) -> JsonObject:
        """Take one turn of the conversation that ``reply`` belongs to."""
        ...

    async def writes(self, reply: JsonObject) -> list[JsonObject]:
        """Writes that the conversation's city accepted."""
        ...

    async def transcript(self, reply: JsonObject) -> JsonObject:
        """The stored transcript with its events."""
        ...


@dataclass(frozen=True, slots=True)
class Exchange:
    """What was said in one turn, what came, and what should have come and did not."""

    step: int | None
    """The scenario's turn, from 1; None for a scripted answer or the closing yes."""
    words: str
    """As the agent was given them, noise included."""
    reply: JsonObject
    missed: tuple[Mismatch, ...] = ()


@dataclass(slots=True)
class Verdict:
    """How a scenario went."""

    scenario: str
    passed: bool = True
    failed_step: int | None = None
    why: str | None = None
    greeting: JsonObject = field(default_factory=dict)
    exchanges: list[Exchange] = field(default_factory=list)
    """The conversation, turn by turn."""
    missed: list[Mismatch] = field(default_factory=list)
    """What did not hold at the end."""
    transcript: JsonObject = field(default_factory=dict)
    """As it was stored; empty where it could not be read."""
    seconds: float = 0.0

    @property
    def replies(self) -> list[JsonObject]:
        """Every reply object, the greeting's first."""
        return [self.greeting, *(exchange.reply for exchange in self.exchanges)]

    def fail(self, step: int | None, why: str) -> None:
        """Note the first failure."""
        if self.passed:
            self.passed, self.failed_step, self.why = False, step, why


class InProcessAgent:
    """The agent of this process."""

    def __init__(self, conversations: Conversations) -> None:
        self._conversations = conversations

    async def open(self, scenario: Scenario) -> JsonObject:
        """Open a conversation with the scenario's clock and city."""
        location = scenario.location
        opening = Opening(
            channel=scenario.channel,
            location=Location(location["lat"], location["lon"]) if location is not None else None,
            home_district=scenario.home_district,
            now=scenario.now,
            city=TestCity(
                scenario.city.seed,
                tuple(fault.model_dump(exclude_none=True) for fault in scenario.city.faults),
                tuple(scenario.city.full),
            ),
        )
        return (await self._conversations.open(opening)).model_dump(mode="json")

    async def say(self, reply: JsonObject, text: str) -> JsonObject:
        """Take one typed turn."""
        said = Said(text=text)
        after = await self._conversations.turn(reply["conversation"], reply["token"], said)
        return after.model_dump(mode="json")

    async def writes(self, reply: JsonObject) -> list[JsonObject]:
        """Writes that its own city accepted."""
        return await self._conversations.city_writes(reply["conversation"], reply["token"])

    async def transcript(self, reply: JsonObject) -> JsonObject:
        """The stored transcript."""
        return await self._conversations.transcript(reply["conversation"], reply["token"])


async def play(
    scenario: Scenario, agent: Agent, *, noise: Callable[[str], str] = lambda text: text
) -> Verdict:
    """Play one scenario. ``noise`` distorts what the citizen says, as a recogniser would.

    An error of the agent is a failure, never an exception.
    """
    verdict = Verdict(scenario.scenario)
    began = time.perf_counter()
    try:
        verdict.greeting = await agent.open(scenario)
        reply = await _talk(scenario, agent, verdict, noise)
        verdict.transcript = await agent.transcript(reply)
        if verdict.passed:
            await _judge(scenario, agent, reply, verdict)
    except Exception as error:  # whatever breaks in the agent is its failure: the other scenarios go on
        verdict.fail(None, f"{type(error).__name__}: {error}")
    verdict.seconds = time.perf_counter() - began
    return verdict


async def _talk(
    scenario: Scenario, agent: Agent, verdict: Verdict, noise: Callable[[str], str]
) -> JsonObject:
    steps = list(enumerate(scenario.turns, start=1))
    reply = verdict.greeting
    for _ in range(MAX_TURNS):
        spoken = _next(scenario, steps, reply)
        if spoken is None:
            break
        number, step = spoken
        words = noise(step.citizen)
        reply = await agent.say(reply, words)
        missed = tuple(mismatches(step.expect, reply))
        verdict.exchanges.append(Exchange(number, words, reply, missed))
        if missed:
            verdict.fail(number, str(missed[0]))
            break
        if reply["ended"] or _with_a_person(reply):
            break
    never_came = next((number for number, step in steps if step.expect), None)
    if never_came is not None:
        verdict.fail(never_came, "its turn never came")
    return reply


def _next(
    scenario: Scenario, steps: list[tuple[int, Step]], reply: JsonObject
) -> tuple[int | None, Step] | None:
    """Whose words come next: a scripted answer to the slot asked for, the next turn, a closing yes."""
    asks = reply.get("asks")
    waits = asks is not None and reply["expects"] in ("slot", "choice")
    scripted = scenario.answers.get(str(asks)) if waits else None
    if scripted is not None:
        return None, Step(citizen=scripted)
    if steps:
        return steps.pop(0)
    if reply["expects"] == "confirm":
        return None, Step(citizen="네")
    return None


def _with_a_person(reply: JsonObject) -> bool:
    handover = reply.get("handover")
    return handover is not None and handover["state"] in ("joined", "queued")


async def _judge(scenario: Scenario, agent: Agent, reply: JsonObject, verdict: Verdict) -> None:
    end = scenario.end
    writes = await agent.writes(reply) if end.calls is not None else []
    said = " ".join(one["say"] for one in verdict.replies)
    cited = [one for reply in verdict.replies for one in reply.get("citations", [])]
    verdict.missed += [
        *_calls(end.calls, writes),
        *(() if end.citations is None else mismatches(end.citations, cited, "end.citations")),
        *words_mismatches(end.said, said, "end.said"),
        *_forbidden(end.never, [*verdict.replies, verdict.transcript]),
    ]
    handover = reply.get("handover")
    if end.handover is not None and (handover is not None) != end.handover:
        wanted = "a hand-over" if end.handover else "no hand-over"
        verdict.missed.append(Mismatch("end.handover", wanted, str(handover)))
    if verdict.missed:
        verdict.fail(None, str(verdict.missed[0]))


def _calls(expected: Sequence[JsonObject] | None, writes: list[JsonObject]) -> Iterator[Mismatch]:
    """Missing and surplus writes."""
    if expected is None:
        return
    wanted = [{key: value for key, value in one.items() if key not in _BY_DEFINITION} for one in expected]
    yield from mismatches(wanted, writes, "end.calls")
    if len(writes) != len(wanted):
        yield Mismatch("end.calls", f"{len(wanted)} writes", f"{len(writes)}: {writes}")


def _forbidden(never: Sequence[str], shown: Sequence[JsonObject]) -> Iterator[Mismatch]:
    texts = list(_texts(shown)) if never else []
    for forbidden in never:
        found = next((text for text in texts if forbidden in text), None)
        if found is not None:
            yield Mismatch("end.never", f"nowhere {forbidden!r}", repr(found[:200]))


def _texts(shown: Any) -> Iterator[str]:
    """Every text and number in JSON, names of fields included."""
    if isinstance(shown, dict):
        for name, value in shown.items():
            if name not in _NOT_SAID:
                yield name
                yield from _texts(value)
    elif isinstance(shown, list):
        for value in shown:
            yield from _texts(value)
    elif shown is not None:
        yield str(shown)
