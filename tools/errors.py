"""What the tools say when they cannot go on."""

from __future__ import annotations


class SetupError(Exception):
    """The installation cannot go on; ``str()`` is the message with its remedy on a second line."""

    def __init__(self, message: str, *, remedy: str) -> None:
        super().__init__(f"{message}\n  → {remedy}")
        self.message = message
        self.remedy = remedy
