"""What goes through the process, as a fold over its history of actions. Pure and total."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, timezone
from enum import StrEnum
from typing import Any, Final

from donghaeng.tower.history import Line, NewLine
from donghaeng.tower.process.refusals import UnknownSubject
from donghaeng.tower.process.rules import Kind

SEOUL: Final = timezone(timedelta(hours=9))
"""Days of the process are the city's. Korea has no summer time."""
SYSTEM: Final = "system"
"""Who acts where the program itself does."""
_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")


@dataclass(frozen=True, slots=True, order=True)
class Subject:
    """What goes through the process: a kind and an id within it."""

    kind: Kind
    id: str

    def __str__(self) -> str:
        return f"{self.kind.value}/{self.id}"


def subject_of(kind: str, identity: str) -> Subject:
    """A subject by its written names.

    Raises:
        UnknownSubject: no such kind, or what cannot be an id.
    """
    if kind not in {one.value for one in Kind} or not _ID.fullmatch(identity):
        raise UnknownSubject(f"{kind}/{identity}: 그런 대상이 없어요")
    return Subject(Kind(kind), identity)


class ActionKind(StrEnum):
    """What may happen to a subject."""

    CREATED = "created"
    IMPORTED = "imported"
    ASSESSED = "assessed"
    EVIDENCE_ADDED = "evidence_added"
    EVIDENCE_WITHDRAWN = "evidence_withdrawn"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    REJECTED = "rejected"
    TAKEN_BACK = "taken_back"
    MOVED = "moved"
    DEADLINE_SET = "deadline_set"
    REMINDED = "reminded"
    REVIEW_DUE = "review_due"
    PLANNED = "planned"
    PROGRESSED = "progressed"
    SEEN = "seen"
    NOTED = "noted"


Deed = NewLine[ActionKind]
"""An action that is still to be written down."""
Action = Line[Subject, ActionKind]
"""One line of a subject's history."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One piece of evidence that stands."""

    id: str
    kind: str
    title: str
    on: date
    """The day of the document or test."""
    until: date | None = None
    """The last day on which it holds."""
    link: str = ""
    file: str = ""
    """SHA-256 of an uploaded file."""
    file_name: str = ""
    result: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    relies_on: str = ""
    """The subject whose evidence of the same kind it rests on (``engine/whisper``)."""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Review:
    """A review under way."""

    to: str
    by: str
    at: datetime
    approvals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What an idea became: who answers for it, and what it costs in which year (won)."""

    owner: str
    budget: Mapping[int, int]

    @property
    def total(self) -> int:
        """Of all years, in won."""
        return sum(self.budget.values())


@dataclass(frozen=True, slots=True)
class SubjectState:
    """A subject after its actions so far."""

    subject: Subject
    name: str = ""
    owner: str = ""
    words: str = ""
    stage: str = "draft"
    since: date = date.min
    """In the stage since this day."""
    version: int = 0
    """How many actions there are: who acts names the one seen."""
    level: int | None = None
    """Of the risk form; None before it was filled in."""
    risk: Mapping[str, Any] = field(default_factory=dict)
    evidence: Mapping[str, Evidence] = field(default_factory=dict)
    review: Review | None = None
    deadline: date | None = None
    due: Mapping[str, date] = field(default_factory=dict)
    """Cause → until when it is reviewed anew."""
    reviewed_on: date | None = None
    plan: Plan | None = None
    percent: int = 0
    seen: str = ""
    """Hash of what it is made of, as a program saw it last."""
    parts: Mapping[str, str] = field(default_factory=dict)
    """``model/recogniser`` → hash of that part, as a program saw it last."""
    reminded: frozenset[tuple[str, date]] = frozenset()
    history: tuple[Action, ...] = ()


def day_of(at: datetime) -> date:
    """The day in Seoul."""
    return at.astimezone(SEOUL).date()


def fold(actions: Iterable[Action]) -> dict[Subject, SubjectState]:
    """Every subject's state, in the order of their first actions."""
    found: dict[Subject, SubjectState] = {}
    for action in actions:
        before = found.get(action.of) or SubjectState(action.of)
        found[action.of] = evolve(before, action)
    return found


def evolve(before: SubjectState, action: Action) -> SubjectState:
    """The state after one more action."""
    now = replace(before, version=action.seq, history=(*before.history, action))
    return _CHANGES[action.kind](now, action)


def _begun(now: SubjectState, action: Action) -> SubjectState:
    told = action.told
    begun = replace(
        now,
        name=str(told.get("name") or now.subject.id),
        owner=str(told.get("owner", "")),
        words=action.words,
        since=day_of(action.at),
        seen=str(told.get("seen", "")),
        parts=dict(told.get("parts", {})),
    )
    if action.kind is ActionKind.CREATED:
        return begun
    evidence = [read_evidence(one, by=action.by) for one in told["evidence"]]
    return replace(
        begun,
        stage=str(told["stage"]),
        level=int(told["risk"]["level"]),
        risk=dict(told["risk"]),
        evidence={one.id: one for one in evidence},
        reviewed_on=date.fromisoformat(told["reviewed_on"]),
    )


