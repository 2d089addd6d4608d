"""What every event is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Event:
    """Base of all events. ``PRIVATE`` names the fields that may identify a citizen."""

    PRIVATE: ClassVar[frozenset[str]] = frozenset()
