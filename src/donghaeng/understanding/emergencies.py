"""Finds an emergency in an utterance, before anything else is looked for."""

from __future__ import annotations

import re
from typing import Final

from donghaeng.city.emergencies import Emergencies
from donghaeng.understanding.text import compact

BREAK: Final = "\n"
"""Stands for calm words that were taken out: no pattern reaches across it."""


class EmergencyFinder:
    """Patterns by kind; the first kind of the table that matches wins.

    Words that ``unless`` names are taken out before its kind is looked for, and only they: who asks for the
    emergency room and tells that someone lies unconscious has an emergency.
    """

    def __init__(self, emergencies: Emergencies) -> None:
        self._patterns = [
            (kind, re.compile("|".join(entry.patterns)), _any(entry.unless))
            for kind, entry in emergencies.items()
        ]

    def find(self, utterance: str) -> str | None:
        """The kind of emergency that ``utterance`` tells of, if any."""
        packed = compact(utterance)
        for kind, pattern, unless in self._patterns:
            if pattern.search(packed if unless is None else unless.sub(BREAK, packed)):
                return kind
        return None


def _any(patterns: list[str]) -> re.Pattern[str] | None:
    return re.compile("|".join(patterns)) if patterns else None
