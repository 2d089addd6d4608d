"""Bus routes, stops, stations and subway lines."""

from __future__ import annotations

import re
from typing import Any, Final

from donghaeng.city.places.model import Kind, Place
from donghaeng.city.services.definition import SlotSpec
from donghaeng.korean.numerals import NUMBER, parse, parse_digits
from donghaeng.understanding.acts import SlotFill
from donghaeng.understanding.slots.base import Scene
from donghaeng.understanding.slots.gazetteer import SURE

_NUMBER_BEFORE_BUS = re.compile(
    rf"(?P<letter>엔|앤|N|n|에이|A)?\s?(?P<number>{NUMBER})\s?(?:번|버)\s?(?:버스|뻐스|마을버스|차|이|은|가|을|언제|몇|,|$|\s)"
)
_VILLAGE = (
    "강남|강동|강북|강서|관악|광진|구로|금천|노원|도봉|동대문|동작|마포|서대문|서초|성동|성북|송파|양천|영등포"
    "|용산|은평|종로|중랑"
)
"""Districts whose village buses carry their name; 중구 has none."""
_VILLAGE_BUS = re.compile(
    rf"(?P<gu>{_VILLAGE})\s?(?P<number>공?\s?{NUMBER}(?:\s?다시\s?{NUMBER})?)\s?(?:번|마을)?"
)
_DIGIT = "[\\d공영빵일이삼사오육륙칠팔구]"
_COPULA = "이(?:요|에요|예요|라|야|고|여|유)"
_BARE_ROUTE = re.compile(
    rf"(?<![가-힣\d])(?P<letter>엔|앤|N|n|에이|A)?\s?(?P<number>{NUMBER})"
    rf"(?=\s?(?:번|버|차|마을)|{_COPULA}|요|예요|입니다|임니다|인데|은|는|가|을|를|하고|랑|만|(?![가-힣\d]))"
)
_SAID_AND_COPULA = re.compile(rf"(?P<said>{_DIGIT}{{3,4}}){_COPULA}(?![가-힣])")
"""Three or four digits said one by one are a whole route: the 이 after them is the copula."""
_ARS = re.compile(
    rf"(?<!{_DIGIT})((?:{_DIGIT}\s?(?:다시\s?|-\s?)?){{5}})(?:(?={_COPULA})|(?!{_DIGIT}|\s?번\s?버스))"
)
_ARS_CUE = re.compile(r"정류(장|소)\s?번호|번호|정류(장|소)")
_LINE = re.compile(rf"(?P<number>[1-9]|{NUMBER})\s?호선")
_NAMED_LINES: Final = {
    "경의중앙": "경의중앙",
    "경의선": "경의중앙",
    "중앙선": "경의중앙",
    "공항철도": "공항철도",
    "경춘": "경춘",
    "수인분당": "수인분당",
    "분당선": "수인분당",
    "신분당": "신분당",
    "신분당선": "신분당",
    "경강": "경강",
    "우이신설": "우이신설",
    "서해선": "서해",
    "신림선": "신림",
    "지티엑스": "GTX-A",
    "GTX": "GTX-A",
}
"""Words for a line; of two that fit the longer one is meant."""
_STATION_CUE = re.compile(r"역|지하철|전철|호선|열차")


def route(utterance: str, spec: SlotSpec, scene: Scene) -> SlotFill | None:
    """A bus route as written on the bus: 육사일일 번 → ``6411``, 마포 공팔 → ``마포08``, 엔 이십육 → ``N26``.

    Digits said one by one and numbers said whole (육천사백십일 번) mean the same route.
    """
    del spec
    village = _VILLAGE_BUS.search(utterance)
    if village is not None and (digits := _village_number(village["number"])) is not None:
        return SlotFill(village["gu"] + digits, words=village.group())
    if scene.asked and (said := _SAID_AND_COPULA.search(utterance)) is not None:
        utterance = said["said"]
    pattern = _BARE_ROUTE if scene.asked else _NUMBER_BEFORE_BUS
    for match in pattern.finditer(utterance):
        number = _route_number(match["number"])
        if number is not None:
            letter = "N" if match["letter"] and match["letter"] not in ("에이", "A") else ""
            return SlotFill(letter + number, words=match.group())
    return None


