"""Hears a recording piece by piece; what is heard is kept at once, so that a crash loses one piece at most.

Carrying on listens from the beginning again (a small part of the work) and hears only what is
not kept: the pieces, and with them the transcript, are those of a run that was never stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final, Protocol

from donghaeng.errors import AudioError
from donghaeng.office.minutes.sound.cutting import Cutter, Piece
from donghaeng.office.minutes.sound.decoding import check_recording, decoded
from donghaeng.speech.engines import LISTEN_RATE, NO_HINTS, Audio, Hints, Recogniser, Samples, VoiceActivity

MOST_PIECES: Final = 20_000


@dataclass(frozen=True, slots=True)
class Said:
    """Words of one piece."""

    number: int
    start: float
    """Seconds from the beginning."""
    end: float
    text: str
    """Empty where nothing could be made out."""
    confidence: float


class Keeper(Protocol):
    """Where heard pieces lie."""

    def kept(self) -> Sequence[Said]:
        """Everything that was kept, in order."""
        ...

    def keep(self, said: Said) -> None:
        """Keep one, so that it survives the end of the process."""
        ...


class Wish(Enum):
    """What its owner wants of a run."""

    GO_ON = "go_on"
    PAUSE = "pause"
    CANCEL = "cancel"


class Ended(Enum):
    """How a run came to its end."""

    DONE = "done"
    PAUSED = "paused"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Ears:
    """What hears."""

    recogniser: Recogniser
    activity: VoiceActivity
    hints: Hints = NO_HINTS


Progress = Callable[[float], None]
"""Told the seconds of the recording that are done."""


def transcribe(
    recording: Path,
    ears: Ears,
    keeper: Keeper,
    *,
    wish: Callable[[], Wish] = lambda: Wish.GO_ON,
    progress: Progress = lambda seconds: None,
    handle: int | None = None,
) -> Ended:
    """Hear a recording, from where it was left.

    Args:
        recording: a file of any format.
        ears: the engines.
        keeper: holds what was heard.
        wish: asked before each piece.
        progress: told after each block and piece.
        handle: as :func:`~donghaeng.office.minutes.sound.decoding.decoded`.

    Raises:
        AudioError: it cannot be read, or nobody speaks in it.
        EngineError: the recogniser failed; what was kept stays.
    """
    check_recording(recording)
    known = list(keeper.kept())
    heard = 0
    with decoded(recording, handle=handle) as blocks:
        for piece, at in _pieces(blocks, Cutter(ears.activity)):
            if piece is not None:
                heard += 1
            else:
                progress(at)
            wanted = wish()
            if wanted is not Wish.GO_ON:
                return Ended.PAUSED if wanted is Wish.PAUSE else Ended.CANCELLED
            if piece is not None and not _is_kept(piece, known):
                keeper.keep(_hear(piece, ears))
                progress(piece.end)
    if not heard:
        raise AudioError(f"{recording.name}: nobody speaks in it", remedy="give a recording of the meeting")
    return Ended.DONE


def _pieces(blocks: Iterator[Samples], cutter: Cutter) -> Iterator[tuple[Piece | None, float]]:
    """Pieces as they are complete, and a sign after each block."""
    count = 0
    for block in blocks:
        for piece in cutter.feed(block):
            count += 1
            yield piece, piece.end
        if count > MOST_PIECES:
            raise AudioError("the recording has too many turns", remedy="cut it into parts")
        yield None, cutter.seconds
    for piece in cutter.finish():
        yield piece, piece.end


def _is_kept(piece: Piece, known: Sequence[Said]) -> bool:
    return piece.number < len(known) and abs(known[piece.number].start - piece.start) < 0.01


def _hear(piece: Piece, ears: Ears) -> Said:
    found = ears.recogniser.recognise(Audio(piece.samples, LISTEN_RATE), ears.hints)
    end = round(piece.end, 3)
    return Said(piece.number, piece.start, end, found.text.strip(), round(found.confidence, 3))
