"""Which conversation reaches the systems that the catalogue imported operations of: composition root."""

from __future__ import annotations

from typing import Any

from donghaeng.app.cities import ConversationCities
from donghaeng.city.imported import Imported, load_imported
from donghaeng.city.operations import City
from donghaeng.city.providers.imported import Carried, carry
from donghaeng.city.with_imports import CityWithImports
from donghaeng.sandbox.city import PRACTICE_PREFIX
from donghaeng.settings import Settings
from donghaeng.store.conversations import Conversation

EXAMPLE_PREFIX = "IMPORTED-"
"""Begins receipts of imported operations in the sandbox city."""


class CitiesWithImports:
    """Cities that also carry out imported operations: for real where the city is live, by the examples of
    ``operation.yaml`` in the sandbox, in practice and in tests."""

    def __init__(self, inner: ConversationCities, settings: Settings, imported: Imported) -> None:
        self._inner = inner
        self._imported = imported
        self._keys = {name: key.get_secret_value() for name, key in settings.operation_keys.items()}
        live = settings.city == "live" and bool(imported)
        self._carried: Carried | None = carry(settings.service_hosts) if live else None

    def of(self, conversation: Conversation) -> City:
        """The city that answers ``conversation``."""
        city = self._inner.of(conversation)
        if not self._imported:
            return city
        test = conversation.test_city is not None or conversation.test_clock is not None
        real = self._carried is not None and not conversation.practice and not test
        return CityWithImports(
            city,
            self._imported,
            carried=self._carried if real else None,
            keys=self._keys,
            receipts=(f"{PRACTICE_PREFIX}-" if conversation.practice else "") + EXAMPLE_PREFIX,
        )

    def writes(self, conversation: Conversation) -> list[dict[str, Any]]:
        """Writes that the conversation's own city accepted."""
        return self._inner.writes(conversation)

    def release(self, conversation_id: str) -> None:
        """The conversation is over; its own city may go."""
        self._inner.release(conversation_id)

    async def aclose(self) -> None:
        """Close every city and connection."""
        await self._inner.aclose()
        if self._carried is not None:
            await self._carried.client.aclose()


def with_imports(inner: ConversationCities, settings: Settings) -> CitiesWithImports:
    """Cities before ``inner``, with what the catalogue imported.

    Raises:
        CatalogueError: an ``operation.yaml`` is wrong.
    """
    return CitiesWithImports(inner, settings, load_imported(settings.catalogue))
