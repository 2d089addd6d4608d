"""A store in a temporary folder, and things to put into it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from donghaeng.store import Store, conversations
from donghaeng.trust.sealing import Sealer

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
KEY = b"k" * 32


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "data" / "donghaeng.db"


@pytest.fixture
def store(database: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{database}", Sealer([KEY])) as opened:
        yield opened


@pytest.fixture
def talk(store: Store) -> str:
    """The id of a stored conversation whose token is ``token``."""
    conversation = conversations.Conversation("c_1", "chat", NOW, "v1")
    store.run(lambda tx: conversations.add(tx, conversation, "token"))
    return conversation.id
