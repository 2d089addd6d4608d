"""How much memory is left before the kernel ends the program: new conversations are refused before that."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psutil
import structlog

FULL: Final = 0.92
"""Share of the limit from which nobody new is let in: those who are there need the rest."""
ROOMY: Final = 0.88
"""Share under which they are let in again."""
LOOK_EVERY_S: Final = 1.0
MEGABYTE: Final = 1 << 20
V2: Final = Path("/sys/fs/cgroup")
V1: Final = Path("/sys/fs/cgroup/memory")

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Reading:
    """Memory in use and its limit, bytes."""

    what: str
    used: int
    limit: int

    @property
    def share(self) -> float:
        """Of the limit."""
        return self.used / self.limit


def readings(most_mb: int | None) -> list[Reading]:
    """Every limit that holds here: the setting, the container's, the machine's.

    ``most_mb``: what this process may use; no such limit when None.
    """
    found = []
    if most_mb is not None:
        found.append(
            Reading("DONGHAENG_MAX_MEMORY_MB", psutil.Process().memory_info().rss, most_mb * MEGABYTE)
        )
    machine = psutil.virtual_memory()
    container = container_reading(machine.total)
    if container is not None:
        found.append(container)
    found.append(Reading("machine", machine.total - machine.available, machine.total))
    return found


def container_reading(total: int, v2: Path = V2, v1: Path = V1) -> Reading | None:
    """Memory of the container (control group), without the files that the kernel gives back at need; None
    where there is no limit below the machine's ``total``."""
    names = (
        (v2, "memory.current", "memory.max", "inactive_file"),
        (
            v1,
            "memory.usage_in_bytes",
            "memory.limit_in_bytes",
            "total_inactive_file",
        ),
    )
    for folder, used, most, given_back in names:
        try:
            limit = (folder / most).read_text().strip()
            if not limit.isdigit() or not 0 < int(limit) < total:
                continue
            lines = dict(line.split() for line in (folder / "memory.stat").read_text().splitlines())
            taken = int((folder / used).read_text()) - int(lines.get(given_back, 0))
            return Reading("container", max(0, taken), int(limit))
        except (OSError, ValueError):
            continue
    return None


class MemoryGuard:
    """Says whether somebody new may be let in.

    Args:
        read: every limit and what is used of it.
        tick: seconds that only go forward.
    """

    def __init__(
        self, read: Callable[[], Sequence[Reading]], tick: Callable[[], float] = time.monotonic
    ) -> None:
        self._read = read
        self._tick = tick
        self._looked: float | None = None
        self._room = True

    def has_room(self) -> bool:
        """Whether less than :data:`FULL` of every limit is used; once it was not, less than :data:`ROOMY`."""
        now = self._tick()
        if self._looked is None or now - self._looked >= LOOK_EVERY_S:
            self._looked = now
            self._look()
        return self._room

    def _look(self) -> None:
        tightest = max(self._read(), key=lambda one: one.share, default=None)
        if tightest is None:
            return
        room = tightest.share < (FULL if self._room else ROOMY)
        if room != self._room:
            told = _log.info if room else _log.error
            told(
                "memory.room" if room else "memory.short", limit=tightest.what, share=round(tightest.share, 3)
            )
        self._room = room
