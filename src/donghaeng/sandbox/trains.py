"""Subway trains of the sandbox city, along the lines of the table of places."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from donghaeng.city.places import Kind, Place, PlaceTable
from donghaeng.sandbox.chance import draw, whole

FIRST_MINUTE = 5 * 60 + 25
LAST_MINUTE = 24 * 60 + 20
RUSH_HOURS = frozenset({7, 8, 18, 19})
RUSH_INTERVAL_S, INTERVAL_S = 190, 360
LONG_INTERVAL_S = 900
RIDE_S = 125
"""From one station to the next, standing time included."""
AHEAD_S = 1_500
SHOWN = 4
"""Trains that the feed shows for a direction."""

# Where trains end: towards lower and towards higher station numbers (operators' line maps, 2025).
TERMINI: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = MappingProxyType(
    {
        "1": (("소요산", "광운대", "청량리"), ("인천", "신창", "서동탄")),
        "2": (("성수",), ("성수",)),
        "3": (("대화", "구파발"), ("오금",)),
        "4": (("진접", "당고개"), ("오이도", "사당")),
        "5": (("방화",), ("하남검단산", "마천")),
        "6": (("응암순환(상선)",), ("신내", "봉화산")),
        "7": (("장암", "도봉산"), ("석남", "온수(성공회대입구)")),
        "8": (("별내",), ("모란",)),
        "9": (("개화", "김포공항"), ("중앙보훈병원",)),
        "GTX-A": (("운정중앙",), ("서울",)),
        "경의중앙": (("용문", "덕소"), ("문산", "일산")),
        "공항철도": (("서울",), ("인천공항2터미널",)),
        "경춘": (("청량리",), ("춘천",)),
        "수인분당": (("청량리", "왕십리"), ("인천", "고색")),
        "신분당": (("신사",), ("광교",)),
        "경강": (("판교",), ("여주",)),
        "우이신설": (("북한산우이",), ("신설동",)),
        "서해": (("일산",), ("원시",)),
        "신림": (("샛강",), ("관악산",)),
    }
)
LONG_LINES = frozenset({"GTX-A", "경의중앙", "경춘", "경강", "서해", "공항철도"})
EXPRESS_LINES = frozenset({"1", "9", "경의중앙", "공항철도", "수인분당"})
LOOP = "2"
_LOOP_IDS = range(1002000201, 1002000244)

SUBWAY_IDS: Mapping[str, str] = MappingProxyType(
    {
        **{str(line): f"100{line}" for line in range(1, 10)},
        "GTX-A": "1032",
        "경의중앙": "1063",
        "공항철도": "1065",
        "경춘": "1067",
        "수인분당": "1075",
        "신분당": "1077",
        "경강": "1081",
        "우이신설": "1092",
        "서해": "1093",
        "신림": "1094",
    }
)


@dataclass(frozen=True, slots=True)
class Direction:
    """One direction of a line at a station."""

    line: str
    name: str
    """상행, 하행, 내선 or 외선."""
    destinations: tuple[str, ...]
    before: tuple[Place, ...]
    """Stations that trains pass before this one, the nearest first."""
    following: Place | None


@dataclass(frozen=True, slots=True)
class Train:
    """A train on its way."""

    seconds: int
    destination: str
    number: int
    express: bool
    last: bool


class SubwayNetwork:
    """Lines and timetables over a table of places."""

    def __init__(self, seed: int, places: PlaceTable) -> None:
        self._seed = seed
        lines: defaultdict[str, list[tuple[int, Place]]] = defaultdict(list)
        for place in places.places(Kind.STATION):
            for line, number in place.station_ids.items():
                if number.isdigit():
                    lines[line].append((int(number), place))
        self._lines = {line: sorted(found, key=lambda item: item[0]) for line, found in lines.items()}

    @property
    def lines(self) -> Mapping[str, Sequence[tuple[int, Place]]]:
        """The stations of each line with their numbers in the feed, in the order of those."""
        return self._lines

    def directions(self, station: Place) -> Iterator[Direction]:
        """The directions in which trains leave a station, line by line."""
        for line in station.lines:
            if line in SUBWAY_IDS:
                yield from self._of_line(station, line)

    def _of_line(self, station: Place, line: str) -> Iterator[Direction]:
        stops = self._lines.get(line, [])
        loop = [place for number, place in stops if number in _LOOP_IDS] if line == LOOP else []
        if station in loop:
            at = loop.index(station)
            around = loop[at + 1 :] + loop[:at]
            yield Direction(line, "내선", ("성수",), tuple(reversed(around)), around[0] if around else None)
            yield Direction(line, "외선", ("성수",), tuple(around), around[-1] if around else None)
            return
        row = [place for number, place in stops if number not in _LOOP_IDS or line != LOOP]
        at = row.index(station) if station in row else -1
        lower, higher = (tuple(reversed(row[:at])), tuple(row[at + 1 :])) if at >= 0 else ((), ())
        for name, ends, ahead, behind in zip(
            ("상행", "하행"), TERMINI[line], (lower, higher), (higher, lower), strict=True
        ):
            destinations = tuple(end for end in ends if end != station.name)
            if destinations:
                yield Direction(line, name, destinations, behind, ahead[0] if ahead else None)

    def trains(self, station: Place, direction: Direction, now: datetime) -> list[Train]:
        """Trains of a direction that come within 25 minutes, soonest first."""
        found: list[Train] = []
        for days_ago in (1, 0):
            midnight = now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=days_ago)
            found += self._of_day(station, direction, midnight, now)
        return sorted(found, key=lambda train: train.seconds)[:SHOWN]

    def _of_day(
        self, station: Place, direction: Direction, midnight: datetime, now: datetime
    ) -> Iterator[Train]:
        words = (self._seed, direction.line, direction.name)
        interval = _interval(direction.line, now)
        offset = whole(0, interval - 1, *words) + len(direction.before) * RIDE_S % interval
        since = (now - midnight).total_seconds()
        first = max(math.ceil((since - offset) / interval), 0)
        for number in range(first, first + AHEAD_S // interval + 1):
            at = number * interval + offset
            if not FIRST_MINUTE * 60 <= at <= LAST_MINUTE * 60:
                continue
            each = (*words, midnight.date(), number)
            late = int(draw(*each, station.key) * 20)
            seconds = int(at - since) + late
            if seconds < AHEAD_S:
                ends = direction.destinations
                yield Train(
                    seconds,
                    destination=ends[0] if draw(*each) < 0.7 else ends[-1],
                    number=number,
                    express=direction.line in EXPRESS_LINES and draw(*each, "express") < 0.2,
                    last=at + interval > LAST_MINUTE * 60,
                )


def _interval(line: str, now: datetime) -> int:
    if line in LONG_LINES:
        return LONG_INTERVAL_S
    return RUSH_INTERVAL_S if now.hour in RUSH_HOURS and now.weekday() < 5 else INTERVAL_S
