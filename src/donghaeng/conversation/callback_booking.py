"""How a waiting caller leaves a number to be called back at: keys and words in, sentences out. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Final, Literal

from donghaeng.conversation.yes_or_no import yes_or_no
from donghaeng.korean.phones import Phone, find_phones

MOST_DIGITS: Final = 15
"""Longest number that is keyed in (ITU-T E.164)."""
LEAST_DIGITS: Final = 9
"""A number at which a citizen answers has area code and subscriber number; 119 or 1588-0000 have not."""
COLLECT_CALLS: Final = "080"
MOST_SILENCES: Final = 2
"""Reminders at one question; then the caller simply waits on."""
_WISH: Final = re.compile(r".*(?:(?:전화|연락|콜백).{0,6}(?:해|주|줘|걸|받|달|부탁)|다시\s?걸|일\s?번)")
_SAME: Final = re.compile(r"\s*이\s?번호")
"""A yes where the caller's own number was told."""

Told = Literal["own", "number", "again", "check", "left", "book"]


class Stage(Enum):
    """What the caller is asked."""

    WAITING = "waiting"
    """Nothing: the offer stands."""
    OWN = "own"
    """Whether the number that the telephone shows is the one."""
    NUMBER = "number"
    CHECK = "check"
    """Whether the number was taken down rightly."""


@dataclass(frozen=True, slots=True)
class Step:
    """What is told next, and the number that it is about (``010-1234-5678``)."""

    told: Told
    phone: str | None = None


class Booking:
    """One caller's way to a call-back.

    Args:
        own: the number that the caller's telephone shows, if any.
    """

    def __init__(self, own: str | None = None) -> None:
        self.stage = Stage.WAITING
        self._own = callable_number(own or "")
        self._digits = ""
        self._phone: str | None = None
        self._silences = 0

    def key(self, digit: str) -> Step | None:
        """Take a key; None where it says nothing here."""
        self._silences = 0
        if self.stage is Stage.NUMBER:
            return self._dial(digit)
        said = _KEYS[self.stage].get(digit)
        return self._said(said) if said is not None else None

    def words(self, text: str) -> Step | None:
        """Take words, spoken or typed; None where they say nothing here."""
        self._silences = 0
        phone = callable_number(text)
        if phone is not None:
            return self._check(phone)
        if self.stage is Stage.NUMBER:
            return self._ask("again")
        if self.stage is Stage.WAITING:
            return self._said("wish") if _WISH.match(text) else None
        said = yes_or_no(text) or ("yes" if _SAME.match(text) else None)
        return self._said(said) if said is not None else None

    def silence(self) -> Step | None:
        """Nothing came for a while: the question once more, and in the end no question."""
        if self.stage is Stage.WAITING:
            return None
        self._silences += 1
        if self._silences > MOST_SILENCES:
            return self._leave()
        match self.stage:
            case Stage.OWN:
                return Step("own", self._own)
            case Stage.CHECK:
                return Step("check", self._phone)
            case _:
                return self._ask("number")

    def failed(self) -> None:
        """The number could not be kept: the caller waits on."""
        self._leave()

    def _said(self, said: str) -> Step:
        if said == "leave":
            return self._leave()
        if said == "yes":
            return Step("book", self._own if self.stage is Stage.OWN else self._phone)
        if said == "wish" and self._own is not None:
            self.stage = Stage.OWN
            return Step("own", self._own)
        return self._ask("number")

    def _dial(self, key: str) -> Step | None:
        if key == "*":
            return self._ask("number")
        if key != "#":
            self._digits = (self._digits + key)[:MOST_DIGITS]
        phone = callable_number(self._digits)
        if phone is not None and (key == "#" or phone.startswith("010")):
            return self._check(phone)
        return self._ask("again") if key == "#" else None

    def _ask(self, told: Literal["number", "again"]) -> Step:
        self.stage, self._digits, self._phone = Stage.NUMBER, "", None
        return Step(told)

    def _check(self, phone: str) -> Step:
        self.stage, self._digits, self._phone = Stage.CHECK, "", phone
        return Step("check", phone)

    def _leave(self) -> Step:
        self.stage, self._digits, self._phone, self._silences = Stage.WAITING, "", None, 0
        return Step("left")


_QUESTION: Final = MappingProxyType({"1": "yes", "2": "no", "*": "leave"})
_KEYS: Final[Mapping[Stage, Mapping[str, str]]] = MappingProxyType(
    {Stage.WAITING: MappingProxyType({"1": "wish"}), Stage.OWN: _QUESTION, Stage.CHECK: _QUESTION}
)


def callable_number(text: str) -> str | None:
    """The first number in ``text`` at which a citizen can be called, with hyphens, or None."""
    for found in find_phones(text, expected=True):
        if isinstance(found.value, Phone):
            digits = found.value.digits
            if (
                digits.startswith("0")
                and len(digits) >= LEAST_DIGITS
                and not digits.startswith(COLLECT_CALLS)
            ):
                return str(found.value)
    return None
