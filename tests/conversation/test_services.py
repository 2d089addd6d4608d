"""Every service's own conversation tests, one test a scenario (``service/scenario``), on the served engines.

A failure prints the whole conversation, with what was expected beside what came. ``donghaeng services test``
plays the same without pytest.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from tests.dialogue.harness import catalogue

from donghaeng.app import open_for_tests
from donghaeng.city.services.loading import TESTS_FILE
from donghaeng.conversation.scenario_report import plain, report
from donghaeng.conversation.scenario_runner import Agent, InProcessAgent, Verdict, play
from donghaeng.conversation.scenarios import Written, read_written
from donghaeng.measuring.scenario_kinds import lacking

one_loop = pytest.mark.asyncio(loop_scope="module")

FEWEST = 4
"""Conversation tests of a service that people are served with."""
SERVED = [name for name, service in catalogue().items() if service.is_served]
SCENARIOS = read_written(
    catalogue().documents[name].file.parent / TESTS_FILE for name in catalogue() if name in catalogue().tested
)
PLAYED: dict[str, Verdict] = {}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def agent() -> AsyncIterator[Agent]:
    async with open_for_tests() as application:
        yield InProcessAgent(application.conversations)


async def _played(written: Written, agent: Agent) -> Verdict:
    name = written.scenario.scenario
    if name not in PLAYED:
        PLAYED[name] = await play(written.scenario, agent)
    return PLAYED[name]


@one_loop
@pytest.mark.parametrize("written", SCENARIOS, ids=lambda one: f"{one.suite}/{one.scenario.scenario}")
async def test_conversation(written: Written, agent: Agent) -> None:
    verdict = await _played(written, agent)
    if not verdict.passed:
        told = plain(report(verdict, f"{written.suite} / {verdict.scenario}"))
        pytest.fail(f"{written.file}:{written.line}\n{told}", pytrace=False)


@one_loop
@pytest.mark.parametrize("service", SERVED)
async def test_every_service_shows_all_four_kinds(service: str, agent: Agent) -> None:
    own = [written for written in SCENARIOS if written.suite == service]
    assert len(own) >= FEWEST
    runs = [(service, await _played(written, agent)) for written in own]
    gaps = lacking({service: catalogue()[service]}, runs)
    assert not gaps, f"no conversation test of {service} shows: {', '.join(gaps[service])}"
