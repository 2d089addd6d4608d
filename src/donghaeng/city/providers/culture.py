"""Cultural events of the city (openapi.seoul.go.kr culturalEventInfo)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import partial
from types import MappingProxyType
from typing import Any

from donghaeng.city.operations import Answer
from donghaeng.city.providers.base import Outside, Row
from donghaeng.city.providers.declared.fields import HOUR_S
from donghaeng.city.providers.envelopes import Rows, need
from donghaeng.city.providers.seoul import PROVIDER, table
from donghaeng.city.providers.values import asked_date, clock, minutes_of, position, text

SERVICE = "culturalEventInfo"
SKIPPED = " "
"""Stands for an argument of the path that is not given."""
MOST_EVENTS = 20

_MUSIC = ("클래식", "국악", "콘서트", "독주", "독창")
_STAGE = (*_MUSIC, "연극", "무용", "뮤지컬", "오페라")
KINDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "공연": _STAGE,
        "음악": _MUSIC,
        "연주": _MUSIC,
        "콘서트": ("콘서트",),
        "가야금": ("국악",),
        "판소리": ("국악",),
        "사물놀이": ("국악",),
        "풍물": ("국악", "축제"),
        "합창": ("클래식", "독창"),
        "전시": ("전시",),
        "사진전": ("전시",),
        "특별전": ("전시",),
        "미술": ("전시",),
        "체험": ("교육/체험",),
        "강연": ("교육/체험", "강좌"),
        "인형극": ("연극",),
        "서커스": ("축제", "연극", "무용"),
        "상영": ("영화",),
        "영화": ("영화",),
        "축제": ("축제",),
        "노래자랑": ("축제",),
        "민속": ("축제", "국악"),
    }
)
"""Words for kinds of events, with the beginnings of the portal's categories that hold such events."""
PARTICULAR = frozenset(
    ["가야금", "판소리", "사물놀이", "풍물", "합창", "사진전", "특별전", "인형극", "서커스", "노래자랑"]
)
"""Words that name less than a category: the title must hold them too."""


async def events(outside: Outside, arguments: Mapping[str, Any], now: datetime) -> Answer:
    """Events on a day, or from today on: those that begin that day first, then the shortest."""
    asked = asked_date(arguments, "date") if arguments.get("date") else None
    first = asked or now.date()
    found = await _on(outside, first.isoformat() if asked else f"{first:%Y-%m}", now)
    if asked is None and not _wanted(found, arguments, now, asked):
        following = first.replace(day=1) + timedelta(days=32)
        found = await _on(outside, f"{following:%Y-%m}", now)
    rows = _wanted(found, arguments, now, asked)
    return Answer(rows=tuple(rows[:MOST_EVENTS]), as_of=now)


async def _on(outside: Outside, when: str, now: datetime) -> list[Row]:
    """Events of a day (YYYY-MM-DD) or a month (YYYY-MM). The portal filters by neither gu nor fee, and by
    one category at most, so every row is read and kept for all who ask."""
    fetch = partial(table, outside, SERVICE, SKIPPED, SKIPPED, when, now=now, into=event_rows)
    return await outside.cache.get(("events", when), HOUR_S, now, fetch)


def _wanted(found: list[Row], arguments: Mapping[str, Any], now: datetime, asked: date | None) -> list[Row]:
    """The rows that fit what was asked and are not over, in the order in which one would say them."""
    district, free, home = (arguments.get(name) for name in ("district", "free", "home"))
    kind = str(arguments.get("category") or "")
    day = (asked or now.date()).isoformat()
    kept = [
        row
        for row in found
        if row["ends"] >= day
        and (asked is None or row["starts"] <= day)
        and not is_over(row, now)
        and (not district or row["district"] == district)
        and (free not in {"yes", "no"} or row["free"] == (free == "yes"))
        and (not kind or fits(kind, row))
    ]
    kept.sort(key=lambda row: (max(row["starts"], day), row["district"] != home, row["ends"], row["title"]))
    return kept


def is_over(row: Mapping[str, Any], now: datetime) -> bool:
    """Whether the last day is past or, where the hours can be read, the last hour of it."""
    today = now.date().isoformat()
    if row["ends"] != today:
        return str(row["ends"]) < today
    closes = clock(str(row["hours"] or "").rpartition("~")[2])
    return closes is not None and minutes_of(closes) <= now.hour * 60 + now.minute


def fits(kind: str, row: Mapping[str, Any]) -> bool:
    """Whether an event is of a kind, by its category or its title."""
    kind = kind.replace(" ", "")
    title = row["title"].replace(" ", "")
    if kind in title or kind in row["category"]:
        return True
    if any(word in kind for word in PARTICULAR):
        return False
    return any(
        row["category"].startswith(start) or start in row["category"].split("/")
        for word, starts in KINDS.items()
        if word in kind
        for start in starts
    )


def event_rows(found: Rows) -> list[Row]:
    """Rows of culturalEventInfo into ours; one without a day is left out.

    Raises:
        MalformedAnswer: a row lacks its title or category.
    """
    need(PROVIDER, found, "TITLE", "CODENAME")
    rows = []
    for raw in found:
        starts, ends = _days(raw)
        if starts is None or ends is None:
            continue
        at = position(raw, "LAT", "LOT")
        rows.append(
            {
                "title": text(raw, "TITLE"),
                "category": text(raw, "CODENAME"),
                "district": text(raw, "GUNAME") or None,
                "place": text(raw, "PLACE") or None,
                "starts": starts,
                "ends": max(starts, ends),
                "hours": text(raw, "PRO_TIME") or None,
                "free": text(raw, "IS_FREE") == "무료",
                "fee": text(raw, "USE_FEE") or None,
                "audience": text(raw, "USE_TRGT") or None,
                "lat": at[0] if at else None,
                "lon": at[1] if at else None,
            }
        )
    return rows


def _days(raw: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """First and last day: the columns with a time of day, else the written span."""
    first, _, last = text(raw, "DATE").partition("~")
    return _day(text(raw, "STRTDATE") or first), _day(text(raw, "END_DATE") or last or first)


def _day(value: str) -> str | None:
    try:
        return date.fromisoformat(value.strip()[:10]).isoformat()
    except ValueError:
        return None
