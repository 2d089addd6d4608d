"""Recorded meetings of officials: uploaded, corrected, written out; everybody has their own."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import Any, Final
from zoneinfo import ZoneInfo

from donghaeng.errors import InputError
from donghaeng.office.drafts.files import WRITERS, write
from donghaeng.office.drafts.model import About
from donghaeng.office.minutes import kept
from donghaeng.office.minutes.corrections import ENOUGH, taught
from donghaeng.office.minutes.document import minutes_draft
from donghaeng.office.minutes.kinds import Kind
from donghaeng.office.minutes.loading import find_kind, load_clerk, load_kinds
from donghaeng.office.minutes.model import Meeting, Person, Turn
from donghaeng.office.minutes.sound.sealed_file import SealedFile, SealedWriter, new_key, sealed_path
from donghaeng.store import Store, Transaction
from donghaeng.store import minutes as rows
from donghaeng.store import staff as accounts
from donghaeng.store.minutes import MeetingRow, TurnRow, WordRow

SEOUL: Final = ZoneInfo("Asia/Seoul")
DAYS: Final = (30, 90, 365)
"""How long a department may keep a meeting."""
MOST_BYTES: Final = 300 * 1024 * 1024
MOST_TEXT: Final = 4_000
MOST_PEOPLE: Final = 60
TYPES: Final[Mapping[str, str]] = {
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".mp4": "audio/mp4",
    ".wav": "audio/wav",
    ".flac": "audio/flac",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".webm": "audio/webm",
}
"""What players are told; others are tried as they are."""
_MOVES: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "pause": ("paused", ("waiting", "running")),
    "resume": ("waiting", ("paused", "failed")),
}


@dataclass(frozen=True, slots=True)
class NewMeeting:
    """What is said of a recording when it is uploaded."""

    title: str
    kind: str
    started: datetime
    people: tuple[Person, ...]
    days: int
    file: str


@dataclass(frozen=True, slots=True)
class View:
    """A meeting with its turns."""

    row: MeetingRow
    turns: tuple[TurnRow, ...]


class MinutesDesk:
    """For the office's pages; every method blocks for a moment: call it in a thread.

    Args:
        store: the database.
        data: the data folder; recordings lie sealed in it.
        catalogue: words and kinds.
        clock: the program's own time.
    """

    def __init__(self, store: Store, *, data: Path, catalogue: Path, clock: Callable[[], datetime]) -> None:
        self.store = store
        self.kinds: Mapping[str, Kind] = load_kinds(catalogue)
        self._data = data
        self._catalogue = catalogue
        self._clock = clock

    @property
    def now(self) -> datetime:
        """In Seoul."""
        return self._clock().astimezone(SEOUL)

    def begin(self, new: NewMeeting) -> tuple[str, bytes, SealedWriter]:
        """Check what is said of a recording; its id, its key, and what takes its bytes.

        Raises:
            InputError: something is missing or unknown.
        """
        find_kind(self.kinds, new.kind)
        if not new.title.strip():
            raise InputError("회의 이름을 적어 주세요")
        if new.days not in DAYS or len(new.people) > MOST_PEOPLE:
            raise InputError("보관할 날 수나 참석자를 다시 확인해 주세요")
        name, key = secrets.token_hex(12), new_key()
        return name, key, SealedWriter(sealed_path(self._data, name), key, name, most=MOST_BYTES)

    def taken(self, name: str, key: bytes, size: int) -> SealedFile:
        """What was taken and is not kept yet."""
        return SealedFile(sealed_path(self._data, name), name, size, key)

    def refuse(self, name: str) -> None:
        """Destroy what was taken."""
        sealed_path(self._data, name).unlink(missing_ok=True)

    def keep(self, staff: str, new: NewMeeting, name: str, key: bytes, size: int) -> str:
        """Have a recording heard that was taken whole; its id."""
        now = self._clock()
        held = {
            "title": new.title.strip()[:200],
            "started": new.started.isoformat(),
            "people": [[one.name, one.role] for one in new.people],
            "file": new.file[:200],
            "key": base64.b64encode(key).decode(),
            "size": size,
            "minutes": None,
            "fault": "",
        }

        def work(tx: Transaction) -> None:
            row = MeetingRow(
                id=name,
                staff_id=staff,
                kind=new.kind,
                department=_department(tx, staff),
                state="waiting",
                heard_ms=0,
                revision=1,
                made_at=now,
                destroy_at=now + timedelta(days=new.days),
                held=held,
            )
            rows.add(tx, row)

        self.store.run(work)
        return name

    def mine(self, staff: str) -> list[MeetingRow]:
        """Somebody's meetings, the newest first."""
        return self.store.look(lambda tx: rows.mine(tx, staff))

    def view(self, staff: str, name: str) -> View:
        """One meeting.

        Raises:
            UnknownRecord: there is none, or it is another's.
        """
        return self.store.look(lambda tx: self._view(tx, staff, name))

    def _view(self, tx: Transaction, staff: str, name: str) -> View:
        return View(rows.get(tx, staff, name), tuple(rows.turns_of(tx, name)))

    def move(self, staff: str, name: str, wish: str) -> None:
        """Pause, or go on; what does not fit the state changes nothing.

        Raises:
            InputError: another wish.
        """
        if wish not in _MOVES:
            raise InputError("그런 단추는 없어요")
        state, before = _MOVES[wish]
        self.store.run(lambda tx: rows.wish(tx, staff, name, state, before))

    def forget(self, staff: str, name: str) -> None:
        """Delete a meeting, its recording and all that came of it; this is how hearing is cancelled, too."""
        gone = self.store.run(lambda tx: rows.forget(tx, staff, name, self._clock()))
        if gone:
            sealed_path(self._data, name).unlink(missing_ok=True)

    def sound(self, row: MeetingRow) -> SealedFile:
        """The recording of a meeting."""
        return self.taken(row.id, base64.b64decode(row.held["key"]), int(row.held["size"]))

    def media_type(self, row: MeetingRow) -> str:
        """What a player is told."""
        suffix = PurePosixPath(str(row.held["file"])).suffix.lower()
        return TYPES.get(suffix, "application/octet-stream")

    def has_sound(self, row: MeetingRow) -> bool:
        """Whether the recording is still there."""
        return sealed_path(self._data, row.id).is_file()

    def correct(self, staff: str, name: str, number: int, *, text: str, who: str) -> TurnRow:
        """Put a turn right; words that were put right are counted.

        Raises:
            InputError: there is no such turn, or the text is too long.
        """
        if len(text) > MOST_TEXT or len(who) > 60:
            raise InputError("글이 너무 길어요")

        def work(tx: Transaction) -> TurnRow:
            view = self._view(tx, staff, name)
            turn = next((one for one in view.turns if one.number == number), None)
            if turn is None:
                raise InputError("그런 말이 없어요")
            for heard, said in taught(str(turn.held["text"]), text):
                rows.corrected(tx, view.row.words_of, heard, said, self._clock())
            made = TurnRow(
                number,
                turn.start_ms,
                turn.end_ms,
                {**turn.held, "text": " ".join(text.split()), "who": who.strip()},
            )
            rows.change_turn(tx, name, made)
            return made

        return self.store.run(work)

    def call(self, staff: str, name: str, start: float, end: float, who: str) -> None:
        """Say who spoke in every turn that begins between two moments, both in seconds.

        Raises:
            InputError: no turn begins there.
        """

        def work(tx: Transaction) -> None:
            turns = self._view(tx, staff, name).turns
            # Pages show whole seconds.
            meant = [turn for turn in turns if int(start) * 1000 <= turn.start_ms < int(end) * 1000 + 1000]
            if not meant:
                raise InputError("그 사이에 시작하는 말이 없어요")
            for turn in meant:
                held = {**turn.held, "who": who.strip()[:60]}
                rows.change_turn(tx, name, TurnRow(turn.number, turn.start_ms, turn.end_ms, held))

        self.store.run(work)

    def read_again(self, staff: str, name: str) -> None:
        """Take agenda, decisions and actions from the transcript as it is now; corrections of theirs go."""
        view = self.view(staff, name)
        found = load_clerk(self._catalogue).read(meeting_of(view))
        held = {**view.row.held, "minutes": kept.to_json(found)}
        self.store.run(lambda tx: rows.change(tx, view.row, held))

    def edit(self, staff: str, name: str, revision: int, edit: kept.Edit) -> None:
        """Change, add or leave out one point of the minutes.

        Raises:
            RecordChanged: somebody has changed them since.
            InputError: there is no such point, or its day is none.
        """

        def work(tx: Transaction) -> None:
            row = rows.get(tx, staff, name)
            asked = MeetingRow(**{**{at: getattr(row, at) for at in row.__slots__}, "revision": revision})
            minutes = kept.changed(row.held["minutes"] or kept.EMPTY, edit)
            rows.change(tx, asked, {**row.held, "minutes": minutes})

        self.store.run(work)

    def document(self, staff: str, name: str, suffix: str, organisation: str = "") -> bytes:
        """The minutes as a file.

        Raises:
            InputError: another format.
        """
        if suffix not in WRITERS:
            raise InputError("HWPX, DOCX, PDF로 내보내요")
        view = self.view(staff, name)
        found = kept.from_json(view.row.held["minutes"] or kept.EMPTY)
        kind = find_kind(self.kinds, view.row.kind)
        about = About(organisation or view.row.department, self.now)
        return write(minutes_draft(view.row.kind, kind, meeting_of(view), found, about), f"minutes{suffix}")

    def department(self, staff: str) -> str:
        """The department of an account; empty where it has none."""
        return self.store.look(lambda tx: _department(tx, staff))

    def words(self, staff: str) -> list[WordRow]:
        """Corrections of somebody's department; their own where they have none."""
        return self.store.look(lambda tx: rows.words_of(tx, _department(tx, staff) or staff))

    def judge_word(self, staff: str, name: str, state: str) -> None:
        """Confirm a correction, or drop it.

        Raises:
            InputError: another judgement.
        """
        if state not in ("confirmed", "dropped"):
            raise InputError("그런 단추는 없어요")

        self.store.run(
            lambda tx: rows.judge_word(tx, _department(tx, staff) or staff, name, state, self._clock())
        )


def _department(tx: Transaction, staff: str) -> str:
    account = accounts.by_id(tx, staff)
    return (account.department or "") if account is not None else ""


def pairs_in_use(words: Sequence[WordRow]) -> list[tuple[str, str]]:
    """Corrections that are used: confirmed, or made often enough."""
    return [(one.heard, one.said) for one in words if one.state == "confirmed" or one.times >= ENOUGH]


def meeting_of(view: View) -> Meeting:
    """What was said, for whoever reads minutes out of it."""
    held: Mapping[str, Any] = view.row.held
    people = tuple(Person(str(name), str(role)) for name, role in held["people"])
    turns = tuple(
        Turn(turn.start_ms / 1000, str(turn.held["who"]), str(turn.held["text"]))
        for turn in view.turns
        if turn.held["text"]
    )
    return Meeting(str(held["title"]), datetime.fromisoformat(held["started"]), people, turns)


def day_or_none(text: str) -> date | None:
    """A day as forms send it; None where the field is empty.

    Raises:
        InputError: it is no day.
    """
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise InputError("날짜는 2026-11-27처럼 적어 주세요") from None
