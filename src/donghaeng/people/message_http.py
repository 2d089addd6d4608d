"""Messages over HTTP: ``POST {url}`` with a JSON object, for an operator's own bridge to a text service.

Sent is ``{"to": "010…", "text": "…", "key": "…"}`` (:mod:`donghaeng.people.posting`); the JSON ``id`` of the
answer, where there is one, is the reference. Neither number nor text reaches an error message.
"""

from __future__ import annotations

from typing import Any

import httpx

from donghaeng.errors import MessageRefused, SettingsError
from donghaeng.people.posting import Poster


class HttpMessages:
    """A :class:`~donghaeng.people.messages.MessageProvider` behind an address.

    Args:
        url: where a message is posted to.
        key: bearer key, where the address wants one.
        transport: carries the requests; httpx's own unless given.

    Raises:
        SettingsError: there is no http or https address.
    """

    def __init__(
        self, url: str | None, key: str | None = None, *, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        try:
            self._url = httpx.URL(url or "")
        except httpx.InvalidURL:
            self._url = httpx.URL("")
        if self._url.scheme not in {"http", "https"} or not self._url.host:
            raise SettingsError("the address for messages is none", remedy="set DONGHAENG_MESSAGE_URL")
        self._poster = Poster(
            self._url,
            key,
            provider="messages",
            refused=MessageRefused,
            key_setting="DONGHAENG_MESSAGE_KEY",
            transport=transport,
        )

    @property
    def name(self) -> str:
        """The host."""
        return f"http {self._url.host}"

    async def send(self, number: str, text: str, *, key: str) -> str:
        """Post it; see :class:`MessageProvider`.

        Raises:
            MessageRefused, ProviderDenied, ProviderTimeout, ProviderUnavailable.
        """
        body = {"to": number.replace("-", ""), "text": text, "key": key}
        answer = await self._poster.post(body, key=key)
        return _reference(answer) or key

    async def aclose(self) -> None:
        """Close connections."""
        await self._poster.aclose()


def _reference(answer: httpx.Response) -> str | None:
    try:
        body: Any = answer.json()
    except ValueError:
        return None
    found = body.get("id") if isinstance(body, dict) else None
    return str(found)[:100] if found else None
