"""Posts a late response to the address that KakaoTalk gave for it, which takes one, within a minute."""

from __future__ import annotations

from typing import Final

import httpx
import structlog
from pydantic import ValidationError

from donghaeng.channels.kakao.wire import CallbackResult, SkillResponse

TIMEOUT_S: Final = 5.0
HOST: Final = "kakao.com"
"""Only addresses of this domain are called, whatever a request says."""

_log = structlog.get_logger(__name__)


def is_callback(address: str | None) -> bool:
    """Whether ``address`` is one of the platform's own: https, its domain, no other port and no user."""
    try:
        url = httpx.URL(address or "")
    except (httpx.InvalidURL, ValueError):
        return False
    ours = url.host == HOST or url.host.endswith(f".{HOST}")
    return url.scheme == "https" and ours and url.port is None and not url.userinfo


class Callbacks:
    """The client.

    Args:
        transport: carries the requests; httpx's own unless given.
    """

    def __init__(self, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._client = httpx.AsyncClient(
            timeout=TIMEOUT_S, transport=transport, follow_redirects=False, trust_env=False
        )

    async def post(self, address: str, response: SkillResponse) -> bool:
        """Whether the platform took it. The address is a capability: it reaches no log."""
        headers = {"Content-Type": "application/json"}
        try:
            answer = await self._client.post(address, content=response.body(), headers=headers)
        except (httpx.HTTPError, httpx.StreamError, OSError) as error:
            _log.warning("kakao.callback_failed", error=type(error).__name__)
            return False
        try:
            status = CallbackResult.model_validate_json(answer.content).status
        except ValidationError:
            status = ""
        taken = answer.is_success and status == "SUCCESS"
        if not taken:
            _log.warning("kakao.callback_refused", status=answer.status_code)
        return taken

    async def aclose(self) -> None:
        """Close connections."""
        await self._client.aclose()
