"""The library where many ask at once."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from datetime import datetime

import pytest
from tests.knowledge.made import TEXT, Here

from donghaeng.errors import DocumentRefused
from donghaeng.knowledge.details import Details
from donghaeng.knowledge.documents.blocks import Document
from donghaeng.knowledge.library import Library
from donghaeng.knowledge.shelf import Shelf, ShelfFull
from donghaeng.store import Store
from donghaeng.trust.sealing import Sealer

NOW = datetime.fromisoformat("2026-11-23T10:00:00+09:00")
DETAILS = Details(department="복지정책과")


class Slow(Here):
    """Reads when it may."""

    def __init__(self) -> None:
        super().__init__()
        self.may = threading.Event()
        self.at_once = 0
        self.begins = threading.Semaphore(0)
        self.closes = threading.Semaphore(0)

    def read(self, name: str, data: bytes) -> Document:
        self.at_once += 1
        assert self.at_once == 1, "one after the other"
        self.begins.release()
        assert self.may.wait(20)
        self.at_once -= 1
        return super().read(name, data)

    def close(self) -> None:
        super().close()
        self.closes.release()


@pytest.fixture
def reader() -> Slow:
    return Slow()


@pytest.fixture
async def shelf(reader: Slow) -> AsyncIterator[Shelf]:
    with Store.open("sqlite://", Sealer([b"k" * 32])) as store:
        shelf = Shelf(Library(store, reader, clock=lambda: NOW), reader, idle_seconds=0, most_at_once=2)
        yield shelf
        reader.may.set()
        await shelf.close()


async def comes(happening: threading.Semaphore) -> None:
    assert await asyncio.to_thread(happening.acquire, timeout=20)


async def test_files_queue_and_nobody_else_waits_for_them(shelf: Shelf, reader: Slow) -> None:
    adding = [
        asyncio.create_task(shelf.add(name, TEXT.replace("50", name).encode(), DETAILS, staff="st_1"))
        for name in ("1.md", "2.md")
    ]
    await comes(reader.begins)
    assert await shelf.do(lambda library: library.entries()) == []
    reader.may.set()
    assert [added.outcome for added in await asyncio.gather(*adding)] == ["kept as draft"] * 2
    assert len(await shelf.do(lambda library: library.entries())) == 2


async def test_the_reader_goes_when_no_file_comes(shelf: Shelf, reader: Slow) -> None:
    reader.may.set()
    await shelf.add("1.md", TEXT.encode(), DETAILS, staff="st_1")
    await comes(reader.closes)
    with pytest.raises(DocumentRefused):
        await shelf.add("2.md", b"", DETAILS, staff="st_1")
    await comes(reader.closes)


async def test_whoever_goes_away_leaves_no_half_of_a_file_behind(shelf: Shelf, reader: Slow) -> None:
    adding = asyncio.create_task(shelf.add("1.md", TEXT.encode(), DETAILS, staff="st_1"))
    await comes(reader.begins)
    adding.cancel()
    with pytest.raises(asyncio.CancelledError):
        await adding
    reader.may.set()
    await shelf.add("2.md", TEXT.replace("50", "60").encode(), DETAILS, staff="st_1")
    assert [one.current.name for one in await shelf.do(lambda library: library.entries())] == ["1.md", "2.md"]


async def test_only_so_many_files_are_held(shelf: Shelf) -> None:
    async with shelf.place(), shelf.place():
        with pytest.raises(ShelfFull):
            async with shelf.place():
                pass
    async with shelf.place():
        pass
