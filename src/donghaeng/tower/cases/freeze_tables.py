"""The city's own tables in place of made winters: meters, freezes, temperatures, and households to call.

Columns are those of the water office's and the KMA's tables as they are published (headings in Korean, other
headings as ``also``). Rows are added up as they stream by, the faulty ones reported: what is in memory grows
with kinds of meters and days, not with rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np

from donghaeng.errors import InputError
from donghaeng.tower.cases.freeze_winters import (
    BUILDINGS,
    FIRST_DAY,
    LAST_DAY,
    METERS,
    Stock,
    Winter,
    days_of,
)
from donghaeng.tower.sheets import YES_NO, Column, Progress, Rows, day, number, one_of, text

_BUILDING: Final = one_of(
    {name: place for place, name in enumerate(BUILDINGS)}
    | {"단독": 0, "연립": 1, "다세대": 1, "연립/다세대": 1, "복도식": 2, "계단식": 3, "아파트": 3}
)
_METER: Final = one_of(
    {name: place for place, name in enumerate(METERS)} | {"원격검침": 2, "디지털계량기": 2}
)
_POOR: Final = one_of(
    {"미흡": True, "없음": True, "부족": True, "불량": True, "양호": False, "있음": False, "충분": False}
)
_SEE: Final = "see docs/data-cases.md for the columns of each table"
_COLD_DEGREES: Final = number(-40, 40)

CELL: Final = (
    Column("자치구", text(20), also=("구", "자치구명")),
    Column("건물유형", _BUILDING, also=("건물 유형", "건축물유형")),
    Column("보온상태", _POOR, also=("보온", "보온 상태")),
    Column("장기부재", YES_NO, also=("장기 부재", "공가")),
    Column("계량기종류", _METER, also=("계량기 종류", "계량기유형")),
)
"""What tells a cell of meters."""
METER_COLUMNS: Final = (*CELL, Column("전수", number(1, 10_000_000, whole=True), also=("개수", "계량기수")))
FREEZE_COLUMNS: Final = (
    Column("발생일", day, also=("접수일", "일자")),
    *CELL,
    Column("건수", number(1, 100_000, whole=True), required=False),
)
WEATHER_COLUMNS: Final = (
    Column("일자", day, also=("일시", "날짜")),
    Column("자치구", text(20), required=False, also=("구", "지점명")),
    Column("최저기온", _COLD_DEGREES, also=("최저기온(°C)", "최저기온(℃)")),
    Column("예보최저기온", _COLD_DEGREES, required=False, also=("예보최저기온(°C)",)),
)


@dataclass(frozen=True, slots=True)
class CityData:
    """What the city's tables gave."""

    stock: Stock
    winters: tuple[Winter, ...]
    """Oldest first; only those whose every day has a temperature."""
    tables: tuple[Rows, ...] = field(repr=False)
    """Read to their end: how many rows, and which could not be used."""
    left_out: tuple[str, ...] = ()
    """What could not be used and why, in Korean."""


def read_city(
    tables: Mapping[str, Path], districts: Sequence[str], progress: Progress = lambda rows: None
) -> CityData:
    """Put winters together from tables ``meters``, ``freezes`` and ``weather``.

    Args:
        tables: file of each.
        districts: names that are known; rows of others are left out.
        progress: told of rows read.

    Raises:
        InputError: a table is missing or unusable, or no winter is complete.
    """
    missing = {"meters", "freezes", "weather"} - set(tables)
    if missing:
        raise InputError(
            f"tables are missing: {', '.join(sorted(missing))}", remedy="give --table NAME=FILE of each"
        )
    meters = Rows(tables["meters"], METER_COLUMNS, progress)
    freezes = Rows(tables["freezes"], FREEZE_COLUMNS, progress)
    weather = Rows(tables["weather"], WEATHER_COLUMNS, progress)
    left_out: dict[str, None] = {}
    stock, places = _stock(meters, districts, left_out)
    lows = _lows(weather, districts, left_out)
    frozen = _frozen(freezes, places, lows.keys(), left_out)
    winters = []
    nothing = np.zeros(len(places))
    began = [_winter_of(one) for one in lows]
    for year in sorted({one for one in began if one is not None}):
        days = days_of(year)
        absent = sum(one not in lows for one in days)
        if absent:
            left_out[f"{year}년 겨울은 기온이 없는 날이 {absent}일이어서 뺐어요."] = None
            continue
        low = np.array([lows[one][0] for one in days])
        forecast = np.array([lows[one][1] for one in days])
        counts = np.array([frozen.get(one, nothing) for one in days])
        winters.append(Winter(year, days, low, forecast, counts))
    if not winters:
        raise InputError("no winter has a temperature on each of its days", remedy="see docs/data-cases.md")
    _check_counts(stock, winters)
    return CityData(stock, tuple(winters), (meters, freezes, weather), tuple(left_out))


