"""Which city answers which conversation: part of the composition root."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any

from donghaeng.city.connect import ConnectedCity, connect, daily_limits, key_of
from donghaeng.city.local import NO_LOCAL_OPERATIONS, LocalOperations
from donghaeng.city.operations import City
from donghaeng.city.places import PlaceTable
from donghaeng.city.providers.circuits import OnChange
from donghaeng.city.providers.quota import SharedQuota, Spend
from donghaeng.errors import InputError
from donghaeng.sandbox.faults import parse_faults, parse_full
from donghaeng.sandbox.inside import InsideCity, own_city, shared_city
from donghaeng.sandbox.ledger import Ledger
from donghaeng.settings import Settings
from donghaeng.store import Store, quotas
from donghaeng.store.conversations import Conversation
from donghaeng.trust.sealing import Sealer

LEDGER_FILE = "sandbox.db"
_SEALED_FOR = "sandbox/request"


def open_city(
    settings: Settings,
    places: PlaceTable,
    sealer: Sealer,
    store: Store,
    *,
    on_circuit: OnChange = lambda name, state: None,
) -> ConnectedCity:
    """The city that the settings name. A sandbox city inside this process keeps what it accepted, sealed,
    in the data folder; the calls of real keys are counted in the database.

    Args:
        settings: which city, its keys and limits.
        places: every place the city knows.
        sealer: seals what a sandbox city accepts.
        store: counts calls.
        on_circuit: told of every provider that is left alone, tried or answers again.
    """
    if settings.city != "sandbox" or settings.sandbox_url is not None:
        quota = SharedQuota(daily_limits(settings), _spender(settings, store))
        return connect(settings, places, quota=quota, on_circuit=on_circuit)
    ledger = open_ledger(settings, sealer)
    return shared_city(places, seed=settings.sandbox_seed, ledger=ledger, on_circuit=on_circuit)


def _spender(settings: Settings, store: Store) -> Spend:
    async def spend(counter: str, day: date, limit: int) -> bool:
        key = quotas.key_id(counter, key_of(settings, counter))
        return await store.transact(lambda tx: quotas.spend(tx, key, day, limit))

    return spend


def open_ledger(settings: Settings, sealer: Sealer) -> Ledger:
    """What the sandbox city has accepted, sealed, in the data folder."""
    return Ledger(
        settings.data / LEDGER_FILE,
        seal=lambda raw: sealer.seal(raw.decode(), _SEALED_FOR),
        unseal=lambda blob: str(sealer.open(blob, _SEALED_FOR)).encode(),
    )


class ConversationCities:
    """The shared city, and a sandbox city for each conversation that practises or tests.

    Args:
        shared: answers every other conversation.
        places: every place the cities know.
        local: what this process carries out itself, for each of them.
    """

    def __init__(
        self, shared: ConnectedCity, places: PlaceTable, local: LocalOperations = NO_LOCAL_OPERATIONS
    ) -> None:
        shared.offer(local)
        self._shared = shared
        self._places = places
        self._local = local
        self._own: dict[str, InsideCity] = {}
        self._closing: set[asyncio.Task[None]] = set()

    def of(self, conversation: Conversation) -> City:
        """The city that answers ``conversation``."""
        test = conversation.test_city
        if not conversation.practice and test is None and conversation.test_clock is None:
            return self._shared
        city = self._own.get(conversation.id)
        if city is None:
            test = test or {}
            city = self._own[conversation.id] = own_city(
                self._places,
                seed=int(test.get("seed", 7)),
                faults=parse_faults(list(test.get("faults", ()))),
                full=parse_full(list(test.get("full", ()))),
                practice=conversation.practice,
            )
            city.offer(self._local)
            if conversation.practice:
                self._forget_oldest()
        return city

    def _forget_oldest(self) -> None:
        """Anybody may practise and walk away: the oldest city goes, and one that is practised in yet is new
        again at its next turn."""
        while len(self._own) > MAX_OWN_CITIES:
            self._close(next(iter(self._own)))

    def writes(self, conversation: Conversation) -> list[dict[str, Any]]:
        """Writes that the conversation's own city accepted.

        Raises:
            InputError: it has no city of its own.
        """
        city = self._own.get(conversation.id)
        if city is None and conversation.test_city is None and conversation.test_clock is None:
            raise InputError("the conversation has no city of its own", remedy="open it with `city`")
        if city is None:
            return []
        return [dict(write) for write in city.sandbox.writes()]

    def release(self, conversation_id: str) -> None:
        """Practice cities go with their conversation; a test's city stays to be judged."""
        if conversation_id in self._own and len(self._own) > MAX_OWN_CITIES:
            self._close(conversation_id)

    def _close(self, conversation_id: str) -> None:
        task = asyncio.ensure_future(self._own.pop(conversation_id).aclose())
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    async def aclose(self) -> None:
        """Close every city."""
        for city in (self._shared, *self._own.values()):
            await city.aclose()


MAX_OWN_CITIES = 1_000
"""Cities of ended conversations that are kept for judging."""
