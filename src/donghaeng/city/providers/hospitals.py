"""Hospitals and clinics from the emergency medical centre's register (data.go.kr, E-Gen).

Departments are told by the words in an institution's registered name and by its kind (``dutyDivNam``): the
codes of the parameter ``QD`` are printed differently in every list of them that can be found, and a wrong
code would send somebody to the wrong doctor.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from types import MappingProxyType
from typing import Any

from donghaeng.city.operations import Answer
from donghaeng.city.providers.base import Outside, Row, districts_around, nearest
from donghaeng.city.providers.data_go_kr import Table, day_numbers, hours_at, rows_of_table
from donghaeng.city.providers.declared.fields import HOUR_S
from donghaeng.city.providers.envelopes import Rows
from donghaeng.city.providers.values import asked_datetime, asked_point, position, text

HOSPITALS = Table(
    "/B552657/HsptlAsembySearchService/getHsptlMdcncListInfoInqire", ("dutyName", "dutyAddr", "dutyDivNam")
)
NEAR_ROWS = OPEN_ROWS = 5


@dataclass(frozen=True, slots=True)
class Department:
    """How a department is found: words for the parameter ``QN``, what the name must match, or the kinds
    of institution that have it."""

    words: str = ""
    name: re.Pattern[str] | None = None
    kinds: frozenset[str] = frozenset()

    def has(self, raw: Mapping[str, Any]) -> bool:
        """Whether an institution is one of this department."""
        by_name = self.name is not None and self.name.search(text(raw, "dutyName")) is not None
        return by_name or text(raw, "dutyDivNam") in self.kinds


def _named(words: str, pattern: str = "") -> Department:
    return Department(words, re.compile(pattern or re.escape(words)))


def _kind(*kinds: str) -> Department:
    return Department(kinds=frozenset(kinds))


_INTERNAL = _named("내과")
_CHILDREN = _named("소아")
_WOMEN = _named("산부인과")
_MIND = _named("정신")
_URINARY = _named("비뇨")
_PAIN = _named("통증의학과")

DEPARTMENTS: Mapping[str, Department] = MappingProxyType(
    {
        "내과": _INTERNAL,
        "호흡기내과": _INTERNAL,
        "외과": _named("외과", r"(?<!정형)(?<!신경)(?<!성형)(?<!흉부)(?<!안면)외과"),
        "소아청소년과": _CHILDREN,
        "소아과": _CHILDREN,
        "산부인과": _WOMEN,
        "부인과": _WOMEN,
        "정신건강의학과": _MIND,
        "정신과": _MIND,
        "비뇨의학과": _URINARY,
        "비뇨기과": _URINARY,
        "마취통증의학과": _PAIN,
        "통증의학과": _PAIN,
        "치과": Department("치과", re.compile("치과"), frozenset({"치과의원", "치과병원"})),
        "한의원": _kind("한의원", "한방병원"),
        "한방병원": _kind("한방병원"),
        "요양병원": _kind("요양병원"),
        "종합병원": _kind("종합병원"),
        "보건소": _kind("보건소"),
    }
)
"""Departments and kinds by what people call them; every other one is looked for by its own name."""
_NOT_FOR_PEOPLE_WALKING_IN = frozenset({"요양병원", "구급차", "기타"})
"""Kinds that nobody means who only says 병원."""


async def near(outside: Outside, arguments: Mapping[str, Any], now: datetime) -> Answer:
    """Hospitals and clinics near a point with their hours of a day, nearest first: the five nearest, and
    the five nearest that are open, however far.

    Hours are those of holidays on public holidays, as far as their calendar can be had
    (``extra["holidays_known"]``).
    """
    lat, lon = asked_point(arguments)
    at = asked_datetime(arguments, "at", now)
    asked = re.sub(r"\s", "", str(arguments.get("specialty") or ""))
    wanted = DEPARTMENTS.get(asked) or (_named(asked) if asked else Department())
    days, known = await day_numbers(outside, at.date(), now)
    rows: list[Row] = []
    for district in districts_around(outside.places, lat, lon):
        where = {"Q0": "서울특별시", "Q1": district, **({"QN": wanted.words} if wanted.words else {})}
        if wanted.kinds:
            where.pop("QN", None)
        fetch = partial(rows_of_table, outside, HOSPITALS, where, now)
        found = await outside.cache.get(("hospital", district, where.get("QN")), HOUR_S, now, fetch)
        rows += hospital_rows(found, at, days, wanted)
    ranked = nearest(rows, lat, lon, len(rows))
    is_open = [row for row in ranked if row["open"]][:OPEN_ROWS]
    kept = [row for row in ranked if row in ranked[:NEAR_ROWS] or row in is_open]
    return Answer(rows=tuple(kept), as_of=now, extra={"holidays_known": known})


def hospital_rows(
    found: Rows, at: datetime, days: tuple[int, int], wanted: Department | None = None
) -> list[Row]:
    """Rows of getHsptlMdcncListInfoInqire into ours; those without a position are left out.

    Args:
        found: raw rows.
        at: when it should be open, on Korean clocks.
        days: day numbers of the day before ``at`` and of its day, as for pharmacies.
        wanted: the department; without one, every kind that people walk into.
    """
    rows = []
    for raw in found:
        where = position(raw, "wgs84Lat", "wgs84Lon")
        if where is None or not _fits(raw, wanted):
            continue
        rows.append(
            {
                "name": text(raw, "dutyName"),
                "kind": text(raw, "dutyDivNam"),
                "address": text(raw, "dutyAddr"),
                "phone": text(raw, "dutyTel1") or None,
                **hours_at(raw, at, days),
                "lat": where[0],
                "lon": where[1],
            }
        )
    return rows


def _fits(raw: Mapping[str, Any], wanted: Department | None) -> bool:
    if wanted is None or (wanted.name is None and not wanted.kinds):
        return text(raw, "dutyDivNam") not in _NOT_FOR_PEOPLE_WALKING_IN
    return wanted.has(raw)
