"""Weather and air of the sandbox city."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime

from donghaeng.sandbox.chance import draw, whole

# Seoul's monthly means of the daily lowest and highest, °C, and the share of days with rain or snow
# (KMA climatological normals 1991–2020, rounded).
_CLIMATE = (
    (-5.5, 2.1, 0.20),
    (-3.2, 5.1, 0.19),
    (1.9, 11.0, 0.23),
    (8.0, 17.9, 0.28),
    (13.5, 23.6, 0.28),
    (18.7, 27.6, 0.33),
    (22.3, 29.0, 0.52),
    (22.9, 30.0, 0.47),
    (17.7, 26.2, 0.30),
    (10.6, 20.2, 0.20),
    (3.5, 11.9, 0.29),
    (-3.4, 4.2, 0.25),
)
SUMMER = frozenset({7, 8})

NONE, RAIN, SLEET, SNOW, SHOWER = "0", "1", "2", "3", "4"
"""PTY codes of the short-term forecast."""
_COLDEST_HOUR, _WARMEST_HOUR = 6, 15

CHECKING = "점검중"
GRADES = ((50, "좋음"), (100, "보통"), (250, "나쁨"))
"""Upper ends of the grades of the combined index CAI (Ministry of Environment)."""


@dataclass(frozen=True, slots=True)
class Hour:
    """The sky of one hour."""

    temperature: float
    sky: str
    rain: str
    percent: int
    amount_mm: float
    humidity: int
    wind: float


@dataclass(frozen=True, slots=True)
class Air:
    """The air of a district at an hour; ``grade`` 점검중 has no figures."""

    grade: str
    index: int
    pm10: int
    pm25: int


class Sky:
    """Weather by grid cell and hour, air by district and hour."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def extremes(self, day: date, grid: tuple[int, int]) -> tuple[float, float]:
        """Lowest and highest of a day, °C."""
        low, high, _ = _CLIMATE[day.month - 1]
        shift = (draw(self._seed, "warmth", day) - 0.5) * 8
        here = (draw(self._seed, "place", grid) - 0.5) * 1.5
        return round(low + shift + here), round(high + shift + here)

    def wet_hours(self, day: date) -> range:
        """Hours of rain or snow; empty on most days."""
        _, _, share = _CLIMATE[day.month - 1]
        if draw(self._seed, "wet", day) >= share:
            return range(0)
        begin = whole(2, 20, self._seed, "begin", day)
        return range(begin, min(24, begin + whole(2, 8, self._seed, "length", day)))

    def hour(self, moment: datetime, grid: tuple[int, int]) -> Hour:
        """The sky of an hour."""
        day = moment.date()
        low, high = self.extremes(day, grid)
        temperature = _at_hour(low, high, moment.hour)
        wet = self.wet_hours(day)
        rain = self._kind(day, temperature) if moment.hour in wet else NONE
        near = bool(wet) and wet.start - 3 <= moment.hour < wet.stop + 2
        cloud = draw(self._seed, "cloud", day)
        sky = "4" if near or cloud > 0.8 else "3" if cloud > 0.5 else "1"
        percent = (60 if rain != NONE else 30 if near else 0) + 10 * whole(0, 3, self._seed, "percent", day)
        amount = round(0.5 + 9.5 * draw(self._seed, "amount", moment) ** 3, 1) if rain != NONE else 0.0
        return Hour(
            temperature=temperature,
            sky=sky,
            rain=rain,
            percent=percent if sky != "1" or percent < 40 else 10,
            amount_mm=amount,
            humidity=whole(75, 95, self._seed, "humid", moment)
            if near
            else whole(30, 65, self._seed, "dry", moment),
            wind=round(0.5 + 4 * draw(self._seed, "wind", moment, grid), 1),
        )

    def _kind(self, day: date, temperature: float) -> str:
        if temperature <= 0:
            return SNOW
        if temperature <= 2:
            return SLEET
        return SHOWER if day.month in SUMMER and draw(self._seed, "shower", day) < 0.4 else RAIN

    def air(self, district: str, hour: datetime) -> Air:
        """The air of a district at an hour."""
        base = 15 + 75 * draw(self._seed, "dust", hour.date()) ** 2
        pm10 = int(base * (0.8 + 0.4 * draw(self._seed, "dust", district, hour)))
        pm25 = int(pm10 * (0.4 + 0.2 * draw(self._seed, "fine", district, hour)))
        if draw(self._seed, "checking", district, hour) < 0.005:
            return Air(CHECKING, 0, 0, 0)
        index = int(max(pm10 * 1.1, pm25 * 2.4))
        grade = next((name for upper, name in GRADES if index <= upper), "매우나쁨")
        return Air(grade, index, pm10, pm25)


def _at_hour(low: float, high: float, hour: int) -> float:
    """Between the coldest hour and the warmest along a cosine."""
    if _COLDEST_HOUR <= hour <= _WARMEST_HOUR:
        share = (hour - _COLDEST_HOUR) / (_WARMEST_HOUR - _COLDEST_HOUR)
    else:
        share = 1 - ((hour - _WARMEST_HOUR) % 24) / (24 - _WARMEST_HOUR + _COLDEST_HOUR)
    return round(low + (high - low) * (1 - math.cos(math.pi * share)) / 2, 1)
