"""Lines that carry no sound: when silence is filled in, when the caller is told, when the call ends. Pure.

A telephone that suppresses silence sends nothing while nobody speaks, and a network loses what it was to
carry; turn-taking counts silence by sound, so the gap is filled with silence. A line on which no sound ever
came is broken in one direction: nobody who waits there is heard.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import Final

GAP_SECONDS: Final = 0.25
"""Without sound for so long, silence is filled in; what is only late comes sooner."""
TOLD_SECONDS: Final = 10.0
"""A line on which no sound ever came is told of it."""
BROKEN_SECONDS: Final = 30.0
"""Such a line ends."""
LOST_SECONDS: Final = 120.0
"""A line on which sound has stopped ends; a telephone that suppresses silence may send none for long."""


class Verdict(Enum):
    """What is to be done about a frame's time in which nothing came."""

    WAIT = auto()
    FILL = auto()
    TELL = auto()
    END = auto()


class DeadAir:
    """Watches one line."""

    def __init__(self, frame_seconds: float) -> None:
        """``frame_seconds``: how long the time between two calls of :meth:`tick` is."""
        self._frame = frame_seconds
        self._ever = False
        self._told = False
        self._silent = 0

    def heard(self) -> None:
        """Sound has come."""
        self._ever = True
        self._silent = 0

    def tick(self) -> Verdict:
        """A frame's time has passed. ``TELL`` and ``END`` come once each."""
        before, self._silent = self._silent * self._frame, self._silent + 1
        now = self._silent * self._frame
        end = LOST_SECONDS if self._ever else BROKEN_SECONDS
        if before < end <= now:
            return Verdict.END
        if not self._ever and not self._told and now >= TOLD_SECONDS:
            self._told = True
            return Verdict.TELL
        return Verdict.FILL if self._ever and now > GAP_SECONDS else Verdict.WAIT
