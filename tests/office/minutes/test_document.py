"""Minutes as documents: parts by kind, a moment at every decision and action, the AI mark."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from donghaeng.errors import InputError
from donghaeng.office.drafts.files import write
from donghaeng.office.drafts.model import MARK, About, Draft
from donghaeng.office.minutes import kept
from donghaeng.office.minutes.document import minutes_draft, moment
from donghaeng.office.minutes.loading import load_kinds
from donghaeng.office.minutes.model import Action, Decision, Meeting, Minutes, Person, Topic, Turn

KINDS = load_kinds(Path(__file__).parents[3] / "catalogue")
BEGAN = datetime(2026, 11, 23, 9, tzinfo=ZoneInfo("Asia/Seoul"))
MEETING = Meeting(
    "주간\x00 회의",
    BEGAN,
    (Person("정해린", "과장"),),
    (Turn(5, "정해린", "시작합니다"), Turn(3725, "", "\x0b끝\ud800")),
)
FOUND = Minutes(
    (Topic("모집", 5, 0),),
    (Decision("접수를 늘리기로 함", 65, 0),),
    (Action("공고문 올리기", None, date(2026, 11, 25), 3725, 1), Action("보고", "정해린", None, 70, 1)),
)


def draft(kind: str, found: Minutes = FOUND) -> Draft:
    return minutes_draft(kind, KINDS[kind], MEETING, found, About("디지털정책과", BEGAN))


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_tells_each_decision_and_action_with_its_moment(kind: str) -> None:
    lines = draft(kind).lines
    text = "\n".join(lines)
    assert "접수를 늘리기로 함 (00:01:05)" in text
    assert list(lines[(at := lines.index("공고문 올리기")) : at + 4]) == [
        "공고문 올리기",
        "정하지 않음",
        "2026. 11. 25.",
        "01:02:05",
    ]
    assert ("(00:00:05) 정해린: 시작합니다" in text) == ("talk" in KINDS[kind].parts)
    assert lines[-1] == MARK
    assert "\x00" not in text
    assert "\ud800" not in text


@pytest.mark.parametrize("name", ["a.hwpx", "a.docx", "a.pdf"])
def test_every_format_is_written(name: str) -> None:
    assert len(write(draft("hearing"), name)) > 1_000
    assert len(write(draft("weekly", Minutes()), name)) > 1_000


def test_moments() -> None:
    assert [moment(at) for at in (0, 59.9, 3725, -1, 36_000)] == [
        "00:00:00",
        "00:00:59",
        "01:02:05",
        "00:00:00",
        "10:00:00",
    ]


def test_points_are_edited_in_the_order_of_their_moments() -> None:
    held = kept.to_json(FOUND)
    assert kept.from_json(held).actions[0].due == date(2026, 11, 25)
    more = kept.changed(held, kept.Edit("actions", 2, "자료 모으기", at=1.0, owner=" 오 세라 "))
    assert [one["text"] for one in more["actions"]] == ["자료 모으기", "보고", "공고문 올리기"]
    fewer = kept.changed(more, kept.Edit("actions", 0, ""))
    assert [one["text"] for one in fewer["actions"]] == ["보고", "공고문 올리기"]
    assert held["actions"][0]["text"] == "공고문 올리기", "what was given stays"
    for wrong in (
        kept.Edit("people", 0, "가"),
        kept.Edit("topics", 5, "가"),
        kept.Edit("topics", 0, "가" * 501),
    ):
        with pytest.raises(InputError):
            kept.changed(held, wrong)
