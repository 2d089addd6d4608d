"""What the parts of a chain of digits are: telephone numbers and dates, which stay, resident, card, driving
licence and account numbers, which go, and the rest, which only the words around it can tell.

Rules of the numbers themselves:

- resident and foreigner registration number: birth date YYMMDD, then seven digits of which the first says
  century, sex and nationality, 1-8 (주민등록법 시행규칙 제2조; 출입국관리법 시행규칙 제47조; 9 and 0 are
  births before 1900). The check digit is not tested: numbers given out since 2020-10 have none.
- payment card: 13-19 digits, Luhn (ISO/IEC 7812-1), first digit 2-6; sixteen of 3-6 or 9 (ISO/IEC 7812-1: 9
  is for national use) also without, for one misheard digit breaks the check.
- driving licence: region 11-28, year of issue, six digits, two (도로교통법 시행규칙 별지 제55호서식).
- bank account: no rule is common to the banks; the groupings that they print.
- telephone: prefixes and lengths of the Korean numbering plan (전기통신번호관리세칙).

A number that is misheard or oddly grouped is masked rather than kept, unless it has the shape of a
telephone number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from donghaeng.trust.digits import Chain, Group, Unit

Kind = Literal["phone", "date", "resident", "card", "licence", "account", "rest"]

RESIDENT_DIGITS = 13
BIRTH_DIGITS = 6
CARD_DIGITS = range(13, 20)
USUAL_CARD_DIGITS = 16
LICENCE_DIGITS = 12
_LICENCE_GROUPS = [2, 2, 6, 2]
_LICENCE_REGIONS = range(11, 29)
_ACCOUNT_GROUPS = {
    (3, 3, 6), (4, 3, 6), (4, 2, 7), (6, 2, 6), (3, 2, 6), (3, 4, 4, 2), (3, 6, 2, 3), (3, 4, 6, 2),
    (4, 4, 4, 1),
}  # fmt: skip
_HYPHEN = re.compile(r"[-‐‑‒–—―−﹣－]")
_PHONE_TAIL_DIGITS = 4
_TAIL_DIGITS = RESIDENT_DIGITS - BIRTH_DIGITS
_RESIDENT_SEVENTH = "12345678"
_PARTICLE_DIGITS = 2
"""Digits that may be a particle or copula at the end of a number ("팔이", "팔이구")."""
_REACH_DIGITS = CARD_DIGITS[-1] + _PARTICLE_DIGITS + 6
_LONG_RUN_DIGITS = 20
"""A run without separators of this length is no number a service asks for; it may hide another."""

_MOBILE = re.compile(r"01[016789]")
_SHARED = re.compile(r"1[568]\d\d")
_AREA = re.compile(r"0(?:3[1-3]|4[1-4]|5[1-5]|6[1-4]|70|80|60)")
_PERSONAL = re.compile(r"050\d")
DASH = re.compile(r"[-‐‑‒–—―−﹣－ー]|다시|하이픈|하이폰|대시|짝대기|작대기|빼기|마이너스")
"""What stands between the two parts of a resident number, written or said."""
_MONTH_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True, slots=True)
class Segment:
    """Some neighbouring units of a chain."""

    kind: Kind
    units: tuple[Unit, ...]

    @property
    def start(self) -> int:
        """Where it begins in the text."""
        return self.units[0].start

    @property
    def end(self) -> int:
        """Where it ends in the text."""
        return self.units[-1].end


def is_birth(digits: str) -> bool:
    """Whether six digits are a date YYMMDD."""
    month, day = int(digits[2:4]), int(digits[4:6])
    return 1 <= month <= 12 and 1 <= day <= _MONTH_DAYS[month - 1]


def is_resident(digits: str) -> bool:
    """Whether thirteen digits may be a resident or foreigner registration number."""
    return (
        len(digits) == RESIDENT_DIGITS and is_birth(digits[:BIRTH_DIGITS]) and digits[6] in _RESIDENT_SEVENTH
    )


def is_card(digits: str) -> bool:
    """Whether the digits may be a payment card's number."""
    if len(digits) not in CARD_DIGITS or digits[0] not in "234569":
        return False
    if digits[0] == "9" and len(digits) != USUAL_CARD_DIGITS:
        return False
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def segments(chain: Chain) -> Iterator[Segment]:
    """The parts of a chain, in order and without gaps."""
    groups = chain.groups
    at = 0
    rest: list[Unit] = []
    while at < len(groups):
        kind, size = _at(_Window(groups, at, after_code=chain.after_code and at == 0))
        units = [unit for group in groups[at : at + size] for unit in group.units]
        at += size
        if kind == "rest":
            rest += units
            continue
        if rest:
            yield Segment("rest", tuple(rest))
            rest = []
        yield Segment(kind, tuple(units))
    if rest:
        yield Segment("rest", tuple(rest))


