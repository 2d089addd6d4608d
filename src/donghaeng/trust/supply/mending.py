"""Until when a weakness must be mended, and whether packages and advisories are too old, by ``mending.yaml``
beside this module."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from importlib.resources import as_file, files
from typing import Any, Final, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

from donghaeng.trust.rule_files import read_rules
from donghaeng.trust.supply.advisories import Weakness, day_of

Severity = Literal["critical", "high", "moderate", "low"]
SEVERITIES: Final[tuple[Severity, ...]] = get_args(Severity)
_OTHER_WORDS: Final[Mapping[str, Severity]] = {"medium": "moderate"}


class Frames(BaseModel):
    """The file ``mending.yaml``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    days: dict[Severity, int]
    unrated: Severity
    refresh_days: int = Field(ge=1)
    chosen: date
    advisories_days: int = Field(ge=1)

    @model_validator(mode="after")
    def _worse_is_sooner(self) -> Frames:
        given = [self.days.get(severity, 0) for severity in SEVERITIES]
        if given != sorted(given) or given[0] < 1:
            raise ValueError("days for each severity, the worse the fewer")
        return self


@dataclass(frozen=True, slots=True)
class Due:
    """A weakness with the day by which it must be mended."""

    weakness: Weakness
    severity: Severity
    rated: bool
    """The advisory says how severe it is."""
    until: date | None
    """None where the advisory does not say when it was published: then at once."""

    def is_over(self, on: date) -> bool:
        """Whether the day has passed."""
        return self.until is None or on > self.until


@lru_cache(maxsize=1)
def load_frames() -> Frames:
    """The time frames.

    Raises:
        InputError: the file is wrong.
    """
    with as_file(files("donghaeng.trust.supply") / "mending.yaml") as path:
        return read_rules(path, Frames)


def due(found: Iterable[Weakness], frames: Frames) -> list[Due]:
    """Until when each must be mended, the soonest first."""
    listed = []
    for one in found:
        word = one.severity.lower()
        named = _OTHER_WORDS.get(word) or next((known for known in SEVERITIES if known == word), None)
        severity = named or frames.unrated
        until = None if one.published is None else one.published + timedelta(days=frames.days[severity])
        listed.append(Due(one, severity, named is not None, until))
    return sorted(listed, key=lambda each: (each.until or date.min, each.weakness.package))


def packages_are_old(frames: Frames, on: date) -> bool:
    """Whether packages must be chosen anew."""
    return on > frames.chosen + timedelta(days=frames.refresh_days)


def newest(record: Mapping[str, Any], so_far: date | None) -> date | None:
    """The later of ``so_far`` and the day on which a record was written."""
    written = day_of(record.get("modified")) or day_of(record.get("published"))
    return max((one for one in (written, so_far) if one is not None), default=None)


def advisories_are_old(written: date | None, frames: Frames, on: date) -> bool:
    """Whether advisories of which the newest was written then say too little; not where nobody knows when."""
    return written is not None and on > written + timedelta(days=frames.advisories_days)
