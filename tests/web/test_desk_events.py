"""The desk's server-sent events."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from donghaeng.people.cases import LineKind
from donghaeng.web.console import desk_events
from donghaeng.web.console.desk_board import Boards


@pytest.fixture
def desk(web_kit):
    return web_kit.fake_desk.FakeDesk()


@pytest.fixture
def boards(desk) -> Boards:
    return Boards(desk, lambda: [{"id": "bulky_waste", "name": "대형 폐기물"}])


async def yes() -> bool:
    return True


async def no() -> bool:
    return False


async def next_of(stream: AsyncIterator[bytes]) -> str:
    return (await asyncio.wait_for(anext(stream), 5)).decode()


async def test_a_page_gets_the_lists_at_once_and_after_each_change(desk, boards: Boards) -> None:
    desk.add("h_1")
    stream = desk_events.lists(desk, boards, "st_1", yes)
    first = await next_of(stream)
    assert first.startswith("event: queue\n")
    assert 'data-handover="h_1"' in first
    desk.add("h_2")
    assert 'data-handover="h_2"' in await next_of(stream)
    await stream.aclose()
    assert not desk._watchers


async def test_a_rush_is_one_event(desk, boards: Boards) -> None:
    stream = desk_events.lists(desk, boards, "st_1", yes)
    await next_of(stream)
    for number in range(50):
        desk.add(f"h_{number}")
    lists = await next_of(stream)
    assert lists.count('class="row"') == 50
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(anext(stream), 0.05)
    assert not desk._watchers


async def test_twenty_pages_read_the_queue_once(desk, boards: Boards, monkeypatch) -> None:
    desk.add("h_1")
    read = 0
    real = desk.queue

    async def counted():
        nonlocal read
        read += 1
        return await real()

    monkeypatch.setattr(desk, "queue", counted)
    for _ in range(2):
        after = await desk.last_seq()
        await asyncio.gather(*(boards.lists(f"st_{number}", after) for number in range(20)))
        desk.add(f"h_{read + 1}")
    assert read == 2


async def test_a_picture_is_made_anew_when_it_is_old(desk) -> None:
    now = [0.0]
    boards = Boards(desk, list, clock=lambda: now[0])
    await boards.board()
    desk.add("h_1")
    assert (await boards.board()).waiting == ()
    assert len((await boards.board(after=1)).waiting) == 1
    desk.add("h_2")
    assert len((await boards.board()).waiting) == 1
    now[0] = 0.3
    assert len((await boards.board()).waiting) == 2


async def test_the_end_of_the_login_ends_the_lists(desk, boards: Boards, monkeypatch) -> None:
    monkeypatch.setattr(desk_events, "LOOK_SECONDS", 0.01)
    stream = desk_events.lists(desk, boards, "st_1", no)
    assert (await next_of(stream)).startswith("event: queue")
    assert (await next_of(stream)).startswith("event: over")
    with pytest.raises(StopAsyncIteration):
        await anext(stream)


async def test_the_end_of_the_login_ends_the_lists_of_a_busy_desk_too(
    desk, boards: Boards, monkeypatch
) -> None:
    monkeypatch.setattr(desk_events, "LOOK_SECONDS", 0.2)
    stream = desk_events.lists(desk, boards, "st_1", no)
    await next_of(stream)
    desk.add("h_1")
    assert (await next_of(stream)).startswith("event: over")


async def test_the_owner_gets_the_lines_in_order_and_as_plain_text(desk) -> None:
    desk.add("h_1")
    desk.add("h_2")
    await desk.claim("h_1", "st_1")
    after = await desk.last_seq()
    stream = desk_events.lines(desk, "h_1", "st_1", after, yes)
    desk.happen("h_1", LineKind.CITIZEN, "<script>alert(1)</script>")
    desk.happen("h_2", LineKind.CITIZEN, "남의 말")
    await desk.say("h_1", "st_1", "네, 말씀하세요.")
    desk.happen("h_1", LineKind.CITIZEN, "숨이 막혀요", detail="medical")
    first, second, third = [await next_of(stream) for _ in range(3)]
    assert "event: line\n" in first
    assert f"id: {after + 1}\n" in first
    assert "&lt;script&gt;" in first
    assert "<script>" not in first
    assert "나 <time>" in second
    assert "긴급 상황: 응급 환자" in third
    assert not any("남의 말" in event for event in (first, second, third))
    await stream.aclose()


async def test_words_reach_nobody_who_is_no_longer_the_owner(desk) -> None:
    desk.add("h_1")
    await desk.claim("h_1", "st_1")
    stream = desk_events.lines(desk, "h_1", "st_1", await desk.last_seq(), yes)
    await desk.hand_back("h_1", "st_1")
    desk.happen("h_1", LineKind.CITIZEN, "이건 기계에게만 하는 말")
    assert (await next_of(stream)).startswith("event: hands")
    with pytest.raises(StopAsyncIteration):
        await anext(stream)
    stranger = desk_events.lines(desk, "h_1", "st_2", 0, yes)
    events = [event.decode() async for event in stranger]
    assert len(events) == 1
    assert events[0].startswith("event: hands")


async def test_the_end_of_the_login_ends_the_lines(desk, monkeypatch) -> None:
    monkeypatch.setattr(desk_events, "LOOK_SECONDS", 0.01)
    desk.add("h_1")
    await desk.claim("h_1", "st_1")
    stream = desk_events.lines(desk, "h_1", "st_1", await desk.last_seq(), no)
    assert [event async for event in stream] == []
    desk.happen("h_1", LineKind.CITIZEN, "아직 들리세요?")
    monkeypatch.setattr(desk_events, "LOOK_SECONDS", 60)
    stream = desk_events.lines(desk, "h_1", "st_1", 0, no)
    assert [event async for event in stream] == []
