"""The clock of a leak: what the law wants within 72 hours of knowing of it. Pure.

Those whom it concerns are told (개인정보 보호법 제34조 제1항, 시행령 제39조), and where it is grave it is
reported to the 개인정보보호위원회 or KISA (제34조 제3항, 시행령 제40조). Both within 72 hours of the city's
coming to know, which may be before anybody wrote it down here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, Literal

from donghaeng.errors import InputError

CLOCK: Final = timedelta(hours=72)
REPORT_FROM_PERSONS: Final = 1_000
"""A leak of so many persons' data is reported whatever it is (시행령 제40조 제1항 제1호)."""
MOST_WORDS: Final = 2_000

LineKind = Literal["known", "changed", "noted", "notified", "reported", "unfounded", "closed"]
KINDS: Final[tuple[LineKind, ...]] = (
    "known",
    "changed",
    "noted",
    "notified",
    "reported",
    "unfounded",
    "closed",
)


@dataclass(frozen=True, slots=True)
class Extent:
    """How grave it is, as far as is known now."""

    known_at: datetime
    """When the city came to know: the clock runs from here."""
    persons: int | None = None
    """How many it concerns; None while nobody knows."""
    sensitive: bool = False
    """Sensitive data or unique identifiers are among it (제2호)."""
    intrusion: bool = False
    """Somebody came in from outside (제3호)."""

    @property
    def must_be_reported(self) -> bool:
        """Whether 시행령 제40조 제1항 wants a report; while nobody knows how many it concerns, it does."""
        many = self.persons is None or self.persons >= REPORT_FROM_PERSONS
        return many or self.sensitive or self.intrusion


@dataclass(frozen=True, slots=True)
class LeakLine:
    """One line of the record; lines are only added."""

    leak: str
    at: datetime
    kind: LineKind
    by: str
    """Account of staff, or the command line."""
    words: str = field(default="", repr=False)
    """What happened or was done, masked."""
    extent: Extent | None = None
    """Of ``known`` and ``changed``."""


@dataclass(frozen=True, slots=True)
class Leak:
    """A leak, or what may be one (제34조 제2항)."""

    id: str
    extent: Extent
    lines: tuple[LeakLine, ...]
    notified_at: datetime | None = None
    reported_at: datetime | None = None
    closed_at: datetime | None = None
    unfounded: bool = False

    @property
    def due(self) -> datetime:
        """Until when those whom it concerns are told, and the authority where it must be."""
        return self.extent.known_at + CLOCK

    @property
    def missing(self) -> tuple[Literal["notified", "reported"], ...]:
        """What the law still wants."""
        if self.unfounded:
            return ()
        wanted: list[Literal["notified", "reported"]] = []
        if self.notified_at is None:
            wanted.append("notified")
        if self.reported_at is None and self.extent.must_be_reported:
            wanted.append("reported")
        return tuple(wanted)

    @property
    def ticking(self) -> bool:
        """Whether the clock runs."""
        return self.closed_at is None and bool(self.missing)

    def left(self, now: datetime) -> timedelta:
        """Until it is due; less than nothing where that was missed."""
        return self.due - now


def fold(lines: Iterable[LeakLine]) -> list[Leak]:
    """The leaks that lines tell of, oldest first."""
    found: dict[str, Leak] = {}
    for line in lines:
        found[line.leak] = _after(found.get(line.leak), line)
    return list(found.values())


def _after(before: Leak | None, line: LeakLine) -> Leak:
    if before is None:
        assert line.extent is not None, "a leak begins with what is known"
        return Leak(line.leak, line.extent, (line,))
    now = replace(before, lines=(*before.lines, line))
    match line.kind:
        case "changed":
            now = replace(now, extent=line.extent or now.extent)
        case "notified":
            now = replace(now, notified_at=now.notified_at or line.at)
        case "reported":
            now = replace(now, reported_at=now.reported_at or line.at)
        case "unfounded" | "closed":
            now = replace(now, unfounded=line.kind == "unfounded", closed_at=line.at)
    return now


def nearest(leaks: Sequence[Leak], now: datetime) -> timedelta | None:
    """The least time that is left of all clocks that run; None where none does."""
    return min((one.left(now) for one in leaks if one.ticking), default=None)


def check(extent: Extent, now: datetime) -> Extent:
    """The same extent.

    Raises:
        InputError: it was known in the future, or concerns fewer than nobody.
    """
    if extent.known_at > now:
        raise InputError("known in the future", remedy="give the moment at which somebody first knew")
    if extent.persons is not None and extent.persons < 0:
        raise InputError(f"{extent.persons} persons", remedy="give a number, or leave it out")
    return extent


def may_close(leak: Leak) -> None:
    """Whether nothing is missing.

    Raises:
        InputError: the law still wants something.
    """
    if leak.missing:
        wanted = " and ".join(leak.missing)
        remedy = f"donghaeng leak {leak.missing[0]} {leak.id}, or close it as --unfounded"
        raise InputError(f"{leak.id} has not been {wanted}", remedy=remedy)
