"""Learning records as xAPI statements, for a city's own learning record store. Pure.

Form of xAPI 1.0.3 (ADL, "Part Two: Experience API Data") and of IEEE 9274.1.1-2023 (xAPI 2.0), which are the
same for what is told here but for ``version``. A learner is an account with a keyed fingerprint as its name:
no e-mail address, no name of a person leaves.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from donghaeng.errors import InputError

Version = Literal["1.0.3", "2.0.0"]
VerbName = Literal["attempted", "completed", "passed", "failed", "answered"]
ActivityKind = Literal["course", "lesson", "assessment", "question", "simulation"]

_ADL: Final = "http://adlnet.gov/expapi"
_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_VERBS: Final[dict[VerbName, str]] = {
    "attempted": "해 봄",
    "completed": "마침",
    "passed": "통과함",
    "failed": "아직 통과하지 못함",
    "answered": "답함",
}


@dataclass(frozen=True, slots=True)
class Activity:
    """What was learnt or tried."""

    id: str
    """Address under which it is known: ``https://…``."""
    kind: ActivityKind
    name: str


@dataclass(frozen=True, slots=True)
class Happened:
    """One event of a learner's record."""

    id: str
    """A UUID, made where chance is allowed."""
    learner: str
    """Keyed fingerprint."""
    home: str
    """Address of the system that the account belongs to."""
    verb: VerbName
    activity: Activity
    at: datetime
    parent: Activity | None = None
    score: float | None = None
    """0 … 1."""
    seconds: float | None = None
    """How long it took."""


def statement(event: Happened, version: Version = "1.0.3") -> dict[str, Any]:
    """The statement of an event.

    Raises:
        InputError: the id is no UUID, the time has no offset, the score is none, the learner is an address.
    """
    if not _UUID.fullmatch(event.id):
        raise InputError(f"{event.id!r} is no UUID")
    if event.at.tzinfo is None:
        raise InputError("a time without offset", remedy="give it with +09:00")
    if event.score is not None and not 0 <= event.score <= 1:
        raise InputError(f"score {event.score}", remedy="from 0 to 1")
    if "@" in event.learner:
        raise InputError("a learner is told by a fingerprint, not by an address")
    told: dict[str, Any] = {
        "id": event.id,
        "version": version,
        "actor": {
            "objectType": "Agent",
            "account": {"homePage": event.home, "name": event.learner},
        },
        "verb": {
            "id": f"{_ADL}/verbs/{event.verb}",
            "display": {"ko": _VERBS[event.verb], "en": event.verb},
        },
        "object": _object(event.activity),
        "context": {"platform": "Donghaeng", "language": "ko"},
        "timestamp": event.at.isoformat(timespec="milliseconds"),
    }
    result = _result(event)
    if result:
        told["result"] = result
    if event.parent is not None:
        told["context"]["contextActivities"] = {"parent": [_object(event.parent)]}
    return told


def _object(activity: Activity) -> dict[str, Any]:
    return {
        "objectType": "Activity",
        "id": activity.id,
        "definition": {"type": f"{_ADL}/activities/{activity.kind}", "name": {"ko": activity.name}},
    }


def _result(event: Happened) -> dict[str, Any]:
    result: dict[str, Any] = {}
    if event.score is not None:
        result["score"] = {"scaled": round(event.score, 4)}
    if event.verb in ("passed", "failed"):
        result["success"] = event.verb == "passed"
    if event.verb in ("completed", "passed"):
        result["completion"] = True
    if event.seconds is not None:
        result["duration"] = f"PT{event.seconds:.2f}S"
    return result
