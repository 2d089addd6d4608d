"""What may be done with an incident, and what its record says after that."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donghaeng.tower.incidents import incident as steps
from donghaeng.tower.incidents.desk import load_scale
from donghaeng.tower.incidents.incident import Incident, Line, NewLine, Scale, evolve, fold, lacking
from donghaeng.tower.process.refusals import ProcessRefused, UnknownSubject

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
SCALE = load_scale()


def after(incident: Incident, line: NewLine, by: str = "lee") -> Incident:
    return evolve(incident, Line(incident.id, incident.version + 1, NOW, by, line.kind, line.told))


def reported(severity: int = 2, by: str = "kim") -> Incident:
    line = steps.report(
        SCALE,
        title="약국 시간이 틀렸어요",
        subject="service/pharmacy",
        severity=severity,
        happened_on=TODAY,
        today=TODAY,
        words="닫은 약국을 열었다고 했어요",
    )
    return after(Incident("inc_1"), line, by)


def mended(incident: Incident) -> Incident:
    incident = after(incident, steps.own(incident, "건강팀"))
    incident = after(incident, steps.mend(incident, "https://city.example/1", "쉬는 날을 넣음"))
    return after(incident, steps.learn(incident, "공휴일마다 시험해요"))


def test_a_report_says_what_failed_and_until_when_it_is_closed() -> None:
    incident = reported(severity=4)
    assert (incident.title, incident.subject, incident.severity) == (
        "약국 시간이 틀렸어요",
        "service/pharmacy",
        4,
    )
    assert incident.due(SCALE) == TODAY + timedelta(days=7)
    assert not incident.overdue(SCALE, TODAY + timedelta(days=7))
    assert incident.overdue(SCALE, TODAY + timedelta(days=8))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"title": " "}, "한 줄로"),
        ({"words": ""}, "무슨 일이 있었는지"),
        ({"severity": 9}, "얼마나 무거운지"),
        ({"happened_on": TODAY + timedelta(days=1)}, "아직 오지 않은"),
    ],
)
def test_a_report_that_lacks_something_is_refused(change: dict[str, object], why: str) -> None:
    whole = {
        "title": "x",
        "subject": "service/a",
        "severity": 1,
        "happened_on": TODAY,
        "today": TODAY,
        "words": "y",
    }
    with pytest.raises(ProcessRefused, match=why):
        steps.report(SCALE, **(whole | change))  # type: ignore[arg-type]


def test_it_is_closed_by_another_person_when_nothing_is_lacking() -> None:
    incident = reported(by="kim")
    assert lacking(incident) == ("맡은 사람", "고친 것의 주소", "배운 것")
    with pytest.raises(ProcessRefused, match="배운 것"):
        steps.close(incident, "lee", "")
    incident = mended(incident)
    assert lacking(incident) == ()
    with pytest.raises(ProcessRefused, match="다른 사람"):
        steps.close(incident, "kim", "")
    with pytest.raises(ProcessRefused, match="72시간"):
        steps.close(incident, "lee", "", leak_ticks=True)
    closed = after(incident, steps.close(incident, "lee", "다 됐어요"))
    assert closed.closed
    assert not closed.overdue(SCALE, TODAY + timedelta(days=400))
    with pytest.raises(ProcessRefused, match="닫은 일"):
        steps.note(closed, "또 났어요")
    with pytest.raises(ProcessRefused, match="닫은 일"):
        steps.close(closed, "lee", "")
    with pytest.raises(ProcessRefused, match="왜"):
        steps.reopen(closed, " ")
    again = after(closed, steps.reopen(closed, "또 났어요"))
    assert not again.closed
    with pytest.raises(ProcessRefused, match="아직 닫지"):
        steps.reopen(again, "또")


def test_another_grade_needs_a_reason_and_moves_the_day() -> None:
    incident = reported(severity=1)
    with pytest.raises(ProcessRefused, match="왜"):
        steps.grade(SCALE, incident, 4, "")
    with pytest.raises(ProcessRefused, match="같은"):
        steps.grade(SCALE, incident, 1, "그냥")
    graver = after(incident, steps.grade(SCALE, incident, 4, "약을 못 샀어요"))
    assert graver.due(SCALE) < incident.due(SCALE)


@pytest.mark.parametrize(
    "link", ["", "javascript:alert(1)", "http://city.example", "https://a b", "https://" + "x" * 400]
)
def test_a_link_that_is_none_is_refused(link: str) -> None:
    with pytest.raises(ProcessRefused, match="주소"):
        steps.mend(reported(), link, "")


def test_lines_of_several_incidents_are_told_apart() -> None:
    first = reported()
    others = [Line("inc_2", one.seq, one.at, one.by, one.kind, one.told) for one in mended(reported()).lines]
    found = fold([*first.lines, *others])
    assert {name: len(one.lessons) for name, one in found.items()} == {"inc_1": 0, "inc_2": 1}
    with pytest.raises(UnknownSubject, match="inc_3"):
        steps.known(found, "inc_3")


@given(st.lists(st.sampled_from(["own", "note", "mend", "learn", "grade", "close", "reopen"]), max_size=12))
def test_whatever_is_tried_nothing_is_closed_that_lacks_something(tries: list[str]) -> None:
    incident = reported()
    for which in tries:
        try:
            line = {
                "own": lambda one: steps.own(one, "팀"),
                "note": lambda one: steps.note(one, "말"),
                "mend": lambda one: steps.mend(one, "/console/review", ""),
                "learn": lambda one: steps.learn(one, "배움"),
                "grade": lambda one: steps.grade(SCALE, one, one.severity % 4 + 1, "까닭"),
                "close": lambda one: steps.close(one, "lee", ""),
                "reopen": lambda one: steps.reopen(one, "또"),
            }[which](incident)
        except ProcessRefused:
            continue
        incident = after(incident, line)
        assert not (incident.closed and lacking(incident))
    assert incident.version == len(incident.lines)


def test_a_scale_is_counted_from_one() -> None:
    one = {"name": "a", "words": "b", "days": 3}
    given = {"review_from": 2, "remind": SCALE.remind.model_dump()}
    with pytest.raises(ValueError, match="counted from 1"):
        Scale.model_validate(given | {"severities": {2: one}})
    with pytest.raises(ValueError, match="review_from"):
        Scale.model_validate(given | {"severities": {1: one}})
