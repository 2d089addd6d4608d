"""Tables of the alliance, of learners and of the survey into the records, row by row; the same file twice is
once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final, Literal, get_args

from donghaeng.errors import InputError, StoreError
from donghaeng.store import Store, Transaction, alliance, learning_records
from donghaeng.store.alliance import Came, Event, Member
from donghaeng.store.learning_records import Answered, Completed
from donghaeng.tower.sheets import (
    MOST_NAMED,
    YES_NO,
    Column,
    Progress,
    RowFault,
    Skipped,
    day,
    number,
    one_of,
    read_rows,
    text,
)
from donghaeng.tower.targets.definition import Survey
from donghaeng.trust.sealing import Sealer

Kind = Literal["members", "events", "attendance", "learners", "survey"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
AT_ONCE: Final = 10_000
"""Rows of one transaction: some tenths of a second for which a citizen's turn may wait."""
GATHERED: Final = 200_000
"""Rows that are put into the order of their key before they are kept: a fingerprint is anywhere in its index,
and rows in the file's order would have nearly every page of it written anew in each transaction."""

_BODY_KIND: Final = one_of(
    {
        word: word
        for word in ("자치구", "시 본청", "투자출연기관", "대학", "기업", "협회", "시민단체", "해외도시")
    }
)
_NAME: Final = text(120)
_EVENT: Final = (
    Column("사업", _NAME),
    Column("행사", _NAME, also=("행사명",)),
    Column("날짜", day, also=("일자",)),
)
COLUMNS: Final[Mapping[Kind, tuple[Column, ...]]] = {
    "members": (
        Column("기관", _NAME, also=("기관명",)),
        Column("구분", _BODY_KIND),
        Column("자치구", text(24), required=False),
        Column("가입일", day),
        Column("탈퇴일", day, required=False),
    ),
    "events": (*_EVENT, Column("장소", _NAME), Column("정원", number(1, 100_000, whole=True))),
    "attendance": (
        *_EVENT,
        Column("기관", _NAME, also=("기관명",)),
        Column("인원", number(1, 10_000, whole=True)),
        Column("참석", YES_NO),
    ),
    "learners": (
        Column("교육", one_of({"AI 교육": "ai", "디지털 동행": "digital_companion"})),
        Column("수료번호", text(64), also=("학습자번호",)),
        Column("과정", _NAME, also=("과정명",)),
        Column("수료일", day),
        Column("자치구", text(24), required=False),
    ),
}
"""Columns of each table; the survey's depend on its items."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of a file."""

    read: int
    new: int
    known: int
    left_out: int
    """Rows that could not be used."""
    skipped: tuple[Skipped, ...]
    """The first :data:`donghaeng.tower.sheets.MOST_NAMED` of them."""


def survey_columns(survey: Survey) -> tuple[Column, ...]:
    """Columns of the survey's table."""
    rating = number(survey.least, survey.most, whole=True)
    items = (Column(item.id, rating, required=False) for item in survey.items)
    return (Column("응답번호", text(64)), Column("응답일", day), *items)


def import_file(
    store: Store,
    kind: Kind,
    path: Path,
    *,
    now: datetime,
    today: date,
    by: str,
    survey: Survey | None = None,
    progress: Progress = lambda rows: None,
    told: Callable[[Skipped], None] = lambda skipped: None,
) -> Imported:
    """Read a table and keep its rows, :data:`AT_ONCE` of them in a transaction.

    Whoever else writes waits for no more than that, and no more than :data:`GATHERED` rows are in memory.
    What was kept before something went wrong stays, and the same file again adds the rest.

    Args:
        store: the database.
        kind: which table.
        path: CSV or XLSX.
        now: with an offset.
        today: days after it are refused where something is said to have happened.
        by: who imports.
        survey: the instrument, for its answers.
        progress: told of rows kept.
        told: told of every row that could not be used.

    Raises:
        InputError: the file is no such table; or it is too long, and says how many rows were kept.
        StoreError: the database refused; it says how many rows were kept.
    """
    if kind == "survey" and survey is None:
        raise InputError("no survey", remedy="see catalogue/targets/survey.yaml")
    columns = survey_columns(survey) if kind == "survey" and survey is not None else COLUMNS[kind]
    keeper = _Keeper(path.name[:120], now, today, by, store.look(lambda tx: tx.sealer), survey)
    one = keeper.by_kind(kind)
    read = new = kept = left_out = 0
    skipped: list[Skipped] = []
    rows = read_rows(path, columns)
    try:
        while some := list(islice(rows, AT_ONCE if one.order is None else GATHERED)):
            good, faults = _judged(some, one.judge)
            read += len(some)
            if one.order is not None:
                good.sort(key=one.order)
            for start in range(0, len(good), AT_ONCE):
                part = good[start : start + AT_ONCE]
                found, unknown = store.run(lambda tx, part=part: one.keep(tx, part))  # type: ignore[misc]
                new += found
                kept += len(part) - len(unknown)
                faults += unknown
                progress(kept)
            faults.sort(key=lambda fault: fault.line)
            left_out += len(faults)
            skipped += faults[: MOST_NAMED - len(skipped)]
            for fault in faults:
                told(fault)
    except (InputError, StoreError) as error:
        if kept:
            error.message += f" ({kept} rows are kept: import the same file again for the rest)"
        raise
    return Imported(read, new, read - new - left_out, left_out, tuple(skipped))


