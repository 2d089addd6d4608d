"""Childcare centres (openapi.seoul.go.kr ChildCareInfo)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from donghaeng.city.operations import Answer
from donghaeng.city.providers.base import Outside, Row, districts_around, nearest
from donghaeng.city.providers.declared.fields import DAY_S
from donghaeng.city.providers.envelopes import Rows, need
from donghaeng.city.providers.seoul import PROVIDER, table
from donghaeng.city.providers.values import asked_point, count, position, text

SERVICE = "ChildCareInfo"
_CLOSED = ("휴지", "폐지", "폐쇄", "휴원")
"""Beginnings of the states of a centre that takes nobody."""
_NO_BUS = {"", "미운영", "없음", "N"}
_ORDINARY = {"일반", "해당없음"}


async def centers_near(outside: Outside, arguments: Mapping[str, Any], now: datetime) -> Answer:
    """The nearest centres that are running, of the point's gu and of those a walk away."""
    lat, lon = asked_point(arguments)
    rows: list[Row] = []
    for district in districts_around(outside.places, lat, lon):
        fetch = partial(table, outside, SERVICE, district, now=now, into=center_rows)
        rows += await outside.cache.get(("childcare", district), DAY_S, now, fetch)
    return Answer(rows=nearest(rows, lat, lon))


def center_rows(found: Rows) -> list[Row]:
    """Rows of ChildCareInfo into ours; closed centres and those without a position are left out.

    Raises:
        MalformedAnswer: a row lacks its name or kind.
    """
    need(PROVIDER, found, "CRNAME", "CRTYPENAME")
    rows = []
    for raw in found:
        at = position(raw, "LA", "LO")
        if at is None or text(raw, "CRSTATUSNAME").startswith(_CLOSED):
            continue
        services = [part.strip() for part in text(raw, "CRSPEC").split(",")]
        rows.append(
            {
                "name": text(raw, "CRNAME"),
                "kind": text(raw, "CRTYPENAME"),
                "address": text(raw, "CRADDR"),
                "phone": text(raw, "CRTELNO") or None,
                "capacity": _some(raw, "CRCAPAT"),
                "children": _some(raw, "CRCHCNT"),
                "bus": text(raw, "CRCARGBNAME") not in _NO_BUS,
                "services": ", ".join(part for part in services if part and part not in _ORDINARY) or None,
                "lat": at[0],
                "lon": at[1],
            }
        )
    return rows


def _some(raw: Mapping[str, Any], name: str) -> int | None:
    found = count(raw, name)
    return found if found is not None and found >= 0 else None
