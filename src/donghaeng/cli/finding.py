"""What `donghaeng doctor` says of one part."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

State = Literal["ok", "absent", "broken"]
"""``absent``: not there, and only a side road needs it; ``broken``: needed."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What the doctor found of one part."""

    part: str
    state: State
    detail: str
    remedy: str | None = None
    """The command that mends it."""
    figures: dict[str, Any] = field(default_factory=dict)
