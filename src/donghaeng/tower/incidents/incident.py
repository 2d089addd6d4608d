"""An incident of an AI system as a fold over its lines, and what may be done with it. Pure.

It begins with a report and is closed when somebody answers for it, what mends it is named, and what was
learnt is written down. Errors of a system are meant; the clock of a leak (:mod:`donghaeng.trust.leaks`)
is another record, which an incident may point at.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, model_validator

from donghaeng.tower import history
from donghaeng.tower.process.refusals import ProcessRefused, UnknownSubject
from donghaeng.tower.process.state import SYSTEM, day_of

MOST_WORDS: Final = 1_000
MOST_TITLE: Final = 120
MOST_LINK: Final = 300


class Severity(BaseModel):
    """One step of the scale."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    words: str
    days: int = Field(ge=1, le=365)
    """Within which an incident of this kind is to be closed."""


class Remind(BaseModel):
    """When an open incident speaks up by itself."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    days_before: int = Field(ge=0, le=60)
    """Before the day on which it is to be closed."""
    owner_days: int = Field(ge=1, le=60)
    """After so many without anybody who answers for it."""
    silent_days: int = Field(ge=1, le=60)
    """After so many without a line by a person; and again after as many."""
    leak_hours: tuple[int, ...]
    """Hours that are left on the 72-hour clock; 0 where it has run out."""


class Scale(BaseModel):
    """How grave incidents may be."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    review_from: int
    """From this severity upwards what failed is reviewed anew."""
    remind: Remind
    severities: Mapping[int, Severity] = Field(min_length=1)

    @model_validator(mode="after")
    def _is_a_scale(self) -> Scale:
        if list(self.severities) != list(range(1, len(self.severities) + 1)):
            raise ValueError("severities are counted from 1, in their order")
        if self.review_from not in self.severities:
            raise ValueError("review_from is no severity")
        return self


class Step(StrEnum):
    """What may be written down of an incident."""

    REPORTED = "reported"
    GRADED = "graded"
    OWNED = "owned"
    NOTED = "noted"
    MENDED = "mended"
    LEARNT = "learnt"
    PUBLISHED = "published"
    UNPUBLISHED = "unpublished"
    REMINDED = "reminded"
    CLOSED = "closed"
    REOPENED = "reopened"


Line = history.Line[str, Step]
"""One line of the record of an incident, which its id names."""
NewLine = history.NewLine[Step]
"""A line that is still to be written down."""


@dataclass(frozen=True, slots=True)
class Incident:
    """An incident after its lines so far."""

    id: str
    lines: tuple[Line, ...] = ()
    title: str = ""
    subject: str = ""
    """What failed (``service/weather``)."""
    severity: int = 1
    happened_on: date = date.min
    leak: str = ""
    """The leak of personal data that it is, by the name of its 72-hour clock; empty where it is none."""
    owner: str = ""
    mends: tuple[str, ...] = ()
    """Links to what mends it."""
    lessons: tuple[str, ...] = ()
    rule: str = ""
    """The alert that it began with; empty where a person reported it."""
    public: str = ""
    """What the public reads of it; empty where nothing was let out."""
    published_at: datetime | None = None
    reminded: frozenset[tuple[str, str]] = frozenset()
    """What it was reminded of, and of which moment."""
    closed: bool = False

    @property
    def reporter(self) -> str:
        """Who reported it; where a program did, the first person who wrote of it."""
        return next((line.by for line in self.lines if line.by != SYSTEM), SYSTEM)

    @property
    def version(self) -> int:
        """How many lines it has."""
        return len(self.lines)

    @property
    def reported_at(self) -> datetime:
        """When it was written down first."""
        return self.lines[0].at

    def due(self, scale: Scale) -> date:
        """The last day on which it is closed in time."""
        return day_of(self.reported_at) + timedelta(days=scale.severities[self.severity].days)

    def overdue(self, scale: Scale, today: date) -> bool:
        """Whether that day has passed."""
        return not self.closed and today > self.due(scale)


