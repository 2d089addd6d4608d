"""Minutes read out of what was said: the labelled meetings of the development half, and small talks."""

from __future__ import annotations

import io
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from donghaeng.errors import InputError
from donghaeng.measuring import minutes
from donghaeng.office.minutes.loading import find_kind, load_clerk, load_kinds
from donghaeng.office.minutes.model import Meeting, Person, Turn
from donghaeng.office.minutes.reading import Clerk

ROOT = Path(__file__).parents[3]
MEETINGS = ROOT / "bench" / "office" / "meetings"
CHAIR, HEAD, GWON, MIN, FIRM = "강해솔", "윤다온", "권나래", "민우찬", "서로아"
PEOPLE = (
    Person(CHAIR, "국장"),
    Person(HEAD, "총무팀장"),
    Person(GWON, "주무관"),
    Person(MIN, "주무관"),
    Person(FIRM, "업체 대표"),
)
BEGAN = datetime(2026, 12, 2, 10, tzinfo=ZoneInfo("Asia/Seoul"))
"""A Wednesday."""


@pytest.fixture(scope="module")
def clerk() -> Clerk:
    return load_clerk(ROOT / "catalogue")


def _meeting(*talk: tuple[str, str]) -> Meeting:
    opened = ((CHAIR, "시작하겠습니다."), *talk)
    return Meeting(
        "회의", BEGAN, PEOPLE, tuple(Turn(10.0 * at, who, says) for at, (who, says) in enumerate(opened))
    )


def test_the_development_half(clerk: Clerk):
    figures = minutes.run(clerk, minutes.read(MEETINGS / "development"), io.StringIO())
    assert figures["failed"] == 0
    assert figures["actions"]["f1"] >= 0.95
    assert figures["decisions"]["f1"] >= 0.95
    assert figures["agenda"]["f1"] >= 0.9


@pytest.mark.parametrize(
    ("talk", "expected"),
    [
        pytest.param(
            [
                (CHAIR, "권 주무관이 현황표를 내일까지 만들고, 민 주무관은 예산안을 금요일까지 써 주세요."),
                (GWON, "네."),
            ],
            [(GWON, 3), (MIN, 4)],
            id="one sentence asks two",
        ),
        pytest.param(
            [
                (MIN, "보고서는 금요일까지 내겠습니다."),
                (CHAIR, "조금 늦습니다. 목요일까지 해 주세요."),
                (MIN, "네."),
            ],
            [(MIN, 3)],
            id="the day is moved",
        ),
        pytest.param(
            [
                (CHAIR, "윤 팀장님은 면담 일정을 잡아 주세요."),
                (HEAD, "어렵습니다. 출장입니다."),
                (CHAIR, "그럼 권 주무관이 잡아 주세요."),
                (GWON, "네, 내일까지 잡겠습니다."),
            ],
            [(GWON, 3)],
            id="declined, then given to another",
        ),
        pytest.param(
            [
                (CHAIR, "설문지는 누가 만들겠습니까?"),
                (MIN, "제가 만들겠습니다."),
                (CHAIR, "언제까지 가능해요?"),
                (MIN, "다음 주 월요일까지요."),
            ],
            [(MIN, 7)],
            id="owner and day come apart",
        ),
        pytest.param(
            [(FIRM, "저희가 이틀 안에 고치겠습니다."), (HEAD, "네.")], [(FIRM, 4)], id="so many days"
        ),
        pytest.param([(HEAD, "공문은 오늘 중으로 보내도록 하겠습니다.")], [(HEAD, 2)], id="today"),
        pytest.param(
            [(CHAIR, "나래 씨, 명단 좀 이번 주 안으로 부탁드려요."), (GWON, "네")], [(GWON, 4)], id="a week"
        ),
        pytest.param(
            [(GWON, "제가 안내문을 고쳐 볼까요?"), (CHAIR, "네, 그렇게 해 주세요.")],
            [(GWON, None)],
            id="an offer",
        ),
        pytest.param([(GWON, "현수막도 걸었으면 좋겠습니다.")], [], id="a wish"),
        pytest.param([(GWON, "지난주에 제가 공고문을 올렸습니다.")], [], id="done already"),
        pytest.param(
            [(GWON, "홍보물은 제가 금요일까지 만들겠습니다."), (CHAIR, "홍보물은 필요 없습니다.")],
            [],
            id="refused",
        ),
        pytest.param(
            [(GWON, "버스 광고를 하면 어떻겠습니까?"), (CHAIR, "다음에 검토합시다.")], [], id="a proposal"
        ),
        pytest.param([(CHAIR, "자유롭게 말씀해 주세요."), (GWON, "네, 찬성합니다.")], [], id="in the room"),
        pytest.param(
            [(CHAIR, "오늘 회의는 열한 시까지 마치겠습니다."), (HEAD, "네.")], [], id="the meeting's own end"
        ),
        pytest.param(
            [
                (GWON, "안내문을 내일까지 붙이겠습니다."),
                (CHAIR, "네. 아, 안내문은 안 붙여도 됩니다. 취소하겠습니다."),
            ],
            [],
            id="called off",
        ),
    ],
)
def test_who_does_what_by_when(
    clerk: Clerk, talk: list[tuple[str, str]], expected: list[tuple[str, int | None]]
):
    found = clerk.read(_meeting(*talk)).actions
    days = [(owner, date(2026, 12, day) if day else None) for owner, day in expected]
    assert [(one.owner, one.due) for one in found] == days


def test_every_item_leads_to_its_moment(clerk: Clerk):
    meeting = _meeting(
        (CHAIR, "다음 안건은 청사 이전입니다."),
        (HEAD, "계획은 제가 금요일까지 쓰겠습니다."),
        (CHAIR, "이전은 원안대로 의결합니다."),
    )
    found = clerk.read(meeting)
    assert [(one.title, one.at) for one in found.topics] == [("청사 이전", 10.0)]
    assert [one.at for one in found.actions] == [20.0]
    assert [one.at for one in found.decisions] == [30.0]


def test_unnamed_voices_still_give_minutes(clerk: Clerk):
    turns = (Turn(0, "", "회의를 시작하겠습니다"), Turn(9, "", "제가 현황표를 금요일까지 만들겠습니다"))
    found = clerk.read(Meeting("회의", BEGAN, (), turns))
    assert [(one.what, one.due) for one in found.actions] == [("현황표를 만들기", date(2026, 12, 4))]


@pytest.mark.parametrize("says", ["", "…", "?!", "\ud800", "가" * 20_000, "까지까지까지 안에 안에"])
def test_any_text_is_read(clerk: Clerk, says: str):
    clerk.read(_meeting((GWON, says), (MIN, says)))


def test_every_kind_of_the_labelled_meetings_has_its_minutes():
    kinds = load_kinds(ROOT / "catalogue")
    assert {
        "weekly",
        "committee",
        "emergency",
        "contract",
        "complaint",
        "project",
        "briefing",
        "hearing",
        "training",
    } <= set(kinds)
    with pytest.raises(InputError, match="no kind of meeting picnic"):
        find_kind(kinds, "picnic")
