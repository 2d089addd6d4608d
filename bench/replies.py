"""What the agent really says: replies of conversation tests played against the sandbox city.

``python bench/replies.py ROUNDS > replies.jsonl``: every scenario of the catalogue and of ``bench/scenarios``
is played ROUNDS times, each time on another day, in another district and in a city of another seed, in an
order drawn from a fixed seed. One JSON object a line: ``{"conversation", "service", "say", "private"}``, the
last being what must not reach the phrase cache on disk (null: nothing may). Nothing is judged: where the city
answers otherwise than the scenario expects, the conversation goes on.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from random import Random

from donghaeng.app import open_for_tests
from donghaeng.app.privacy import private_words
from donghaeng.city.services.loading import TESTS_FILE
from donghaeng.conversation.reply import Reply
from donghaeng.conversation.scenario_runner import MAX_TURNS, InProcessAgent, JsonObject
from donghaeng.conversation.scenarios import Scenario, read_scenarios
from donghaeng.errors import DonghaengError

HERE = Path(__file__).resolve().parent
CATALOGUE = HERE.parent / "catalogue"
SEED = 20
DAYS = 28
DISTRICTS = ("마포구", "관악구", "노원구", "종로구", "강남구", "은평구", "성동구", "강서구")


async def replies(rounds: int) -> AsyncIterator[JsonObject]:
    """Every reply of ``rounds`` times all scenarios."""
    chance = Random(SEED)
    files = [*CATALOGUE.glob(f"services/*/{TESTS_FILE}"), *(HERE / "scenarios").glob("*.yaml")]
    scenarios = read_scenarios(sorted(files))
    number = 0
    async with open_for_tests(speech=False) as application:
        agent = InProcessAgent(application.conversations)
        for _ in range(rounds):
            for scenario in chance.sample(scenarios, len(scenarios)):
                number += 1
                async for reply in talk(agent, elsewhere(scenario, chance)):
                    private = private_words(Reply.model_validate(reply), application.catalogue)
                    yield {
                        "conversation": number,
                        "service": reply["service"],
                        "say": reply["say"],
                        "private": private if private is None else sorted(private),
                    }
                if number % 50 == 0:
                    print(f"{number}/{rounds * len(scenarios)} conversations", file=sys.stderr)


def elsewhere(scenario: Scenario, chance: Random) -> Scenario:
    """The same citizen on another day and, where the scenario names a district, perhaps in another."""
    city = scenario.city.model_copy(update={"seed": chance.randrange(10_000)})
    district = scenario.home_district and chance.choice((scenario.home_district, *DISTRICTS))
    now = scenario.now + timedelta(days=chance.randrange(DAYS), minutes=chance.randrange(-60, 60))
    return scenario.model_copy(update={"city": city, "home_district": district, "now": now})


async def talk(agent: InProcessAgent, scenario: Scenario) -> AsyncIterator[JsonObject]:
    """The replies of one conversation, as a scenario is played."""
    try:
        reply = await agent.open(scenario)
        yield reply
        words = [step.citizen for step in scenario.turns]
        for _ in range(MAX_TURNS):
            scripted = scenario.answers.get(str(reply["asks"])) if reply["asks"] else None
            if scripted is None and not words:
                if reply["expects"] != "confirm":
                    return
                scripted = "네"
            reply = await agent.say(reply, scripted if scripted is not None else words.pop(0))
            yield reply
            if reply["ended"]:
                return
    except DonghaengError as error:
        print(f"{scenario.scenario}: {error}", file=sys.stderr)


async def main() -> None:
    async for reply in replies(int(sys.argv[1])):
        print(json.dumps(reply, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
