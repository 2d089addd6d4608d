"""Bus routes, stops, stations and subway lines."""

from __future__ import annotations

import re
from typing import Any, Final

from donghaeng.city.places.model import Kind, Place
from donghaeng.city.services.definition import SlotSpec
from donghaeng.korean.endings import AFTER_I, COPULA
from donghaeng.korean.numerals import NUMBER, parse, parse_digits
from donghaeng.korean.sounds import SoundMatch
from donghaeng.understanding.acts import SlotFill
from donghaeng.understanding.slots.base import Scene
from donghaeng.understanding.slots.gazetteer import SURE, close_rivals
from donghaeng.understanding.slots.noticing import stands_alone
from donghaeng.understanding.slots.relative import relative_stop, there

_LETTERS: Final = {"엔": "N", "앤": "N", "에이": "A", "엠": "M", "앰": "M", "지": "G"}
_LETTER = "엔|앤|에이|엠|앰|[AaNnMmGg]"
_KIND = r"심야|올빼미|공항|광역|간선|지선|순환|파란|초록|빨간|급행"
_SUB = r"(?:\s?(?:다시|-)\s?(?P<sub>[1-9일이삼사오육칠팔구]))?"
_NUMBER_BEFORE_BUS = re.compile(
    rf"(?<![가-힣])(?P<letter>{_LETTER})?\s?(?P<number>{NUMBER}){_SUB}\s?(?:번|버)\s?"
    r"(?:버스|뻐스|마을버스|차|이|은|가|을|언제|몇|,|$|\s)"
)
_KIND_BEFORE = re.compile(
    rf"(?P<kind>{_KIND})\s?(?:버스|뻐스)?\s?(?P<letter>{_LETTER})?\s?(?P<number>{NUMBER}){_SUB}"
    r"(?!\s?(?:분|시|개|명|일|월|정거장|정류장|대))"
)
_NIGHT: Final = frozenset(["심야", "올빼미"])
_DIGITS_BEFORE_COMING = re.compile(
    r"(?<![가-힣0-9])(?P<letter>)(?P<number>(?:[공영빵일이삼사오육륙칠팔구]\s?){3,4}|[1-9][0-9]{2,3})(?P<sub>)\s?"
    r"(?:버스|뻐스|언제|은제|어디쯤|어디\s?쯤|몇\s?분\s?(?:남|뒤|후))"
)
_DIGITS_APART = re.compile(
    r"^(?:저기|그|음|어|버스)?\s*(?P<letter>)(?P<number>[일이삼사오육륙칠팔구](?:\s?[공영빵일이삼사오육륙칠팔구]){2,3})(?P<sub>)"
    rf"(?:\s?번|{COPULA}|$)"
)
_VILLAGE = (
    "강남|강동|강북|강서|관악|광진|구로|금천|노원|도봉|동대문|동작|마포|서대문|서초|성동|성북|송파|양천|영등포"
    "|용산|은평|종로|중랑"
)
"""Districts whose village buses carry their name; 중구 has none."""
_VILLAGE_BUS = re.compile(
    rf"(?P<gu>{_VILLAGE})(?!구)(?!\s?구(?!\s?번))\s?(?P<number>공?\s?{NUMBER}(?:\s?다시\s?{NUMBER})?)\s?(?:번|마을)?"
)
_DIGIT = "[\\d공영빵일이삼사오육륙칠팔구]"
_COPULA = f"이{AFTER_I}"
_COPULA_AFTER = re.compile(AFTER_I)
_BARE_ROUTE = re.compile(
    rf"(?<![가-힣\d])(?P<letter>{_LETTER})?\s?(?P<number>{NUMBER}){_SUB}"
    rf"(?=\s?(?:번|버|차|마을)|{_COPULA}|{COPULA}|은|는|가|을|를|하고|랑|만|(?![가-힣\d]))"
)
_SAID_AND_COPULA = re.compile(rf"(?P<said>{_DIGIT}{{3,4}}){_COPULA}(?![가-힣])")
"""Three or four digits said one by one are a whole route: the 이 after them is the copula."""
_ARS = re.compile(
    rf"(?<!{_DIGIT})((?:{_DIGIT}\s?(?:다시\s?|-\s?)?){{5}})(?:(?={_COPULA})|(?!{_DIGIT}|\s?번\s?버스))"
)
_ARS_CUE = re.compile(r"정류(장|소)\s?번호|번호|정류(장|소)")
_LINE = re.compile(rf"(?P<number>[1-9]|{NUMBER})\s?호\s?선")
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
    "김포골드": "김포골드",
    "골드라인": "김포골드",
    "용인경전철": "에버라인",
    "에버라인": "에버라인",
    "의정부경전철": "의정부",
    "의정부선": "의정부",
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
    if village is not None and (digits := _village_number(_without_copula(village, utterance))) is not None:
        return SlotFill(village["gu"] + digits, words=village.group())
    patterns: list[re.Pattern[str]] = [_KIND_BEFORE, _NUMBER_BEFORE_BUS, _DIGITS_BEFORE_COMING]
    said = _SAID_AND_COPULA.search(utterance) if scene.asked else None
    if said is not None:
        return SlotFill(_route_number(said["said"]), words=said["said"])
    if scene.asked:
        patterns += [_DIGITS_APART, _BARE_ROUTE]
    for pattern in patterns:
        for match in pattern.finditer(utterance):
            number = _route_number(match["number"].replace(" ", ""))
            if number is not None:
                return SlotFill(_letter(match) + number + _sub(match), words=match.group().strip())
    return None


