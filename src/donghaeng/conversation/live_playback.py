"""How far the loudspeaker at the other end has got, estimated from what was sent and when. Pure.

Sound is sent faster than it plays. Without news from the client it is taken to play from the moment it was
sent, one piece after the other; a ``played`` message ends the guessing. While it is held nothing moves.
"""

from __future__ import annotations

from collections import deque
from typing import Final

from donghaeng.speech.echo import SILENCE_DB, level_db
from donghaeng.speech.engines import Audio

LEVEL_STEP_SECONDS: Final = 0.032
"""Length of the pieces whose levels are known."""
LEVELS_KEPT_SECONDS: Final = 2.0
"""How long the level of what has sounded is remembered."""


class Playback:
    """The sound of one turn at the loudspeaker. Times are seconds of one clock."""

    def __init__(self) -> None:
        self.turn: int | None = None
        self.pieces = 0
        """Pieces of sound sent of this turn."""
        self._ends_at = 0.0
        self._notice_ends_at = 0.0
        self._last_piece_at = 0.0
        self._all_sent = True
        self._notice_to_come = False
        self._end_seq: int | None = None
        self._held_at: float | None = None
        self._levels: deque[tuple[float, float]] = deque()
        """(when it sounds, level in dB below full scale) of the pieces sent."""

    def begin(self, turn: int, now: float, *, notice: bool = False) -> None:
        """The sound of ``turn`` begins; ``notice``: it opens with a legal notice."""
        self.turn = turn
        self.pieces = 0
        self._ends_at = self._notice_ends_at = self._last_piece_at = now
        self._all_sent = False
        self._notice_to_come = notice
        self._end_seq = None
        self._held_at = None
        self._levels.clear()

    def add(self, sound: Audio, now: float, *, notice: bool = False) -> None:
        """A piece was sent; ``notice``: it belongs to the legal notice."""
        self.pieces += 1
        self._last_piece_at = max(self._at(now), self._ends_at)
        self._ends_at = self._last_piece_at + sound.seconds
        self._note_levels(sound)
        if notice:
            self._notice_ends_at = self._ends_at
        else:
            self._notice_to_come = False

    def all_sent(self, seq: int) -> None:
        """Nothing more comes; ``seq`` is the number of the closing message."""
        self._all_sent = True
        self._notice_to_come = False
        self._end_seq = seq

    def played(self, seq: int, now: float) -> None:
        """The client has played everything up to ``seq``."""
        if self._all_sent and self._end_seq is not None and seq >= self._end_seq:
            self._ends_at = min(self._ends_at, now)
            self._notice_ends_at = min(self._notice_ends_at, now)

    def stop(self) -> None:
        """The loudspeaker has been silenced."""
        self.turn = None
        self._all_sent = True
        self._notice_to_come = False
        self._ends_at = self._notice_ends_at = 0.0
        self._held_at = None
        self._levels.clear()

    @property
    def held(self) -> bool:
        """Whether the loudspeaker waits in the middle of a sentence."""
        return self._held_at is not None

    def hold(self, now: float) -> None:
        """The loudspeaker stops where it is."""
        if self._held_at is None:
            self._held_at = now

    def go_on(self, now: float) -> None:
        """The loudspeaker goes on from where it stopped."""
        if self._held_at is None:
            return
        waited, self._held_at = now - self._held_at, None
        self._ends_at += waited
        self._notice_ends_at += waited
        self._last_piece_at += waited
        self._levels = deque((at + waited, level) for at, level in self._levels)

    def level_db(self, now: float, *, within: float) -> float:
        """The loudest that has sounded in the last ``within`` seconds, in dB below full scale."""
        while self._levels and self._levels[0][0] < now - LEVELS_KEPT_SECONDS:
            self._levels.popleft()
        if self._held_at is not None:
            return SILENCE_DB
        return max((level for at, level in self._levels if now - within <= at <= now), default=SILENCE_DB)

    def _note_levels(self, sound: Audio) -> None:
        step = max(1, int(LEVEL_STEP_SECONDS * sound.rate))
        for index in range(0, len(sound.samples), step):
            sounds_at = self._last_piece_at + index / sound.rate
            self._levels.append((sounds_at, level_db(sound.samples[index : index + step])))

    def _at(self, now: float) -> float:
        return self._held_at if self._held_at is not None else now

    def playing(self, now: float) -> bool:
        """Whether something sounds or is about to."""
        return self.turn is not None and (not self._all_sent or self._at(now) < self._ends_at)

    def in_notice(self, now: float) -> bool:
        """Whether the legal notice sounds or is about to."""
        return self.turn is not None and (self._notice_to_come or self._at(now) < self._notice_ends_at)

    def in_question(self, now: float) -> bool:
        """Whether the last piece, the question, sounds."""
        return self.turn is not None and self._all_sent and self._at(now) >= self._last_piece_at

    def seconds_left(self, now: float) -> float:
        """Until the last sent piece has sounded."""
        return max(0.0, self._ends_at - self._at(now)) if self.turn is not None else 0.0

    def notice_seconds_left(self, now: float) -> float:
        """Until the legal notice has sounded, as far as it has been sent."""
        return max(0.0, self._notice_ends_at - self._at(now)) if self.turn is not None else 0.0
