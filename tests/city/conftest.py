"""Places, sample answers and cities for the tests of the city's outside."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from donghaeng.city.places import PlaceTable, load_builtin
from donghaeng.sandbox.inside import InsideCity, own_city

CHECKOUT = Path(__file__).resolve().parents[2]
SAMPLES = Path(__file__).parent / "samples"
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


class Samples:
    """Recorded answers by file name."""

    def text(self, name: str) -> str:
        return (SAMPLES / name).read_text(encoding="utf-8")

    def json(self, name: str) -> Any:
        return json.loads(self.text(name))


@pytest.fixture(scope="session")
def samples() -> Samples:
    return Samples()
