"""From the list of households to the citizen's ear: the command books, the agent calls, says why, takes a
report of a frozen meter, and a "no" holds for the next campaign."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from donghaeng.app.application import Application, open_application
from donghaeng.cli.cases import cases
from donghaeng.conversation.door import Opening, Said
from donghaeng.conversation.reply import Reply
from donghaeng.people.calling import SEOUL, OutgoingCaller, Tried
from donghaeng.settings import load_settings
from donghaeng.store import case_runs
from donghaeng.store.outgoing_calls import BookedCall
from donghaeng.tower.cases.freeze_calls import SCRIPT
from donghaeng.tower.cases.freeze_winters import Stock
from donghaeng.tower.cases.result import CaseResult, Figure

TEN = datetime(2026, 11, 23, 10, 0, tzinfo=SEOUL)
STOCK = Stock(
    ("마포구",),
    np.array([0, 0]),
    np.array([0, 0]),
    np.array([False, True]),
    np.array([False, False]),
    np.array([0, 0]),
    np.array([100.0, 10.0]),
)
RESULT = CaseResult((Figure("수", 1.0),), private={"stock": STOCK, "yearly": np.array([0.001, 0.2])})
HEAD = "전화번호,자치구,건물유형,보온상태,장기부재,계량기종류,동의일,동의문안,동의한 말,철회일\n"


def household(number: str, state: str, consent: str) -> str:
    return f"{number},마포구,단독주택,{state},아니오,습식,{consent}\n"


LIST = HEAD + "".join(
    [
        household("010-1111-2222", "양호", f"2026-11-01,{SCRIPT},네,"),
        household("010-3333-4444", "미흡", f"2026-11-01,{SCRIPT},네,"),
        household("010-5555-6666", "미흡", ",,,"),
        household("010-7777-8888", "미흡", f"2026-11-01,{SCRIPT},네,2026-11-20"),
    ]
)


class Telephone:
    """Rings, and lets a citizen answer as the telephone desk does."""

    can_talk = True

    def __init__(self, application: Application, *words: str) -> None:
        self.application, self.words = application, words
        self.rung: list[str] = []
        self.heard: list[str] = []
        self.last: Reply | None = None

    async def dial(self, call: BookedCall, on_answer: Callable[[], Awaitable[bool]]) -> Tried:
        self.rung.append(call.number)
        assert await on_answer()
        conversations = self.application.conversations
        reply = await conversations.open(
            Opening(
                channel="phone",
                called_about=call.service,
                called_for=call.purpose,
                called_number=call.number_hash,
            )
        )
        self.heard.append(reply.say)
        for text in self.words:
            reply = await conversations.turn(reply.conversation, reply.token, Said(text=text))
            self.heard.append(reply.say)
        self.last = reply
        return Tried.ANSWERED


@pytest.fixture
def commanded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    monkeypatch.setenv("DONGHAENG_DATA", str(tmp_path))
    monkeypatch.setattr("donghaeng.tower.cases.running.method_of", lambda name: lambda given: RESULT)
    monkeypatch.setattr("donghaeng.cli.cases.seoul_now", lambda: TEN)
    file = tmp_path / "households.csv"
    file.write_bytes(LIST.encode("cp949"))

    def command(*more: str) -> str:
        arguments = ["calls", "--households", str(file), *more]
        return CliRunner().invoke(cases, arguments, catch_exceptions=False).stdout

    return command


async def test_households_that_consented_are_called_told_and_may_say_no(
    tmp_path: Path, commanded: Callable[..., str]
) -> None:
    settings = load_settings(data=tmp_path, city="sandbox", database=None)
    assert "2 households may be called" in commanded()
    assert "2 calls booked" in (told := commanded("--book"))
    assert "no_consent: 1" in told
    assert "consent_taken_back: 1" in told
    now = [TEN]
    async with open_application(settings, clock=lambda: now[0], speech=False, watch=False) as application:
        store = application.store
        reports = Telephone(
            application,
            "네 수도 계량기가 얼었어요",
            "마포구 양화로 사십오",
            "공일공 삼삼삼삼 사사사사",
            "네",
        )
        caller = OutgoingCaller(store, reports, owner="t", clock=lambda: now[0])
        assert await caller.call_next() is Tried.ANSWERED
        assert reports.rung == ["010-3333-4444"], "the highest risk first"
        assert "동파 때문에 전화드렸어요" in reports.heard[0]
        assert "상담사" in reports.heard[0]
        assert reports.last is not None
        assert [(one.service, one.outcome) for one in reports.last.calls] == [("meter_freeze", "ok")]
        now[0] += timedelta(minutes=10)
        refuses = Telephone(application, "이제 전화하지 마세요")
        caller = OutgoingCaller(store, refuses, owner="t", clock=lambda: now[0])
        assert await caller.call_next() is Tried.ANSWERED
        assert refuses.rung == ["010-1111-2222"]
        assert "전화하지 않을게요" in refuses.heard[-1]
        assert await caller.call_next() is None, "nobody else had agreed"
        campaigns = store.look(lambda tx: case_runs.campaigns(tx, "water_meter_freeze"))
        assert [one.booked for one in campaigns] == [2]
    again = commanded("--book")
    assert "1 calls booked" in again
    assert "said_no: 1" in again
