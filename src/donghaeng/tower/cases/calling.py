"""Calls before the cold from the console: one person proposes a list, another one books it.

The list stays with whoever has it: between the two persons nothing is kept but its fingerprint and how many
households may be called. The second person brings the same file, and what is booked is looked at anew on that
day: a consent taken back or a "no" said meanwhile counts.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from zoneinfo import ZoneInfo

from donghaeng.city.services import load_catalogue
from donghaeng.errors import InputError
from donghaeng.store import Store, Transaction, case_calls, case_lines, case_runs
from donghaeng.store.case_calls import CallProposal
from donghaeng.store.case_runs import CampaignRow, CaseRun
from donghaeng.tower.cases.freeze_calls import (
    HOUSEHOLD_COLUMNS,
    CallList,
    Cells,
    book,
    call_list,
    from_kept,
)
from donghaeng.tower.cases.loading import LoadedCase, find_case
from donghaeng.tower.cases.reviewing import accepted
from donghaeng.tower.cases.running import KEPT_FILE
from donghaeng.tower.sheets import Rows, Skipped
from donghaeng.trust.tokens import make_id

CALLS: Final = frozenset({"water_meter_freeze"})
"""Cases whose result is a list to call."""
MOST: Final = 8_300
SEOUL: Final = ZoneInfo("Asia/Seoul")


class CaseCalls:
    """Proposals and bookings.

    Args:
        store: the database.
        catalogue: folder of cases and services.
        data: the data folder.
        clock: the program's own time.
    """

    def __init__(self, store: Store, *, catalogue: Path, data: Path, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._catalogue = catalogue
        self._data = data
        self._clock = clock

    async def listed(self, case: str) -> list[CallProposal]:
        """Proposals of a case, the newest first."""
        return await self._store.read(lambda tx: case_calls.listed(tx, case))

    async def propose(
        self, case: str, run: str, file: str, data: bytes, *, by: str
    ) -> tuple[CallProposal, list[Skipped]]:
        """Note that a list is to be called, and say which of its rows cannot be used.

        Raises:
            InputError: the run may not be called from, or it is no such list.
        """
        about = await asyncio.to_thread(self._callable, case, run)
        found, skipped = await asyncio.to_thread(self._read, about, file, data)
        if not found.households:
            raise InputError("전화해도 되는 집이 없어요")
        row = CallProposal(
            id=make_id("cl"),
            case_id=case,
            run_id=run,
            fingerprint=hashlib.sha256(data).hexdigest(),
            most=MOST,
            households=len(found.households),
            left_out=dict(found.left_out),
            author=by,
            made_at=self._clock(),
        )
        await self._store.transact(lambda tx: case_calls.add(tx, row))
        return row, skipped

    async def book(self, case: str, proposal: str, file: str, data: bytes, *, by: str) -> CampaignRow:
        """Hand the households of a proposed list to the agent, once.

        Raises:
            InputError: not by this person, not this list, or not any more.
        """
        row = await self._store.read(lambda tx: case_calls.get(tx, proposal))
        if row is None or row.case_id != case:
            raise InputError("그런 전화 부탁이 없어요")
        if row.author == by:
            raise InputError("올린 분은 맡길 수 없어요. 다른 분이 확인하고 맡겨 주세요")
        if row.fingerprint != hashlib.sha256(data).hexdigest():
            raise InputError("올린 목록과 다른 파일이에요. 같은 파일로 확인해 주세요")
        about = await asyncio.to_thread(self._callable, case, row.run_id)
        found, _ = await asyncio.to_thread(self._read, about, file, data)
        edition = await asyncio.to_thread(lambda: load_catalogue(self._catalogue).version)
        now = self._clock()

        def work(tx: Transaction) -> CampaignRow:
            if not case_calls.claim(tx, row.id, by=by, at=now):
                raise InputError("이미 맡긴 목록이에요")
            campaign = book(tx, row.run_id, case, found, author=by, now=now, edition=edition)
            case_calls.booked(tx, row.id, campaign.id)
            return campaign

        return await self._store.transact(work)

    def _callable(self, case: str, run: str) -> CaseRun:
        """The run, where its version is the present one and another department stands by it."""
        if case not in CALLS:
            raise InputError("전화할 목록을 쓰는 사례가 아니에요")
        found: LoadedCase = find_case(self._catalogue, case)
        about, lines = self._store.look(lambda tx: (case_runs.get(tx, run), case_lines.listed(tx, case)))
        if about is None or about.case != case:
            raise InputError("그런 돌린 기록이 없어요")
        if about.version != found.version:
            raise InputError("이 기록은 앞의 판이에요. 지금 판으로 다시 돌려 주세요")
        if not accepted(found.package, found.version, lines):
            raise InputError("다른 부서가 받아들인 사례만 전화로 이어져요. 먼저 살핌을 받아 주세요")
        return about

    def _read(self, run: CaseRun, file: str, data: bytes) -> tuple[CallList, list[Skipped]]:
        cells = self._cells(run)
        with TemporaryDirectory() as folder:
            # Its name decides how it is read.
            path = Path(folder) / (Path(file).name[-100:] or "table.csv")
            path.write_bytes(data)
            sheet = Rows(path, HOUSEHOLD_COLUMNS)
            found = call_list(sheet, cells, self._clock().astimezone(SEOUL).date(), most=MOST)
            return found, sheet.skipped

    def _cells(self, run: CaseRun) -> Cells:
        path = self._data / "cases" / run.case / run.hash[:16] / KEPT_FILE
        try:
            return from_kept(json.loads(path.read_text(encoding="utf-8"))["cells"])
        except (OSError, ValueError, KeyError, TypeError):
            raise InputError(
                "이 결과의 파일이 이 서버에 없어요. 같은 씨앗으로 다시 돌린 뒤에 해 주세요"
            ) from None
