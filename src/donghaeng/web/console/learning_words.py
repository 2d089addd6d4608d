"""Korean and choices for the pages of learning."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from donghaeng.learning.curriculum import Step
from donghaeng.learning.intake import Intake
from donghaeng.learning.loading import Learning

SEOUL: Final = ZoneInfo("Asia/Seoul")


def seoul_day(at: datetime) -> date:
    """The day of a moment in Seoul."""
    return at.astimezone(SEOUL).date()


def role_choices(learning: Learning) -> dict[str, str]:
    """Roles by their names."""
    return {name: role.name for name, role in learning.curriculum.roles.roles.items()}


def level_choices(learning: Learning) -> dict[str, str]:
    """Levels with what each means."""
    levels = learning.curriculum.competences.levels
    return {str(level): f"{level}단계 {one.name}: {one.means}" for level, one in levels.items()}


def chosen_before(before: Intake | None, question: str) -> str:
    """The answer of last time as the form's value; empty where there is none."""
    if before is None:
        return ""
    value = getattr(before, question)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


FILTERS: Final[Mapping[str, Callable[..., date]]] = {"seoul_day": seoul_day}
NAMES: Final[Mapping[str, Any]] = {
    "role_choices": role_choices,
    "level_choices": level_choices,
    "chosen_before": chosen_before,
    "read_step": Step.read,
}
