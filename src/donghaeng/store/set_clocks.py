"""Moments that a wall clock left behind when it was set back."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_

FURTHEST = timedelta(minutes=15)
"""No lease and no pause between two attempts is as long; a moment further ahead was written by a clock that
has been set back since, and whoever waited for it would wait for as long as the clock was set."""


def has_passed(moment: ColumnElement[datetime], now: datetime) -> ColumnElement[bool]:
    """Whether the moment of a column is over, or further ahead than any was ever meant to be."""
    return or_(moment <= now, moment > now + FURTHEST)
