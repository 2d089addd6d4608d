"""Minutes → a draft that is written as HWPX, DOCX or PDF. Pure.

Every decision and action stands with its moment in the recording. What was said is told in the words of who
said it; nothing is called good, bad, weak or strong.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from donghaeng.office.drafts.composing import written_date
from donghaeng.office.drafts.model import About, Draft, Grid, Line, Look
from donghaeng.office.lint.outline import sign
from donghaeng.office.minutes.kinds import Kind, Part
from donghaeng.office.minutes.model import Meeting, Minutes

NOBODY: Final = "정하지 않음"
NO_DAY: Final = "정하지 않음"
NONE: Final = "없음"
UNNAMED: Final = "이름 모름"
SOURCE: Final = "괄호 안은 녹음의 시각입니다. 정한 것과 할 일은 녹음에서 뽑은 것이므로 듣고 확인합니다."
LONGEST: Final = 2_000
"""Characters of one turn in a file."""


def moment(seconds: float) -> str:
    """``00:01:15``"""
    whole = max(0, int(seconds))
    return f"{whole // 3600:02}:{whole % 3600 // 60:02}:{whole % 60:02}"


def minutes_draft(name: str, kind: Kind, meeting: Meeting, minutes: Minutes, about: About) -> Draft:
    """The document.

    Args:
        name: id of the kind.
        kind: which parts it has.
        meeting: what was said, and who was there.
        minutes: what was found in it, corrected by an official.
        about: what the file tells about itself.
    """
    blocks: list[Line | Grid] = [
        Line(kind.title, Look.TITLE),
        Line(f"회의: {_plain(meeting.title)}"),
        Line(f"일시: {written_date(meeting.started.date())} {meeting.started:%H:%M}"),
    ]
    for place, (part, heading) in enumerate(kind.parts.items(), start=1):
        blocks.append(Line(f"{sign(0, place)} {heading}", Look.HEAD))
        blocks += _part(part, meeting, minutes)
    blocks.append(Line(SOURCE, Look.NOTE))
    return Draft(f"minutes_{name}", _plain(meeting.title) or kind.title, tuple(blocks), about)


def _part(part: Part, meeting: Meeting, minutes: Minutes) -> Iterator[Line | Grid]:
    if part == "people":
        names = [f"{one.name}({one.role})" if one.role else one.name for one in meeting.people]
        yield Line(_plain(", ".join(names)) or NONE, level=1)
    elif part == "agenda":
        yield from _points([(one.title, one.at) for one in minutes.topics])
    elif part == "decisions":
        yield from _points([(one.what, one.at) for one in minutes.decisions])
    elif part == "actions":
        yield from _actions(minutes)
    else:
        for turn in meeting.turns:
            yield Line(f"({moment(turn.at)}) {_plain(turn.who) or UNNAMED}: {_plain(turn.says)}", level=1)


def _points(points: list[tuple[str, float]]) -> Iterator[Line]:
    if not points:
        yield Line(NONE, level=1)
    for place, (text, at) in enumerate(points, start=1):
        mark = f"{sign(1, place)} " if len(points) > 1 else ""
        yield Line(f"{mark}{_plain(text)} ({moment(at)})", level=1)


def _actions(minutes: Minutes) -> Iterator[Line | Grid]:
    if not minutes.actions:
        yield Line(NONE, level=1)
        return
    rows = [("할 일", "담당", "기한", "녹음 시각")]
    rows += [
        (_plain(one.what), _plain(one.owner or "") or NOBODY, _day(one.due), moment(one.at))
        for one in minutes.actions
    ]
    yield Grid(tuple(rows))


def _day(day: date | None) -> str:
    return written_date(day) if day else NO_DAY


def _plain(text: str) -> str:
    """Without signs that a file format breaks on."""
    kept = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(kept.split())[:LONGEST]
