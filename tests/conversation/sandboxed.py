"""A runtime on a real store, policy and sandbox city; only the ears are left out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.conversation.scripted import PLACES, ScriptedUnderstanding
from tests.dialogue.harness import policy

from donghaeng.city.operations import City
from donghaeng.conversation.account import Account
from donghaeng.conversation.carrying_out import Carrier
from donghaeng.conversation.editions import Edition, OneEdition
from donghaeng.conversation.runtime import ConversationRuntime
from donghaeng.sandbox.inside import InsideCity
from donghaeng.store import Store
from donghaeng.store.conversations import Conversation


@dataclass
class OneCity:
    """The same city for every conversation."""

    city: City
    sandbox: InsideCity

    def of(self, conversation: Conversation) -> City:
        return self.city

    def writes(self, conversation: Conversation) -> list[dict[str, Any]]:
        return [dict(one) for one in self.sandbox.sandbox.writes()]

    def release(self, conversation_id: str) -> None:
        pass


def runtime_on(
    store: Store,
    sandbox: InsideCity,
    clock: Callable[[], datetime],
    *,
    city: City | None = None,
    owner: str = "one",
    understanding: ScriptedUnderstanding | None = None,
) -> ConversationRuntime:
    """A runtime whose every conversation is answered by ``city``, which is the sandbox unless given."""
    cities = OneCity(city or sandbox, sandbox)
    editions = OneEdition(Edition(policy(), understanding or ScriptedUnderstanding()))
    account = Account(store, editions, cities)
    return ConversationRuntime(
        store=store,
        editions=editions,
        places=PLACES,
        cities=cities,
        carrier=Carrier(store, owner=owner, clock=clock, observe=lambda outcome: None, account=account),
        clock=clock,
    )
