from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path

import pytest

from donghaeng.city.providers.kma import extremes_base, forecast_base, observation_base, to_grid
from donghaeng.city.providers.values import KST


def test_the_city_hall_lies_in_its_known_cell() -> None:
    assert to_grid(37.5665, 126.9780) == (60, 127)


def test_kmas_own_table_is_reproduced_but_for_a_few_borders(shared: Path) -> None:
    with (shared / "data/seoul/kma_grid_seoul_202510.csv").open(encoding="utf-8-sig") as lines:
        rows = list(csv.DictReader(lines))
    same = sum(
        to_grid(float(row["lat"]), float(row["lon"])) == (int(row["nx"]), int(row["ny"])) for row in rows
    )
    assert same >= 445


@pytest.mark.parametrize(
    ("now", "observation", "forecast", "extremes"),
    [
        ("2026-11-23T10:00", "23 09", "23 08", "23 02"),
        ("2026-11-23T10:10", "23 10", "23 08", "23 02"),
        ("2026-11-23T02:09", "23 01", "22 23", "22 23"),
        ("2026-11-23T02:10", "23 02", "23 02", "23 02"),
        ("2026-11-23T00:05", "22 23", "22 23", "22 23"),
        ("2026-11-23T23:59", "23 23", "23 23", "23 02"),
    ],
)
def test_only_issues_that_are_served_are_asked_for(
    now: str, observation: str, forecast: str, extremes: str
) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=KST)
    assert f"{observation_base(moment):%d %H}" == observation
    assert f"{forecast_base(moment):%d %H}" == forecast
    assert f"{extremes_base(moment):%d %H}" == extremes
