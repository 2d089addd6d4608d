"""Notices over HTTP: ``POST {url}`` with ``{"key", "title", "text", "place"}``."""

from __future__ import annotations

import httpx

from donghaeng.people.posting import Poster
from donghaeng.store.notices import Notice
from donghaeng.tower.notices.sending import NoticeRefused


class Webhook:
    """A :class:`~donghaeng.tower.notices.sending.Carrier` behind an address of the city.

    Args:
        url: where it is posted to.
        key: bearer key, where the address wants one.
        transport: carries the requests, and refuses hosts that are not to be reached.
    """

    def __init__(self, url: str, key: str | None = None, *, transport: httpx.AsyncBaseTransport) -> None:
        self._poster = Poster(
            url,
            key,
            provider="alert_webhook",
            refused=NoticeRefused,
            key_setting="DONGHAENG_ALERT_WEBHOOK_KEY",
            transport=transport,
        )

    async def send(self, notice: Notice) -> None:
        """Post it.

        Raises:
            NoticeRefused, ProviderDenied, ProviderTimeout, ProviderUnavailable.
        """
        body = {"key": notice.key, "title": notice.title, "text": notice.text, "place": notice.place}
        await self._poster.post(body, key=notice.key)

    async def aclose(self) -> None:
        """Close connections."""
        await self._poster.aclose()