def fold(lines: Iterable[Line]) -> dict[str, Incident]:
    """The incidents that lines tell of, in the order of their reports."""
    found: dict[str, Incident] = {}
    for line in lines:
        found[line.of] = evolve(found.get(line.of, Incident(line.of)), line)
    return found


def evolve(before: Incident, line: Line) -> Incident:
    """The incident after one more line."""
    changed: dict[str, Any] = {}
    told = line.told
    match line.kind:
        case Step.REPORTED:
            changed = {name: told[name] for name in ("title", "subject", "severity")}
            changed["happened_on"] = date.fromisoformat(str(told["happened_on"]))
            changed["leak"], changed["rule"] = str(told.get("leak", "")), str(told.get("rule", ""))
        case Step.GRADED:
            changed["severity"] = told["severity"]
        case Step.OWNED:
            changed["owner"] = told["owner"]
        case Step.MENDED:
            changed["mends"] = (*before.mends, told["link"])
        case Step.LEARNT:
            changed["lessons"] = (*before.lessons, line.words)
        case Step.CLOSED | Step.REOPENED:
            changed["closed"] = line.kind is Step.CLOSED
        case Step.PUBLISHED:
            changed = {"public": line.words, "published_at": line.at}
        case Step.UNPUBLISHED:
            changed = {"public": "", "published_at": None}
        case Step.REMINDED:
            changed["reminded"] = before.reminded | {(str(told["about"]), str(told["on"]))}
        case Step.NOTED:
            pass
    return replace(before, lines=(*before.lines, line), **changed)


def report(
    scale: Scale, *, title: str, subject: str, severity: int, happened_on: date, today: date, words: str
) -> NewLine:
    """Write down that something went wrong.

    Raises:
        ProcessRefused: the title or the words are missing, the day is still to come, no such severity.
    """
    if not title.strip():
        raise ProcessRefused("무슨 일인지 한 줄로 적어 주세요")
    if happened_on > today:
        raise ProcessRefused("아직 오지 않은 날이에요. 일이 난 날을 적어 주세요")
    told = {
        "title": title.strip()[:MOST_TITLE],
        "subject": subject,
        "severity": _severity(scale, severity),
        "happened_on": happened_on.isoformat(),
        "words": _needed(words, "무슨 일이 있었는지 적어 주세요"),
    }
    return NewLine(Step.REPORTED, told)


def grade(scale: Scale, incident: Incident, severity: int, words: str) -> NewLine:
    """Say that it is graver or lighter than was thought.

    Raises:
        ProcessRefused: it is closed, no such severity, or why is missing.
    """
    _open(incident)
    if severity == incident.severity:
        raise ProcessRefused("지금과 같은 등급이에요")
    why = _needed(words, "왜 바꾸는지 적어 주세요")
    return NewLine(Step.GRADED, {"severity": _severity(scale, severity), "words": why})


def own(incident: Incident, owner: str) -> NewLine:
    """Say who answers for it.

    Raises:
        ProcessRefused: it is closed, or nobody is named.
    """
    _open(incident)
    return NewLine(Step.OWNED, {"owner": _needed(owner, "맡을 사람이나 부서를 적어 주세요")[:MOST_TITLE]})


def note(incident: Incident, words: str) -> NewLine:
    """Write down what was found or done.

    Raises:
        ProcessRefused: it is closed, or nothing is said.
    """
    _open(incident)
    return NewLine(Step.NOTED, {"words": _needed(words, "적을 말을 써 주세요")})


def mend(incident: Incident, link: str, words: str) -> NewLine:
    """Name what mends it: a change, a proposal of the review, another version.

    Raises:
        ProcessRefused: it is closed, or the link is none.
    """
    _open(incident)
    address = link.strip()
    if not address.startswith(("https://", "/console/")) or len(address) > MOST_LINK or " " in address:
        raise ProcessRefused("고친 것의 주소를 적어 주세요. https:// 나 /console/ 로 시작해요")
    return NewLine(Step.MENDED, {"link": address, "words": words.strip()[:MOST_WORDS]})


