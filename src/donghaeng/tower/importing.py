"""Tables of the alliance, of learners and of the survey into the records, row by row; the same file twice is
once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final, Literal, get_args

from donghaeng.errors import InputError
from donghaeng.store import Store, Transaction, alliance, learning_records
from donghaeng.store.alliance import Event, Member
from donghaeng.store.learning_records import Completed
from donghaeng.tower.sheets import (
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

Kind = Literal["members", "events", "attendance", "learners", "survey"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
AT_ONCE: Final = 500
"""Rows of one transaction."""
MOST_NAMED: Final = 1_000

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
    """The first :data:`MOST_NAMED` of them."""


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
) -> Imported:
    """Read a table and keep its rows.

    Args:
        store: the database.
        kind: which table.
        path: CSV or XLSX.
        now: with an offset.
        today: days after it are refused where something is said to have happened.
        by: who imports.
        survey: the instrument, for its answers.
        progress: told of rows kept.

    Raises:
        InputError: the file is no such table.
        StoreError: the database refused; rows before stay, and importing again adds the rest.
    """
    if kind == "survey" and survey is None:
        raise InputError("no survey", remedy="see catalogue/targets/survey.yaml")
    columns = survey_columns(survey) if kind == "survey" and survey is not None else COLUMNS[kind]
    keep = _Keeper(path.name[:120], now, today, by, survey).by_kind(kind)
    read = new = left_out = 0
    skipped: list[Skipped] = []
    rows = read_rows(path, columns)
    while some := list(islice(rows, AT_ONCE)):
        kept, faults = store.run(lambda tx, some=some: _some(tx, some, keep))  # type: ignore[misc]
        read += len(some)
        new += kept
        left_out += len(faults)
        skipped += faults[: MOST_NAMED - len(skipped)]
        progress(read)
    return Imported(read, new, read - new - left_out, left_out, tuple(skipped))


def _some(
    tx: Transaction,
    rows: Sequence[tuple[int, dict[str, Any] | Skipped]],
    keep: Callable[[Transaction, Mapping[str, Any]], bool],
) -> tuple[int, list[Skipped]]:
    """How many rows are new, and which could not be used."""
    new = 0
    skipped = []
    for line, row in rows:
        try:
            if isinstance(row, Skipped):
                skipped.append(row)
            else:
                new += keep(tx, row)
        except RowFault as fault:
            skipped.append(Skipped(line, str(fault)))
    return new, skipped


@dataclass(frozen=True, slots=True)
class _Keeper:
    """Keeps a row; true where it is new."""

    source: str
    now: datetime
    today: date
    by: str
    survey: Survey | None

    def by_kind(self, kind: Kind) -> Callable[[Transaction, Mapping[str, Any]], bool]:
        return {
            "members": self.member,
            "events": self.event,
            "attendance": self.attendance,
            "learners": self.learner,
            "survey": self.answers,
        }[kind]

    def member(self, tx: Transaction, row: Mapping[str, Any]) -> bool:
        if row["탈퇴일"] is not None and row["탈퇴일"] < row["가입일"]:
            raise RowFault("탈퇴일이 가입일보다 앞이에요")
        body = Member(row["기관"], row["구분"], row["가입일"], row["자치구"], row["탈퇴일"])
        return alliance.put_member(tx, body, self.source, self.now)

    def event(self, tx: Transaction, row: Mapping[str, Any]) -> bool:
        one = Event(row["사업"], row["행사"], row["날짜"], row["장소"], int(row["정원"]))
        return alliance.put_event(tx, one, self.source, self.now)

    def attendance(self, tx: Transaction, row: Mapping[str, Any]) -> bool:
        self._past(row["날짜"], "날짜")
        event = alliance.find_event(tx, row["사업"], row["행사"], row["날짜"])
        body = alliance.find_member(tx, row["기관"])
        if event is None:
            raise RowFault(f"모르는 행사예요: {row['행사']} ({row['날짜']}). 행사 표를 먼저 넣어 주세요")
        if body is None:
            raise RowFault(f"모르는 기관이에요: {row['기관']}. 회원 표를 먼저 넣어 주세요")
        if not body.is_in(event.on):
            raise RowFault(f"{event.on}에 회원이 아니었어요: {row['기관']}")
        if not row["참석"]:
            return False
        return alliance.note_attendance(tx, event.id, body.id, int(row["인원"]), by=self.by, at=self.now)

    def learner(self, tx: Transaction, row: Mapping[str, Any]) -> bool:
        self._past(row["수료일"], "수료일")
        done = Completed(row["교육"], row["수료번호"], row["과정"], row["수료일"], row["자치구"])
        return learning_records.add_completed(tx, done, self.source, self.now)

    def answers(self, tx: Transaction, row: Mapping[str, Any]) -> bool:
        assert self.survey is not None
        self._past(row["응답일"], "응답일")
        given = {item.id: int(row[item.id]) for item in self.survey.items if row[item.id] is not None}
        if not given:
            raise RowFault("답한 문항이 없어요")
        return learning_records.add_answers(
            tx, self.survey.id, row["응답번호"], given, row["응답일"], source=self.source, at=self.now
        )

    def _past(self, on: date, name: str) -> None:
        if on > self.today:
            raise RowFault(f"{name}: 아직 오지 않은 날이에요 ({on})")
