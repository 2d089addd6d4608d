"""Where something is, in the citizen's own words: "홍제역 이 번 출구 앞", "수유시장 입구"."""

from __future__ import annotations

import re
from typing import Final

from donghaeng.city.places.model import Kind
from donghaeng.understanding.acts import SlotFill
from donghaeng.understanding.slots.base import Scene

KINDS: Final = (Kind.LANDMARK, Kind.LIBRARY, Kind.STATION, Kind.DONG)
"""Kinds of places by which people say where something is; a gu alone is too wide to go and look."""
SCORE: Final = 0.8

_NAMED = re.compile(
    r"(?<![가-힣])(?P<own>[가-힣0-9]{2,8}?)\s?(?:시장|공원|초등학교|중학교|고등학교|대학교|병원|아파트|교회|성당|복지관|도서관|주민센터|동사무소"
    r"|우체국|사거리|삼거리|로터리|육교|대교)"
)
"""A place that has a name of its own before the word for its kind."""
_NOBODYS: Final = frozenset(
    [
        "우리",
        "우리동네",
        "동네",
        "저희",
        "근처",
        "집앞",
        "노인",
        "어린이",
        "근린",
        "체육",
        "옆집",
        "앞집",
        "종합",
    ]
)
"""Words before a kind of place that are no name."""
_ROAD = re.compile(
    r"(?<![가-힣])[가-힣]{2,6}(?:대로|로|길)\s?(?:[0-9]+|[일이삼사오육칠팔구십백]{1,6})(?=\s|$|번지|에|앞|옆)"
)
_TAIL = re.compile(
    r"(?:역)?(?:\s?(?:[0-9]{1,2}|[일이삼사오육칠팔구십]{1,3})\s?번\s?출구)?(?:\s?(?:사거리|삼거리|로터리|버스\s?정류장|정류장))?"
    r"(?:\s?(?:바로\s)?(?:앞|옆|뒤|뒷|근처|입구|건너편|맞은편|부근|골목|길|안)(?:쪽)?(?![가-힣]*(?:집|동네)))*"
)


def whereabouts(utterance: str, scene: Scene) -> SlotFill | None:
    """A place with a name and what is said of it after that ("… 이 번 출구 앞"); None where nothing has a
    name: "경로당 앞" is nowhere yet."""
    found = min(_names(utterance, scene), default=None)
    if found is None:
        return None
    start, end = found
    tail = _TAIL.match(utterance, end)
    words = utterance[start : tail.end() if tail is not None else end].strip()
    return SlotFill(words, score=SCORE, words=words)


def _names(utterance: str, scene: Scene) -> list[tuple[int, int]]:
    """Where the names of places stand, as they are spelt: what was not asked for is no place by its sound
    alone. Of two that begin together the longer."""
    spans = [
        (match.start, match.end)
        for kind in KINDS
        for _, match in scene.gazetteer.find(utterance, kind, asked=False)
        if match.distance == 0.0
        and (kind is not Kind.STATION or "역" in utterance[match.end - 1 : match.end + 1])
    ]
    spans += [
        found.span() for found in _NAMED.finditer(utterance) if found["own"].replace(" ", "") not in _NOBODYS
    ]
    spans += [found.span() for found in _ROAD.finditer(utterance)]
    first = min((start for start, _ in spans), default=None)
    return [max((span for span in spans if span[0] == first), key=lambda span: span[1])] if spans else []
