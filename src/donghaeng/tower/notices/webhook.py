"""Notices over HTTP: ``POST {url}`` with ``{"key", "title", "text", "place"}``, the key as a header too.

Any 2xx is a success; 400, 404, 410 and 422 say that it will never be taken.
"""

from __future__ import annotations

from typing import Final

import httpx

from donghaeng.errors import ProviderDenied, ProviderTimeout, ProviderUnavailable
from donghaeng.store.notices import Notice
from donghaeng.tower.notices.sending import NoticeRefused

TIMEOUT_S: Final = 10.0
NEVER: Final = frozenset({400, 404, 410, 422})
DENIED: Final = frozenset({401, 403})
_PROVIDER: Final = "alert_webhook"


class Webhook:
    """A :class:`~donghaeng.tower.notices.sending.Carrier` behind an address of the city.

    Args:
        url: where it is posted to.
        key: bearer key, where the address wants one.
        transport: carries the requests, and refuses hosts that are not to be reached.
    """

    def __init__(self, url: str, key: str | None = None, *, transport: httpx.AsyncBaseTransport) -> None:
        self._url = url
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._client = httpx.AsyncClient(
            headers=headers, timeout=TIMEOUT_S, transport=transport, follow_redirects=False, trust_env=False
        )

    async def send(self, notice: Notice) -> None:
        """Post it.

        Raises:
            NoticeRefused, ProviderDenied, ProviderTimeout, ProviderUnavailable.
        """
        body = {"key": notice.key, "title": notice.title, "text": notice.text, "place": notice.place}
        try:
            answer = await self._client.post(self._url, json=body, headers={"Idempotency-Key": notice.key})
        except httpx.TimeoutException:
            raise ProviderTimeout(_PROVIDER, "no answer in time") from None
        except (httpx.HTTPError, httpx.StreamError, OSError) as error:
            raise ProviderUnavailable(_PROVIDER, f"no connection ({type(error).__name__})") from None
        if answer.status_code in NEVER:
            raise NoticeRefused(_PROVIDER, f"HTTP {answer.status_code}")
        if answer.status_code in DENIED:
            raise ProviderDenied(_PROVIDER, "the key is refused", remedy="see DONGHAENG_ALERT_WEBHOOK_KEY")
        if not answer.is_success:
            raise ProviderUnavailable(_PROVIDER, f"HTTP {answer.status_code}")

    async def aclose(self) -> None:
        """Close connections."""
        await self._client.aclose()
