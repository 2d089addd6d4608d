"""Practice, courses, helpers and classes, as they are talked about, on the served engines."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from donghaeng.app import open_for_tests
from donghaeng.conversation.scenario_report import plain, report
from donghaeng.conversation.scenario_runner import Agent, InProcessAgent, play
from donghaeng.conversation.scenarios import Written, read_written

SCENARIOS = read_written([Path(__file__).parent / "learning.yaml"])


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def agent() -> AsyncIterator[Agent]:
    async with open_for_tests() as application:
        yield InProcessAgent(application.conversations)


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("written", SCENARIOS, ids=lambda one: one.scenario.scenario)
async def test_talk(written: Written, agent: Agent) -> None:
    verdict = await play(written.scenario, agent)
    if not verdict.passed:
        told = plain(report(verdict, verdict.scenario))
        pytest.fail(f"{written.file}:{written.line}\n{told}", pytrace=False)
