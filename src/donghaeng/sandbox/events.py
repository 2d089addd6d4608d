"""Cultural events of the sandbox city: every gu has some on every day.

Made week by week from the seed, so that the same day always has the same events.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from donghaeng.city.places import Kind, Place, PlaceTable
from donghaeng.sandbox.chance import draw, pick, whole

LONGEST_WEEKS = 5
"""Weeks that an event may last."""
WEEKS_KEPT = 64
"""Weeks that are kept once made."""

_STAGE = (
    ("클래식", "음악회"), ("클래식", "합창 음악회"), ("국악", "국악 한마당"), ("국악", "판소리 마당"),
    ("국악", "사물놀이 공연"), ("콘서트", "콘서트"), ("연극", "연극 무대"), ("연극", "어린이 인형극"),
    ("뮤지컬/오페라", "뮤지컬"), ("무용", "무용 공연"), ("독주/독창회", "독창회"), ("영화", "영화 상영회"),
)  # fmt: skip
_SHOWS = ("그림 전시회", "사진전", "도자기 전시회", "서예 전시회", "민화 특별전")
_FESTIVALS = (
    ("축제-문화/예술", "거리 예술 축제"), ("축제-전통/역사", "민속놀이 축제"), ("축제-시민화합", "노래자랑"),
    ("축제-자연/경관", "빛 축제"), ("축제-기타", "먹거리 축제"),
)  # fmt: skip
_CLASSES = ("전통 공예 체험", "작가 강연", "가족 체험전")
_HALLS = ("구민회관", "문화원", "문화예술회관", "야외무대", "도서관 강당")
_FREE, _STAGES_A_WEEK = 0.6, 6
_EVERY_DAY = (("클래식", "음악회"), ("영화", "영화 상영회"))
_WEEKENDS = (("국악", "국악 한마당"), ("연극", "연극 무대"))
"""What is free in every gu: whoever asks for a common kind of a day finds one."""


@dataclass(frozen=True, slots=True)
class Event:
    """One event."""

    category: str
    district: str
    title: str
    place: str
    first: date
    last: date
    hours: str
    won: int
    """0 = free."""
    lat: float
    lon: float


class Events:
    """Events over a table of places."""

    def __init__(self, seed: int, places: PlaceTable) -> None:
        self._seed = seed
        self._districts = places.places(Kind.DISTRICT)
        self._week = lru_cache(maxsize=WEEKS_KEPT * len(self._districts))(self._made_week)

    def between(self, first: date, last: date) -> list[Event]:
        """Events that run on any day of a span, by their first day."""
        monday = first - timedelta(days=first.weekday(), weeks=LONGEST_WEEKS)
        found: list[Event] = []
        while monday <= last:
            for district in self._districts:
                found += [
                    event
                    for event in self._week(district, monday)
                    if event.first <= last and event.last >= first
                ]
            monday += timedelta(weeks=1)
        return sorted(found, key=lambda event: (event.first, event.district, event.title))

    def _made_week(self, district: Place, monday: date) -> tuple[Event, ...]:
        return tuple(self._beginning_in(district, monday))

    def _beginning_in(self, district: Place, monday: date) -> Iterator[Event]:
        words: tuple[object, ...] = (self._seed, "event", district.name, monday)
        for index in range(_STAGES_A_WEEK):
            each: tuple[object, ...] = (*words, "stage", index)
            day = monday + timedelta(days=whole(0, 6, *each, "day"))
            yield self._event(district, pick(_STAGE, *each), day, 1, each)
        for index in range(7):
            for what in (*_EVERY_DAY, *(_WEEKENDS if index > 4 else ())):
                each = (*words, "free", index, what[1])
                yield self._event(district, what, monday + timedelta(days=index), 1, each, free=True)
        number = monday.toordinal() // 7
        if number % 3 == 0:
            for free in (True, False):
                each = (*words, "show", free)
                yield self._event(district, ("전시/미술", pick(_SHOWS, *each)), monday, 28, each, free=free)
        if number % 2 == 0:
            each = (*words, "festival")
            yield self._event(district, pick(_FESTIVALS, *each), monday + timedelta(days=4), 3, each)
        each = (*words, "class")
        yield self._event(district, ("교육/체험", pick(_CLASSES, *each)), monday + timedelta(days=1), 4, each)

    def _event(
        self,
        district: Place,
        what: tuple[str, str],
        first: date,
        days: int,
        words: tuple[object, ...],
        *,
        free: bool | None = None,
    ) -> Event:
        category, name = what
        free = draw(*words, "free") < _FREE if free is None else free
        return Event(
            category,
            district.name,
            f"{district.name} {name}",
            f"{district.name} {pick(_HALLS, *words, 'hall')}",
            first,
            first + timedelta(days=days - 1),
            pick(("14:00~15:30", "15:00~16:30", "19:00~20:30", "19:30~21:00"), *words, "hours"),
            0 if free else 1_000 * whole(5, 40, *words, "won"),
            round(district.lat + (draw(*words, "lat") - 0.5) * 0.02, 6),
            round(district.lon + (draw(*words, "lon") - 0.5) * 0.02, 6),
        )
