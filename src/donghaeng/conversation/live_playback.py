"""How far the loudspeaker at the other end has got, estimated from what was sent and when. Pure.

Sound is sent faster than it plays. Without news from the client it is taken to play from the moment it was
sent, one piece after the other; a ``played`` message ends the guessing.
"""

from __future__ import annotations


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

    def begin(self, turn: int, now: float, *, notice: bool = False) -> None:
        """The sound of ``turn`` begins; ``notice``: it opens with a legal notice."""
        self.turn = turn
        self.pieces = 0
        self._ends_at = self._notice_ends_at = self._last_piece_at = now
        self._all_sent = False
        self._notice_to_come = notice
        self._end_seq = None

    def add(self, seconds: float, now: float, *, notice: bool = False) -> None:
        """A piece was sent; ``notice``: it belongs to the legal notice."""
        self.pieces += 1
        self._last_piece_at = max(now, self._ends_at)
        self._ends_at = self._last_piece_at + seconds
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

    def playing(self, now: float) -> bool:
        """Whether something sounds or is about to."""
        return self.turn is not None and (not self._all_sent or now < self._ends_at)

    def in_notice(self, now: float) -> bool:
        """Whether the legal notice sounds or is about to."""
        return self.turn is not None and (self._notice_to_come or now < self._notice_ends_at)

    def in_question(self, now: float) -> bool:
        """Whether the last piece, the question, sounds."""
        return self.turn is not None and self._all_sent and now >= self._last_piece_at

    def seconds_left(self, now: float) -> float:
        """Until the last sent piece has sounded."""
        return max(0.0, self._ends_at - now) if self.turn is not None else 0.0

    def notice_seconds_left(self, now: float) -> float:
        """Until the legal notice has sounded, as far as it has been sent."""
        return max(0.0, self._notice_ends_at - now) if self.turn is not None else 0.0
