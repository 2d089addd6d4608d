"""Fifty conversations of one counsellor on the real store: its page costs no more for each of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import event
from tests.conversation.scripted import START, World

from donghaeng.conversation.counsel import Counsel
from donghaeng.people.bell import Bell
from donghaeng.people.cases import LineKind
from donghaeng.store import Store, Transaction, conversations, handover_lines, handovers
from donghaeng.store.handover_lines import LineRow
from donghaeng.store.handovers import HandoverRow
from donghaeng.trust.sealing import Sealer
from donghaeng.web.console import desk_events
from donghaeng.web.console.desk_board import Boards

FEW, MANY = 5, 50
KEY = b"k" * 32


@dataclass
class Desk:
    """A desk, the board of its pages, and a count of what the database is asked."""

    store: Store
    desk: Counsel
    bell: Bell
    boards: Boards
    asked: list[str] = field(default_factory=list)

    @contextmanager
    def counting(self) -> Iterator[list[str]]:
        """The statements of the block."""
        self.asked = []
        yield self.asked

    def fill(self, first: int, last: int) -> None:
        """Each number is a talk of kim's, one who waits, and one who is to be called back."""

        def work(tx: Transaction) -> None:
            for number in range(first, last):
                for kind, state in (("mine", "queued"), ("waits", "queued"), ("call", "callback")):
                    name = f"{kind}_{number}"
                    conversations.add(tx, conversations.Conversation(f"c_{name}", "chat", START, "v"), name)
                    at = START if state == "callback" else None
                    row = HandoverRow(
                        name, f"c_{name}", START, state=state, phone="010-1234-5678", callback_at=at
                    )
                    handovers.add(tx, row)
                assert handovers.claim(tx, f"mine_{number}", "kim", START)

        self.store.run(work)

    def say(self, number: int, words: str) -> None:
        """A citizen of one of kim's talks says something."""
        line = LineRow(f"mine_{number}", f"c_mine_{number}", LineKind.CITIZEN, START, text=words)
        self.store.run(lambda tx: handover_lines.add(tx, line))
        self.bell.ring()


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    world, bell = World(tmp_path), Bell()
    with Store.open(f"sqlite:///{world.database}", Sealer([KEY])) as store:
        counsel = world.desk(store, world.runtime(store, "one", bell=bell), bell)
        made = Desk(store, counsel, bell, Boards(counsel, list))
        engine = store._engine
        event.listen(engine, "before_cursor_execute", lambda *call: made.asked.append(call[2]))
        yield made


async def yes() -> bool:
    return True


async def test_the_lists_ask_the_database_no_more_for_fifty_than_for_five(desk: Desk) -> None:
    counts = []
    for first, last in ((0, FEW), (FEW, MANY)):
        desk.fill(first, last)
        boards = Boards(desk.desk, list)
        with desk.counting() as asked:
            lists = await boards.lists("kim")
        counts.append(len(asked))
        assert lists.count('class="row"') == 3 * last
    assert counts[0] == counts[1]


async def test_what_fifty_citizens_say_at_once_is_on_the_page_with_few_looks(desk: Desk) -> None:
    desk.fill(0, MANY)
    stream = desk_events.lists(desk.desk, desk.boards, "kim", yes)
    await asyncio.wait_for(anext(stream), 30)
    with desk.counting() as asked:
        desk.boards = Boards(desk.desk, list)
        await desk.boards.lists("kim")
    for_one_picture = len(asked)
    with desk.counting() as asked:
        for number in range(MANY):
            desk.say(number, "여보세요")
        said = len(asked)
        pictures, shown = 0, ""
        while shown.count("새 말 1") < MANY:
            shown = (await asyncio.wait_for(anext(stream), 30)).decode()
            pictures += 1
    await stream.aclose()
    # The page is drawn anew for many words at once, not for each.
    assert pictures < MANY / 5
    assert len(asked) - said <= pictures * (for_one_picture + 20)


async def test_the_open_talk_gets_its_own_words_and_no_others(desk: Desk) -> None:
    desk.fill(0, MANY)
    after = await desk.desk.last_seq()
    stream = desk_events.lines(desk.desk, "mine_7", "kim", after, yes)
    for number in range(MANY):
        desk.say(number, f"{number}번이에요")
    words = (await asyncio.wait_for(anext(stream), 30)).decode()
    assert "7번이에요" in words
    assert "17번이에요" not in words
    desk.say(8, "또 8번이에요")
    desk.say(7, "또 7번이에요")
    assert "또 7번이에요" in (await asyncio.wait_for(anext(stream), 30)).decode()
    await stream.aclose()