Judged = Sequence[tuple[int, Any]]
"""Rows that can be used, each with its line."""
_Kept = tuple[int, Sequence[Skipped]]
"""How many rows are new, and which fit nothing in the database."""


@dataclass(frozen=True, slots=True)
class _Way:
    """How the rows of one table become records."""

    judge: Callable[[dict[str, Any]], Any]
    """Makes a record of a row without the database, or raises :class:`RowFault`."""
    keep: Callable[[Transaction, Judged], _Kept]
    order: Callable[[tuple[int, Any]], Any] | None = None
    """By the key of its table; without it rows stay in the file's order, where the last of a name holds."""


def _judged(
    rows: Sequence[tuple[int, dict[str, Any] | Skipped]], judge: Callable[[dict[str, Any]], Any]
) -> tuple[list[tuple[int, Any]], list[Skipped]]:
    """What can be used, and what cannot."""
    good: list[tuple[int, Any]] = []
    faults: list[Skipped] = []
    for line, row in rows:
        if isinstance(row, Skipped):
            faults.append(row)
            continue
        try:
            good.append((line, judge(row)))
        except RowFault as fault:
            faults.append(Skipped(line, str(fault)))
    return good, faults


@dataclass(frozen=True, slots=True)
class _Keeper:
    """Makes a record of a row, and keeps many at once."""

    source: str
    now: datetime
    today: date
    by: str
    sealer: Sealer
    survey: Survey | None

    def by_kind(self, kind: Kind) -> _Way:
        """How rows of that table are kept."""
        kinds: dict[Kind, _Way] = {
            "members": _Way(_member, self._members),
            "events": _Way(_event, self._events),
            "attendance": _Way(self._came, self._attendance),
            "learners": _Way(self._completed, self._learners, lambda one: one[1][:2]),
            "survey": _Way(self._answered, self._answers, lambda one: one[1].respondent),
        }
        return kinds[kind]

    def _came(self, row: dict[str, Any]) -> dict[str, Any]:
        self._past(row["날짜"], "날짜")
        return row

    def _completed(self, row: dict[str, Any]) -> Completed:
        self._past(row["수료일"], "수료일")
        mark = learning_records.learner_mark(self.sealer, row["교육"], row["수료번호"])
        return Completed(row["교육"], mark, row["과정"], row["수료일"], row["자치구"])

    def _answered(self, row: dict[str, Any]) -> Answered:
        assert self.survey is not None
        self._past(row["응답일"], "응답일")
        given = {item.id: int(row[item.id]) for item in self.survey.items if row[item.id] is not None}
        if not given:
            raise RowFault("답한 문항이 없어요")
        on = row["응답일"]
        mark = learning_records.respondent_mark(self.sealer, self.survey.id, on.year, row["응답번호"])
        return Answered(mark, on, given)

    def _members(self, tx: Transaction, rows: Judged) -> _Kept:
        return alliance.put_members(tx, [row for _, row in rows], self.source, self.now), ()

    def _events(self, tx: Transaction, rows: Judged) -> _Kept:
        return alliance.put_events(tx, [row for _, row in rows], self.source, self.now), ()

    def _attendance(self, tx: Transaction, rows: Judged) -> _Kept:
        events = alliance.find_events(tx, {(row["사업"], row["행사"], row["날짜"]) for _, row in rows})
        bodies = alliance.find_members(tx, {row["기관"] for _, row in rows})
        came: list[Came] = []
        faults: list[Skipped] = []
        for line, row in rows:
            event = events.get((row["사업"], row["행사"], row["날짜"]))
            body = bodies.get(row["기관"])
            if event is None:
                told = f"모르는 행사예요: {row['행사']} ({row['날짜']}). 행사 표를 먼저 넣어 주세요"
                faults.append(Skipped(line, told))
            elif body is None:
                told = f"모르는 기관이에요: {row['기관']}. 회원 표를 먼저 넣어 주세요"
                faults.append(Skipped(line, told))
            elif not body.is_in(event.on):
                faults.append(Skipped(line, f"{event.on}에 회원이 아니었어요: {row['기관']}"))
            elif row["참석"]:
                came.append(Came(event.id, body.id, int(row["인원"])))
        return alliance.note_attendance(tx, came, by=self.by, at=self.now), faults

    def _learners(self, tx: Transaction, rows: Judged) -> _Kept:
        return learning_records.add_completed(tx, [row for _, row in rows], self.source, self.now), ()

    def _answers(self, tx: Transaction, rows: Judged) -> _Kept:
        assert self.survey is not None
        given = [row for _, row in rows]
        new = learning_records.add_answers(tx, self.survey.id, given, source=self.source, at=self.now)
        return new, ()

    def _past(self, on: date, name: str) -> None:
        if on > self.today:
            raise RowFault(f"{name}: 아직 오지 않은 날이에요 ({on})")


def _member(row: dict[str, Any]) -> Member:
    if row["탈퇴일"] is not None and row["탈퇴일"] < row["가입일"]:
        raise RowFault("탈퇴일이 가입일보다 앞이에요")
    return Member(row["기관"], row["구분"], row["가입일"], row["자치구"], row["탈퇴일"])


def _event(row: dict[str, Any]) -> Event:
    return Event(row["사업"], row["행사"], row["날짜"], row["장소"], int(row["정원"]))
