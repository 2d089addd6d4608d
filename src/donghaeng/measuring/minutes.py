"""`donghaeng eval minutes`: minutes of scripted meetings, against what a careful clerk wrote."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, TextIO
from zoneinfo import ZoneInfo

from donghaeng.city.services.positions import read_yaml
from donghaeng.errors import InputError
from donghaeng.korean.morphemes import Analyse, analyser
from donghaeng.measuring.cases import JsonObject, Progress, failed, no_progress, predict_all
from donghaeng.office.minutes.model import Action, Decision, Meeting, Minutes, Person, Topic, Turn
from donghaeng.office.minutes.reading import Clerk
from donghaeng.office.minutes.scoring import Tally, same_action, tally

SEOUL: Final = ZoneInfo("Asia/Seoul")
BESIDE: Final = 1
"""Turns that a decision or a point of the agenda may lie away from its label."""


@dataclass(frozen=True, slots=True)
class Script:
    """A scripted meeting with its labels."""

    name: str
    meeting: Meeting
    labels: Minutes


def seconds(moment: str) -> float:
    """``00:01:15`` in seconds."""
    hours, minutes, rest = map(int, moment.split(":"))
    return float(hours * 3600 + minutes * 60 + rest)


def read(folder: Path) -> list[Script]:
    """Every ``*.yaml`` of a folder (``bench/office/meetings/meeting.schema.json``).

    Raises:
        InputError: there is none, or one of them is no such script.
    """
    files = sorted(folder.glob("*.yaml")) if folder.is_dir() else [folder] if folder.is_file() else []
    if not files:
        raise InputError(f"{folder}: has no meeting", remedy="give a folder of bench/office/meetings")
    return [_script(file) for file in files]


def _script(file: Path) -> Script:
    data: Any = read_yaml(file).data
    try:
        turns = tuple(Turn(seconds(one["at"]), one["who"], one["says"]) for one in data["turns"])
        place = {turn.at: at for at, turn in enumerate(turns)}
        meeting = Meeting(
            title=data["title"],
            started=datetime.fromisoformat(data["started"]).replace(tzinfo=SEOUL),
            people=tuple(Person(one["name"], one["role"]) for one in data["people"]),
            turns=turns,
        )
        return Script(file.stem, meeting, _labels(data, place))
    except (KeyError, TypeError, ValueError) as error:
        remedy = "write it as bench/office/meetings/meeting.schema.json says"
        raise InputError(f"{file}: no scripted meeting ({error})", remedy=remedy) from None


def _labels(data: Any, place: dict[float, int]) -> Minutes:
    def moment(one: Any) -> tuple[float, int]:
        at = seconds(one["at"])
        return at, place[at]

    return Minutes(
        topics=tuple(Topic(one["title"], *moment(one)) for one in data["agenda"]),
        decisions=tuple(Decision(one["what"], *moment(one)) for one in data["decisions"]),
        actions=tuple(
            Action(
                one["what"],
                one["owner"],
                date.fromisoformat(one["due"]) if one["due"] else None,
                *moment(one),
            )
            for one in data["actions"]
        ),
    )


def run(
    clerk: Clerk, scripts: Sequence[Script], stream: TextIO, progress: Progress = no_progress
) -> JsonObject:
    """Read every meeting and summarise."""
    sums = {"actions": Tally(), "decisions": Tally(), "agenda": Tally()}
    analyse = analyser()

    def predict(script: Script) -> JsonObject:
        found = clerk.read(script.meeting)
        counts = _tallies(found, script.labels, analyse)
        for kind, one in counts.items():
            sums[kind] += one
        return {"meeting": script.name, **as_json(found)}

    predictions = predict_all(scripts, predict, stream, progress)
    figures: JsonObject = {"kind": "minutes", "cases": len(scripts), "failed": failed(predictions)}
    for kind, one in sums.items():
        figures[kind] = {
            "found": one.found,
            "labelled": one.labelled,
            "right": one.right,
            "precision": round(one.precision, 3),
            "recall": round(one.recall, 3),
            "f1": round(one.f1, 3),
        }
    return figures


def as_json(found: Minutes) -> JsonObject:
    """Minutes as a prediction."""
    return {
        "agenda": [{"title": one.title, "at": one.at} for one in found.topics],
        "decisions": [{"what": one.what, "at": one.at} for one in found.decisions],
        "actions": [
            {
                "what": one.what,
                "owner": one.owner,
                "due": one.due.isoformat() if one.due else None,
                "at": one.at,
            }
            for one in found.actions
        ],
    }


def _tallies(found: Minutes, labels: Minutes, analyse: Analyse) -> dict[str, Tally]:
    def near(one: Decision | Topic, other: Decision | Topic) -> bool:
        return abs(one.turn - other.turn) <= BESIDE

    actions, _, _ = tally(found.actions, labels.actions, lambda one, other: same_action(one, other, analyse))
    decided, _, _ = tally(found.decisions, labels.decisions, near)
    agenda, _, _ = tally(found.topics, labels.topics, near)
    return {"actions": actions, "decisions": decided, "agenda": agenda}
