"""Places to go to from heat and cold (openapi.seoul.go.kr TbGtnHwcwP, TbGtnCwP).

The two lists name the same things differently, and the columns of 2023 are still met.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from donghaeng.city.operations import Answer
from donghaeng.city.providers.base import Outside, Row, nearest
from donghaeng.city.providers.declared.fields import DAY_S
from donghaeng.city.providers.envelopes import Rows
from donghaeng.city.providers.seoul import PROVIDER, table
from donghaeng.city.providers.values import asked_point, clock, count, minutes_of, position, text
from donghaeng.errors import InputError, MalformedAnswer

SERVICES: Mapping[str, str] = {"heat": "TbGtnHwcwP", "cold": "TbGtnCwP"}
_MEMBERS_ONLY = "특정대상"
"""``FACILITY_TYPE1`` of places for their members alone (clubs of the elderly)."""
_WEEKDAYS = frozenset({"평일", "주중", "월~금", "월-금"})
_EVERY_DAY = frozenset({"매일", "연중", "연중무휴", "상시", "월~일"})
_LAST_WEEKDAY = 5


async def near(outside: Outside, arguments: Mapping[str, Any], now: datetime) -> Answer:
    """Shelters from heat or cold, nearest first."""
    lat, lon = asked_point(arguments)
    service = SERVICES.get(str(arguments.get("kind", "")))
    if service is None:
        raise InputError("kind is unknown", remedy=f"give one of {', '.join(SERVICES)}")
    fetch = partial(table, outside, service, now=now, into=shelter_rows)
    found = await outside.cache.get(("shelters", service), DAY_S, now, fetch)
    rows = [{**row, "open": is_open(row, now)} for row in found]
    return Answer(rows=nearest(rows, lat, lon), as_of=now)


def shelter_rows(found: Rows) -> list[Row]:
    """Rows of TbGtnHwcwP or TbGtnCwP into ours. Those out of use or without a position are left out, and
    of two with one name and place the later.

    Raises:
        MalformedAnswer: a row lacks its name.
    """
    rows: dict[tuple[str, float, float], Row] = {}
    for raw in found:
        name = text(raw, "R_AREA_NM", "RESTAREA_NM")
        if not name:
            raise MalformedAnswer(PROVIDER, "a row lacks its name")
        at = position(raw, "LAT", "LON") or position(raw, "LAT", "LOT")
        if at is None or text(raw, "USE_YN") == "N":
            continue
        row = {
            "name": name,
            "address": text(raw, "R_DETL_ADD", "ROAD_NM_ADDR", "LOTNO_ADDR", "J_DETL_ADD"),
            "facility": text(raw, "FACILITY_TYPE2") or None,
            "members_only": text(raw, "FACILITY_TYPE1").replace(" ", "").startswith(_MEMBERS_ONLY),
            "capacity": count(raw, "USE_PRNB", "UTZTN_PSBLTY_NOPE") or None,
            "days": text(raw, "OPR_DAYS") or None,
            "opens": clock(text(raw, "OPR_START_TIME")),
            "closes": clock(text(raw, "OPR_END_TIME")),
            "lat": at[0],
            "lon": at[1],
        }
        rows.setdefault((name, *at), row)
    return list(rows.values())


def is_open(row: Row, now: datetime) -> bool | None:
    """Whether a shelter is open by its days and hours; ``None`` where the list does not say both, or says
    them in other words."""
    days = (row["days"] or "").replace(" ", "")
    if days not in _WEEKDAYS | _EVERY_DAY or not row["opens"] or not row["closes"]:
        return None
    if days in _WEEKDAYS and now.isoweekday() > _LAST_WEEKDAY:
        return False
    return minutes_of(row["opens"]) <= now.hour * 60 + now.minute < minutes_of(row["closes"])
