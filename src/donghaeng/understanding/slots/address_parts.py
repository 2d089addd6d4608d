"""The parts of an address and its official form.

도로명주소법 시행령 §6: 도로명, 건물번호, 상세주소 after a comma.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

CITY: Final = "서울특별시"

_WRITTEN = re.compile(
    rf"{CITY} (?P<district>\S+구) (?P<street>\S+) (?P<number>(?:지하|산 )?\d+(?:-\d+)?)(?:, (?P<details>.+))?"
)
_DETAIL = re.compile(
    r"(?P<unit>(?:지하 )?[A-Z]?\d+호)|(?P<floor>지하 \d+층|\d+층|옥탑|지하)|(?P<block>(?:\d+|[가-하A-Z])동)"
    r"|(?P<building>\S+)"
)
_ORDER: Final = ("building", "block", "floor", "unit")


@dataclass(frozen=True, slots=True)
class Detail:
    """One part after the comma: a building, a block (101동), a floor (2층) or a unit (501호)."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Address:
    """The parts of an address; ``str()`` is its official form."""

    district: str = ""
    street: str = ""
    """Road name or dong."""
    number: str = ""
    """``112``, ``123-4``, ``지하130`` (a building under the road), ``산 56-1`` (a lot on a hill)."""
    details: tuple[Detail, ...] = ()

    def __str__(self) -> str:
        head = f"{CITY} {self.district} {self.street} {self.number}"
        return f"{head}, {' '.join(part.text for part in self.details)}" if self.details else head

    @property
    def is_whole(self) -> bool:
        """Whether a letter would arrive."""
        return bool(self.district and self.street and self.number)

    def with_details(self, said: tuple[Detail, ...]) -> Address:
        """The address with these details for those of the same kind; another unit or floor replaces both."""
        kinds = {part.kind for part in said}
        if kinds & {"unit", "floor"}:
            kinds |= {"unit", "floor"}
        kept = tuple(part for part in self.details if part.kind not in kinds)
        return replace(self, details=in_order((*kept, *said)))

    def detail(self, kind: str) -> str:
        """The text of a detail; empty where there is none."""
        return next((part.text for part in self.details if part.kind == kind), "")


def in_order(details: tuple[Detail, ...]) -> tuple[Detail, ...]:
    """Building, block, floor, unit."""
    return tuple(sorted(details, key=lambda part: _ORDER.index(part.kind)))


def from_written(text: str) -> Address | None:
    """The parts of an address in its official form; ``None`` if ``text`` is none."""
    match = _WRITTEN.fullmatch(text)
    if match is None:
        return None
    parts = _DETAIL.finditer(match["details"] or "")
    details = tuple(Detail(str(part.lastgroup), part.group()) for part in parts)
    return Address(match["district"], match["street"], match["number"], details)
