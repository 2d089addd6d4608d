"""Tool calls on a real runtime: reads answer with rows, writes take two calls and happen once."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.conversation.scripted import Died, World
from tests.mcp.kit import SOFA, desk_of, server_of

from donghaeng.errors import GatewayRefused, InputError, ProviderTimeout
from donghaeng.mcp.confirmation import LIFETIME
from donghaeng.store import outbox, requests
from mcp import Client


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def failing(error: BaseException) -> Callable[[], None]:
    def fail() -> None:
        raise error

    return fail


async def test_a_read_answers_with_words_and_rows(world: World) -> None:
    with desk_of(world) as desk:
        answer = await desk.call("bike_station", {"place": "합정역"})
    assert answer["status"] == "ok"
    assert "따릉이" in answer["text"]
    assert answer["rows"][0]["bikes"] == 4
    assert answer["slots"]["place"]["name"] == "합정역"
    assert json.dumps(answer)


async def test_a_write_is_read_back_first_and_sent_once(world: World) -> None:
    with desk_of(world) as desk:
        asked = await desk.call("bulky_waste", SOFA)
        assert (asked["status"], asked["receipt"]) == ("confirm", None)
        assert "303호" in asked["text"]
        assert "원" in asked["text"], "the fee is told before the yes"
        assert world.city.sent == []
        given = SOFA | {"confirmation": asked["confirmation"]["token"]}
        done = await desk.call("bulky_waste", given)
        assert (done["status"], done["receipt"]) == ("ok", "SEL-000001")
        again = await desk.call("bulky_waste", given)
        assert (again["status"], again["receipt"], again["text"]) == ("ok", "SEL-000001", done["text"])
    assert len(world.city.sent) == 1


async def test_what_was_requested_is_known_in_the_conversation(world: World) -> None:
    with desk_of(world) as desk:
        asked = await desk.call("bulky_waste", SOFA)
        done = await desk.call("bulky_waste", SOFA | {"confirmation": asked["confirmation"]["token"]})
        conversation = desk._tokens.handle(done["conversation"]).conversation  # noqa: SLF001
        made = await desk._store.read(lambda tx: requests.of_conversation(tx, conversation))  # noqa: SLF001
        assert [(one.service, one.receipt) for one in made] == [("bulky_waste", "SEL-000001")]
        weather = await desk.call("weather", {"district": "마포구", "conversation": done["conversation"]})
        assert weather["status"] == "ok"


@pytest.mark.parametrize(
    "change", [{"item": "책상"}, {"date": "2026-12-02"}, {"count": 2}, {"phone": "010-9999-8888"}]
)
async def test_a_confirmation_is_for_exactly_its_arguments(world: World, change: dict[str, Any]) -> None:
    with desk_of(world) as desk:
        token = (await desk.call("bulky_waste", SOFA))["confirmation"]["token"]
        with pytest.raises(InputError, match="other arguments"):
            await desk.call("bulky_waste", SOFA | change | {"confirmation": token})
        assert world.city.sent == []
        assert (await desk.call("bulky_waste", SOFA | {"confirmation": token}))["receipt"] == "SEL-000001"


async def test_a_confirmation_is_for_its_session_and_its_service(world: World) -> None:
    with desk_of(world) as desk:
        token = (await desk.call("bulky_waste", SOFA, session="a"))["confirmation"]["token"]
        for service, session in (("bulky_waste", "b"), ("meter_freeze", "a")):
            with pytest.raises(InputError, match="confirmation"):
                await desk.call(service, SOFA | {"confirmation": token}, session=session)
        with pytest.raises(InputError, match="not known here"):
            await desk.call("bulky_waste", SOFA | {"confirmation": token[:-6] + "AAAAAA"}, session="a")
        assert world.city.sent == []
        await desk.call("bulky_waste", SOFA | {"confirmation": token}, session="a")
    assert len(world.city.sent) == 1


async def test_a_confirmation_lives_for_minutes_and_its_receipt_for_ever(world: World) -> None:
    with desk_of(world) as desk:
        late = (await desk.call("bulky_waste", SOFA))["confirmation"]["token"]
        soon = (await desk.call("bulky_waste", SOFA))["confirmation"]["token"]
        done = await desk.call("bulky_waste", SOFA | {"confirmation": soon})
        world.clock.now += LIFETIME + timedelta(seconds=1)
        with pytest.raises(InputError, match="holds no longer"):
            await desk.call("bulky_waste", SOFA | {"confirmation": late})
        again = await desk.call("bulky_waste", SOFA | {"confirmation": soon})
    assert again["receipt"] == done["receipt"]
    assert len(world.city.sent) == 1


async def test_a_process_that_dies_while_sending_leaves_one_request_and_the_truth(world: World) -> None:
    with desk_of(world) as desk:
        token = (await desk.call("bulky_waste", SOFA))["confirmation"]["token"]
        world.city.after = failing(Died())
        with pytest.raises(Died):
            await desk.call("bulky_waste", SOFA | {"confirmation": token})
        world.city.after = lambda: None
    with desk_of(world) as desk:
        done = await desk.call("bulky_waste", SOFA | {"confirmation": token})
        assert (done["status"], done["receipt"]) == ("ok", "SEL-000001")
        assert (await desk.call("bulky_waste", SOFA | {"confirmation": token}))["receipt"] == "SEL-000001"
    assert len(world.city.accepted) == 1
    assert len(set(world.city.sent)) == 1


async def test_an_answer_that_is_awaited_is_told_when_it_came(world: World) -> None:
    with desk_of(world) as desk:
        given = SOFA | {"confirmation": (await desk.call("bulky_waste", SOFA))["confirmation"]["token"]}
        world.city.before = failing(ProviderTimeout("gateway", "no answer"))
        assert (await desk.call("bulky_waste", given))["status"] == "awaited"
        assert (await desk.call("bulky_waste", given))["status"] == "awaited"
        world.city.before = lambda: None
        world.clock.now += timedelta(minutes=15)
        assert await desk._conversations.send_waiting() == 1  # noqa: SLF001
        done = await desk.call("bulky_waste", given)
        assert (done["status"], done["receipt"]) == ("ok", "SEL-000001")
        assert "SEL-000001" in done["text"]
    assert len(world.city.accepted) == 1


async def test_a_refusal_is_the_same_however_often_it_is_asked_for(world: World) -> None:
    with desk_of(world) as desk:
        given = SOFA | {"confirmation": (await desk.call("bulky_waste", SOFA))["confirmation"]["token"]}
        world.city.before = failing(GatewayRefused("gateway", "full", "no"))
        first = await desk.call("bulky_waste", given)
        world.city.before = lambda: None
        assert (first["status"], first["receipt"]) == ("refused", None)
        assert (await desk.call("bulky_waste", given))["status"] == "refused"
        assert world.city.accepted == {}


async def test_what_is_missing_is_asked_for(world: World) -> None:
    with desk_of(world) as desk:
        asked = await desk.call("bulky_waste", {"item": "소파"})
        assert (asked["status"], asked["question"]["slot"]) == ("question", "address")
        with pytest.raises(InputError, match="question stands open"):
            await desk.call("bulky_waste", SOFA | {"conversation": asked["conversation"]})
        with pytest.raises(InputError, match="same arguments"):
            await desk.call("bulky_waste", SOFA | {"choice": 1})
        given = {"item": "소파", "choice": 1, "conversation": asked["conversation"]}
        with pytest.raises(InputError, match="none of the options"):
            await desk.call("bulky_waste", given)


@pytest.mark.parametrize("name", ["teleport", "emergency", ""])
async def test_what_is_not_served_is_no_tool(world: World, name: str) -> None:
    with desk_of(world) as desk:
        assert name not in {service.id for service in desk.services}
        with pytest.raises(InputError, match="no such tool"):
            await desk.call(name, {})


async def test_the_sdks_client_finds_tools_answers_and_resources(world: World) -> None:
    with desk_of(world) as desk:
        async with Client(server_of(desk)) as client:
            tools = {tool.name: tool for tool in (await client.list_tools()).tools}
            assert set(tools) == {service.id for service in desk.services}
            answer = await client.call_tool("bike_station", {"place": "합정역"})
            assert not answer.is_error
            assert answer.content[0].text == answer.structured_content["text"]
            wrong = await client.call_tool("bike_station", {"place": "주민번호 900101-1234567"})
            assert wrong.is_error
            assert "never collected" in wrong.content[0].text
            uris = {resource.uri for resource in (await client.list_resources()).resources}
            assert uris == {"donghaeng://emergencies", "donghaeng://counsellor"}
            kinds = json.loads((await client.read_resource("donghaeng://emergencies")).contents[0].text)
            assert {one["kind"]: one["number"] for one in kinds}["fire"] == "119"


async def test_nothing_personal_is_logged_or_stored_in_the_clear(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    with desk_of(world) as desk:
        async with Client(server_of(desk)) as client:
            asked = await client.call_tool("bulky_waste", SOFA)
            token = asked.structured_content["confirmation"]["token"]
            await client.call_tool("bulky_waste", SOFA | {"confirmation": token})
            await client.call_tool("bulky_waste", SOFA | {"date": "1234567"})
        lines = [one.getMessage() for one in caplog.records if one.levelname != "DEBUG"]
        assert not any("5678" in line or "303호" in line for line in lines)
        waiting = await desk._store.read(outbox.pending)  # noqa: SLF001
        assert waiting == []
    stored = world.bytes()
    assert b"010-1234-5678" not in stored
    assert "303호".encode() not in stored
