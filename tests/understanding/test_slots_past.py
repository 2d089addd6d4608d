"""Days that are over: when something was lost."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donghaeng.city.places.table import PlaceTable
from donghaeng.city.services.definition import SlotSpec
from donghaeng.understanding.slots import RECOGNISERS, Scene
from donghaeng.understanding.slots.gazetteer import Gazetteer

NOW = datetime.fromisoformat("2026-11-23T10:00:00+09:00")
SPEC = SlotSpec(type="date", name="잃어버린 날", required=False, past=True)
SCENE = Scene(now=NOW, gazetteer=Gazetteer(PlaceTable()))


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("그저께 지하철에 놓고 내렸어요", "2026-11-21"),
        ("11월 15일에 지하철에서 목도리 잃어버렸거든요", "2026-11-15"),
        ("12월 3일에 잃어버렸어요", "2025-12-03"),
        ("금요일에 버스에 두고 내렸어요", "2026-11-20"),
        ("월요일에 잃어버렸어요", "2026-11-16"),
        ("엊저녁 막차에 흘렸는데", "2026-11-22"),
        ("오늘 아침 버스일 거야", "2026-11-23"),
        ("내일 버스 타야 되는데", None),
        ("버스에 두고 내렸어요", None),
    ],
)
def test_days_that_are_over(words: str, day: str | None) -> None:
    fill = RECOGNISERS["date"](words, SPEC, SCENE)
    assert (None if fill is None else fill.value) == day


def test_a_day_that_there_is_not_is_none() -> None:
    fill = RECOGNISERS["date"]("2월 30일에 잃어버렸어요", SPEC, SCENE)
    assert fill is not None
    assert fill.problem == "impossible"


def test_only_dates_have_a_past() -> None:
    with pytest.raises(ValueError, match="past"):
        SlotSpec(type="text", name="것", required=False, past=True)


@given(st.text(alphabet="어그제저께 지난주월화수일0123456789일 십이삼전에", max_size=20))
def test_never_a_day_to_come(words: str) -> None:
    fill = RECOGNISERS["date"](words, SPEC, SCENE)
    assert fill is None or fill.value is None or date.fromisoformat(fill.value) <= NOW.date()
