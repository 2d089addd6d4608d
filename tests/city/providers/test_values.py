from __future__ import annotations

import pytest

from donghaeng.city.providers import values


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("  a&middot;b\r\n c ", "a·b c"),
        (1260.0, "1260"),
        (0.5, "0.5"),
        (None, ""),
        (True, ""),
        ([1], ""),
        (float("nan"), "nan"),
    ],
)
def test_text(sent: object, meant: str) -> None:
    assert values.text({"a": sent}, "a") == meant


def test_the_first_column_that_has_something_is_taken() -> None:
    assert values.text({"OLD": "", "NEW": "x"}, "OLD", "NEW") == "x"
    assert values.number({"a": "-", "b": "3.5"}, "a", "b") == 3.5
    assert values.count({"a": "3.9"}, "a") == 3
    for odd in ("1e5", "٣", "nan", "", "9" * 30):
        assert values.number({"a": odd}, "a") is None


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("0830", "08:30"),
        ("830", "08:30"),
        ("2600", "26:00"),
        ("0400  ", "04:00"),
        ("3000", None),
        ("0860", None),
        ("", None),
        ("8", None),
    ],
)
def test_clock(sent: str, meant: str | None) -> None:
    assert values.clock(sent) == meant


def test_positions_are_put_the_right_way_round() -> None:
    assert values.position({"a": "126.9", "b": 37.5}, "a", "b") == (37.5, 126.9)
    assert values.position({"a": 37.5, "b": "126.9"}, "a", "b") == (37.5, 126.9)
    assert values.position({"a": 0, "b": 0}, "a", "b") is None