def _at(window: _Window) -> tuple[Kind, int]:
    """What begins a window, and how many groups it takes. The order is that of certainty."""
    tests: tuple[tuple[Kind, Callable[[], int]], ...] = (
        ("resident", window.resident_by_shape),
        ("card", window.card_by_shape),
        ("phone", window.phone_by_shape),
        ("date", window.date),
        ("licence", window.licence_by_shape),
        ("account", window.account_by_shape),
        ("resident", window.resident),
        ("phone", window.phone),
        ("card", window.card),
    )
    for kind, test in tests:
        if size := test():
            return kind, size
    return "rest", 1


class _Window:
    """The groups from one of them on, as far as any number reaches. Each test gives how many groups the
    number takes that begins here; 0 when none does."""

    def __init__(self, groups: tuple[Group, ...], at: int, *, after_code: bool) -> None:
        self.groups = groups[at : at + _REACH_DIGITS]
        self.after_code = after_code
        self.sizes = [len(group.units) for group in self.groups]
        self.digits = "".join(group.digits for group in self.groups)[:_REACH_DIGITS]

    def taking(self, total: int, start: int = 0) -> int:
        """How many groups from ``start`` on have ``total`` digits together; 0 where no boundary is there."""
        seen = 0
        for count, size in enumerate(self.sizes[start:], start=1):
            seen += size
            if seen >= total:
                return count if seen == total else 0
        return 0

    def resident_by_shape(self) -> int:
        run = self.groups[0].digits
        if len(run) >= _LONG_RUN_DIGITS or (len(run) >= RESIDENT_DIGITS and _has_resident(run)):
            return 0 if _is_phones(run) else 1
        return self._split_resident("") or self._split_resident("19") or self._split_resident("20")

    def _split_resident(self, century: str) -> int:
        """A birth date up to a boundary, then the other part, whole or, after a dash, only begun."""
        birth = len(century) + BIRTH_DIGITS
        count = self.taking(birth)
        if not count or count == len(self.groups) or not self.digits.startswith(century):
            return 0
        tail = self.groups[count]
        if not is_birth(self.digits[birth - BIRTH_DIGITS : birth]) or tail.digits[0] not in _RESIDENT_SEVENTH:
            return 0
        dashed = DASH.search(tail.gap) is not None
        in_one_piece = count == 1
        if len(tail.units) >= _TAIL_DIGITS:
            return count + 1 if dashed or in_one_piece else 0
        if not dashed:
            return 0
        if whole := self.taking(_TAIL_DIGITS, count):
            return count + whole
        begun = in_one_piece and not century and not self.after_code
        return count + 1 if begun else 0

    def resident(self) -> int:
        for century in ("", "19", "20"):
            length = len(century) + RESIDENT_DIGITS
            number = self.digits[len(century) : length]
            if self.digits.startswith(century) and is_resident(number) and (count := self.taking(length)):
                # "010 1234 5678 …" reads as a birth date too: a chain that goes on is telephone numbers.
                more = len(self.digits) > length + _PARTICLE_DIGITS
                return 0 if more and self.phone() else count
        return 0

    def card_by_shape(self) -> int:
        if self.sizes[:4] != [4, 4, 4, 4]:
            return 0
        one_rhythm = len({group.gap.strip() for group in self.groups[1:4]}) == 1
        two_phones = all(_SHARED.match(self.groups[place].digits) for place in (0, 2))
        return 0 if two_phones and not one_rhythm and not is_card(self.digits[:16]) else 4

    def licence_by_shape(self) -> int:
        if self.after_code or self.sizes[:4] != _LICENCE_GROUPS:
            return 0
        return 4 if int(self.digits[:2]) in _LICENCE_REGIONS and self._hyphens(4) else 0

    def account_by_shape(self) -> int:
        if self.after_code:
            return 0
        for count in (3, 4):
            shape = tuple(self.sizes[:count])
            if shape in _ACCOUNT_GROUPS and self._hyphens(count) and not self._hyphens(count + 1):
                return count
        return 0

    def _hyphens(self, count: int) -> bool:
        """Whether so many groups have single hyphens between them."""
        gaps = self.groups[1:count]
        return len(gaps) == count - 1 and all(_HYPHEN.fullmatch(group.gap) for group in gaps)

    def card(self) -> int:
        if whole := self._misheard_card():
            return whole
        for length in reversed(CARD_DIGITS):
            count = self.taking(length)
            gaps = "".join(group.gap for group in self.groups[1:count])
            if count and is_card(self.digits[:length]) and "." not in gaps:
                return count
        return 0

    def _misheard_card(self) -> int:
        """Sixteen digits whose check fails, where nothing else follows them but a particle."""
        count = self.taking(USUAL_CARD_DIGITS)
        alone = len(self.digits) <= USUAL_CARD_DIGITS + _PARTICLE_DIGITS
        even = len(set(self.sizes[:count])) == 1 and self.sizes[0] in (1, 2, USUAL_CARD_DIGITS)
        uneven = (
            self.sizes[0] == 4 and count in (2, 3) and not any("," in g.gap for g in self.groups[1:count])
        )
        return count if count and alone and (even or uneven) and self.digits[0] in "34569" else 0

    def phone_by_shape(self) -> int:
        """A telephone number with a boundary after its prefix, or in one piece."""
        for prefix, totals in _phone_plans(self.digits):
            first = self.sizes[0]
            if first in (prefix, *totals) or first == prefix + 4 or first == prefix + 3:
                for total in totals:
                    if (count := self.taking(total)) and count <= 5 and not self._rather_resident(count):
                        return count
            # "…오육칠팔구요": an ending has become digits of the group.
            extra = self.groups[0].units[totals[-1] :]
            if 0 < len(extra) <= _PARTICLE_DIGITS and all(unit.spoken for unit in extra):
                return 1
        return 0

    def _rather_resident(self, count: int) -> bool:
        """Whether "82 01 01 1000000" is somebody born in 1982 rather than the country code and 010."""
        return is_resident(self.digits[:RESIDENT_DIGITS]) and self.sizes[count - 1] != _PHONE_TAIL_DIGITS

    def phone(self) -> int:
        """A telephone number however it is split: after its prefix, or the whole window."""
        for prefix, totals in _phone_plans(self.digits):
            for total in totals:
                count = self.taking(total)
                if count and (count == len(self.groups) or self.taking(prefix)):
                    return count
        return 0

    def date(self) -> int:
        if self.sizes[0] != 4 or self.digits[:2] not in {"19", "20"} or len(self.sizes) < 3:
            return 0
        month, day = self.groups[1].digits, self.groups[2].digits
        short = len(month) <= 2 and len(day) <= 2
        return 3 if short and is_birth(f"00{month:0>2}{day:0>2}") else 0


