"""What the console shows of cases, targets and the alliance, over the store and the data folder."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from zoneinfo import ZoneInfo

from donghaeng.errors import InputError
from donghaeng.store import Store, Transaction, alliance, alliance_bookings, case_lines, case_runs
from donghaeng.store.alliance import Event, Member
from donghaeng.store.case_lines import CaseLine
from donghaeng.store.case_runs import CampaignRow, CaseRun
from donghaeng.tower.cases.background import CaseRunner
from donghaeng.tower.cases.calling import CaseCalls
from donghaeng.tower.cases.drawing import draw
from donghaeng.tower.cases.given_tables import GivenTables
from donghaeng.tower.cases.loading import LoadedCase, find_case, load_cases, load_departments
from donghaeng.tower.cases.result import Chart, Table
from donghaeng.tower.cases.reviewing import accepted, check_use, check_verdict
from donghaeng.tower.cases.running import RESULT_FILE
from donghaeng.tower.importing import Imported, Kind, import_file
from donghaeng.tower.targets.counting import Board, Records, Standing
from donghaeng.tower.targets.pace import Pace
from donghaeng.understanding.embed.protocol import Embedder

SEOUL: Final = ZoneInfo("Asia/Seoul")
GIVEN_FOLDER: Final = ".given"
SHOWN_AHEAD: Final = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case, its runs and what the newest run found."""

    case: LoadedCase
    runs: tuple[CaseRun, ...]
    result: Mapping[str, Any] | None
    """As it lies in the data folder; None where there is none."""
    pictures: Mapping[str, str]
    """SVG of each chart, by its table's id."""
    campaigns: tuple[CampaignRow, ...] = ()
    lines: tuple[CaseLine, ...] = ()
    """Verdicts and uses, the oldest first."""
    run: CaseRun | None = None
    """The run that is shown: the newest unless another one is asked for."""

    @property
    def accepted(self) -> bool:
        """Whether another department stands by this version."""
        return accepted(self.case.package, self.case.version, self.lines)

    @property
    def is_current(self) -> bool:
        """Whether the run that is shown is of the files as they are now."""
        return self.run is not None and self.run.version == self.case.version

    @property
    def uses(self) -> tuple[CaseLine, ...]:
        """What was done because of it."""
        return tuple(line for line in self.lines if line.kind == "use")

    @property
    def verdicts(self) -> tuple[CaseLine, ...]:
        """What other departments said."""
        return tuple(line for line in self.lines if line.kind != "use")


@dataclass(frozen=True, slots=True)
class AllianceView:
    """Members and this year's and coming events."""

    members: tuple[Member, ...]
    events: tuple[Event, ...]
    today: date
    voices: Mapping[str, int]
    """Seats of each event that citizens asked for by voice, by its id."""


