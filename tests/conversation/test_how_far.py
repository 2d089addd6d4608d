"""What somebody who sees along is told of how far the city is."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import donghaeng.web
from donghaeng.city.operations import Answer, Operation
from donghaeng.conversation import how_far
from donghaeng.conversation.how_far import MOST_ASKED, STATUSES, statuses
from donghaeng.errors import ProviderError, ProviderUnavailable
from donghaeng.store.conversations import Conversation
from donghaeng.store.guardians import Shown

NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)
TALKS = {"c_1": Conversation("c_1", "web", NOW, "v1")}


@dataclass
class City:
    """Tells what it is given of each receipt; an error is raised, an event waited for."""

    told: Mapping[str, str | ProviderError | asyncio.Event]
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    operations: Mapping[str, Operation] = field(default_factory=dict)

    async def call(
        self,
        operation: str,
        arguments: Mapping[str, Any],
        *,
        now: datetime,
        idempotency_key: str | None = None,
    ) -> Answer:
        assert (now, idempotency_key) == (NOW, None)
        self.asked.append((operation, dict(arguments)))
        told = self.told.get(arguments["receipt"])
        if isinstance(told, ProviderError):
            raise told
        if isinstance(told, asyncio.Event):
            await told.wait()
        return Answer(
            ({"receipt": arguments["receipt"], "state": told, "department": "도로과"},) if told else ()
        )

    def of(self, conversation: Conversation) -> City:
        assert conversation in TALKS.values()
        return self

    def writes(self, conversation: Conversation) -> list[dict[str, Any]]:
        raise AssertionError

    def release(self, conversation_id: str) -> None:
        raise AssertionError


def row(receipt: str, service: str = "complaint", *, cancelled: bool = False, talk: str = "c_1") -> Shown:
    return Shown(talk, receipt, service, NOW, NOW + timedelta(hours=1) if cancelled else None)


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ("received", "accepted"),
        ("assigned", "assigned"),
        ("in_progress", "in_progress"),
        ("done", "done"),
        ("withdrawn", "cancelled"),
        (None, "accepted"),
        ("something new", "accepted"),
        (ProviderUnavailable("gateway", "down"), "accepted"),
    ],
)
async def test_the_citys_own_state_is_told_and_where_it_is_silent_what_is_known(
    told: Any, status: str
) -> None:
    city = City({"SEL-1": told})
    assert await statuses(city, TALKS, [row("SEL-1")], NOW) == [status]
    assert city.asked == [("gateway.complaint_status", {"receipt": "SEL-1"})]


async def test_a_city_that_does_not_answer_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(how_far, "PATIENCE_S", 0.02)
    city = City({"SEL-1": asyncio.Event(), "SEL-2": "done"})
    assert await statuses(city, TALKS, [row("SEL-1"), row("SEL-2")], NOW) == ["accepted", "done"]


async def test_only_what_the_city_can_tell_is_asked_and_no_more_than_some() -> None:
    city = City({})
    others = [
        row("SEL-1", "bulky_waste"),
        row("SEL-2", cancelled=True),
        row("SEL-3", talk="c_gone"),
    ]
    assert await statuses(city, TALKS, others, NOW) == ["accepted", "cancelled", "accepted"]
    assert city.asked == []
    many = [row(f"SEL-{number}") for number in range(MOST_ASKED + 5)]
    assert await statuses(city, TALKS, many, NOW) == ["accepted"] * len(many)
    assert len(city.asked) == MOST_ASKED
    assert await statuses(None, TALKS, many[:1], NOW) == ["accepted"]


def test_the_page_has_words_for_every_status() -> None:
    page = Path(donghaeng.web.__file__).parent / "page" / "guardian.js"
    text = page.read_text(encoding="utf-8")
    assert [one for one in STATUSES if f"\n  {one}: " not in text] == []
