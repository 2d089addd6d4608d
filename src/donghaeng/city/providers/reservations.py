"""Facilities of the city that can be booked (openapi.seoul.go.kr ListPublicReservation…).

The lists tell what there is and whether it costs something; booking itself goes through the gateway.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from types import MappingProxyType
from typing import Any, Final

from donghaeng.city.operations import Answer
from donghaeng.city.providers.base import Outside, Row
from donghaeng.city.providers.declared.fields import HOUR_S
from donghaeng.city.providers.envelopes import Rows, need
from donghaeng.city.providers.seoul import PROVIDER, table
from donghaeng.city.providers.values import clock, position, text
from donghaeng.errors import InputError, ProviderDenied, ProviderError, QuotaUsedUp

SERVICES: Final[tuple[tuple[str, ...], ...]] = (
    ("ListPublicReservationSport", "ListPublicReservationSports"),
    ("ListPublicReservationInstitution",),
    ("ListPublicReservationCulture",),
    ("ListPublicReservationEducation",),
)
"""The lists, each with the names that it goes by: the portal's documents write the first in two ways."""
OPEN: Final = frozenset({"접수중", "안내중"})
"""States of what can be booked; 접수종료 and 예약마감 cannot."""
FREE, PAID = "무료", "유료"
SAME: Final[Mapping[str, str]] = MappingProxyType(
    {
        "테니스코트": "테니스장",
        "정구장": "테니스장",
        "배드민턴코트": "배드민턴장",
        "게이트볼구장": "게이트볼장",
        "체육센터": "체육관",
        "야영장": "캠핑장",
        "바베큐장": "바비큐장",
        "예식장": "결혼식장",
        "텃밭": "주말농장",
        "대강당": "강당",
    }
)
"""Words for a kind of facility with the word that the lists have for it."""

_BRACKETS = re.compile(r"\[[^\]]*\]|\([^)]*\)|<[^>]*>|[★☆※◎●■]")
_COURT = re.compile(r"\s*(?:제?\d+\s?(?:번|호)?\s?(?:코트|면|실|구장)|[A-Z가-하]\s?(?:코트|면|구장|형))\s*$")


async def facility(outside: Outside, arguments: Mapping[str, Any], now: datetime) -> Answer:
    """The facility that the words mean: one row, with its ``name`` where they mean one alone; none where the
    lists have nothing that fits and can be booked."""
    said = _packed(str(arguments.get("facility", "")))
    if not said:
        raise InputError("facility is empty", remedy="say what is booked")
    for names in SERVICES:
        found = await outside.cache.get(
            ("reservations", names[0]), HOUR_S, now, partial(_listed, outside, names, now)
        )
        fitting = _fitting(found, said)
        if fitting:
            return Answer(rows=(_meant(fitting),))
    return Answer(rows=())


async def _listed(outside: Outside, names: Sequence[str], now: datetime) -> list[Row]:
    """The rows of a list under the first of its names that the portal knows."""
    for name in names[:-1]:
        try:
            return await table(outside, name, now=now, into=facility_rows)
        except (ProviderDenied, QuotaUsedUp):
            raise
        except ProviderError:
            continue
    return await table(outside, names[-1], now=now, into=facility_rows)


def _fitting(found: Sequence[Row], said: str) -> list[Row]:
    """The rows that hold the words, those whose whole name they are first of all; a word that the lists have
    another for counts as that."""
    for word, official in SAME.items():
        said = said.replace(word, official)
    tests: tuple[Callable[[Row], bool], ...] = (
        lambda row: _packed(row["name"]) == said,
        lambda row: said in _packed(row["name"]),
        lambda row: _packed(row["kind"]) in said and _packed(row["place"] or row["name"]) in said,
        lambda row: _packed(row["kind"]) == said,
    )
    for fits in tests:
        fitting = [row for row in found if fits(row)]
        if fitting:
            return fitting
    return []


def _meant(fitting: Sequence[Row]) -> Row:
    """What is true of all the rows that fit, and the name where it is one facility."""
    first = fitting[0]
    names = {row["name"] for row in fitting}
    same = {key for key in first if len({row[key] for row in fitting}) == 1}
    alike = {key: value if key in same else None for key, value in first.items()}
    return {**alike, "name": first["name"] if len(names) == 1 else None, "kind": first["kind"]}


def facility_rows(found: Rows) -> list[Row]:
    """Rows of a list into ours: those that can be booked, without brackets and numbers of courts in names.

    Raises:
        MalformedAnswer: a row lacks its name or state.
    """
    need(PROVIDER, found, "SVCNM", "SVCSTATNM")
    rows = []
    for raw in found:
        if text(raw, "SVCSTATNM") not in OPEN:
            continue
        pay = text(raw, "PAYATNM")
        # Some lists have the two coordinates swapped; position() puts them right.
        at = position(raw, "Y", "X")
        rows.append(
            {
                "name": plain_name(text(raw, "SVCNM")),
                "kind": text(raw, "MINCLASSNM"),
                "place": text(raw, "PLACENM") or None,
                "district": text(raw, "AREANM") or None,
                "free": pay.startswith(FREE) if pay.startswith((FREE, PAID)) else None,
                "phone": text(raw, "TELNO") or None,
                "opens": clock(text(raw, "V_MIN")),
                "closes": clock(text(raw, "V_MAX")),
                "lat": at[0] if at else None,
                "lon": at[1] if at else None,
            }
        )
    return rows


def plain_name(official: str) -> str:
    """An official name as it can be spoken: "[유료] ○○공원 테니스장 1코트(예시)" → "○○공원 테니스장"."""
    bare = " ".join(_BRACKETS.sub(" ", official).split())
    return _COURT.sub("", bare).strip() or bare or official


def _packed(words: str) -> str:
    return re.sub(r"\s", "", words)
