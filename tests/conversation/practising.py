"""A citizen who practises: a real runtime whose real city must never be asked."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import func, select
from tests.conversation.scripted import KEY, PLACES
from tests.dialogue.harness import policy

from donghaeng.app.cities import ConversationCities
from donghaeng.city.connect import connect
from donghaeng.conversation.account import Account
from donghaeng.conversation.carrying_out import Carrier
from donghaeng.conversation.door import Opening, Said
from donghaeng.conversation.editions import Edition, OneEdition
from donghaeng.conversation.reply import Reply
from donghaeng.conversation.runtime import ConversationRuntime
from donghaeng.conversation.summaries import Summaries
from donghaeng.settings import load_settings
from donghaeng.store import Store
from donghaeng.store import tables as t
from donghaeng.trust.sealing import Sealer
from donghaeng.understanding.acts import Act, ActKind, Context, Understanding

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
LEFT_BEHIND = (t.outbox, t.requests, t.messages, t.outgoing_calls, t.remembered, t.page_codes)
"""What a real conversation may leave behind in the city or for somebody."""
PRACTISE = Act(ActKind.PRACTISE)


@dataclass
class Told:
    """An understanding that is told what comes next."""

    acts: Sequence[Act] = ()

    def understand(self, utterance: str, context: Context) -> tuple[Act, ...]:
        return tuple(self.acts)


def _unreachable(request: httpx.Request) -> httpx.Response:
    raise AssertionError(f"{request.url.host} was asked")


@dataclass
class Citizen:
    """A runtime whose real city is live and must never be asked, and one conversation in it."""

    store: Store
    folder: Path
    told: Told = field(default_factory=Told)
    reply: Reply | None = None
    understanding: Understanding | None = None
    """What understands instead of being told."""

    def __post_init__(self) -> None:
        live = load_settings(city="live", data=self.folder)
        city = connect(live, PLACES, transport=httpx.MockTransport(_unreachable))
        self.cities = ConversationCities(city, PLACES)
        editions = OneEdition(Edition(policy(), self.understanding or self.told))
        account = Account(self.store, editions, self.cities)
        clock = _clock()
        carrier = Carrier(
            self.store, owner="one", clock=clock, observe=lambda outcome: None, account=account, calls=True
        )
        self.runtime = ConversationRuntime(
            store=self.store,
            editions=editions,
            places=PLACES,
            cities=self.cities,
            carrier=carrier,
            clock=clock,
            summaries=Summaries(clock, enabled=True),
        )

    async def opens(self, *, practice: bool = False) -> Reply:
        self.reply = await self.runtime.open(
            Opening(channel="web", home_district="마포구", person="k" * 24, practice=practice)
        )
        return self.reply

    async def does(self, *acts: Act, key: str | None = None) -> Reply:
        assert self.reply is not None
        self.told.acts = acts
        said = Said(no_input=True) if acts[0].kind is ActKind.SILENCE else Said(text="말")
        self.reply = await self.runtime.turn(
            self.reply.conversation, self.reply.token, said, idempotency_key=key
        )
        return self.reply

    def practice(self) -> Any:
        """The practice conversation, as it is kept in memory."""
        kept = self.runtime._memory._kept
        return next(live for name, live in reversed(kept.items()) if live.conversation.practice)

    @property
    def practised_writes(self) -> list[dict[str, Any]]:
        return self.cities.writes(self.practice().conversation)

    def left_behind(self) -> Mapping[str, int]:
        """Rows of every table that holds what was done."""
        return self.store.look(
            lambda tx: {
                table.name: count
                for table in LEFT_BEHIND
                if (count := tx.connection.execute(select(func.count()).select_from(table)).scalar_one())
            }
        )


def _clock() -> Callable[[], datetime]:
    times = iter(NOW + timedelta(milliseconds=number) for number in range(1_000_000))
    return lambda: next(times)


@contextmanager
def somebody(folder: Path) -> Iterator[Citizen]:
    with Store.open(f"sqlite:///{folder / 'd.db'}", Sealer([KEY]), synchronous="NORMAL") as store:
        yield Citizen(store, folder)


@asynccontextmanager
async def practising(folder: Path) -> AsyncIterator[Citizen]:
    with somebody(folder) as citizen:
        await citizen.opens()
        await citizen.does(PRACTISE)
        yield citizen
        await citizen.cities.aclose()
