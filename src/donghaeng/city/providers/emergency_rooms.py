"""Emergency rooms with the beds that are free now (data.go.kr, E-Gen).

Beds come without positions, so the list of the city's emergency institutions is asked too. Columns that
name the doctor on duty or a direct line (``hvdnm``, ``hv1``) are dropped on arrival.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from donghaeng.city.operations import Answer
from donghaeng.city.providers.base import Outside, Row, nearest
from donghaeng.city.providers.data_go_kr import Table, rows_of_table
from donghaeng.city.providers.declared.fields import BEDS_REFRESH_S, DAY_S
from donghaeng.city.providers.envelopes import Rows
from donghaeng.city.providers.values import asked_point, count, position, stamp, text

BEDS = Table(
    "/B552657/ErmctInfoInqireService/getEmrrmRltmUsefulSckbdInfoInqire", ("hpid", "dutyName", "hvidate")
)
INSTITUTIONS = Table("/B552657/ErmctInfoInqireService/getEgytListInfoInqire", ("hpid", "dutyName"))
STALE = timedelta(minutes=30)
"""A report this old says nothing about the beds of now (voice catalogue, E-Gen)."""


async def near(outside: Outside, arguments: Mapping[str, Any], now: datetime) -> Answer:
    """Emergency rooms of the city, nearest first, with the beds that they report."""
    lat, lon = asked_point(arguments)
    fetch = partial(_table, outside, BEDS, {"STAGE1": "서울특별시"}, now)
    beds = await outside.cache.get(("emergency.beds",), BEDS_REFRESH_S, now, fetch)
    fetch = partial(_table, outside, INSTITUTIONS, {"Q0": "서울특별시"}, now)
    institutions = await outside.cache.get(("emergency.list",), DAY_S, now, fetch)
    rows = nearest(room_rows(beds, institutions, now), lat, lon)
    return Answer(rows=rows, as_of=now)


_KEPT = frozenset(
    ("hpid", "dutyName", "dutyAddr", "dutyTel1", "dutyTel3", "dutyEmclsName", "hvec", "hvidate")
    + ("wgs84Lat", "wgs84Lon")
)


async def _table(outside: Outside, table: Table, params: Mapping[str, str], now: datetime) -> Rows:
    return without_persons(await rows_of_table(outside, table, params, now))


def without_persons(found: Rows) -> Rows:
    """The rows with the columns that are used, and no others."""
    return [{name: value for name, value in raw.items() if name in _KEPT} for raw in found]


def room_rows(beds: Rows, institutions: Rows, now: datetime) -> list[Row]:
    """Rows of getEmrrmRltmUsefulSckbdInfoInqire with the address and position of getEgytListInfoInqire.
    Rooms that the list does not know are left out: nobody could be told where they are."""
    known = {text(raw, "hpid"): raw for raw in institutions}
    rows = []
    for raw in beds:
        where = known.get(text(raw, "hpid"))
        at = position(where, "wgs84Lat", "wgs84Lon") if where is not None else None
        if where is None or at is None:
            continue
        updated = stamp(text(raw, "hvidate"), "%Y%m%d%H%M%S")
        fresh = updated is not None and now - updated <= STALE
        free = count(raw, "hvec")
        rows.append(
            {
                "name": text(raw, "dutyName"),
                "kind": text(where, "dutyEmclsName") or None,
                "address": text(where, "dutyAddr"),
                "phone": text(raw, "dutyTel3") or text(where, "dutyTel3", "dutyTel1") or None,
                "beds": max(0, free) if fresh and free is not None else None,
                "updated_time": f"{updated:%H:%M}" if updated else None,
                "lat": at[0],
                "lon": at[1],
            }
        )
    return rows
