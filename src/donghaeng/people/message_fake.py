"""A provider of text messages for tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field


def _nothing() -> None:
    """Nothing happens."""


@dataclass
class FakeMessages:
    """Remembers what was sent. ``before`` and ``after`` run around each acceptance and may raise."""

    sent: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Number and text by key."""
    tries: list[str] = field(default_factory=list)
    """The key of every attempt."""
    before: Callable[[], None] = _nothing
    after: Callable[[], None] = _nothing

    @property
    def name(self) -> str:
        """For logs."""
        return "fake"

    async def send(self, number: str, text: str, *, key: str) -> str:
        """Take it once a key."""
        self.tries.append(key)
        self.before()
        self.sent.setdefault(key, (number, text))
        self.after()
        return f"fake-{list(self.sent).index(key) + 1}"

    async def aclose(self) -> None:
        """Nothing is open."""
