"""Welfare centres, senior clubs and senior classes (openapi.seoul.go.kr fcltOpenInfo_OWI).

The table has no positions: a centre is taken to be where the dong of its address is, so the order is that
of dongs and no distance is given.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import datetime
from itertools import chain, zip_longest
from typing import Any

from donghaeng.city.operations import Answer
from donghaeng.city.places import Kind, PlaceTable, distance_m
from donghaeng.city.providers.base import NEAREST, Outside, Row, districts_around
from donghaeng.city.providers.declared.fields import DAY_S
from donghaeng.city.providers.envelopes import Rows, need
from donghaeng.city.providers.seoul import PROVIDER, table
from donghaeng.city.providers.values import asked_point, text

SERVICE = "fcltOpenInfo_OWI"
CENTER, CLUB, CLASS = "노인복지관", "경로당", "노인교실"
KINDS = (CENTER, CLUB, CLASS)
_DONG = re.compile(r"(?<![가-힣])([가-힣]{1,5}\d?(?:\.\d)?동)(?![가-힣])")


async def centers_near(outside: Outside, arguments: Mapping[str, Any], now: datetime) -> Answer:
    """The centres nearest by dong: the nearest of each kind, then the second of each, and so on."""
    lat, lon = asked_point(arguments)
    found = await outside.cache.get(
        ("seniors",), DAY_S, now, lambda: table(outside, SERVICE, now=now, into=center_rows)
    )
    around = districts_around(outside.places, lat, lon)
    ranked = sorted(
        (row for row in found if row["district"] in around),
        key=lambda row: (_away_m(outside.places, row, lat, lon), row["name"]),
    )
    by_kind = [[row for row in ranked if row["kind"] == kind] for kind in KINDS]
    mixed = [row for row in chain.from_iterable(zip_longest(*by_kind)) if row is not None]
    return Answer(rows=tuple(mixed[:NEAREST]))


def _away_m(places: PlaceTable, row: Mapping[str, Any], lat: float, lon: float) -> float:
    """How far the dong of a centre is, else its gu; last what is neither."""
    dongs = places.by_name(row["dong"], Kind.DONG) if row["dong"] else ()
    named = [place for place in dongs if place.district == row["district"]]
    named = named or list(places.by_name(row["district"], Kind.DISTRICT))
    return min((distance_m(lat, lon, at.lat, at.lon) for at in named), default=math.inf)


def center_rows(found: Rows) -> list[Row]:
    """Rows of fcltOpenInfo_OWI into ours, without the name of the person who leads the centre; facilities of
    other kinds are left out.

    Raises:
        MalformedAnswer: a row lacks its name or gu.
    """
    need(PROVIDER, found, "FCLT_NM", "JRSD_SGG_NM")
    rows = []
    for raw in found:
        words = text(raw, "FCLT_KIND_DTL_NM").replace(" ", "")
        kind = next((kind for kind in KINDS if kind in words), None)
        if kind is None:
            continue
        address = text(raw, "FCLT_ADDR")
        dong = _DONG.search(address)
        rows.append(
            {
                "name": text(raw, "FCLT_NM"),
                "kind": kind,
                "address": address,
                "dong": dong[1] if dong else None,
                "district": text(raw, "JRSD_SGG_NM"),
                "phone": text(raw, "FCLT_TEL_NO") or None,
            }
        )
    return rows
