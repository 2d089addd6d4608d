"""A number that a waiting caller left is a wish for a person like any other, sealed with it."""

from __future__ import annotations

import sqlite3

from donghaeng.app import open_for_tests
from donghaeng.conversation.callbacks import Callbacks
from donghaeng.conversation.door import Opening
from donghaeng.conversation.live_messages import Start
from donghaeng.store import handovers


async def test_numbers_are_booked_by_the_real_understanding_and_sealed() -> None:
    phones = ["010-1234-5678", "02-123-4567", "031-765-4321"]
    async with open_for_tests() as application:
        callbacks = Callbacks(application.conversations)
        for phone in phones:
            assert await callbacks.book(Start(channel="phone"), phone)
        rows = application.store.look(lambda tx: handovers.waiting(tx, "callback"))
        assert [row.phone for row in rows] == phones
        with sqlite3.connect(application.settings.data / "donghaeng.db") as database:
            dump = "\n".join(database.iterdump())
        assert "handovers" in dump
        for phone in phones:
            assert phone not in dump
            assert phone.replace("-", "") not in dump


async def test_a_caller_whose_line_was_lost_keeps_the_conversation() -> None:
    async with open_for_tests() as application:
        callbacks = Callbacks(application.conversations)
        reply = await application.conversations.open(Opening(channel="web"))
        assert await callbacks.book(Start(resume=reply.token), "010-1234-5678")
        assert await callbacks.book(Start(resume="gone"), "010-8765-4321")
        rows = application.store.look(lambda tx: handovers.waiting(tx, "callback"))
        assert rows[0].conversation_id == reply.conversation
        assert rows[1].conversation_id != reply.conversation
