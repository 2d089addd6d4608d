"""What `donghaeng doctor` says of one part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, Literal

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

    @property
    def guide(self) -> str:
        """The page that tells more about the part, from the root of the sources."""
        return GUIDES["voice in reserve" if self.part.startswith("voice in reserve") else self.part]


_ENGINES: Final = "docs/speech-engines.md"
_OPERATIONS: Final = "docs/operations.md"
GUIDES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "donghaeng": f"{_OPERATIONS}#install",
        "packages": f"{_OPERATIONS}#install",
        "synthesiser": _ENGINES,
        "voice in reserve": _ENGINES,
        "voice activity": _ENGINES,
        "recogniser": _ENGINES,
        "live conversations": "docs/runbooks/voice-slow.md",
        "embedder": "docs/models.md",
        "language model": "docs/language-model.md",
        "weights": "docs/models.md",
        "memory": f"{_OPERATIONS}#what-happens-when",
        "data folder": "docs/runbooks/disk-full.md",
        "database": "docs/runbooks/database-gone.md",
        "documents": "docs/knowledge.md",
        "machine": "docs/runbooks/turn-it-off.md",
        "privacy": "docs/privacy.md#records-that-nobody-changes",
        "vault": f"{_OPERATIONS}#keys",
        "processors": "docs/privacy.md#who-else-handles-it",
        "alerts": "docs/control-tower.md#경보",
        "waiting writes": "docs/runbooks/provider-down.md",
        "backup": "docs/runbooks/restore.md",
        "incidents": "docs/runbooks/leak.md",
        "virus scanner": f"{_OPERATIONS}#virus-scanner",
        "traces": f"{_OPERATIONS}#seeing-inside",
        "city": "docs/runbooks/provider-down.md",
        "catalogue": "docs/add-a-service.md",
        "chromium": f"{_OPERATIONS}#install",
        "espeak-ng": _ENGINES,
        "sox": f"{_OPERATIONS}#install",
        "microphone and loudspeaker": f"{_OPERATIONS}#install",
    }
)
"""The page for each part; of what breaks in operation a runbook."""
