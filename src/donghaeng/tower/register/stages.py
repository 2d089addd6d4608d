"""Where a system stands on its way, and what other registers call that. Pure.

The way itself belongs to the process; a record never says by itself where it stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal

Stage = Literal[
    "draft", "prior_review", "test", "pilot", "operation", "change_review", "suspended", "retired"
]

STAGES: Final[Mapping[Stage, str]] = MappingProxyType(
    {
        "draft": "등록",
        "prior_review": "사전검토",
        "test": "시험",
        "pilot": "시범",
        "operation": "운영",
        "change_review": "변경검토",
        "suspended": "중지",
        "retired": "폐기",
    }
)
"""Every stage in its order, in Korean."""
_RANK: Final[Mapping[Stage, int]] = {
    "draft": 0,
    "prior_review": 1,
    "test": 2,
    "pilot": 3,
    "operation": 4,
    "change_review": 4,
    "suspended": 4,
    "retired": 5,
}
PHASES: Final[Mapping[Stage, str]] = MappingProxyType(
    {
        "draft": "pre-deployment",
        "prior_review": "pre-deployment",
        "test": "pre-deployment",
        "pilot": "beta-pilot",
        "operation": "production",
        "change_review": "production",
        "suspended": "production",
        "retired": "retired",
    }
)
"""The phase of a British record (GOV.UK finder): what is suspended was in production and may be again."""
DUTCH_STATUS: Final[Mapping[Stage, str]] = MappingProxyType(
    {
        "draft": "In ontwikkeling",
        "prior_review": "In ontwikkeling",
        "test": "In ontwikkeling",
        "pilot": "In gebruik",
        "operation": "In gebruik",
        "change_review": "In gebruik",
        "suspended": "Buiten gebruik",
        "retired": "Buiten gebruik",
    }
)
"""The status of a Dutch record."""
SHOWN_FROM: Final[Stage] = "test"
"""From here on a released record is on the public page; before, nobody has looked whether it is true."""


def reached(stage: Stage, wanted: Stage) -> bool:
    """Whether ``stage`` is ``wanted`` or comes after it."""
    return _RANK[stage] >= _RANK[wanted]
