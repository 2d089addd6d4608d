"""Values as providers send them, into ours. Pure; nothing here raises on odd input."""

from __future__ import annotations

import html
import math
import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from typing import Any

from donghaeng.errors import InputError

KST = timezone(timedelta(hours=9), "KST")
"""Korea has no summer time; every provider writes Korean wall time."""

_SPACE = re.compile(r"\s+")
_NUMBER = re.compile(r"[+-]?[0-9]{1,12}(?:\.[0-9]{1,12})?")
_MAX_TEXT = 2_000

Raw = Mapping[str, Any]


def text(row: Raw, *names: str) -> str:
    """The first non-empty column of these names: entities resolved, white space made single, trimmed."""
    for name in names:
        value = row.get(name)
        if isinstance(value, bool) or value is None:
            continue
        if isinstance(value, float) and math.isfinite(value) and value == int(value):
            value = int(value)
        if isinstance(value, str | int | float):
            clean = _SPACE.sub(" ", html.unescape(str(value)[:_MAX_TEXT])).strip()
            if clean:
                return clean
    return ""


def number(row: Raw, *names: str) -> float | None:
    """The first of these columns that holds a plain decimal number."""
    for name in names:
        found = _NUMBER.fullmatch(text(row, name))
        if found:
            return float(found[0])
    return None


def count(row: Raw, *names: str) -> int | None:
    """A whole number, fractions dropped."""
    value = number(row, *names)
    return None if value is None else int(value)


def position(row: Raw, lat: str, lon: str) -> tuple[float, float] | None:
    """A point in Korea. Swapped columns, which several tables have, are put right."""
    north, east = number(row, lat), number(row, lon)
    if north is None or east is None:
        return None
    if 124 <= north <= 132 and 33 <= east <= 39:
        north, east = east, north
    return (north, east) if 33 <= north <= 39 and 124 <= east <= 132 else None


def clock(value: str) -> str | None:
    """ "0830" or "830" → "08:30"; hours up to 29 as in "2600"; anything else gives ``None``."""
    digits = value.strip().replace(":", "")
    if not re.fullmatch(r"[0-9]{3,4}", digits):
        return None
    hours, minutes = int(digits[:-2]), int(digits[-2:])
    return f"{hours:02d}:{minutes:02d}" if hours < 30 and minutes < 60 else None


def minutes_of(hhmm: str) -> int:
    """Minutes since midnight of a value that :func:`clock` gave."""
    return int(hhmm[:2]) * 60 + int(hhmm[3:])


def stamp(value: str, *patterns: str) -> datetime | None:
    """A Korean wall time in one of these ``strptime`` patterns."""
    for pattern in patterns:
        try:
            return datetime.strptime(value, pattern).replace(tzinfo=KST)
        except ValueError:
            continue
    return None


def kst(moment: datetime) -> datetime:
    """The moment on Korean clocks; a time without offset is taken as Korean."""
    return moment.astimezone(KST) if moment.tzinfo else moment.replace(tzinfo=KST)


def asked_date(arguments: Raw, name: str) -> date:
    """A ``date`` argument.

    Raises:
        InputError: not YYYY-MM-DD.
    """
    try:
        return date.fromisoformat(str(arguments.get(name, "")))
    except ValueError:
        raise InputError(f"{name} is not a date", remedy="give YYYY-MM-DD") from None


def asked_datetime(arguments: Raw, name: str, otherwise: datetime) -> datetime:
    """A ``datetime`` argument on Korean clocks; ``otherwise`` where it is absent.

    Raises:
        InputError: not YYYY-MM-DDTHH:MM.
    """
    given = arguments.get(name)
    if given is None or given == "":
        return kst(otherwise)
    try:
        return kst(datetime.fromisoformat(str(given)))
    except ValueError:
        raise InputError(f"{name} is not a date and time", remedy="give YYYY-MM-DDTHH:MM") from None


def asked_point(arguments: Raw) -> tuple[float, float]:
    """The ``lat`` and ``lon`` arguments.

    Raises:
        InputError: not a point in Korea.
    """
    found = position({"lat": arguments.get("lat"), "lon": arguments.get("lon")}, "lat", "lon")
    if found is None:
        raise InputError("lat and lon are not a point in Korea", remedy="give degrees north and east")
    return found
