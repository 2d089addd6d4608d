"""Lines of a history to which lines are only added: of what goes through the process, of incidents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

Of = TypeVar("Of")
Kind = TypeVar("Kind")


@dataclass(frozen=True)
class NewLine(Generic[Kind]):
    """A line that is still to be written down."""

    kind: Kind
    told: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Line(Generic[Of, Kind]):
    """One line."""

    of: Of
    """Whose history it stands in."""
    seq: int
    """From 1, without gaps."""
    at: datetime
    by: str
    """Account of staff, the command line, or the program itself."""
    kind: Kind
    told: Mapping[str, Any] = field(default_factory=dict)

    @property
    def words(self) -> str:
        """What was said with it."""
        return str(self.told.get("words", ""))
