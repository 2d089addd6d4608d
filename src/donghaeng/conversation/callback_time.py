"""When a waiting caller would like to be called back: keys and words in, the nearest promise out.

The number is booked before (:mod:`donghaeng.conversation.callback_booking`): whoever hangs up here is called
all the same, as soon as counsellors are there.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final, Literal

from donghaeng.city.places.table import PlaceTable
from donghaeng.city.services.definition import SlotSpec
from donghaeng.city.slots import SLOT_TYPES
from donghaeng.conversation.yes_or_no import REFUSED, yes_or_no
from donghaeng.people.calling import SEOUL
from donghaeng.people.hours import Hours
from donghaeng.understanding.slots.base import Scene
from donghaeng.understanding.slots.gazetteer import Gazetteer
from donghaeng.understanding.slots.moments import MOMENT, moment
from donghaeng.understanding.slots.when import day

MOST_SILENCES: Final = 2
"""Reminders at one question; then any time will do."""
_SLOT: Final = SlotSpec(type="datetime", name="전화받을 때", required=False)
_NOWHERE: Final = Gazetteer(PlaceTable())
_ANY: Final = re.compile(r"(?:아무|암)\s?(?:때|제|시간)|언제(?:든|라도|나)|상관\s?[없읎]")
Told = Literal["when", "when_again", "time", "book", "any"]


@dataclass(frozen=True, slots=True)
class Promise:
    """A moment for which a call can be promised."""

    at: datetime
    unfit: str | None = None
    """Why it is not the moment that was wanted (:meth:`Hours.why_not`)."""

    @property
    def written(self) -> str:
        """``11월 24일 화요일 오전 10시``."""
        return SLOT_TYPES["datetime"].write(self.at.astimezone(SEOUL).strftime(MOMENT))


class CallTimes:
    """Reads times and holds them against the desk's hours.

    Args:
        hours: when the desk works.
        now: the city's time.
    """

    def __init__(self, hours: Hours, now: Callable[[], datetime]) -> None:
        self._hours = hours
        self._now = now

    def read(self, words: str) -> Promise | None:
        """What can be promised for the time that words tell; None where they tell none that is to come. Of
        several times ("두 시나 세 시") the first that fits is taken, as it is read back."""
        now = self._now()
        told = moment(words, _SLOT, Scene(now=now, gazetteer=_NOWHERE, asked=True))
        if told is None:
            return self._on_day(words, now)
        values = (told.value,) if told.value is not None else told.candidates
        wanted = [datetime.fromisoformat(value).replace(tzinfo=SEOUL) for value in values]
        for at in wanted:
            if self._hours.takes_call(at, now):
                return Promise(at)
        nearest = self._hours.nearest_call(wanted[0], now) if wanted else None
        return None if nearest is None else Promise(nearest, self._hours.why_not(wanted[0], now))

    def names_day(self, words: str) -> bool:
        """Whether the words tell a day and not a time alone."""
        told = day(words, _SLOT, Scene(now=self._now(), gazetteer=_NOWHERE))
        return told is not None and told.value is not None

    def _on_day(self, words: str, now: datetime) -> Promise | None:
        """The first moment of a day that was told without a time, or the one nearest to it."""
        told = day(words, _SLOT, Scene(now=now, gazetteer=_NOWHERE))
        if told is None or told.value is None:
            return None
        noon = datetime.combine(date.fromisoformat(told.value), time(12), SEOUL)
        first = self._hours.first_from(max(noon.replace(hour=0), now))
        if first is not None and first.date() == noon.date() and self._hours.takes_call(first, now):
            return Promise(first)
        nearest = self._hours.nearest_call(noon, now)
        return None if nearest is None else Promise(nearest, self._hours.why_not(noon, now))


@dataclass(frozen=True, slots=True)
class TimeStep:
    """What is told next: a question, a time read back (``time``), or what is booked in the end."""

    told: Told
    promise: Promise | None = None


class TimeBooking:
    """One caller's way to the time of a call-back.

    Args:
        times: reads times.
    """

    def __init__(self, times: CallTimes) -> None:
        self._times = times
        self._silences = 0
        self.promise: Promise | None = None
        """The time that was read back and awaits a yes."""

    def key(self, digit: str) -> TimeStep | None:
        """Take a key; None where it says nothing here."""
        self._silences = 0
        if digit == "*" or (self.promise is None and digit in "1#"):
            return TimeStep("any")
        if self.promise is not None and digit in "12":
            return self._answered(yes=digit == "1")
        return None

    def words(self, text: str) -> TimeStep:
        """Take words, spoken or typed."""
        self._silences = 0
        answer = yes_or_no(text)
        refusals = list(REFUSED.finditer(text))
        # What does not suit is no wish: "내일은 안 되고 모레 열 시요".
        promise = self._times.read(text[refusals[-1].end() :] if refusals else text)
        if answer == "yes" and self.promise is not None and (promise is None or self._repeats(promise, text)):
            return self._answered(yes=True)
        if promise is not None:
            self.promise = promise
            return TimeStep("time", promise)
        if _ANY.search(text):
            return TimeStep("any")
        if answer == "no" and self.promise is not None:
            return self._answered(yes=False)
        return TimeStep("when_again") if self.promise is None else TimeStep("time", self.promise)

    def _repeats(self, promise: Promise, text: str) -> bool:
        """Whether a yes says the time that was read back once more, with or without its day."""
        assert self.promise is not None
        same_hour = promise.at.time() == self.promise.at.time()
        return promise.at == self.promise.at or (same_hour and not self._times.names_day(text))

    def silence(self) -> TimeStep:
        """Nothing came for a while: the question once more, and in the end any time will do."""
        self._silences += 1
        if self._silences > MOST_SILENCES:
            return TimeStep("any")
        return TimeStep("when") if self.promise is None else TimeStep("time", self.promise)

    def _answered(self, *, yes: bool) -> TimeStep:
        if yes:
            return TimeStep("book", self.promise)
        self.promise = None
        return TimeStep("when")
