"""What an open incident is reminded of by itself. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final

from donghaeng.tower.incidents.incident import Incident, NewLine, Scale, Step
from donghaeng.tower.process.state import SYSTEM, day_of
from donghaeng.trust.leaks import Leak

DUE: Final = "due"
LATE: Final = "late"
OWNER: Final = "owner"
SILENT: Final = "silent"
LEAK: Final = "leak"


def reminders(scale: Scale, incident: Incident, now: datetime, leak: Leak | None = None) -> list[NewLine]:
    """The lines that are to be written now; each thing once for its day or hour.

    Args:
        scale: the days and hours.
        incident: as it stands.
        now: the program's time, aware.
        leak: the clock that it points at, where it is a leak.
    """
    found = [*_days(scale, incident, day_of(now))] if not incident.closed else []
    if leak is not None and leak.ticking:
        found += _clock(scale, leak, now)
    return [
        NewLine(Step.REMINDED, {"about": about, "on": on, "words": words})
        for about, on, words in found
        if (about, on) not in incident.reminded
    ]


def _days(scale: Scale, incident: Incident, today: date) -> Iterator[tuple[str, str, str]]:
    rules, due = scale.remind, incident.due(scale)
    if today > due:
        yield LATE, due.isoformat(), f"닫을 날({due})이 지났어요"
    elif today >= due - timedelta(rules.days_before):
        yield DUE, due.isoformat(), f"{due}까지 닫아야 해요"
    every = timedelta(rules.silent_days)
    if not incident.owner:
        first = day_of(incident.reported_at) + timedelta(rules.owner_days)
        if today >= first:
            yield OWNER, (first + (today - first) // every * every).isoformat(), "맡은 사람이 아직 없어요"
        return
    last = day_of(max((one.at for one in incident.lines if one.by != SYSTEM), default=incident.reported_at))
    silent = (today - last) // every
    if silent:
        words = f"{incident.owner}: {last}부터 적은 것이 없어요"
        yield SILENT, (last + silent * every).isoformat(), words


def _clock(scale: Scale, leak: Leak, now: datetime) -> Iterator[tuple[str, str, str]]:
    left = leak.left(now)
    passed = [hours for hours in scale.remind.leak_hours if left <= timedelta(hours=hours)]
    if not passed:
        return
    hours = min(passed)
    words = f"72시간 시계가 {hours}시간 안에 끝나요" if hours else "72시간이 지났어요"
    yield f"{LEAK}_{hours}", leak.due.isoformat(), words
