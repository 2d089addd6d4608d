"""A model behind an OpenAI-compatible address: ``POST {url}/chat/completions``.

Spoken by llama.cpp, Ollama, vLLM, LM Studio and hosted services
(https://platform.openai.com/docs/api-reference/chat/create). Neither the key nor what is sent or answered
reaches a log line or an error message. Redirects, proxies and ``.netrc`` of the environment are not
followed: what a citizen said goes to the named address alone.
"""

from __future__ import annotations

import ipaddress
import json
from typing import Any, Final, Literal

import httpx

from donghaeng.errors import LanguageModelFailed, SettingsError
from donghaeng.language_models.protocol import Prompt

MAX_BYTES: Final = 64_000
"""Most bytes of an answer; a proposal needs a few hundred."""

READ_S: Final = 60.0
"""Longest silence of a server that nobody waits for any more."""

AnswerFormat = Literal["json_schema", "json_object", "text"]
"""How JSON is asked for: servers differ in which ``response_format`` they take; ``text`` sends none."""


class ChatCompletions:
    """A client for one address and one model.

    Args:
        url: base address up to and with its version (``http://127.0.0.1:8080/v1``).
        model: name that the address serves the model under.
        key: bearer key, for addresses that want one.
        answer_format: the ``response_format`` to send.
        transport: carries the requests; httpx's own unless given.

    Raises:
        SettingsError: the address is none, or carries a user name, key, query or fragment.
    """

    def __init__(
        self,
        url: str,
        model: str,
        key: str | None = None,
        answer_format: AnswerFormat = "json_schema",
        *,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        base = _checked(url)
        self._address = base.copy_with(path=base.path.rstrip("/") + "/chat/completions")
        self._model = model
        self._format = answer_format
        headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
        if key:
            headers["Authorization"] = f"Bearer {key}"
        # Time as a whole is limited by the guard: a limit for each read does not bound a trickle.
        self._client = httpx.AsyncClient(
            headers=headers, timeout=READ_S, transport=transport, follow_redirects=False, trust_env=False
        )

    @property
    def name(self) -> str:
        """Model and host."""
        return f"{self._model} at {self._address.host}"

    async def complete(self, prompt: Prompt) -> str:
        """The content of the first choice; one attempt.

        Raises:
            LanguageModelFailed: ``refused`` (no connection, or it broke), ``status`` (not 200), ``too_large``
                (above :data:`MAX_BYTES`), ``malformed`` (no chat completion).
        """
        try:
            request = self._client.stream("POST", self._address, json=self._body(prompt))
            async with request as response:
                if response.status_code != httpx.codes.OK:
                    raise LanguageModelFailed("status", f"HTTP {response.status_code}")
                raw = await _read(response)
        except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, OSError) as error:
            raise LanguageModelFailed("refused", f"no connection ({type(error).__name__})") from None
        return _content(raw)

    async def aclose(self) -> None:
        """Close connections."""
        await self._client.aclose()

    def _body(self, prompt: Prompt) -> dict[str, Any]:
        body: dict[str, Any] = {
            "model": self._model,
            "messages": [
                {"role": "system", "content": prompt.system},
                {"role": "user", "content": prompt.user},
            ],
            "temperature": 0,
            "max_tokens": prompt.most_tokens,
            "stream": False,
        }
        if self._format == "json_schema":
            schema = {"name": "proposal", "strict": True, "schema": dict(prompt.schema)}
            body["response_format"] = {"type": "json_schema", "json_schema": schema}
        elif self._format == "json_object":
            body["response_format"] = {"type": "json_object"}
        return body


def stays_inside(url: str) -> bool:
    """Whether an address is this machine's own or of a private network, by its spelling alone.

    Raises:
        SettingsError: as :class:`ChatCompletions`.
    """
    host = _checked(url).host
    if host == "localhost" or not {".", ":"} & set(host):
        return True
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return False


def _checked(url: str) -> httpx.URL:
    remedy = "set DONGHAENG_LANGUAGE_MODEL_URL to an address like http://127.0.0.1:8080/v1"
    try:
        base = httpx.URL(url.strip())
        host = base.host
    except (httpx.InvalidURL, ValueError):
        raise SettingsError("the language model's address is none", remedy=remedy) from None
    if base.scheme not in {"http", "https"} or not host or "%" in host:
        raise SettingsError("the language model's address is none", remedy=remedy)
    if base.userinfo or base.query or base.fragment:
        raise SettingsError(
            "the language model's address carries more than host and path",
            remedy="put the key into DONGHAENG_LANGUAGE_MODEL_KEY",
        )
    return base


async def _read(response: httpx.Response) -> bytes:
    """The body as it came; nothing is unpacked, so a small packed body cannot become a large one."""
    read = bytearray()
    async for chunk in response.aiter_raw():
        read += chunk
        if len(read) > MAX_BYTES:
            raise LanguageModelFailed("too_large", f"an answer above {MAX_BYTES} bytes")
    return bytes(read)


def _content(raw: bytes) -> str:
    try:
        content = json.loads(raw)["choices"][0]["message"]["content"]
    except (ValueError, LookupError, TypeError, RecursionError):
        content = None
    if not isinstance(content, str):
        raise LanguageModelFailed("malformed", "the answer is no chat completion")
    return content
