"""Places, districts and dong; "여기" and "우리 집"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from donghaeng.city.places.model import Kind, Place
from donghaeng.city.services.definition import SlotSpec
from donghaeng.korean.endings import COPULA
from donghaeng.korean.sounds import SoundMatch
from donghaeng.understanding.acts import SlotFill
from donghaeng.understanding.slots.base import Scene
from donghaeng.understanding.slots.gazetteer import SURE, as_value, close_rivals
from donghaeng.understanding.slots.noticing import stands_alone
from donghaeng.understanding.slots.relative import there

_HERE = re.compile(
    r"여기|여그|요기|(?:^|(?<=[서지고요은는\s]\s))집(?=에서|까지|으로|이[요에]|에\s(?:가|오))|이\s?근처|요\s?근처|근처에|이\s?근방|이\s?부근|요\s?앞|이\s?동네|우리\s?동네|우리\s?집|저희\s?집|집\s?근처|집\s?앞|가까운|가까이|근방|주변"
)
_HERE_AND_PARTICLE = re.compile(rf"(?:{_HERE.pattern})(?:에?서(?!울|부|초))?")
"""What tells no name, with the particle that would be taken for the beginning of one ("여기서 가요")."""
_DONG_WITHOUT = re.compile(rf"\s*(?P<name>[가-힣]{{1,4}}?(?:\s[가-힣])?)(?:{COPULA}|\s|$)")
_NUMBERED = re.compile(r"^([가-힣]{2,})제(\d)")
_PLACE_KINDS: Final = (Kind.STATION, Kind.LANDMARK, Kind.LIBRARY, Kind.DONG, Kind.DISTRICT, Kind.STOP)
"""Kinds that a place can be, in the order in which equally good names win."""
_DISTRICT_KINDS: Final = (Kind.DISTRICT, Kind.DONG, Kind.LANDMARK, Kind.STATION)
"""Kinds that tell a gu, in the same order."""


def place(utterance: str, spec: SlotSpec, scene: Scene) -> SlotFill | None:
    """A named place, else that of the service completed last for "거기", else the citizen's own position for
    "여기" and the like, else a name that sounds like the words."""
    del spec
    names = _without_here(utterance)
    best: tuple[bool, bool, float, int, SlotFill] | None = None
    for rank, kind in enumerate(_PLACE_KINDS):
        found = _named(names, kind, scene, asked=scene.asked)
        if not found:
            continue
        key = _rank_of(found[0][1], rank if not _is_dong(names, kind, found[0][1]) else len(_PLACE_KINDS))
        if best is None or key < best[:4]:
            best = (*key, _place_fill(utterance, found, scene))
    if best is not None and not best[0]:
        return best[4]
    talked_of = there(utterance, "place", scene)
    if talked_of is not None:
        return talked_of
    if _HERE.search(utterance):
        if scene.here is not None:
            return SlotFill(dict(scene.here), words=_here_words(utterance))
        return SlotFill(None, problem="here_unknown", words=_here_words(utterance)) if scene.asked else None
    return best[4] if best is not None else None


def _without_here(utterance: str) -> str:
    """The words with spaces for "우리 집" and the like, so that positions stay."""
    return _HERE_AND_PARTICLE.sub(lambda found: " " * len(found.group()), utterance)


def _is_dong(names: str, kind: Kind, match: SoundMatch) -> bool:
    """Whether a station's name is rather that of the dong, for nobody said 역 ("제기동이요")."""
    said = names[match.start : match.end].rstrip()
    return kind is Kind.STATION and said.endswith("동") and not names[match.end :].lstrip().startswith("역")


def _named(names: str, kind: Kind, scene: Scene, *, asked: bool) -> list[tuple[Place, SoundMatch]]:
    """Places of a kind that the words name; where nothing asks for one, only where they stand as names."""
    found = scene.gazetteer.find(names, kind, asked=asked)
    return found if asked else [(place, match) for place, match in found if stands_alone(names, match)]


def _rank_of(match: SoundMatch, rank: int) -> tuple[bool, bool, float, int]:
    """Sure before likely, spelt before sounding alike, long before short, kind before kind."""
    length = -len(match.name) * (1.0 - match.distance)
    return match.distance > SURE, match.distance > 0.0, length, rank


