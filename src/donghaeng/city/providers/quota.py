"""How many calls a key has left today. Pure: the day comes with each call."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from donghaeng.city.providers.values import kst
from donghaeng.errors import QuotaUsedUp


class DailyQuota:
    """Counts calls by name and day; data.go.kr and the Seoul portals start anew at 00:00 Korean time.

    Args:
        limits: calls allowed a day by name; a name that is absent is unlimited.
    """

    def __init__(self, limits: Mapping[str, int]) -> None:
        self._limits = dict(limits)
        self._day: date | None = None
        self._used: dict[str, int] = {}

    def take(self, name: str, now: datetime) -> None:
        """Count one call.

        Raises:
            QuotaUsedUp: the day's calls are spent; the call is not counted.
        """
        self._turn(now)
        used = self._used.get(name, 0)
        limit = self._limits.get(name)
        if limit is not None and used >= limit:
            raise QuotaUsedUp(name, f"today's {limit} calls are spent", remedy="ask for a larger quota")
        self._used[name] = used + 1

    def used(self, name: str, now: datetime) -> int:
        """Calls counted today."""
        self._turn(now)
        return self._used.get(name, 0)

    def _turn(self, now: datetime) -> None:
        today = kst(now).date()
        if today != self._day:
            self._day = today
            self._used.clear()
