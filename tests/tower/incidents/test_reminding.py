"""An open incident speaks up by itself: once for each day or hour, told outside without its own words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from tests.tower.incidents.test_incident import NOW, SCALE, after, mended, reported

from donghaeng.tower.incidents import incident as steps
from donghaeng.tower.incidents.incident import Incident, Line, evolve
from donghaeng.tower.incidents.reminding import reminders
from donghaeng.tower.process.refusals import ProcessRefused
from donghaeng.trust.leaks import Extent, LeakLine
from donghaeng.trust.leaks import fold as fold_leaks

DAY = timedelta(days=1)


def reminded(incident: Incident, now: datetime, leak=None) -> tuple[list[str], Incident]:
    found = reminders(SCALE, incident, now, leak)
    for line in found:
        incident = evolve(
            incident, Line(incident.id, incident.version + 1, now, "system", line.kind, line.told)
        )
    return [line.told["about"] for line in found], incident


def test_who_has_no_owner_is_told_after_a_day_and_then_each_week() -> None:
    incident = reported()
    assert reminded(incident, NOW)[0] == []
    about, incident = reminded(incident, NOW + DAY)
    assert about == ["owner"]
    assert reminded(incident, NOW + 2 * DAY)[0] == []
    assert reminded(incident, NOW + 8 * DAY)[0] == ["owner"]


def test_an_owner_who_is_silent_is_told_and_a_line_of_a_person_begins_the_days_anew() -> None:
    incident = reported()
    incident = after(incident, steps.own(incident, "건강팀"))
    assert reminded(incident, NOW + 6 * DAY)[0] == []
    about, incident = reminded(incident, NOW + 7 * DAY)
    assert about == ["silent"]
    assert reminded(incident, NOW + 8 * DAY)[0] == []


def test_the_day_of_closing_is_told_before_and_when_it_has_passed_and_not_once_it_is_closed() -> None:
    incident = mended(reported(severity=4))
    about, incident = reminded(incident, NOW + 5 * DAY)
    assert about == ["due"]
    assert reminded(incident, NOW + 6 * DAY)[0] == []
    assert set(reminded(incident, NOW + 8 * DAY)[0]) == {"late", "silent"}
    closed = after(incident, steps.close(incident, "lee", ""))
    assert reminded(closed, NOW + 30 * DAY)[0] == []


@pytest.mark.parametrize(
    ("hours", "about"), [(40, []), (49, ["leak_24"]), (67, ["leak_6"]), (73, ["leak_0"])]
)
def test_the_clock_of_a_leak_is_told_as_it_runs_out(hours: int, about: list[str]) -> None:
    known = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
    (leak,) = fold_leaks([LeakLine("leak_1", known, "known", "kim", "", Extent(known, 3))])
    incident = after(mended(reported()), steps.note(reported(), "보고 있어요"))
    first, incident = reminded(incident, known + timedelta(hours=hours), leak)
    assert [one for one in first if one.startswith("leak")] == about
    again = reminded(incident, known + timedelta(hours=hours), leak)[0]
    assert again == [], "each is told once"


def test_the_public_reads_what_another_person_let_out_until_it_is_taken_back() -> None:
    incident = reported(by="kim")
    with pytest.raises(ProcessRefused, match="다른 사람"):
        steps.publish(incident, "kim", "잘못 알려 드렸어요")
    with pytest.raises(ProcessRefused, match="시민이 읽을"):
        steps.publish(incident, "lee", " ")
    out = after(incident, steps.publish(incident, "lee", "잘못 알려 드렸어요"))
    assert (out.public, out.published_at) == ("잘못 알려 드렸어요", NOW)
    assert after(out, steps.unpublish(out, "다시 살펴요")).public == ""
    with pytest.raises(ProcessRefused, match="없어요"):
        steps.unpublish(incident, "왜")