def _place_fill(utterance: str, found: Sequence[tuple[Place, SoundMatch]], scene: Scene) -> SlotFill:
    """The best place, the one in the citizen's own gu where several share its name; candidates where
    another name sounds as near."""
    match = found[0][1]
    bearers = [place for place, other in found if other.name == match.name]
    near_home = [place for place in bearers if place.district == scene.home_district]
    first = (near_home or bearers)[0]
    rivals = close_rivals(found)
    words, score = utterance[match.start : match.end], 1.0 - match.distance
    if rivals:
        values = tuple(as_value(place) for place in (first, *rivals))
        return SlotFill(None, candidates=values, score=score, words=words)
    return SlotFill(_as_said(first, match), score=score, words=words)


def _as_said(place: Place, match: SoundMatch) -> dict[str, Any]:
    """A place's value; a dong that offices have cut in parts (망원제1동) keeps the name that people use."""
    value = as_value(place)
    return {**value, "name": match.name} if place.kind is Kind.DONG and match.name in place.aliases else value


def _here_words(utterance: str) -> str:
    match = _HERE.search(utterance)
    return match.group() if match is not None else ""


def district(utterance: str, spec: SlotSpec, scene: Scene) -> SlotFill | None:
    """One of the 25 gu, said with or without 구, or the gu of a dong, station or landmark named."""
    del spec
    names = _without_here(utterance)
    named: list[tuple[bool, bool, float, int, SlotFill]] = []
    for rank, kind in enumerate(_DISTRICT_KINDS):
        found = _named(names, kind, scene, asked=scene.asked and kind is Kind.DISTRICT)
        found = [(place, match) for place, match in found if place.district]
        if found:
            named.append((*_rank_of(found[0][1], rank), _district_fill(utterance, found, scene)))
    sure = [one for one in named if not one[0]]
    talked_of = there(utterance, "district", scene) if not sure else None
    if talked_of is not None:
        return talked_of
    if not sure and _HERE.search(utterance) and scene.home_district is not None:
        return SlotFill(scene.home_district, words=_here_words(utterance))
    return min(sure or named, key=lambda one: one[:4])[4] if named else None


def _district_fill(utterance: str, found: Sequence[tuple[Place, SoundMatch]], scene: Scene) -> SlotFill:
    """The gu; the citizen's own where several have a dong of the name said, else all of them."""
    match = found[0][1]
    gu = tuple(dict.fromkeys(place.district for place, other in found if other.name == match.name))
    words, score = utterance[match.start : match.end], 1.0 - match.distance
    if len(gu) > 1 and scene.home_district not in gu:
        return SlotFill(None, candidates=gu, score=score, words=words)
    return SlotFill(scene.home_district if scene.home_district in gu else gu[0], score=score, words=words)


def dong(utterance: str, spec: SlotSpec, scene: Scene) -> SlotFill | None:
    """A dong as it was named, in the spelling of its sign: 합정동, 망원1동, 면목3.8동; 합정 when asked."""
    del spec
    found = _named(utterance, Kind.DONG, scene, asked=scene.asked)
    if not found:
        bare = _DONG_WITHOUT.match(utterance) if scene.asked else None
        known = bare is not None and scene.gazetteer.exact(f"{bare['name'].replace(' ', '')}동", Kind.DONG)
        if bare is None or not known:
            return there(utterance, "dong", scene)
        return SlotFill(f"{bare['name'].replace(' ', '')}동", score=0.8, words=bare["name"])
    match = found[0][1]
    words, score = utterance[match.start : match.end], 1.0 - match.distance
    names = [_sign(match.name), *(_sign(place.name) for place in close_rivals(found))]
    if len(set(names)) > 1:
        return SlotFill(None, candidates=tuple(dict.fromkeys(names)), score=score, words=words)
    return SlotFill(names[0], score=score, words=words)


def _sign(name: str) -> str:
    """A dong's name without the 제 of its number: 망원제1동 → 망원1동."""
    return _NUMBERED.sub(r"\1\2", name)
