"""Hears uploaded recordings one after the other, while nobody talks to the agent.

A run belongs to a process that gives a sign with each piece. After a crash another process, or the same one
begun anew, takes it up where the last piece was kept.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import structlog

from donghaeng.errors import AudioError, DonghaengError
from donghaeng.office.minutes import kept
from donghaeng.office.minutes.corrections import put_right
from donghaeng.office.minutes.desk import MinutesDesk, View, meeting_of, pairs_in_use
from donghaeng.office.minutes.loading import load_clerk
from donghaeng.office.minutes.sound.transcribing import Ears, Ended, Said, Wish, transcribe
from donghaeng.speech.engines import Hints, Recogniser, VoiceActivity
from donghaeng.store import Store, Transaction
from donghaeng.store import minutes as rows
from donghaeng.store.minutes import MeetingRow, TurnRow

SILENT: Final = timedelta(seconds=90)
"""After so long without a sign the process is gone; the longest piece is heard in a few seconds."""
UNREADABLE: Final = (
    "녹음을 읽지 못했어요. 말소리가 있고 8시간보다 짧은 MP3, M4A, WAV 파일인지 확인하고 다시 올려 주세요."
)
BROKEN: Final = (
    "받아 적다가 문제가 생겼어요. '이어서 받아 적기'를 눌러 주세요. 지금까지 적은 것은 남아 있어요."
)
_LOOK_S: Final = 0.5

_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Keeper:
    """Keeps pieces in the database."""

    store: Store
    meeting: str
    pairs: Sequence[tuple[str, str]]
    heard: list[Said] = field(default_factory=list)

    def kept(self) -> Sequence[Said]:
        turns = self.store.look(lambda tx: rows.turns_of(tx, self.meeting))
        return [
            Said(
                one.number,
                one.start_ms / 1000,
                one.end_ms / 1000,
                str(one.held["text"]),
                one.held["confidence"],
            )
            for one in turns
        ]

    def keep(self, said: Said) -> None:
        held = {"text": put_right(said.text, self.pairs), "who": "", "confidence": said.confidence}
        row = TurnRow(said.number, round(said.start * 1000), round(said.end * 1000), held)
        self.store.run(lambda tx: rows.add_turn(tx, self.meeting, row))


class MinutesWorker:
    """Hears what waits.

    Args:
        desk: whose meetings.
        engines: recogniser and voice activity.
        catalogue: words of minutes.
        worker: name of this process.
        clock: the program's own time.
        may_work: whether nobody else needs the processor now.
        wait: lets a moment go by.
    """

    def __init__(
        self,
        desk: MinutesDesk,
        engines: tuple[Recogniser, VoiceActivity],
        *,
        catalogue: Path,
        worker: str,
        clock: Callable[[], datetime],
        may_work: Callable[[], bool] = lambda: True,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self._desk = desk
        self._store = desk.store
        self._engines = engines
        self._catalogue = catalogue
        self._worker = worker
        self._clock = clock
        self._may_work = may_work
        self._wait = wait
        self._stopping = False

    def stop(self) -> None:
        """Leave off before the next piece; what is kept stays, and the meeting waits."""
        self._stopping = True

    def work_once(self) -> bool:
        """Hear the next recording that waits, in this thread; false where none does.

        Raises:
            StoreError: the database did not answer.
        """
        row = self._store.run(lambda tx: rows.claim(tx, self._worker, self._clock(), SILENT))
        if row is None:
            return False
        outcome: Mapping[str, Any] = {}
        state = "failed"
        try:
            ended = self._hear(row)
            if ended is Ended.DONE:
                outcome, state = self._minutes(row), "done"
            else:
                state = "waiting" if self._stopping else "paused"
        except AudioError:
            outcome = {"fault": UNREADABLE}
        except (DonghaengError, OSError) as error:
            _log.warning("minutes.failed", error=type(error).__name__)
            outcome = {"fault": BROKEN}
        self._store.run(lambda tx: rows.end(tx, row.id, self._worker, state, outcome))
        return True

    def _hear(self, row: MeetingRow) -> Ended:
        pairs = pairs_in_use(self._store.look(lambda tx: rows.words_of(tx, row.words_of)))
        names = [str(name) for name, _ in row.held["people"]]
        phrases = list(dict.fromkeys([*(said for _, said in pairs), *names]))
        recogniser, activity = self._engines
        keeper = _Keeper(self._store, row.id, pairs)
        reached = 0.0

        def heard(seconds: float) -> None:
            nonlocal reached
            reached = max(reached, seconds)

        def sign(tx: Transaction) -> str:
            return rows.sign(tx, row.id, self._worker, self._clock(), round(reached * 1000))

        def wish() -> Wish:
            while True:
                state = self._store.run(sign)
                if state == "gone":
                    return Wish.CANCEL
                if state != "running" or self._stopping:
                    return Wish.PAUSE
                if self._may_work():
                    return Wish.GO_ON
                self._wait(_LOOK_S)

        ears = Ears(recogniser, activity, Hints(phrases=tuple(phrases)))
        with self._desk.sound(row).opened() as (path, handle):
            return transcribe(path, ears, keeper, wish=wish, progress=heard, handle=handle)

    def _minutes(self, row: MeetingRow) -> Mapping[str, Any]:
        turns = self._store.look(lambda tx: rows.turns_of(tx, row.id))
        found = load_clerk(self._catalogue).read(meeting_of(View(row, tuple(turns))))
        return {"minutes": kept.to_json(found), "fault": ""}
