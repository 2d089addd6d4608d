"""Weather from the Korea Meteorological Administration (VilageFcstInfoService_2.0 on data.go.kr).

Grid and serving times as in KMA's guide of 2024-11-28: the observation of an hour is served from ten
minutes past it, a forecast issue (02, 05, 08, 11, 14, 17, 20, 23 o'clock) from ten minutes after it. Today's
lowest and highest temperatures are in the 02 o'clock issue alone.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any

from donghaeng.city.operations import Answer
from donghaeng.city.places.model import Kind
from donghaeng.city.providers.base import Outside, Row
from donghaeng.city.providers.declared.fields import WEATHER_REFRESH_S
from donghaeng.city.providers.envelopes import Rows, need, portal_rows
from donghaeng.city.providers.transport import Request
from donghaeng.city.providers.values import asked_date, kst, number, text
from donghaeng.errors import InputError, MalformedAnswer

PROVIDER = "weather"
SERVICE = "/1360000/VilageFcstInfoService_2.0"

SERVED_AFTER = timedelta(minutes=10)
ISSUES = (2, 5, 8, 11, 14, 17, 20, 23)
CITY_HALL = (37.5665, 126.9780)
"""서울시청: stands for the whole city where no district is named."""
DAYS_AHEAD = 4
MISSING = 900.0
"""Values at or beyond ±900 mean that the instrument gave none."""

_EARTH_KM, _GRID_KM = 6371.00877, 5.0
_SLAT1, _SLAT2, _OLON, _OLAT, _XO, _YO = 30.0, 60.0, 126.0, 38.0, 43, 136

_SKY = {"1": "맑음", "3": "구름 많음", "4": "흐림"}
_OBSERVED_RAIN = MappingProxyType(
    {"1": "비", "2": "비나 눈", "3": "눈", "5": "비", "6": "비나 눈", "7": "눈"}
)
_FORECAST_RAIN = MappingProxyType({"1": "비", "2": "비나 눈", "3": "눈", "4": "소나기"})
_CODED_AMOUNT = {"1": "약한 비", "2": "보통 비", "3": "강한 비"}

Hours = dict[datetime, dict[str, str]]
"""Forecast values by hour and category."""


def to_grid(lat: float, lon: float) -> tuple[int, int]:
    """KMA's 5 km grid cell of a point (Lambert conformal conic); 서울시청 → (60, 127)."""
    rad = math.pi / 180
    s1, s2, olon, olat = _SLAT1 * rad, _SLAT2 * rad, _OLON * rad, _OLAT * rad
    scale = _EARTH_KM / _GRID_KM
    sn = math.log(math.cos(s1) / math.cos(s2)) / math.log(
        math.tan(math.pi / 4 + s2 / 2) / math.tan(math.pi / 4 + s1 / 2)
    )
    sf = math.tan(math.pi / 4 + s1 / 2) ** sn * math.cos(s1) / sn
    ro = scale * sf / math.tan(math.pi / 4 + olat / 2) ** sn
    ra = scale * sf / math.tan(math.pi / 4 + lat * rad / 2) ** sn
    theta = ((lon * rad - olon + math.pi) % (2 * math.pi) - math.pi) * sn
    return int(ra * math.sin(theta) + _XO + 0.5), int(ro - ra * math.cos(theta) + _YO + 0.5)


def observation_base(now: datetime) -> datetime:
    """The newest hour whose observation is served."""
    return (kst(now) - SERVED_AFTER).replace(minute=0, second=0, microsecond=0)


def forecast_base(now: datetime) -> datetime:
    """The newest forecast issue that is served."""
    served = kst(now) - SERVED_AFTER
    hours = [hour for hour in ISSUES if hour <= served.hour]
    day = served if hours else served - timedelta(days=1)
    return day.replace(hour=hours[-1] if hours else ISSUES[-1], minute=0, second=0, microsecond=0)


def extremes_base(now: datetime) -> datetime:
    """The issue that holds today's lowest and highest: 02 o'clock, before that last night's."""
    morning = kst(now).replace(hour=2, minute=0, second=0, microsecond=0)
    return morning if kst(now) >= morning + SERVED_AFTER else forecast_base(now)