def _phone_plans(digits: str) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Prefix length and possible total lengths, longest first."""
    if digits.startswith("82") and digits[2:3] in tuple("0123456"):
        # The country code, with or without the 0 that should be left out after it.
        home, more = (digits[2:], 2) if digits[2] == "0" else ("0" + digits[2:], 1)
        for prefix, totals in _phone_plans(home):
            yield prefix + more, tuple(total + more for total in totals)
            yield 2, tuple(total + more for total in totals)
    if _MOBILE.match(digits):
        yield 3, (11,) if digits[2] == "0" else (11, 10)
    elif _PERSONAL.match(digits):
        yield 4, (12, 11)
        yield 3, (12, 11)
    elif digits.startswith("02"):
        yield 2, (10, 9)
    elif _AREA.match(digits):
        yield 3, (11, 10)
    elif _SHARED.match(digits):
        yield 4, (8,)


def _has_resident(run: str) -> bool:
    starts = range(len(run) - RESIDENT_DIGITS + 1)
    return any(is_resident(run[start : start + RESIDENT_DIGITS]) for start in starts)


def _is_phones(run: str) -> bool:
    """Whether a run is mobile numbers one after another."""
    return len(run) % 11 == 0 and all(_MOBILE.match(run[at : at + 11]) for at in range(0, len(run), 11))
