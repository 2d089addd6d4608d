"""Dates, times, intervals and durations as Koreans say them. The moment of speaking is an argument."""

from __future__ import annotations

from donghaeng.korean.dates.birth import find_birth_date
from donghaeng.korean.dates.durations import Duration, find_durations
from donghaeng.korean.dates.find import find_times
from donghaeng.korean.dates.model import Impossible, Reading, Span, TimeValue, iso
from donghaeng.korean.dates.words import say_date, say_time

__all__ = [
    "Duration",
    "Impossible",
    "Reading",
    "Span",
    "TimeValue",
    "find_birth_date",
    "find_durations",
    "find_times",
    "iso",
    "say_date",
    "say_time",
]
