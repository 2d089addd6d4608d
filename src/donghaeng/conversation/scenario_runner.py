"""Plays a conversation test against the agent and judges it (CONTRACT 7)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from donghaeng.conversation.door import Conversations, Location, Opening, Said, TestCity
from donghaeng.conversation.matching import mismatch, words_mismatch
from donghaeng.conversation.scenarios import Scenario, Step
from donghaeng.errors import DonghaengError

MAX_TURNS = 30
"""A conversation that has not ended after so many turns has gone astray."""

JsonObject = dict[str, Any]


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

    async def transcript(self, reply: JsonObject) -> str:
        """The stored transcript as text."""
        ...


@dataclass(slots=True)
class Verdict:
    """How a scenario went."""

    scenario: str
    passed: bool = True
    failed_step: int | None = None
    why: str | None = None
    lines: list[str] = field(default_factory=list)
    """The conversation, readable."""
    replies: list[JsonObject] = field(default_factory=list)

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

    async def transcript(self, reply: JsonObject) -> str:
        """The stored transcript."""
        return str(await self._conversations.transcript(reply["conversation"], reply["token"]))


async def play(
    scenario: Scenario, agent: Agent, *, noise: Callable[[str], str] = lambda text: text
) -> Verdict:
    """Play one scenario. ``noise`` distorts what the citizen says, as a recogniser would.

    An error of the agent is a failure, never an exception.
    """
    verdict = Verdict(scenario.scenario)
    try:
        reply = await agent.open(scenario)
        verdict.replies.append(reply)
        reply = await _talk(scenario, agent, reply, verdict, noise)
        if verdict.passed:
            await _judge(scenario, agent, reply, verdict)
    except DonghaengError as error:
        verdict.fail(None, f"{type(error).__name__}: {error}")
    return verdict


async def _talk(
    scenario: Scenario,
    agent: Agent,
    reply: JsonObject,
    verdict: Verdict,
    noise: Callable[[str], str],
) -> JsonObject:
    steps = list(enumerate(scenario.turns, start=1))
    for _ in range(MAX_TURNS):
        spoken = _next(scenario, steps, reply)
        if spoken is None:
            break
        number, step = spoken
        words = noise(step.citizen)
        reply = await agent.say(reply, words)
        verdict.replies.append(reply)
        verdict.lines += [f"  citizen: {words}", f"  agent:   {reply['say']}"]
        found = mismatch(step.expect, reply)
        if found is not None:
            verdict.fail(number, found)
            break
        if reply["ended"] or _with_a_person(reply):
            break
    if verdict.passed and steps and any(step.expect for _, step in steps):
        verdict.fail(steps[0][0], "its turn never came")
    return reply


def _next(
    scenario: Scenario, steps: list[tuple[int, Step]], reply: JsonObject
) -> tuple[int | None, Step] | None:
    """Whose words come next: a scripted answer to the slot asked for, the next turn, a closing yes."""
    asks = reply.get("asks")
    waits = asks is not None and reply["expects"] in ("slot", "choice")
    scripted = scenario.answers.get(str(asks)) if waits else None
    if scripted is not None and not _answers_itself(steps, asks):
        return None, Step(citizen=scripted)
    if steps:
        return steps.pop(0)
    if reply["expects"] == "confirm":
        return None, Step(citizen="네")
    return None


def _answers_itself(steps: list[tuple[int, Step]], asks: str | None) -> bool:
    """Whether the next turn of the script expects to fill the slot that is asked for."""
    return bool(steps) and asks in steps[0][1].expect.get("slots", {})


def _with_a_person(reply: JsonObject) -> bool:
    handover = reply.get("handover")
    return handover is not None and handover["state"] in ("joined", "queued")


async def _judge(scenario: Scenario, agent: Agent, reply: JsonObject, verdict: Verdict) -> None:
    end = scenario.end
    if end.calls is not None:
        writes = await agent.writes(reply)
        wanted = [{"service": call["service"], "arguments": call.get("arguments", {})} for call in end.calls]
        found = mismatch(wanted, writes, "end.calls")
        if found is None and len(writes) != len(wanted):
            found = f"end.calls: expected {len(wanted)} writes, the city accepted {len(writes)}"
        if found is not None:
            verdict.fail(None, found)
    said = " ".join(one["say"] for one in verdict.replies)
    found = words_mismatch(end.said, said, "end.said")
    if found is not None:
        verdict.fail(None, found)
    shown = str(verdict.replies) + await agent.transcript(reply)
    for forbidden in end.never:
        if forbidden in shown:
            verdict.fail(None, f"end.never: {forbidden!r} occurs")
    if end.handover is not None and (reply.get("handover") is not None) != end.handover:
        verdict.fail(None, f"end.handover: expected {end.handover}, got {reply.get('handover')}")
