"""How long each kind of record is kept, and by which law (``catalogue/privacy/retention.yaml``).

개인정보 보호법 제21조: personal data are destroyed without delay when their period is over.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    RootModel,
    StringConstraints,
    model_validator,
)

from donghaeng.trust.rule_files import read_rules

RETENTION_FILE: Final = "privacy/retention.yaml"
KINDS: Final = (
    "conversations",
    "practice_conversations",
    "replies",
    "remembered",
    "guardians",
    "vault",
    "channel_threads",
    "page_codes",
    "ratings",
    "proposals",
    "learning_records",
    "learner_entries",
    "learner_projects",
    "survey_answers",
    "register_opinions",
    "office_sets",
    "office_documents",
    "recorded_meetings",
    "heard_words",
    "office_drafts",
    "deleted_office_drafts",
    "office_pairs",
    "staff_sessions",
    "staff",
    "accesses",
    "recordings",
    "exports",
)
"""Every kind of record that holds, or may hold, personal data; each has its rule."""
_PERIOD = re.compile(r"P(?:(?P<years>\d{1,3})Y)?(?:(?P<months>\d{1,3})M)?(?:(?P<days>\d{1,5})D)?")
_MONTHS: Final = 12

Words = Annotated[str, StringConstraints(min_length=2, max_length=200, strip_whitespace=True)]


class Period(BaseModel):
    """Years, months and days."""

    model_config = ConfigDict(frozen=True)

    months: int = 0
    days: int = 0

    def before(self, moment: datetime) -> datetime:
        """The moment so long before ``moment``; of 29 February the 28th where there is none."""
        month = moment.year * _MONTHS + moment.month - 1 - self.months
        year, place = divmod(month, _MONTHS)
        day = min(moment.day, calendar.monthrange(year, place + 1)[1])
        return moment.replace(year=year, month=place + 1, day=day) - timedelta(days=self.days)


def _period(value: Any) -> Any:
    match = _PERIOD.fullmatch(value) if isinstance(value, str) else None
    if match is None or not any(match.groups()):
        raise ValueError("a duration such as P2Y, P6M or P90D")
    years, months, days = (int(match[name] or 0) for name in ("years", "months", "days"))
    if not years + months + days:
        raise ValueError("longer than no time at all")
    return Period(months=years * _MONTHS + months, days=days)


class Rule(BaseModel):
    """How long one kind is kept."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    keep: Annotated[
        Period,
        BeforeValidator(_period, json_schema_input_type=Annotated[str, Field(pattern=_PERIOD.pattern)]),
    ] = Field(description="ISO 8601 duration of years, months and days")
    counted_from: Words = Field(description="what the period begins with")
    law: Words = Field(description="the article that bounds it")
    why: Words = Field(description="why it is kept so long, for the published policy")


LEAST: Final[Mapping[str, Period]] = {
    "accesses": Period(months=2 * _MONTHS),
    "staff": Period(months=3 * _MONTHS),
}
"""Periods that no city shortens: 안전성 확보조치 기준 제8조 제1항, 제5조 제3항."""


class Retention(RootModel[dict[str, Rule]]):
    """A rule for every kind."""

    @model_validator(mode="after")
    def _whole(self) -> Retention:
        if missing := sorted(set(KINDS) - set(self.root)):
            raise ValueError(f"no rule for {', '.join(missing)}")
        if unknown := sorted(set(self.root) - set(KINDS)):
            raise ValueError(f"no such kind: {', '.join(unknown)}")
        moment = datetime(2028, 2, 29)  # noqa: DTZ001  any moment tells which period is longer
        for kind, least in LEAST.items():
            if self.root[kind].keep.before(moment) > least.before(moment):
                raise ValueError(f"{kind}: the law wants {least.months // _MONTHS} years at least")
        return self


def load_retention(catalogue: Path) -> dict[str, Rule]:
    """The rules of a catalogue.

    Raises:
        InputError: the file is absent or wrong; says where.
    """
    return read_rules(catalogue / RETENTION_FILE, Retention).root