def _village_number(words: str) -> str | None:
    digits = parse_digits(words.replace(" ", ""))
    if digits is None:
        number = parse(words)
        digits = str(number) if isinstance(number, int) else None
    if digits is None or len(digits) > 2:
        return None
    return digits.rjust(2, "0")


def _route_number(words: str) -> str | None:
    digits = parse_digits(words)
    if digits is None or len(digits) == 1:
        number = parse(words)
        digits = str(number) if isinstance(number, int) else None
    return digits if digits is not None and len(digits) <= 4 and digits.strip("0") else None


def stop(utterance: str, spec: SlotSpec, scene: Scene) -> SlotFill | None:
    """A stop by its five-digit number or its name; a shared name gives candidates."""
    del spec
    by_number = _stop_by_number(utterance, scene)
    if by_number is not None:
        return by_number
    found = scene.gazetteer.find(utterance, Kind.STOP, asked=scene.asked)
    if not found or found[0][1].distance > SURE:
        of_station = _stops_of_station(utterance, scene)
        if not found or (of_station is not None and of_station.score >= 1.0 - found[0][1].distance):
            return of_station
    best = found[0][1]
    bearers = [place for place, match in found if match.name == best.name]
    return _one_or_many(bearers, 1.0 - best.distance, best.name)


def _stop_by_number(utterance: str, scene: Scene) -> SlotFill | None:
    for match in _ARS.finditer(utterance):
        digits = parse_digits(re.sub(r"다시|[\s-]", "", match.group(1)))
        if digits is None:
            continue
        place = scene.gazetteer.table.stop(digits)
        if place is not None:
            return SlotFill(_stop_value(place), words=match.group())
        if scene.asked or _ARS_CUE.search(utterance):
            return SlotFill(None, problem="unknown", words=match.group())
    return None


def _stops_of_station(utterance: str, scene: Scene) -> SlotFill | None:
    """Stops are often named after the station beside them ("합정역" for 합정역, 합정역2번출구)."""
    for place, match in scene.gazetteer.find(utterance, Kind.STATION, asked=scene.asked):
        names = (place.name.removesuffix("역") + "역", place.name)
        bearers = [found for name in names for found in scene.gazetteer.exact(name, Kind.STOP)]
        if not bearers:
            near = scene.gazetteer.table.nearest(place.lat, place.lon, Kind.STOP, count=4, within_m=400)
            bearers = [one.place for one in near]
        if bearers:
            return _one_or_many(bearers, 0.9 - match.distance, match.name)
    return None


def _one_or_many(bearers: list[Place], score: float, words: str) -> SlotFill:
    values = tuple({place.key: _stop_value(place) for place in bearers}.values())
    if len(values) == 1:
        return SlotFill(values[0], score=score, words=words)
    return SlotFill(None, candidates=values, score=score, words=words)


def _stop_value(place: Place) -> dict[str, Any]:
    return {"ars_id": place.key, "name": place.name}


def station(utterance: str, spec: SlotSpec, scene: Scene) -> SlotFill | None:
    """A station by its official name, without 역."""
    del spec
    asked = scene.asked or bool(_STATION_CUE.search(utterance))
    found = scene.gazetteer.find(utterance, Kind.STATION, asked=asked)
    if not found:
        return None
    place, match = found[0]
    return SlotFill(place.name, score=1.0 - match.distance, words=match.name)


def line(utterance: str, spec: SlotSpec, scene: Scene) -> SlotFill | None:
    """A subway line: 이 호선 → ``2``, 경의중앙선 → ``경의중앙``."""
    del spec
    match = _LINE.search(utterance)
    if match is not None:
        number = parse(match["number"])
        if isinstance(number, int) and 1 <= number <= 9:
            return SlotFill(str(number), words=match.group())
    packed = utterance.replace(" ", "")
    for said, value in sorted(_NAMED_LINES.items(), key=lambda named: -len(named[0])):
        if said in packed:
            return SlotFill(value, words=said)
    del scene
    return None
