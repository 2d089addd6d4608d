"""How fast sound may come over one line. Pure."""

from __future__ import annotations

from typing import Final

AHEAD_SECONDS: Final = 60.0
"""Sound may come this much faster than time; more is thrown away."""
RECOVERY_SECONDS: Final = 5.0
"""Once it came too fast it is taken again only this much below the limit: a flood is one error, not many."""


class SoundPace:
    """Counts the sound of a line that began at ``began_at`` (seconds of the caller's clock)."""

    def __init__(self, began_at: float) -> None:
        self.flooded = False
        """Whether the last sound came too fast."""
        self._began_at = began_at
        self._seconds = 0.0

    def takes(self, seconds: float, now: float) -> bool:
        """Count a piece of sound; false where it comes too fast and is to be thrown away."""
        ahead = AHEAD_SECONDS - RECOVERY_SECONDS * self.flooded
        self.flooded = self._seconds + seconds > now - self._began_at + ahead
        if not self.flooded:
            self._seconds += seconds
        return not self.flooded
