"""Faults of a service strike what is answered in this process as they strike the wire."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest

from donghaeng.city.local import LocalOperation
from donghaeng.city.operations import Answer, City
from donghaeng.city.places import PlaceTable
from donghaeng.errors import (
    MalformedAnswer,
    ProviderDenied,
    ProviderError,
    ProviderTimeout,
    ProviderUnavailable,
)
from donghaeng.sandbox.faults import Fault, FaultKind
from donghaeng.sandbox.inside import InsideCity, own_city

NOW = datetime.fromisoformat("2026-11-23T10:00:00+09:00")
ASKED = {"question": "무엇"}


async def _answer(city: City, arguments: Mapping[str, Any], now: datetime) -> Answer:
    return Answer(({"id": "one", "at": now},))


def _city(places: PlaceTable, *faults: Fault) -> InsideCity:
    city = own_city(places, faults=faults)
    city.offer({"knowledge.search": LocalOperation(_answer, lambda given: ("ask",))})
    return city


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        (FaultKind.TIMEOUT, ProviderTimeout),
        (FaultKind.ERROR, ProviderUnavailable),
        (FaultKind.MALFORMED, MalformedAnswer),
    ],
)
async def test_a_lasting_fault_is_an_error_and_a_passing_one_is_not(
    places: PlaceTable, kind: FaultKind, error: type[ProviderError]
) -> None:
    with pytest.raises(error):
        await _city(places, Fault("ask", kind)).call("knowledge.search", ASKED, now=NOW)
    once = _city(places, Fault("ask", kind, times=1))
    assert (await once.call("knowledge.search", ASKED, now=NOW)).rows


async def test_empty_slow_and_other_services_faults(places: PlaceTable) -> None:
    empty = _city(places, Fault("ask", FaultKind.EMPTY))
    assert (await empty.call("knowledge.search", ASKED, now=NOW)).rows == ()
    for fault in (Fault("ask", FaultKind.SLOW), Fault("local_tax", FaultKind.ERROR)):
        assert (await _city(places, fault).call("knowledge.search", ASKED, now=NOW)).rows


async def test_what_nobody_carries_out_says_so(places: PlaceTable) -> None:
    with pytest.raises(ProviderDenied):
        await own_city(places).call("knowledge.search", ASKED, now=NOW)
