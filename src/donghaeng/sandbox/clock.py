"""The sandbox city's time: the clock of the call under way, else the machine's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from donghaeng.city.providers.values import KST

_NOW: ContextVar[datetime | None] = ContextVar("donghaeng_sandbox_now", default=None)


@contextmanager
def at(now: datetime) -> Iterator[None]:
    """Within this block, and in this task alone, the city's time is ``now``."""
    token = _NOW.set(now)
    try:
        yield
    finally:
        _NOW.reset(token)


def city_time() -> datetime:
    """The time of the call under way; outside of one the machine's."""
    return _NOW.get() or datetime.now(KST)
