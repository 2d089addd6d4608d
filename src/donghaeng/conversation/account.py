"""What a citizen may see of requests: those of this conversation, and an older one against its telephone
number (CONTRACT 8, "Who sees what")."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from donghaeng.city.operations import Answer, City, Effect
from donghaeng.city.services import ServiceDefinition
from donghaeng.conversation.cities import Cities
from donghaeng.conversation.editions import Editions
from donghaeng.dialogue.wording import slot_values, write
from donghaeng.errors import GatewayRefused, TemplateFault
from donghaeng.store import Store, requests
from donghaeng.store.conversations import Conversation
from donghaeng.store.requests import Request

PHONE_NEEDED = "phone_needed"
"""Reason of a refusal: the receipt is an older one, which is shown against its telephone number alone."""
MY_REQUESTS = "my_requests"
CANCELLED, ACCEPTED = "cancelled", "accepted"
FINDS_OLDER = "gateway.requests"

Row = dict[str, Any]


class Account:
    """Answers ``account.requests``."""

    def __init__(self, store: Store, editions: Editions, cities: Cities) -> None:
        self._store = store
        self._editions = editions
        self._cities = cities

    async def requests(
        self, conversation: Conversation, city: City, arguments: Mapping[str, Any], now: datetime
    ) -> Answer:
        """The conversation's own requests, newest first, or the one with a receipt.

        Raises:
            GatewayRefused: the receipt is no own one and comes without a telephone number (``phone_needed``).
            ProviderError: the city does not answer for an older one.
        """
        own = await self._own(conversation)
        receipt, phone = arguments.get("receipt"), arguments.get("phone")
        if receipt is None:
            return Answer(tuple(own))
        found = [row for row in own if row["receipt"] == receipt]
        if found:
            return Answer(tuple(found))
        if phone is None:
            raise GatewayRefused("account", PHONE_NEEDED, "an older request needs its telephone number")
        older = await city.call(FINDS_OLDER, {"receipt": receipt, "phone": phone}, now=now)
        return Answer(tuple(self._older(row) for row in older.rows))

    async def _own(self, conversation: Conversation) -> list[Row]:
        if conversation.practice:
            # What is practised is never stored: the practice city alone knows it.
            made = [one for one in self._cities.writes(conversation) if one["service"] != MY_REQUESTS]
            return [self._practised(one) for one in reversed(made)]
        found = await self._store.read(lambda tx: requests.of_conversation(tx, conversation.id))
        return [self._row(one) for one in found]

    def _row(self, request: Request) -> Row:
        state = ACCEPTED if request.cancelled_at is None else CANCELLED
        made_at = request.made_at.isoformat()
        return self._described(request.service, request.receipt, request.summary, state, made_at)

    def _practised(self, made: Mapping[str, Any]) -> Row:
        state = CANCELLED if made["cancelled"] else ACCEPTED
        return self._described(made["service"], made["receipt"], made["arguments"], state, None)

    def _described(
        self, service: str, receipt: str, arguments: Mapping[str, Any], state: str, made_at: str | None
    ) -> Row:
        definition = self._editions.current.catalogue.get(service)
        what, detail = _card_words(definition, arguments, receipt) if definition is not None else (None, None)
        return {
            "receipt": receipt,
            "service": service,
            "name": definition.name if definition is not None else service,
            "what": what,
            "detail": detail,
            "state": state,
            "made_at": made_at,
        }

    def _older(self, row: Mapping[str, Any]) -> Row:
        definition = self._editions.current.catalogue.get(row["service"])
        name = definition.name if definition is not None else row["service"]
        made_at = row.get("made_at")
        # As of the conversation's own requests: what is told of them is stored as JSON.
        written = made_at.isoformat() if isinstance(made_at, datetime) else made_at
        return {**row, "made_at": written, "name": name, "what": None, "detail": None}


def _card_words(
    service: ServiceDefinition, arguments: Mapping[str, Any], receipt: str
) -> tuple[str | None, str | None]:
    """What the card of an accepted request says of it: title and detail."""
    card = _card_of_writes(service)
    values = {
        **slot_values(service, {name: arguments.get(name) for name in service.slots}),
        "receipt": receipt,
        "row": {"receipt": receipt},
        "rows": (),
    }
    return _written(card.get("title"), values), _written(card.get("detail"), values)


def _card_of_writes(service: ServiceDefinition) -> Mapping[Any, str]:
    ways: Iterable[Any] = (way for way in service.ways if way.effect is Effect.WRITE and way.card is not None)
    return next((way.card.row for way in ways), {})


def _written(template: str | None, values: Mapping[str, Any]) -> str | None:
    """The words, or None where the card needs what is known only while the request is made (a fee)."""
    if template is None:
        return None
    try:
        return write(template, values) or None
    except TemplateFault:
        return None