class CasesDesk:
    """For the console; every method answers within a second or two and blocks no loop.

    Args:
        store: the database.
        catalogue: folder of cases and targets.
        data: the data folder, where runs leave their files.
        clock: the program's own time.
        embedder: loads what tells how near two texts are, for cases that compare them.
    """

    def __init__(
        self,
        store: Store,
        *,
        catalogue: Path,
        data: Path,
        clock: Callable[[], datetime],
        embedder: Callable[[], Embedder] | None = None,
    ) -> None:
        self.given = GivenTables(data / "cases" / GIVEN_FOLDER)
        self.runner = CaseRunner(
            store, catalogue=catalogue, data=data, clock=clock, embedder=embedder, given=self.given
        )
        self.calls = CaseCalls(store, catalogue=catalogue, data=data, clock=clock)
        self._store = store
        self._catalogue = catalogue
        self._data = data
        self._clock = clock

    @property
    def today(self) -> date:
        """In Seoul."""
        return self._clock().astimezone(SEOUL).date()

    async def board(self) -> tuple[int, list[Standing]]:
        """The year, and every target.

        Raises:
            InputError: there are no targets.
            StoreError: the database did not answer.
        """
        board = await asyncio.to_thread(Board, self._catalogue, self.today)
        return board.year.year, await self._store.read(board.standings)

    async def target(self, name: str) -> tuple[Standing, Records, str | None]:
        """One target, what it is counted from, and its picture.

        Raises:
            InputError: there is none of that name.
        """
        board = await asyncio.to_thread(Board, self._catalogue, self.today)
        target = board.target(name)
        if target is None:
            raise InputError("그런 목표가 없어요")

        def look(tx: Transaction) -> tuple[Standing, Records]:
            return board.standing(tx, target), board.records(tx, target)

        standing, records = await self._store.read(look)
        picture = None
        if standing.pace is not None:
            picture = await asyncio.to_thread(draw, pace_chart(standing.target.name, standing.pace))
        return standing, records, picture

    async def cases(self) -> list[tuple[LoadedCase, CaseRun | None, bool]]:
        """Every case with its newest run, and whether another department stands by it.

        Raises:
            CatalogueError: a case's file is wrong.
        """
        found = await asyncio.to_thread(load_cases, self._catalogue)
        newest = {run.case: run for run in reversed(await self._store.read(case_runs.listed))}
        lines = await self._store.read(case_lines.listed)
        return [
            (
                case,
                newest.get(name),
                accepted(case.package, case.version, [line for line in lines if line.case == name]),
            )
            for name, case in found.items()
        ]

    async def case(self, name: str, run: str | None = None) -> CaseView:
        """One case with the newest of its runs, or with the one that is named.

        Raises:
            InputError: there is none of that name, or its file is wrong.
        """
        case = await asyncio.to_thread(find_case, self._catalogue, name)

        def look(
            tx: Transaction,
        ) -> tuple[tuple[CaseRun, ...], tuple[CampaignRow, ...], tuple[CaseLine, ...]]:
            return (
                tuple(case_runs.listed(tx, name)),
                tuple(case_runs.campaigns(tx, name)),
                tuple(case_lines.listed(tx, name)),
            )

        runs, campaigns, lines = await self._store.read(look)
        shown = runs[0] if runs and run is None else next((one for one in runs if one.id == run), None)
        if run is not None and shown is None:
            raise InputError("그런 돌린 기록이 없어요")
        result, pictures = await asyncio.to_thread(self._kept, name, shown)
        return CaseView(case, runs, result, pictures, campaigns, lines, shown)

    async def departments(self) -> tuple[str, ...]:
        """Those that may be chosen.

        Raises:
            CatalogueError: their file is wrong.
        """
        return await asyncio.to_thread(load_departments, self._catalogue)

    async def file(self, name: str, run: str, file: str) -> str:
        """A table of a run as CSV.

        Raises:
            InputError: there is none.
        """
        view = await self.case(name, run)
        known = [table["id"] for table in (view.result or {}).get("tables", ())]
        if file not in (*known, *view.pictures) or view.run is None:
            raise InputError("그런 표가 없어요")
        path = self._folder(name, view.run) / f"{file}.csv"
        return await asyncio.to_thread(path.read_text, encoding="utf-8")

    async def judge(
        self, name: str, run: str, *, verdict: str, by: str, department: str, words: str, seen: int
    ) -> None:
        """Write another department's verdict on a run down.

        Args:
            name: the case.
            run: id of the run.
            verdict: one of :data:`donghaeng.store.case_lines.Verdict`.
            by: who judges.
            department: for which department.
            words: what was looked at and found.
            seen: how many lines the page showed: whoever comes second is told.

        Raises:
            InputError: it may not be given, with the reason in Korean.
        """
        case = await asyncio.to_thread(find_case, self._catalogue, name)
        known = await self.departments()
        now, today = self._clock(), self.today

        def work(tx: Transaction) -> None:
            about = case_runs.get(tx, run)
            kind, told, why = check_verdict(
                case.package,
                case.version,
                about,
                case_lines.listed(tx, name),
                verdict=verdict,
                by=by,
                department=department,
                words=words,
                known=known,
            )
            assert about is not None
            line = CaseLine(name, seen + 1, case.version, kind, by, told, today, why, now, about.id, about.by)
            case_lines.add(tx, line)

        await self._store.transact(work)

    async def use(
        self, name: str, *, by: str, department: str, words: str, on: date | None, seen: int
    ) -> None:
        """Write down what was done because of a case; today where no day is given.

        Raises:
            InputError: it is no use, or somebody else wrote meanwhile.
        """
        case = await asyncio.to_thread(find_case, self._catalogue, name)
        day = on or self.today
        told, what = check_use(department, words, day, self.today, await self.departments())
        line = CaseLine(name, seen + 1, case.version, "use", by, told, day, what, self._clock())
        await self._store.transact(lambda tx: case_lines.add(tx, line))

    async def alliance(self) -> AllianceView:
        """Members, and the events of this year and the next twelve months."""
        today, now = self.today, self._clock()
        begins, ends = date(today.year, 1, 1), today + SHOWN_AHEAD

        def look(tx: Transaction) -> AllianceView:
            return AllianceView(
                tuple(alliance.all_members(tx)),
                tuple(alliance.all_events(tx, begins, ends)),
                today,
                alliance_bookings.by_voice(tx, now),
            )

        return await self._store.read(look)

    async def sign_up(self, event: str, member: str, heads: int, *, by: str) -> bool:
        """Sign a member up by its name; false where it is already.

        Raises:
            InputError: no such member, no seats, or the event is over.
        """
        now, today = self._clock(), self.today

        def work(tx: Transaction) -> bool:
            found = alliance.find_member(tx, member.strip())
            if found is None:
                raise InputError("그런 회원 기관이 없어요. 이름을 표에 있는 대로 적어 주세요")
            return alliance.sign_up(tx, event, found.id, heads, by=by, at=now, on=today)

        return await self._store.transact(work)

    async def sign_off(self, event: str, member: str) -> bool:
        """Take a sign-up back; false where there was none."""
        now = self._clock()

        def work(tx: Transaction) -> bool:
            found = alliance.find_member(tx, member.strip())
            return found is not None and alliance.sign_off(tx, event, found.id, now)

        return await self._store.transact(work)

    async def take_file(self, kind: Kind, name: str, data: bytes, *, by: str) -> Imported:
        """Keep the rows of a table.

        Raises:
            InputError: it is no such table.
        """
        return await asyncio.to_thread(self._import, kind, name, data, by)

    def _import(self, kind: Kind, name: str, data: bytes, by: str) -> Imported:
        survey = Board(self._catalogue, self.today).survey if kind == "survey" else None
        with TemporaryDirectory() as folder:
            # Its name decides how it is read, and says later where rows came from.
            file = Path(folder) / (Path(name).name[-100:] or "table.csv")
            file.write_bytes(data)
            return import_file(
                self._store, kind, file, now=self._clock(), today=self.today, by=by, survey=survey
            )

    def _folder(self, name: str, run: CaseRun) -> Path:
        return self._data / "cases" / name / run.hash[:16]

    def _kept(self, name: str, run: CaseRun | None) -> tuple[Mapping[str, Any] | None, Mapping[str, str]]:
        if run is None:
            return None, {}
        folder = self._folder(name, run)
        try:
            result: dict[str, Any] = json.loads((folder / RESULT_FILE).read_text(encoding="utf-8"))
            names = [chart["table"]["id"] for chart in result["charts"]]
            pictures = {one: (folder / f"{one}.svg").read_text(encoding="utf-8") for one in names}
        except (OSError, ValueError, KeyError, TypeError):
            return None, {}  # the files of another machine, or damaged: the run itself stays told
        return result, pictures


def pace_chart(name: str, pace: Pace) -> Chart:
    """The way of a count beside an even pace."""
    # As 10/31: twelve longer names would touch each other.
    rows = tuple((f"{day.month}/{day.day}", so_far, round(due, 1)) for day, so_far, due in pace.line)
    says = f"지금까지 {pace.total:,.0f}, 고른 걸음이라면 {pace.due_today:,.0f}이에요."
    return Chart("line", Table("pace", name, ("날", "센 수", "고른 걸음"), rows), says, "", "수")
