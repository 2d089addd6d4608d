"""A reply before the runtime adds who it is for: words, card and what is expected next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Draft:
    """The dialogue's side of a reply object (CONTRACT 3)."""

    say: str
    show: str
    card: Mapping[str, Any] | None = None
    service: str | None = None
    slots: Mapping[str, Any] = field(default_factory=dict)
    asks: str | None = None
    expects: str = "open"
    helper: Mapping[str, Any] | None = None
    """What a helper beside the citizen is shown: ``prompt`` and ``says``."""
