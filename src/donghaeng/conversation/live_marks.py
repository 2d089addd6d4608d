"""When each step of a spoken turn was reached: for `bench voice` and the figures."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class TurnMarks:
    """Moments of one spoken turn, seconds of the session's clock; ``None`` where it was not reached."""

    speech_end: float
    """The citizen fell silent (as far as voice activity tells)."""
    endpoint: float
    """The turn was taken for finished."""
    in_advance: bool
    """The words were recognised while the silence still ran."""
    recognised: float | None = None
    replied: float | None = None
    first_audio: float | None = None
    """The first sound of the answer was handed to the connection."""
    turn: int | None = None

    @property
    def latency(self) -> float | None:
        """Seconds from the end of speech to the first sound of the answer."""
        return None if self.first_audio is None else self.first_audio - self.speech_end
