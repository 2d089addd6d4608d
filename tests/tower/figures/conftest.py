"""A store, and conversations put into its log."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from donghaeng.store import Store, conversations, events
from donghaeng.trust.sealing import Sealer

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
KEY = b"k" * 32
Told = tuple[str, Mapping[str, Any]]
OPENED: Told = ("ConversationOpened", {"known_again": False})
BULKY: Told = ("FrameOpened", {"service": "bulky_waste"})
DONE: Told = ("FrameClosed", {"outcome": "completed"})
Talk = Callable[..., None]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path}/d.db", Sealer([KEY]), synchronous="NORMAL") as opened:
        yield opened


@pytest.fixture
def talk(store: Store) -> Talk:
    """Adds events to a conversation, which is opened with the first."""

    def add(name: str, *told: Told, at: datetime = NOW, recalled: Any = None, **more: Any) -> None:
        def work(tx) -> None:
            last = conversations.last_seq(tx, name)
            if last is None:
                row = conversations.Conversation(name, more.pop("channel", "web"), at, "v1", **more)
                conversations.add(tx, row, f"token of {name}")
            found = [
                events.Event(
                    1,
                    kind,
                    at + timedelta(seconds=n),
                    dict(public),
                    {"recalled": recalled} if recalled else {},
                )
                for n, (kind, public) in enumerate(told)
            ]
            events.append(tx, name, last or 0, found)

        store.run(work)

    return add
