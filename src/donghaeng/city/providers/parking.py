"""Public car parks (openapi.seoul.go.kr): where they are, and how many places are free now.

Two services share the lots' codes: ``GetParkInfo`` has every lot with its position, ``GetParkingInfo`` the
lots that report how many cars stand in them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from donghaeng.city.operations import Answer
from donghaeng.city.providers.base import Outside, Row, districts_around, nearest
from donghaeng.city.providers.data_go_kr import HOLIDAY, day_numbers
from donghaeng.city.providers.declared.fields import DAY_S, PARKING_REFRESH_S
from donghaeng.city.providers.envelopes import Rows, need
from donghaeng.city.providers.seoul import PROVIDER, table
from donghaeng.city.providers.values import asked_point, clock, count, minutes_of, position, stamp, text

LINKED = "1"
"""``PRK_STTS_YN`` of a lot that reports its cars."""
FRESH = timedelta(minutes=20)
"""How old a report may be ("현재~20분이내 연계데이터 존재")."""
_OWNER = re.compile(r"\s*\((?:시|구|공단|시외)\)$")
_FREE = "무료"


async def lots_near(outside: Outside, arguments: Mapping[str, Any], now: datetime) -> Answer:
    """Public car parks near a point, nearest first, with the places that are free now where they report."""
    lat, lon = asked_point(arguments)
    days, _ = await day_numbers(outside, now.date(), now)
    rows: dict[str, Row] = {}
    for district in districts_around(outside.places, lat, lon):
        fetch = partial(table, outside, "GetParkInfo", district, now=now, into=lot_rows)
        lots = await outside.cache.get(("parking.lots", district), DAY_S, now, fetch)
        fetch = partial(table, outside, "GetParkingInfo", district, now=now, into=report_rows)
        reports = await outside.cache.get(("parking.now", district), PARKING_REFRESH_S, now, fetch)
        by_code = {report["code"]: report for report in reports}
        for lot in lots:
            code = lot["code"]
            rows.setdefault(code, car_park(lot, by_code.get(code), now, days[1]))
    return Answer(rows=nearest(list(rows.values()), lat, lon), as_of=now)


def lot_rows(found: Rows) -> list[Row]:
    """Rows of GetParkInfo: code and position. A lot at the roadside has a row for each of its places; the
    first one stands for it, and rows without a position are left out.

    Raises:
        MalformedAnswer: a row lacks its code or name.
    """
    need(PROVIDER, found, "PKLT_CD", "PKLT_NM")
    lots: dict[str, Row] = {}
    for raw in found:
        at = position(raw, "LAT", "LOT")
        code = text(raw, "PKLT_CD")
        if at is not None and code not in lots:
            lots[code] = {"code": code, "raw": dict(raw), "lat": at[0], "lon": at[1]}
    return list(lots.values())


def report_rows(found: Rows) -> list[Row]:
    """Rows of GetParkingInfo by code.

    Raises:
        MalformedAnswer: a row lacks its code or name.
    """
    need(PROVIDER, found, "PKLT_CD", "PKLT_NM")
    return [{"code": text(raw, "PKLT_CD"), "raw": dict(raw)} for raw in found]


def car_park(lot: Row, report: Row | None, now: datetime, day: int) -> Row:
    """A lot and its report into one row of ours.

    Args:
        lot: of :func:`lot_rows`.
        report: of :func:`report_rows`, where the lot has one.
        now: the moment asked about, on Korean clocks.
        day: 1 Monday … 7 Sunday, 8 holiday.
    """
    raw: Mapping[str, Any] = {**lot["raw"], **(report["raw"] if report else {})}
    opens, closes = _hours(raw, day)
    free, updated = _free_places(raw, now) if report else (None, None)
    paid = text(raw, "PAY_YN") != "N" and text(raw, "PAY_YN_NM") != _FREE
    return {
        "name": _OWNER.sub("", text(raw, "PKLT_NM")),
        "address": text(raw, "ADDR"),
        "kind": text(raw, "PRK_TYPE_NM") or None,
        "phone": text(raw, "TELNO") or None,
        "spaces": count(raw, "TPKCT"),
        "free_spaces": free,
        "updated_time": f"{updated:%H:%M}" if updated else None,
        "free_of_charge": not paid or _is_free_day(raw, day),
        "base_won": count(raw, "BSC_PRK_CRG") or None,
        "base_minutes": count(raw, "BSC_PRK_HR") or None,
        "more_won": count(raw, "ADD_PRK_CRG") or None,
        "more_minutes": count(raw, "ADD_PRK_HR") or None,
        "day_most_won": count(raw, "DAY_MAX_CRG") or None,
        "opens": opens,
        "closes": closes,
        "open": _is_open(opens, closes, now),
        "lat": lot["lat"],
        "lon": lot["lon"],
    }


def _free_places(raw: Mapping[str, Any], now: datetime) -> tuple[int | None, datetime | None]:
    spaces, cars = count(raw, "TPKCT"), count(raw, "NOW_PRK_VHCL_CNT")
    updated = stamp(text(raw, "NOW_PRK_VHCL_UPDT_TM"), "%Y-%m-%d %H:%M:%S")
    if text(raw, "PRK_STTS_YN") != LINKED or not spaces or cars is None or updated is None:
        return None, None
    return (max(0, spaces - cars), updated) if now - updated <= FRESH else (None, None)


def _is_free_day(raw: Mapping[str, Any], day: int) -> bool:
    """Whether a lot with a fee takes none on this day. What holds on a Sunday the source does not say."""
    if day == HOLIDAY:
        return text(raw, "LHLDY_CHGD_FREE_SE_NAME", "LHLDY_CHGD_FREE_NM") == _FREE
    return day == _SATURDAY and text(raw, "SAT_CHGD_FREE_NM") == _FREE


_SATURDAY, _SUNDAY = 6, 7


def _hours(raw: Mapping[str, Any], day: int) -> tuple[str | None, str | None]:
    """Hours of a day; the same time twice means that the source does not know them."""
    kind = "LHLDY" if day == HOLIDAY else "WE" if day in {_SATURDAY, _SUNDAY} else "WD"
    opens, closes = clock(text(raw, f"{kind}_OPER_BGNG_TM")), clock(text(raw, f"{kind}_OPER_END_TM"))
    return (None, None) if opens == closes else (opens, closes)


def _is_open(opens: str | None, closes: str | None, now: datetime) -> bool | None:
    if opens is None or closes is None:
        return None
    minute = now.hour * 60 + now.minute
    begin, end = minutes_of(opens), minutes_of(closes)
    return begin <= minute < end if begin < end else minute >= begin or minute < end
