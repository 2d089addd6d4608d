"""A store, a runtime behind a gate, and the desk between them and messengers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from tests.channels.messengers import NOW, GatedConversations, packaged_words

from donghaeng.channels.desk import ChannelDesk
from donghaeng.channels.words import Words
from donghaeng.store import Store
from donghaeng.trust.sealing import Sealer


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "donghaeng.db"


@pytest.fixture
def store(database: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{database}", Sealer([b"k" * 32])) as opened:
        yield opened


@pytest.fixture(scope="session")
def words() -> Words:
    return packaged_words()


@pytest.fixture
async def runtime(store: Store) -> GatedConversations:
    return GatedConversations(store)


@pytest.fixture
def clock() -> list:
    """The time, in a list of one."""
    return [NOW]


@pytest.fixture
async def desk(runtime: GatedConversations, store: Store, words: Words, clock) -> AsyncIterator[ChannelDesk]:
    made = ChannelDesk(
        runtime,
        store,
        clock=lambda: clock[0],
        stands_alone=lambda text: "상담사" in text or "불이야" in text,
        shows=words.show,
    )
    yield made
    runtime.gate.set()
    await made.close()