async def weather_day(outside: Outside, arguments: Mapping[str, Any], now: datetime) -> Answer:
    """The weather of one day: the observation of this hour, when it is today, and the rest from forecasts."""
    lat, lon = _centre(outside, arguments.get("district"))
    day = asked_date(arguments, "date")
    now = kst(now)
    ahead = (day - now.date()).days
    if not 0 <= ahead <= DAYS_AHEAD:
        return Answer(rows=())
    grid = to_grid(lat, lon)
    issued = forecast_base(now)
    issued, hours = await _forecast(outside, issued, grid, now, "forecast")
    observed: Mapping[str, str] = {}
    extremes = hours
    if ahead == 0:
        observed = await _observation(outside, observation_base(now), grid, now)
        base = extremes_base(now)
        if base != issued:
            _, extremes = await _forecast(outside, base, grid, now, "extremes")
    row = summary(day, now, Sources(hours, extremes, observed, issued))
    return Answer(rows=(row,) if row else (), as_of=issued)


def _centre(outside: Outside, district: object) -> tuple[float, float]:
    """Where the forecast of a district is taken.

    Raises:
        InputError: no such district.
    """
    if district is None:
        return CITY_HALL
    found = outside.places.by_name(str(district), Kind.DISTRICT)
    if not found:
        raise InputError(f"no district {district!r}", remedy="a gu with 구, for example 마포구")
    return found[0].lat, found[0].lon


async def _forecast(
    outside: Outside, base: datetime, grid: tuple[int, int], now: datetime, wanted: str
) -> tuple[datetime, Hours]:
    """When it was issued, and the values; where this issue cannot be had, that of the last call for the same
    ``wanted``, if old data may be given."""
    request = _request(outside, "getVilageFcst", base, grid)
    return await outside.cache.get(
        ("forecast", base, grid),
        WEATHER_REFRESH_S,
        now,
        lambda: outside.transport.read(
            request, now, lambda body: (base, by_hour(portal_rows(PROVIDER, body)[0]))
        ),
        series=(wanted, grid),
    )


async def _observation(
    outside: Outside, base: datetime, grid: tuple[int, int], now: datetime
) -> dict[str, str]:
    request = _request(outside, "getUltraSrtNcst", base, grid)
    return await outside.cache.get(
        ("observation", base, grid),
        WEATHER_REFRESH_S,
        now,
        lambda: outside.transport.read(
            request, now, lambda body: by_category(portal_rows(PROVIDER, body)[0])
        ),
        series=("observation", grid),
    )


def _request(outside: Outside, operation: str, base: datetime, grid: tuple[int, int]) -> Request:
    address, key = outside.address("data_go_kr")
    params = {
        "serviceKey": key,
        "pageNo": "1",
        "numOfRows": "1500",
        "dataType": "JSON",
        "base_date": f"{base:%Y%m%d}",
        "base_time": f"{base:%H%M}",
        "nx": str(grid[0]),
        "ny": str(grid[1]),
    }
    return Request(PROVIDER, "GET", f"{address}{SERVICE}/{operation}", quota="kma", params=params)


def by_hour(items: Rows) -> Hours:
    """Forecast items by hour and category.

    Raises:
        MalformedAnswer: an item lacks its hour, category or value.
    """
    need(PROVIDER, items, "category", "fcstDate", "fcstTime", "fcstValue")
    hours: Hours = {}
    for item in items:
        written = text(item, "fcstDate") + text(item, "fcstTime").zfill(4)
        try:
            hour = kst(datetime.strptime(written, "%Y%m%d%H%M"))  # noqa: DTZ007 - kst adds the offset
        except ValueError:
            raise MalformedAnswer(PROVIDER, "an item has no hour") from None
        hours.setdefault(hour, {})[text(item, "category")] = text(item, "fcstValue")
    return hours


def by_category(items: Rows) -> dict[str, str]:
    """Observed values by category.

    Raises:
        MalformedAnswer: an item lacks its category.
    """
    need(PROVIDER, items, "category")
    return {text(item, "category"): text(item, "obsrValue") for item in items}


