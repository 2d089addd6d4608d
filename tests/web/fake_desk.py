"""A desk in memory: enough of a counsellors' desk to tell the page's faults."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from donghaeng.errors import InputError
from donghaeng.people.cases import (
    Attempt,
    Canned,
    Case,
    Counsellor,
    Department,
    Figures,
    Forward,
    HandoverTaken,
    Line,
    LineKind,
    NotTheOwner,
    Opening,
    OutcomeCode,
    Source,
    Spoken,
    Suggestion,
    UnknownHandover,
    Urgency,
    Waiting,
)

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
ANSWER = "기초연금은 만 65세부터 신청할 수 있어요."
TOPIC = "대형 폐기물 <b>신청</b>"


class EchoLine:
    """A caller who says back what the counsellor says, and hangs up when told to."""

    def __init__(self, sample_rate: int) -> None:
        self.sample_rate = sample_rate
        self.said: asyncio.Queue[bytes | None] = asyncio.Queue()

    def speak(self, pcm: bytes) -> None:
        if len(pcm) % 2:
            raise InputError("half a sample")
        self.said.put_nowait(None if pcm == b"\x00\x00" else pcm)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while (pcm := await self.said.get()) is not None:
            yield pcm


class FakeDesk:
    """The desk. Call it from its own loop, or through :meth:`soon` from another thread."""

    now = NOW

    def __init__(self) -> None:
        self.rows: dict[str, Waiting] = {}
        self.history: list[Line] = []
        self.keys: set[str] = set()
        self.judged: list[tuple[str, str, str]] = []
        self.beats: list[tuple[str, bool]] = []
        self.left: list[str] = []
        self._watchers: set[asyncio.Queue[Line]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None

    def add(self, name: str, **changes: Any) -> None:
        waited = 30.0 + 60 * len(self.rows)
        plain = Waiting(
            id=name,
            conversation=f"c_{name}",
            state="queued",
            channel="web",
            urgency=Urgency.NORMAL,
            reason="asked",
            requested_at=NOW - timedelta(seconds=waited),
            waited_seconds=waited,
            topic=TOPIC,
        )
        self.rows[name] = replace(plain, **changes)
        self.happen(name, LineKind.QUEUED)

    def happen(self, name: str, kind: LineKind, text: str = "", **more: Any) -> Line:
        line = Line(len(self.history) + 1, name, kind, NOW, text=text, **more)
        self.history.append(line)
        for watcher in self._watchers:
            watcher.put_nowait(line)
        return line

    def soon(self, work) -> None:
        """Do ``work`` where the pages are served."""
        assert self._loop is not None, "no page is open"
        self._loop.call_soon_threadsafe(work)

    async def queue(self) -> tuple[Waiting, ...]:
        waiting = [row for row in self.rows.values() if row.state == "queued"]
        return tuple(sorted(waiting, key=lambda row: (-row.urgency, row.requested_at)))

    async def mine(self, staff: str) -> tuple[Waiting, ...]:
        return tuple(row for row in self.rows.values() if row.owner == staff and row.state == "joined")

    async def callbacks(self) -> tuple[Waiting, ...]:
        return tuple(row for row in self.rows.values() if row.state == "callback")

    async def claim(self, handover: str, staff: str) -> Case:
        row = self._row(handover)
        if row.state == "closed" or row.owner not in (None, staff):
            raise HandoverTaken("another was faster")
        self.rows[handover] = replace(row, state="joined", owner=staff)
        self.happen(handover, LineKind.CLAIMED, by=staff)
        return await self.case(handover, staff)

    async def claim_next(self, staff: str, *, department: str | None = None) -> Case | None:
        del department
        waiting = await self.queue()
        return await self.claim(waiting[0].id, staff) if waiting else None

    async def changes(self, after: int | None = None) -> AsyncIterator[Line]:
        self._loop = asyncio.get_running_loop()
        mine: asyncio.Queue[Line] = asyncio.Queue()
        for line in self.history if after is not None else ():
            if line.seq > (after or 0):
                mine.put_nowait(line)
        self._watchers.add(mine)
        try:
            while True:
                yield await mine.get()
        finally:
            self._watchers.discard(mine)

    async def last_seq(self) -> int:
        return len(self.history)

    async def case(self, handover: str, staff: str) -> Case:
        row = self._row(handover)
        if row.state == "joined" and row.owner != staff:
            raise NotTheOwner("another's")
        return Case(
            handover=row,
            transcript=(
                Spoken(0, NOW, None, "안녕하세요."),
                Spoken(1, NOW, "소파 버릴라고요", "어느 구에 사세요?"),
            ),
            lines=tuple(line for line in self.history if line.handover == handover),
            service="대형 폐기물 신청",
            slots={"품목": "소파"},
            missing=("주소",),
            attempts=(Attempt("bulky_waste", "write", "failed"),),
            misses=("그거 있잖어",),
            open_question="어느 구에 사세요?",
            suggestions=(
                Suggestion(
                    "p1", "연금 몇 살부터요?", ANSWER, Source("기초연금", "복지 안내", "보건복지부", "1쪽")
                ),
            ),
        )

    async def say(self, handover: str, staff: str, text: str, *, key: str | None = None) -> Line:
        self._own(handover, staff)
        if not text:
            raise InputError("say something")
        if key is not None and key in self.keys:
            return self.history[-1]
        self.keys.add(key or "")
        return self.happen(handover, LineKind.COUNSELLOR, text, by=staff)

    async def note(self, handover: str, staff: str, text: str) -> Line:
        return self.happen(handover, LineKind.NOTE, text, by=staff)

    async def forward(self, handover: str, staff: str, to: Forward, note: str = "") -> None:
        row = self._own(handover, staff)
        if to.department not in (None, "welfare"):
            raise InputError("no such department")
        self.rows[handover] = replace(
            row, state="queued", owner=None, department=to.department, for_staff=to.staff
        )
        self.happen(handover, LineKind.FORWARDED, note, by=staff)

    async def hand_back(self, handover: str, staff: str) -> None:
        self.rows[handover] = replace(self._own(handover, staff), state="closed", owner=None)
        self.happen(handover, LineKind.HANDED_BACK, by=staff)

    async def close(self, handover: str, staff: str, outcome: str, note: str = "") -> None:
        if outcome not in {one.id for one in self.outcomes()}:
            raise InputError("no such outcome")
        self.rows[handover] = replace(self._own(handover, staff), state="closed", owner=None)
        self.happen(handover, LineKind.CLOSED, note, by=staff, detail=outcome)

    async def judge(self, handover: str, staff: str, suggestion: str, verdict: str, text: str = "") -> None:
        self._own(handover, staff)
        self.judged.append((suggestion, verdict, text))

    @asynccontextmanager
    async def voice(self, handover: str, staff: str, sample_rate: int) -> AsyncIterator[EchoLine]:
        if not self._own(handover, staff).live_voice:
            raise UnknownHandover("on no line")
        yield EchoLine(sample_rate)

    async def beat(self, staff: str, *, ready: bool = True) -> None:
        self.beats.append((staff, ready))

    async def leave(self, staff: str) -> None:
        self.left.append(staff)

    async def present(self) -> tuple[Counsellor, ...]:
        return tuple(Counsellor(staff, ready, NOW) for staff, ready in dict(self.beats).items())

    async def figures(self) -> Figures:
        states = [row.state for row in self.rows.values()]
        return Figures(
            states.count("queued"),
            states.count("joined"),
            states.count("callback"),
            0,
            states.count("closed"),
            95.0,
            None,
            {"solved": 1, "handed_back": 2},
        )

    def opening(self) -> Opening:
        return Opening(True, closes_at=datetime(2026, 11, 23, 9, 0, tzinfo=UTC))

    def canned(self) -> tuple[Canned, ...]:
        return (Canned("wait", "기다려 달라는 말", "잠시만 기다려 주세요.", "1"),)

    def outcomes(self) -> tuple[OutcomeCode, ...]:
        return (OutcomeCode("solved", "해결했어요"), OutcomeCode("visit", "찾아오시기로 했어요"))

    def departments(self) -> tuple[Department, ...]:
        return (Department("welfare", "복지정책과"),)

    def _row(self, handover: str) -> Waiting:
        if handover not in self.rows:
            raise UnknownHandover("no such hand-over")
        return self.rows[handover]

    def _own(self, handover: str, staff: str) -> Waiting:
        row = self._row(handover)
        if row.owner != staff:
            raise NotTheOwner("another's")
        return row
