"""Things found: what is told of them, and what is not."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from donghaeng.city.providers import envelopes, lost

TODAY = date(2026, 11, 23)


def look(samples: Any, item: str, where: str | None = None, lost_on: date | None = None) -> list[Any]:
    found = lost.article_rows(envelopes.seoul_rows("seoul", samples.text("lost.json")))
    return lost.fitting(found, item, where, lost_on, TODAY)


def test_a_thing_is_told_by_colour_kind_place_and_vehicle(samples: Any) -> None:
    (row,) = look(samples, "가방")  # the second was fetched
    assert (row["item"], row["found_on"], row["kind"]) == ("검은색 가방", "2026-11-20", "가방")
    assert (row["kept_at"], row["vehicle"], row["line"]) == ("○○운수 영업소", "bus", "753번 버스")


def test_nobody_is_named(samples: Any) -> None:
    (phone,) = look(samples, "핸드폰")
    assert (phone["item"], phone["kept_at"], phone["vehicle"]) == ("검은색 휴대폰", "개인택시", "taxi")
    told = str([look(samples, item) for item in ("가방", "휴대폰", "우산")])
    assert not any(word in told for word in ("홍길동", "1111", "bus01"))


@pytest.mark.parametrize(
    ("item", "where", "lost_on", "names"),
    [
        ("우산", None, None, ["빨간색 우산", "우산"]),
        ("빨간 우산", None, None, ["빨간색 우산", "우산"]),
        ("파란 우산", None, None, ["우산"]),
        ("우산", "subway", None, ["우산"]),
        ("우산", "taxi", None, []),
        ("손가방", None, date(2026, 11, 20), ["검은색 가방"]),
        ("손가방", None, date(2026, 11, 21), []),
        ("손가방", None, date(2026, 10, 1), []),
        ("틀니", None, None, []),
    ],
)
def test_what_fits(samples: Any, item: str, where: Any, lost_on: Any, names: list[str]) -> None:
    assert [row["item"] for row in look(samples, item, where, lost_on)] == names


def test_old_column_names(samples: Any) -> None:
    (row,) = look(samples, "우산", "bus")
    assert (row["found_on"], row["kept_at"], row["line"]) == ("2026-11-22", "○○교통 사무실", "6411번 버스")
