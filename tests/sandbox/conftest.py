"""Places and a sandbox city."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest

from donghaeng.city.places import PlaceTable, load_builtin
from donghaeng.sandbox.inside import InsideCity, own_city

CHECKOUT = Path(__file__).resolve().parents[2]
NOW = datetime.fromisoformat("2026-11-23T10:00:00+09:00")


@pytest.fixture(scope="session")
def places() -> PlaceTable:
    return load_builtin(CHECKOUT / "catalogue" / "places")


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
async def city(places: PlaceTable) -> AsyncIterator[InsideCity]:
    inside = own_city(places)
    yield inside
    await inside.aclose()