@dataclass(frozen=True, slots=True)
class Sources:
    """What a day's row is made from.

    ``extremes`` is the issue that holds today's lowest and highest, ``observed`` this hour's observation
    (empty for later days), ``issued`` the time of the forecast in ``hours``.
    """

    hours: Hours
    extremes: Hours
    observed: Mapping[str, str]
    issued: datetime


def summary(day: date, now: datetime, sources: Sources) -> Row | None:
    """One row for a day; ``None`` when the forecast says nothing of it.

    For today, hours that have passed do not count.
    """
    hours, observed = sources.hours, sources.observed
    this_hour = kst(now).replace(minute=0, second=0, microsecond=0)
    ahead = sorted(hour for hour in hours if hour.date() == day and hour >= this_hour)
    if not ahead and not observed:
        return None
    rain = [hour for hour in ahead if hours[hour].get("PTY", "0") in _FORECAST_RAIN]
    rain_now = observed.get("PTY", "0") in _OBSERVED_RAIN
    first = rain[0] if rain else None
    kinds = [_FORECAST_RAIN[hours[hour]["PTY"]] for hour in rain]
    if rain_now:
        kinds.insert(0, _OBSERVED_RAIN[observed["PTY"]])
    return {
        "date": day.isoformat(),
        "sky": _worst_sky(hours, ahead),
        "rain_kind": _one_kind(kinds),
        "rain_now": rain_now,
        "rain_percent": max((_whole(hours[hour].get("POP")) or 0 for hour in ahead), default=0),
        "rain_from": f"{first:%H}:00" if first else None,
        "rain_until": _until(first, rain, hours) if first else None,
        "rain_amount": _amount(hours, rain),
        "temperature_now": _value(observed.get("T1H")),
        "low": _extreme(sources.extremes, day, "TMN", min),
        "high": _extreme(sources.extremes, day, "TMX", max),
        "humidity_percent": _whole(observed.get("REH")),
        "wind_mps": _value(observed.get("WSD")),
        "as_of": sources.issued,
    }


def _one_kind(kinds: list[str]) -> str:
    if not kinds:
        return "없음"
    distinct = set(kinds)
    if len(distinct) == 1:
        return kinds[0]
    return "비나 눈" if distinct & {"눈", "비나 눈"} else "비"


def _until(first: datetime, rain: list[datetime], hours: Hours) -> str:
    """End of the first stretch. Steps are hourly, three-hourly on the last days of an issue."""
    known = sorted(hours)
    wet = set(rain)
    end = first
    for hour in known[known.index(first) :]:
        if hour not in wet:
            end = hour
            break
        end = hour + timedelta(hours=1)
    return "24:00" if end.date() > first.date() else f"{end:%H}:00"


def _worst_sky(hours: Hours, ahead: list[datetime]) -> str:
    codes = [hours[hour].get("SKY", "") for hour in ahead]
    worst = max((code for code in codes if code in _SKY), default="1")
    return _SKY[worst]


def _amount(hours: Hours, rain: list[datetime]) -> str | None:
    """The heaviest hour, in KMA's words."""
    said = [hours[hour].get("PCP", "") for hour in rain]
    said = [_CODED_AMOUNT.get(amount, amount) for amount in said if amount and amount != "강수없음"]
    return max(said, key=_millimetres, default=None)


def _millimetres(amount: str) -> float:
    if "미만" in amount:
        return 0.5
    found = re.findall(r"\d{1,4}(?:\.\d)?", amount)
    return float(found[-1]) if found else 1.0 + len(amount)


def _extreme(hours: Hours, day: date, category: str, pick: Any) -> float | None:
    """TMN or TMX of the day; where the issue has none, the extreme of a whole day's hourly values."""
    found = [
        _value(values[category])
        for hour, values in hours.items()
        if hour.date() == day and category in values
    ]
    stated = [value for value in found if value is not None]
    if stated:
        return stated[0]
    hourly = [_value(values.get("TMP")) for hour, values in hours.items() if hour.date() == day]
    kept = [value for value in hourly if value is not None]
    return float(pick(kept)) if len(kept) >= 20 else None


def _value(written: str | None) -> float | None:
    value = number({"value": written}, "value")
    return value if value is not None and abs(value) < MISSING else None


def _whole(written: str | None) -> int | None:
    value = _value(written)
    return None if value is None else round(value)
