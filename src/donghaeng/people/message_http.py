"""Messages over HTTP: ``POST {url}`` with a JSON object, for an operator's own bridge to a text service.

Sent is ``{"to": "010…", "text": "…", "key": "…"}`` with the key as ``Idempotency-Key`` too; the answer is
any 2xx, its JSON ``id`` (where there is one) the reference. 400, 404, 410 and 422 say that the message will
never be sent. Neither number nor text reaches an error message.
"""

from __future__ import annotations

from typing import Any, Final

import httpx

from donghaeng.errors import (
    MessageRefused,
    ProviderDenied,
    ProviderTimeout,
    ProviderUnavailable,
    SettingsError,
)

TIMEOUT_S: Final = 10.0
NEVER: Final = frozenset({400, 404, 410, 422})
DENIED: Final = frozenset({401, 403})
_PROVIDER: Final = "messages"


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
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._client = httpx.AsyncClient(
            headers=headers, timeout=TIMEOUT_S, transport=transport, follow_redirects=False, trust_env=False
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
        try:
            answer = await self._client.post(self._url, json=body, headers={"Idempotency-Key": key})
        except httpx.TimeoutException:
            raise ProviderTimeout(_PROVIDER, "no answer in time") from None
        except (httpx.HTTPError, httpx.StreamError, OSError) as error:
            raise ProviderUnavailable(_PROVIDER, f"no connection ({type(error).__name__})") from None
        if answer.status_code in NEVER:
            raise MessageRefused(_PROVIDER, f"HTTP {answer.status_code}")
        if answer.status_code in DENIED:
            raise ProviderDenied(_PROVIDER, "the key is refused", remedy="see DONGHAENG_MESSAGE_KEY")
        if not answer.is_success:
            raise ProviderUnavailable(_PROVIDER, f"HTTP {answer.status_code}")
        return _reference(answer) or key

    async def aclose(self) -> None:
        """Close connections."""
        await self._client.aclose()


def _reference(answer: httpx.Response) -> str | None:
    try:
        body: Any = answer.json()
    except ValueError:
        return None
    found = body.get("id") if isinstance(body, dict) else None
    return str(found)[:100] if found else None