def _key(row: Mapping[str, Any]) -> tuple[str, int, bool, bool, int]:
    return (row["자치구"], row["건물유형"], row["보온상태"], row["장기부재"], row["계량기종류"])


def _stock(
    rows: Rows, districts: Sequence[str], left_out: dict[str, None]
) -> tuple[Stock, dict[tuple[str, int, bool, bool, int], int]]:
    counts: dict[tuple[str, int, bool, bool, int], float] = {}
    for row in rows:
        if row["자치구"] not in districts:
            left_out[f"모르는 자치구여서 뺐어요: {row['자치구']}"] = None
            continue
        counts[_key(row)] = counts.get(_key(row), 0.0) + row["전수"]
    if not counts:
        raise InputError(f"{rows.file}: no row can be used", remedy="see docs/data-cases.md for its columns")
    names = tuple(districts)
    keys = sorted(counts, key=lambda key: (names.index(key[0]), *key[1:]))
    stock = Stock(
        names,
        np.array([names.index(key[0]) for key in keys]),
        np.array([key[1] for key in keys]),
        np.array([key[2] for key in keys], dtype=bool),
        np.array([key[3] for key in keys], dtype=bool),
        np.array([key[4] for key in keys]),
        np.array([counts[key] for key in keys], dtype=np.float64),
    )
    return stock, {key: place for place, key in enumerate(keys)}


def _lows(
    rows: Rows, districts: Sequence[str], left_out: dict[str, None]
) -> dict[date, tuple[list[float], list[float]]]:
    """Measured and forecast lowest temperature of each district by day; a city-wide value stands for all."""
    wide: dict[date, tuple[float, float]] = {}
    own: dict[tuple[date, str], tuple[float, float]] = {}
    for row in rows:
        low = row["최저기온"]
        pair = (low, low if row["예보최저기온"] is None else row["예보최저기온"])
        name = row["자치구"]
        if name is None or name in ("서울", "서울시", "서울특별시"):
            wide[row["일자"]] = pair
        elif name in districts:
            own[row["일자"], name] = pair
        else:
            left_out[f"모르는 자치구여서 뺐어요: {name}"] = None
    found: dict[date, tuple[list[float], list[float]]] = {}
    for one in sorted(set(wide) | {at for at, _ in own}):
        pairs = [own.get((one, name), wide.get(one)) for name in districts]
        if all(pair is not None for pair in pairs):
            known = [pair for pair in pairs if pair is not None]
            found[one] = ([pair[0] for pair in known], [pair[1] for pair in known])
    return found


def _winter_of(one: date) -> int | None:
    for year in (one.year - 1, one.year):
        if date(year, *FIRST_DAY) <= one <= date(year + 1, *LAST_DAY):
            return year
    return None


def _frozen(
    rows: Rows,
    places: Mapping[tuple[str, int, bool, bool, int], int],
    days: Set[date],
    left_out: dict[str, None],
) -> dict[date, np.ndarray[Any, np.dtype[np.float64]]]:
    """Freezes of each kind of meter by day, of those days that have a temperature."""
    found: dict[date, np.ndarray[Any, np.dtype[np.float64]]] = {}
    for row in rows:
        cell = places.get(_key(row))
        on = row["발생일"]
        if cell is None:
            left_out[f"계량기 현황에 없는 종류의 동파여서 뺐어요: {row['자치구']}"] = None
        elif on in days:
            if on not in found:
                found[on] = np.zeros(len(places))
            found[on][cell] += 1 if row["건수"] is None else row["건수"]
    return found


def _check_counts(stock: Stock, winters: Sequence[Winter]) -> None:
    for winter in winters:
        if (winter.freezes > stock.count[None, :]).any():
            raise InputError(
                f"winter {winter.year}: more freezes on a day than there are meters of that kind",
                remedy="check the tables of meters and freezes against each other",
            )
