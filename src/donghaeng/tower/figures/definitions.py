"""What is counted and what is watched: the city's file ``catalogue/tower/figures.yaml`` as data."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from donghaeng.tower.figures.folding import ALL
from donghaeng.trust.rule_files import read_rules

FILE: Final = Path("tower") / "figures.yaml"
COUNTED: Final = frozenset(
    {"conversations", "turns", "taken", "completed", "cancelled", "failed", "abandoned"}
    | {"handovers", "joined", "contacts", "contacts_again", "emergencies"}
    | {"no_match", "no_input", "repeats", "slow_downs", "reprompts"}
    | {"calls", "calls_failed", "answers", "answers_cited"}
)
"""Counts that the system makes of its own events (:mod:`.folding`, :mod:`.rolling`)."""
MEASURED: Final = frozenset({"handover_wait", "turn_seconds", "first_sound", "confidence"})
"""Distributions that it keeps as sketches (:mod:`.sketch`)."""
DIMENSIONS: Final = (ALL, "channel", "district", "service", "cohort", "provider", "bucket")
BUCKET: Final = "bucket"

Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,47}$")]


class _Told(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Formula(_Told):
    """How a figure follows from counts."""

    kind: Literal["count", "rate", "quantile"]
    of: Id
    per: Id | None = None
    share: float | None = Field(default=None, gt=0, lt=1)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.kind == "rate") != (self.per is not None):
            raise ValueError("a rate, and nothing else, has `per`")
        if (self.kind == "quantile") != (self.share is not None):
            raise ValueError("a quantile, and nothing else, has `share`")
        known = MEASURED if self.kind == "quantile" else COUNTED
        for name in (self.of, self.per):
            if name is not None and name not in known:
                raise ValueError(f"{name} is not counted; there are: {', '.join(sorted(known))}")
        return self

    @property
    def parts(self) -> tuple[str, ...]:
        """The counts that it needs."""
        return (self.of,) if self.per is None else (self.of, self.per)


class Metric(_Told):
    """One figure."""

    id: Id
    name: str = Field(min_length=1, max_length=40)
    unit: Literal["건", "번", "%", "초"]
    formula: Formula
    words: str = Field(min_length=1, description="the formula in words")
    source: str = Field(min_length=1, description="the records that it comes from")
    better: Literal["up", "down", "none"]
    target: float | None = None
    tags: dict[Literal["nist_fn", "iso_42001", "seoul_principle", "kr_law"], str] = Field(
        default_factory=dict
    )

    @property
    def is_share(self) -> bool:
        """Whether the value is a share, shown in per cent."""
        return self.unit == "%"


class Quiet(_Told):
    """Hours of the city's day in which nobody is told of what can wait."""

    start: int = Field(alias="from", ge=0, le=23)
    end: int = Field(alias="to", ge=0, le=23)


class Rule(_Told):
    """When somebody is told: a figure over or under a threshold, or a system that reports nothing."""

    id: Id
    metric: Id | None = None
    above: float | None = None
    below: float | None = None
    hours: int = Field(default=1, ge=1, le=168)
    least: float = Field(default=0, ge=0)
    silent_after: float | None = Field(
        default=None, ge=1, description="in intervals that the system promised"
    )
    says: str = Field(min_length=1, max_length=60)
    urgent: bool = False

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(limit is not None for limit in (self.above, self.below, self.silent_after)) != 1:
            raise ValueError("a rule has one of above, below, silent_after")
        if (self.metric is None) != (self.silent_after is not None):
            raise ValueError("a rule has a metric, or silent_after")
        return self


class Opens(_Told):
    """What an alert begins by itself, once while it lasts."""

    review: bool = False
    """The system is to be reviewed anew (cause ``kpi_breach`` of the process)."""
    incident: int | None = Field(default=None, ge=1, le=4)
    """An incident of this severity begins; while one is open, the alert is written into it."""


class Alerts(_Told):
    """All rules."""

    quiet: Quiet
    rules: tuple[Rule, ...]
    opens: dict[Id, Opens] = Field(default_factory=dict)
    """By rule."""

    @model_validator(mode="after")
    def _known(self) -> Self:
        unknown = set(self.opens) - {rule.id for rule in self.rules}
        if unknown:
            raise ValueError(f"opens: there is no rule {', '.join(sorted(unknown))}")
        return self


class Definitions(_Told):
    """The whole file."""

    metrics: tuple[Metric, ...] = Field(min_length=1)
    alerts: Alerts

    @model_validator(mode="after")
    def _known(self) -> Self:
        for kind, names in (
            ("metric", [one.id for one in self.metrics]),
            ("rule", [one.id for one in self.alerts.rules]),
        ):
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                raise ValueError(f"{kind} {twice[0]} stands there twice")
        known = {one.id for one in self.metrics}
        for rule in self.alerts.rules:
            if rule.metric is not None and rule.metric not in known:
                raise ValueError(f"rule {rule.id}: there is no metric {rule.metric}")
        return self

    def metric(self, name: str) -> Metric:
        """One of them.

        Raises:
            KeyError: there is none of this name.
        """
        return next((one for one in self.metrics if one.id == name), None) or _missing(name)


def load_definitions(catalogue: Path) -> Definitions:
    """What the city's file says.

    Raises:
        InputError: the file is absent or wrong; says where.
    """
    return read_rules(catalogue / FILE, Definitions)


def _missing(name: str) -> Metric:
    raise KeyError(name)
