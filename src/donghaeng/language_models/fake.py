"""A model without a network: always the same answer. For tests and for trying the road behind it."""

from __future__ import annotations

from typing import Final

from donghaeng.language_models.protocol import Prompt

NOTHING: Final = '{"act": "none", "service": "", "slots": []}'


class FixedModel:
    """Answers every prompt with the same words, and keeps the prompts."""

    def __init__(self, answer: str = NOTHING) -> None:
        self.answer = answer
        self.asked: list[Prompt] = []

    @property
    def name(self) -> str:
        """``fixed``."""
        return "fixed"

    async def complete(self, prompt: Prompt) -> str:
        """The same words."""
        self.asked.append(prompt)
        return self.answer

    async def aclose(self) -> None:
        """Nothing to close."""