def _moved(now: SubjectState, action: Action) -> SubjectState:
    reviewed = bool(action.told.get("reviewed"))
    return replace(
        now,
        stage=str(action.told["to"]),
        since=day_of(action.at),
        review=None,
        deadline=None,
        due={} if reviewed else now.due,
        reviewed_on=day_of(action.at) if reviewed else now.reviewed_on,
    )


def _assessed(now: SubjectState, action: Action) -> SubjectState:
    return replace(now, level=int(action.told["level"]), risk=dict(action.told))


def _evidence_added(now: SubjectState, action: Action) -> SubjectState:
    one = read_evidence(action.told["evidence"], by=action.by)
    return replace(now, evidence={**now.evidence, one.id: one})


def _evidence_withdrawn(now: SubjectState, action: Action) -> SubjectState:
    left = {key: one for key, one in now.evidence.items() if key != action.told["evidence"]}
    return replace(now, evidence=left)


def _submitted(now: SubjectState, action: Action) -> SubjectState:
    return replace(now, review=Review(str(action.told["to"]), action.by, action.at))


def _approved(now: SubjectState, action: Action) -> SubjectState:
    if now.review is None:
        return now
    return replace(now, review=replace(now.review, approvals=(*now.review.approvals, action.by)))


def _review_ended(now: SubjectState, action: Action) -> SubjectState:
    del action
    return replace(now, review=None)


def _deadline_set(now: SubjectState, action: Action) -> SubjectState:
    return replace(now, deadline=date.fromisoformat(action.told["on"]))


def _review_due(now: SubjectState, action: Action) -> SubjectState:
    cause, until = str(action.told["cause"]), date.fromisoformat(action.told["until"])
    return replace(now, due={**now.due, cause: min(until, now.due.get(cause, until))})


def _reminded(now: SubjectState, action: Action) -> SubjectState:
    line = (str(action.told["about"]), date.fromisoformat(action.told["on"]))
    return replace(now, reminded=now.reminded | {line})


def _planned(now: SubjectState, action: Action) -> SubjectState:
    budget = {int(year): int(won) for year, won in action.told["budget"].items()}
    owner = str(action.told["owner"])
    return replace(now, plan=Plan(owner, budget), owner=owner)


def _progressed(now: SubjectState, action: Action) -> SubjectState:
    return replace(now, percent=int(action.told["percent"]))


def _noted(now: SubjectState, action: Action) -> SubjectState:
    del action
    return now


def _seen(now: SubjectState, action: Action) -> SubjectState:
    parts = {**now.parts, **action.told.get("parts", {})}
    return replace(now, seen=str(action.told["seen"]), parts=parts)


_CHANGES: Final[Mapping[ActionKind, Callable[[SubjectState, Action], SubjectState]]] = {
    ActionKind.CREATED: _begun,
    ActionKind.IMPORTED: _begun,
    ActionKind.ASSESSED: _assessed,
    ActionKind.EVIDENCE_ADDED: _evidence_added,
    ActionKind.EVIDENCE_WITHDRAWN: _evidence_withdrawn,
    ActionKind.SUBMITTED: _submitted,
    ActionKind.APPROVED: _approved,
    ActionKind.REJECTED: _review_ended,
    ActionKind.TAKEN_BACK: _review_ended,
    ActionKind.MOVED: _moved,
    ActionKind.DEADLINE_SET: _deadline_set,
    ActionKind.REMINDED: _reminded,
    ActionKind.REVIEW_DUE: _review_due,
    ActionKind.PLANNED: _planned,
    ActionKind.PROGRESSED: _progressed,
    ActionKind.SEEN: _seen,
    ActionKind.NOTED: _noted,
}


def read_evidence(told: Mapping[str, Any], *, by: str) -> Evidence:
    """A piece of evidence as an action tells it."""
    until = told.get("until")
    return Evidence(
        **{
            **told,
            "on": date.fromisoformat(told["on"]),
            "until": None if until is None else date.fromisoformat(until),
            "fields": dict(told.get("fields", {})),
            "by": by,
        }
    )


def write_evidence(one: Evidence) -> dict[str, Any]:
    """The same as JSON; who added it is told by the action."""
    told: dict[str, Any] = {
        "id": one.id,
        "kind": one.kind,
        "title": one.title,
        "on": one.on.isoformat(),
        "until": None if one.until is None else one.until.isoformat(),
    }
    others = ("link", "file", "file_name", "result", "relies_on")
    told |= {name: value for name in others if (value := getattr(one, name))}
    return {**told, "fields": dict(one.fields)} if one.fields else told
