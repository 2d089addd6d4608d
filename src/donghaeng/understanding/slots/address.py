"""Addresses in the official form: road name or lot number, building and unit normalised.

``서울특별시 마포구 월드컵로 112, 501호`` / ``서울특별시 마포구 성산동 123-4, 501호`` (도로명주소법 시행령 §6:
도로명, 건물번호, 상세주소 after a comma).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from donghaeng.city.places.model import Kind
from donghaeng.city.services.definition import SlotSpec
from donghaeng.korean.numerals import NUMBER, parse, parse_digits
from donghaeng.understanding.acts import SlotFill
from donghaeng.understanding.slots.base import Scene

CITY: Final = "서울특별시"
_N = rf"(?:{NUMBER}|[\d공영일이삼사오육륙칠팔구십백천]+)"

_ROAD = re.compile(
    rf"(?P<road>[가-힣A-Za-z]{{1,15}}?(?:대로|로|길)(?:\s?{_N}\s?(?:번|가|나|다|라)?\s?길)?)\s*(?P<main>{_N})(?:\s?(?:다시|-|에)\s?(?P<sub>{_N}))?(?!\s?(?:번\s?길|길|호선))"
)
_SIDE_ROAD = re.compile(rf"(?P<head>.{{1,20}}?(?:대로|로|길))\s?(?P<n>{_N})\s?(?P<way>번|가|나|다|라)?\s?길")
_LOT = re.compile(
    rf"(?P<dong>[가-힣]{{1,10}}?\d?(?:동|가))\s*(?P<main>{_N})(?:\s?번지)?(?:\s?(?:다시|-|에|의)\s?(?P<sub>{_N}))?(?:\s?번지)?(?!\s?(?:동|호|층))"
)
_LOT_NUMBER = re.compile(rf"(?P<main>{_N})(?:\s?(?:다시|-|에|의)\s?(?P<sub>{_N}))?\s?번지")
_BLOCK = re.compile(rf"(?P<block>{_N})\s?동\s?(?=(?:지하\s?)?{_N}\s?(?:호|층))")
_UNIT = re.compile(rf"(?P<below>지하)?\s?(?P<unit>{_N})\s?호(?!선)")
_FLOOR = re.compile(rf"(?P<below>지하)?\s?(?P<floor>{_N})\s?층")
_BUILDING = re.compile(r"(?P<building>[가-힣A-Za-z0-9]{2,15}(?:아파트|빌라|맨션|오피스텔|주택|연립))")


@dataclass(frozen=True, slots=True)
class Address:
    """The parts of an address; ``str()`` is its official form."""

    district: str = ""
    street: str = ""
    """Road name or dong."""
    number: str = ""
    details: tuple[str, ...] = ()
    """Building, block (101동) and unit (501호, 2층, 지하 1호), in that order."""

    def __str__(self) -> str:
        head = f"{CITY} {self.district} {self.street} {self.number}"
        return f"{head}, {' '.join(self.details)}" if self.details else head

    @property
    def is_whole(self) -> bool:
        """Whether a letter would arrive."""
        return bool(self.district and self.street and self.number)


_WRITTEN = re.compile(
    rf"{CITY} (?P<district>\S+구) (?P<street>.+?) (?P<number>\d+(?:-\d+)?)(?:, (?P<details>.+))?"
)


def from_written(text: str) -> Address | None:
    """The parts of an address in its official form."""
    match = _WRITTEN.fullmatch(text)
    if match is None:
        return None
    details = _details(match["details"] or "")
    return Address(match["district"], match["street"], match["number"], details)


def address(utterance: str, spec: SlotSpec, scene: Scene) -> SlotFill | None:
    """An address; where one is known already, a new unit or number alone repairs it."""
    del spec
    said = _heard(utterance, scene)
    known = from_written(scene.value) if isinstance(scene.value, str) else None
    repaired = _repaired(known, said, utterance) if known is not None else None
    if repaired is not None:
        return SlotFill(str(repaired), words=utterance)
    if not said.street:
        incomplete = scene.asked and (said.details or said.district)
        return SlotFill(None, problem="incomplete", words=utterance) if incomplete else None
    whole = replace(said, district=said.district or _district_of(said.street, scene))
    if not whole.is_whole:
        return SlotFill(None, problem="incomplete", words=utterance)
    return SlotFill(str(whole), words=utterance)


def _repaired(known: Address, said: Address, utterance: str) -> Address | None:
    """The address known so far with the parts that were said anew; None where they are another address."""
    if said.street:
        if said.street != known.street or not said.number:
            return None
        return replace(said, district=said.district or known.district, details=said.details or known.details)
    if said.details:
        return replace(known, details=_merged(known.details, said.details))
    number = _LOT_NUMBER.search(utterance)
    return replace(known, number=_number(number)) if number is not None else None


def _heard(utterance: str, scene: Scene) -> Address:
    text = utterance.replace(CITY, " ").replace("서울시", " ").replace(",", " ")
    districts = scene.gazetteer.find(text, Kind.DISTRICT, asked=False)
    district = ""
    if districts and re.search(rf"{re.escape(districts[0][0].name)}", text.replace(" ", "")):
        district = districts[0][0].name
        text = re.sub(r"\s?".join(district), " ", text, count=1)
    match = _ROAD.search(text)
    street = match["road"] if match is not None else ""
    if match is None:
        match = _LOT.search(text)
        street = match["dong"] if match is not None else ""
    if match is None:
        return Address(district=district, details=_details(text))
    return Address(
        district=district,
        street=_spelt_street(street),
        number=_number(match),
        details=_details(text[match.end() :]),
    )


def _number(match: re.Match[str]) -> str:
    main = _digits(match["main"])
    sub = _digits(match["sub"]) if match["sub"] else None
    return f"{main}-{sub}" if main and sub else (main or "")


def _details(text: str) -> tuple[str, ...]:
    found = []
    building = _BUILDING.search(text)
    if building is not None:
        found.append(building["building"])
    block = _BLOCK.search(text)
    if block is not None and (number := _digits(block["block"])):
        found.append(f"{number}동")
    unit, floor = _UNIT.search(text), _FLOOR.search(text)
    if unit is not None and (number := _digits(unit["unit"])):
        found.append(f"지하 {number}호" if unit["below"] else f"{number}호")
    elif floor is not None and (number := _digits(floor["floor"])):
        found.append(f"지하 {number}층" if floor["below"] else f"{number}층")
    return tuple(found)


def _merged(known: tuple[str, ...], said: tuple[str, ...]) -> tuple[str, ...]:
    """The known details with those of the same kind replaced (a new 호 replaces 호 and 층)."""
    kinds = {_kind(detail) for detail in said}
    return (*(detail for detail in known if _kind(detail) not in kinds), *said)


def _kind(detail: str) -> str:
    return "unit" if detail[-1] in "호층" else "block" if re.fullmatch(r"\d+동", detail) else "building"


def _spelt_street(street: str) -> str:
    """A road name with its numbers in digits: "월드컵로 삼 길" → "월드컵로3길"."""
    match = _SIDE_ROAD.fullmatch(street)
    if match is None or (number := _digits(match["n"])) is None:
        return street
    return f"{match['head']}{number}{match['way'] or ''}길"


def _digits(words: str) -> str | None:
    """The digits of a number; a last 이 that makes it none was the copula (오십삼이요)."""
    for said in (words, words.removesuffix("이")):
        number = parse(said)
        if isinstance(number, int) and number > 0:
            return str(number)
        digits = parse_digits(said)
        if digits is not None:
            return digits
    return None


def _district_of(street: str, scene: Scene) -> str:
    """The gu of a dong, else the citizen's own: a road without its gu is near home."""
    for place in scene.gazetteer.exact(street, Kind.DONG):
        if place.district:
            return place.district
    return scene.home_district or ""
