"""How many generated cases tests of their own count take: more where a profile asks for more."""

from __future__ import annotations

from hypothesis import settings

_USUAL = 100
"""What hypothesis takes where nobody says a number."""


def thorough() -> bool:
    """Whether this run looks for what is new, rather than for what was right before."""
    return settings.default.max_examples > _USUAL


def examples(usual: int) -> int:
    """So many cases in a usual run, and proportionally more under ``--hypothesis-profile=fuzz|soak``."""
    return usual * max(1, settings.default.max_examples // _USUAL)
