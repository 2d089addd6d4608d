"""What a language model is: a prompt → words. A plug-in (entry-point group ``donghaeng.language_models``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Prompt:
    """One question to a model. Nothing of it may reach a log: ``user`` holds what a citizen said."""

    system: str = field(repr=False)
    """Instructions; the same in every question, so that servers can keep what they computed for it."""
    user: str = field(repr=False)
    schema: Mapping[str, Any] = field(repr=False)
    """JSON Schema of the answer wanted; a model may ignore it."""
    most_tokens: int
    """Longest answer."""


class LanguageModel(Protocol):
    """Answers prompts. One object serves all conversations of an event loop.

    An implementation lets itself be cancelled and never blocks the loop; it makes one attempt, without
    retries. Time, number at once and failures are limited around it (``guard``).
    """

    @property
    def name(self) -> str:
        """What answers, for logs and `donghaeng doctor`; without keys."""
        ...

    async def complete(self, prompt: Prompt) -> str:
        """The model's answer, whatever it is: the caller checks it.

        Raises:
            LanguageModelFailed: no whole answer.
        """
        ...

    async def aclose(self) -> None:
        """Close connections."""
        ...
