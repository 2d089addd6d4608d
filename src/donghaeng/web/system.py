"""How the whole installation stands, for the pages and figures that show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, Protocol

from donghaeng.store.standing import Standing

State = Literal["ok", "watch", "down", "off"]
"""``watch``: works, and somebody should look; ``off``: not there, and nothing needs it."""
WRITE_WAITS_LONG: Final = timedelta(minutes=15)
"""A confirmed request that waits for so long waits for a city that does not answer."""
BACKUP_IS_OLD: Final = timedelta(days=2)
LEAST_FREE_BYTES: Final = 500_000_000
"""Below it `donghaeng doctor` calls the data folder broken."""
LITTLE_FREE_BYTES: Final = 4 * LEAST_FREE_BYTES


@dataclass(frozen=True, slots=True)
class Engine:
    """An engine that runs here."""

    role: Literal["recogniser", "synthesiser", "voice_activity", "embedder", "language_model"]
    name: str


@dataclass(frozen=True, slots=True)
class ProviderSeen:
    """A provider as the last calls of this process found it."""

    name: str
    answered_at: datetime | None = None
    failed_at: datetime | None = None
    failure: str = ""
    """Class of the last error."""
    left_alone: tuple[str, ...] = ()
    """Its interfaces that are left alone or tried again now."""

    @property
    def state(self) -> State:
        """Whether its last call was answered."""
        if self.left_alone:
            return "down"
        failed = self.failed_at is not None and (
            self.answered_at is None or self.failed_at > self.answered_at
        )
        return "watch" if failed else "ok"


@dataclass(frozen=True, slots=True)
class System:
    """One look at everything."""

    at: datetime
    began_at: datetime
    version: str
    database: Literal["SQLite", "PostgreSQL"]
    standing: Standing | None
    """None: the database does not answer."""
    off: bool
    """The machine is switched off, as far as this process has seen."""
    engines: tuple[Engine, ...]
    providers: tuple[ProviderSeen, ...]
    places: int
    """For live sound: all, in use, and callers that wait for one."""
    taken: int
    waiting: int
    free_bytes: int | None
    """Room left for the data folder; None where it cannot be looked at."""
    traces: bool
    affected: tuple[str, ...]
    """Korean names of the services whose last call failed."""

    @property
    def disk(self) -> State:
        """Whether there is room."""
        if self.free_bytes is None or self.free_bytes < LEAST_FREE_BYTES:
            return "down"
        return "watch" if self.free_bytes < LITTLE_FREE_BYTES else "ok"

    @property
    def writes(self) -> State:
        """Whether confirmed requests reach the city."""
        oldest = None if self.standing is None else self.standing.oldest
        return "watch" if oldest is not None and self.at - oldest > WRITE_WAITS_LONG else "ok"

    @property
    def backup(self) -> State:
        """Whether there is a backup of late."""
        made = None if self.standing is None else self.standing.backup_at
        return "ok" if made is not None and self.at - made <= BACKUP_IS_OLD else "watch"


class SystemWatch(Protocol):
    """Looks at everything; the composition root implements it."""

    async def look(self) -> System:
        """How it stands, at most a moment ago. Never raises because something is down."""
        ...
