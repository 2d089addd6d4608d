"""How many calls a key has left today; data.go.kr and the Seoul portals start anew at 00:00 Korean time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Protocol

from donghaeng.city.providers.values import kst
from donghaeng.errors import QuotaUsedUp

DEVELOPMENT_LIMITS: Mapping[str, int] = MappingProxyType(
    {
        "subway": 1_000,
        "kma": 10_000,
        "bus stationinfo/getStationByUid": 1_000,
        "bus stationinfo/getStationByName": 1_000,
        "library": 500,
    }
)
"""Calls a day that portals allow a development key, by counter name (portals' pages, users' reports)."""


class Quota(Protocol):
    """Counts calls by name and day."""

    async def take(self, name: str, now: datetime) -> None:
        """Count one call.

        Raises:
            QuotaUsedUp: the day's calls are spent; the call is not counted.
        """
        ...


class DailyQuota:
    """Counts in memory, for this process alone.

    Args:
        limits: calls allowed a day by name; a name that is absent is unlimited.
    """

    def __init__(self, limits: Mapping[str, int]) -> None:
        self._limits = dict(limits)
        self._day: date | None = None
        self._used: dict[str, int] = {}

    async def take(self, name: str, now: datetime) -> None:
        """Count one call; see :class:`Quota`."""
        self._turn(now)
        used = self._used.get(name, 0)
        limit = self._limits.get(name)
        if limit is not None and used >= limit:
            raise _used_up(name, limit)
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


Spend = Callable[[str, date, int], Awaitable[bool]]
"""Counts a call by counter name and Korean day, unless it would pass the limit: then False."""


class SharedQuota:
    """Counts where every process counts: the portals count a key over all of them, and over restarts.

    Args:
        limits: calls allowed a day by name; a name that is absent is unlimited and is not counted.
        spend: counts.
    """

    def __init__(self, limits: Mapping[str, int], spend: Spend) -> None:
        self._limits = dict(limits)
        self._spend = spend

    async def take(self, name: str, now: datetime) -> None:
        """Count one call; see :class:`Quota`."""
        limit = self._limits.get(name)
        if limit is not None and not await self._spend(name, kst(now).date(), limit):
            raise _used_up(name, limit)


def _used_up(name: str, limit: int) -> QuotaUsedUp:
    remedy = "ask the portal for a larger quota, then set it in DONGHAENG_DAILY_LIMITS"
    return QuotaUsedUp(name, f"today's {limit} calls are spent", remedy=remedy)
