"""JSON posted to an operator's own address: a bridge to a text service, a place for alerts.

The body goes with its key as ``Idempotency-Key``, so that a post that is sent again is known. Any 2xx is a
success; 400, 404, 410 and 422 say that it will never be taken. Nothing of the body reaches an error message.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import httpx

from donghaeng.errors import ProviderDenied, ProviderError, ProviderTimeout, ProviderUnavailable

TIMEOUT_S: Final = 10.0
NEVER: Final = frozenset({400, 404, 410, 422})
DENIED: Final = frozenset({401, 403})


class Poster:
    """One such address.

    Args:
        url: where it is posted to.
        key: bearer key, where the address wants one.
        provider: who that is, for errors.
        refused: what is raised where it will never be taken.
        key_setting: where the key stands, for the remedy.
        transport: carries the requests; httpx's own unless given.
    """

    def __init__(
        self,
        url: httpx.URL | str,
        key: str | None,
        *,
        provider: str,
        refused: type[ProviderError],
        key_setting: str,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._url = url
        self._provider = provider
        self._refused = refused
        self._remedy = f"see {key_setting}"
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._client = httpx.AsyncClient(
            headers=headers, timeout=TIMEOUT_S, transport=transport, follow_redirects=False, trust_env=False
        )

    async def post(self, body: Mapping[str, Any], *, key: str) -> httpx.Response:
        """Post once; the answer of a success.

        Raises:
            ProviderError: the class for refusals; or ProviderDenied, ProviderTimeout, ProviderUnavailable.
        """
        try:
            answer = await self._client.post(self._url, json=dict(body), headers={"Idempotency-Key": key})
        except httpx.TimeoutException:
            raise ProviderTimeout(self._provider, "no answer in time") from None
        except (httpx.HTTPError, httpx.StreamError, OSError) as error:
            raise ProviderUnavailable(self._provider, f"no connection ({type(error).__name__})") from None
        if answer.status_code in NEVER:
            raise self._refused(self._provider, f"HTTP {answer.status_code}")
        if answer.status_code in DENIED:
            raise ProviderDenied(self._provider, "the key is refused", remedy=self._remedy)
        if not answer.is_success:
            raise ProviderUnavailable(self._provider, f"HTTP {answer.status_code}")
        return answer

    async def aclose(self) -> None:
        """Close connections."""
        await self._client.aclose()