def _letter(match: re.Match[str]) -> str:
    """The letter before the number; night buses have an N whether it was said or not."""
    night = match.groupdict().get("kind") in _NIGHT
    said = match["letter"] or ""
    return _LETTERS.get(said, said.upper()) or ("N" if night else "")


def _sub(match: re.Match[str]) -> str:
    return f"-{parse_digits(match['sub'])}" if match["sub"] else ""


def _without_copula(found: re.Match[str], utterance: str) -> str:
    """The number of a village bus, which has two digits, without the copula's 이 after them."""
    words, end = found["number"], found.end("number")
    if words.endswith("이") and len(words) > 2 and _COPULA_AFTER.match(utterance, end):
        return words[:-1]
    return words


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
    exactly = _stop_by_number(utterance, scene) or relative_stop(utterance, scene)
    if exactly is not None:
        return exactly
    return _stop_by_name(utterance, scene) or there(utterance, "stop", scene)


def _stop_by_name(utterance: str, scene: Scene) -> SlotFill | None:
    found = _named(utterance, Kind.STOP, scene, asked=scene.asked)
    if not found or found[0][1].distance > SURE:
        of_station = _stops_of_station(utterance, scene)
        if not found or (of_station is not None and of_station.score >= 1.0 - found[0][1].distance):
            return of_station
    best = found[0][1]
    bearers = [place for place, match in found if match.name == best.name]
    return _one_or_many([*bearers, *close_rivals(found)], 1.0 - best.distance, _said(utterance, best))


def _named(utterance: str, kind: Kind, scene: Scene, *, asked: bool) -> list[tuple[Place, SoundMatch]]:
    """Places of a kind that the words name; where the open question is not about one, only as names."""
    found = scene.gazetteer.find(utterance, kind, asked=asked)
    return (
        found if scene.asked else [(place, match) for place, match in found if stands_alone(utterance, match)]
    )


def _stop_by_number(utterance: str, scene: Scene) -> SlotFill | None:
    for match in _ARS.finditer(utterance):
        digits = parse_digits(re.sub(r"다시|[\s-]", "", match.group(1)))
        if digits is None:
            continue
        place = scene.gazetteer.table.stop(digits)
        if place is not None:
            return SlotFill(_stop_value(place), words=match.group())
        if scene.asked or _ARS_CUE.search(utterance):
            # The city knows every stop by its number; only some are in the table of names.
            return SlotFill({"ars_id": digits, "name": f"{digits}번 정류장"}, score=0.9, words=match.group())
    return None


def _stops_of_station(utterance: str, scene: Scene) -> SlotFill | None:
    """Stops are often named after the station beside them ("합정역" for 합정역, 합정역2번출구)."""
    for place, match in _named(utterance, Kind.STATION, scene, asked=scene.asked):
        names = (place.name.removesuffix("역") + "역", place.name)
        bearers = [found for name in names for found in scene.gazetteer.exact(name, Kind.STOP)]
        if not bearers:
            near = scene.gazetteer.table.nearest(place.lat, place.lon, Kind.STOP, count=4, within_m=400)
            bearers = [one.place for one in near]
        if bearers:
            return _one_or_many(bearers, 0.9 - match.distance, _said(utterance, match))
    return None


def _one_or_many(bearers: list[Place], score: float, words: str) -> SlotFill:
    values = tuple({place.key: _stop_value(place) for place in bearers}.values())
    if len(values) == 1:
        return SlotFill(values[0], score=score, words=words)
    return SlotFill(None, candidates=values, score=score, words=words)


def _stop_value(place: Place) -> dict[str, Any]:
    return {"ars_id": place.key, "name": place.name}


def station(utterance: str, spec: SlotSpec, scene: Scene) -> SlotFill | None:
    """A station by its official name, without 역; stations of one name are told apart by their line."""
    asked = scene.asked or bool(_STATION_CUE.search(utterance))
    found = _named(utterance, Kind.STATION, scene, asked=asked)
    if not found:
        return there(utterance, "station", scene)
    best = found[0][1]
    bearers = [place for place, match in found if match.name == best.name]
    of_line = _LINE.search(utterance)
    named = line(utterance, spec, scene) if len(bearers) > 1 or of_line else None
    if named is not None:
        bearers = [place for place in bearers if named.value in place.lines] or bearers
    names = tuple(dict.fromkeys(place.name for place in [*bearers, *close_rivals(found)]))
    words, score = _said(utterance, best), 1.0 - best.distance
    if len(names) > 1:
        return SlotFill(None, candidates=names, score=score, words=words)
    return SlotFill(names[0], score=score, words=words)


def _said(utterance: str, match: SoundMatch) -> str:
    return utterance[match.start : match.end]


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