def learn(incident: Incident, words: str) -> NewLine:
    """Write down what is done otherwise from now on.

    Raises:
        ProcessRefused: it is closed, or nothing is said.
    """
    _open(incident)
    return NewLine(Step.LEARNT, {"words": _needed(words, "무엇을 배웠는지 적어 주세요")})


def lacking(incident: Incident) -> tuple[str, ...]:
    """What must still be there before it is closed, in Korean."""
    wanted = (
        (incident.owner, "맡은 사람"),
        (incident.mends, "고친 것의 주소"),
        (incident.lessons, "배운 것"),
    )
    return tuple(words for there, words in wanted if not there)


def close(incident: Incident, by: str, words: str, *, leak_ticks: bool = False) -> NewLine:
    """Close it.

    Args:
        incident: as it stands.
        by: who closes; another than who reported it.
        words: for the record.
        leak_ticks: the 72-hour clock of its leak still runs.

    Raises:
        ProcessRefused: it is closed, something is lacking, its leak's clock runs, or its reporter closes it.
    """
    _open(incident)
    if lacking(incident):
        raise ProcessRefused(f"아직 닫을 수 없어요. 없는 것: {', '.join(lacking(incident))}")
    if leak_ticks:
        raise ProcessRefused(f"개인정보 유출 {incident.leak}의 72시간 일이 남아 있어요")
    if by == incident.reporter:
        raise ProcessRefused("알린 사람이 아닌 다른 사람이 닫아요")
    return NewLine(Step.CLOSED, {"words": words.strip()[:MOST_WORDS]})


def publish(incident: Incident, by: str, words: str) -> NewLine:
    """Let the public read of it on the page of the system that it is of, also after it is closed.

    Args:
        incident: as it stands.
        by: who lets it out; another than who reported it.
        words: what the public reads: what happened, to whom it made a difference, what was done.

    Raises:
        ProcessRefused: nothing is said, or its reporter lets it out.
    """
    if by == incident.reporter:
        raise ProcessRefused("알린 사람이 아닌 다른 사람이 시민에게 알려요")
    return NewLine(Step.PUBLISHED, {"words": _needed(words, "시민이 읽을 말을 적어 주세요")})


def unpublish(incident: Incident, words: str) -> NewLine:
    """Take that from the public.

    Raises:
        ProcessRefused: nothing was let out, or why is missing.
    """
    if not incident.public:
        raise ProcessRefused("시민에게 알린 것이 없어요")
    return NewLine(Step.UNPUBLISHED, {"words": _needed(words, "왜 거두는지 적어 주세요")})


def reopen(incident: Incident, words: str) -> NewLine:
    """Open it again: it was not over.

    Raises:
        ProcessRefused: it is open, or why is missing.
    """
    if not incident.closed:
        raise ProcessRefused("아직 닫지 않은 일이에요")
    return NewLine(Step.REOPENED, {"words": _needed(words, "왜 다시 여는지 적어 주세요")})


def known(found: Mapping[str, Incident], name: str) -> Incident:
    """One of them.

    Raises:
        UnknownSubject: there is none of this name.
    """
    if name not in found:
        raise UnknownSubject(f"{name}: 그런 일이 없어요")
    return found[name]


def _open(incident: Incident) -> None:
    if incident.closed:
        raise ProcessRefused("닫은 일이에요. 먼저 다시 열어 주세요")


def _severity(scale: Scale, severity: int) -> int:
    if severity not in scale.severities:
        raise ProcessRefused("얼마나 무거운지 골라 주세요")
    return severity


def _needed(words: str, otherwise: str) -> str:
    if not words.strip():
        raise ProcessRefused(otherwise)
    return words.strip()[:MOST_WORDS]
