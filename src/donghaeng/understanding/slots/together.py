"""All slots of a service from one utterance, so that no word means two things.

"마포구 월드컵로 112 501호 소파 두 개 다음 주 화요일에 공일공 일이삼사 오육칠팔": each recogniser alone would
take whatever fits it. Here the types whose form is the most telling read first, and what they have taken is
hidden from those that come after: telephone number, receipt, address, route, time, count, line, places,
names of persons, choices, free text. Types of one rank (a date and a time of day) see the same words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any, Final

from donghaeng.city.services.definition import SlotSpec
from donghaeng.korean.endings import AFTER_I, COPULA, standard
from donghaeng.korean.jamo import normalise
from donghaeng.understanding.acts import SlotFill
from donghaeng.understanding.slots import LONGEST, RECOGNISERS
from donghaeng.understanding.slots.base import Scene
from donghaeng.understanding.slots.owners import by_owner
from donghaeng.understanding.slots.repairs import takes_of

RANKS: Final[tuple[frozenset[str], ...]] = (
    frozenset({"phone"}),
    frozenset({"receipt"}),
    frozenset({"address"}),
    frozenset({"route", "line"}),
    frozenset({"date", "time", "datetime"}),
    frozenset({"count"}),
    frozenset({"stop", "station", "place", "district", "dong"}),
    frozenset({"person_name"}),
    frozenset({"choice"}),
    frozenset({"text"}),
)
"""Slot types, the most telling form first."""
_SHARE_WORDS: Final = frozenset({"choice"})
"""Types that hide nothing: the words of a choice are often those of the wish itself."""
_SEE_ALL: Final = frozenset({"choice"})
"""Types that read the whole utterance: their words are their own."""
_OWN_REPAIRS: Final = frozenset({"address", "choice", "count", "text"})
"""Types whose recognisers read "아니" inside an utterance themselves."""

_LEFTOVERS: Final = frozenset(
    [
        "그럼",
        "그러면",
        "근데",
        "그런데",
        "그리고",
        "그래서",
        "아니",
        "저기",
        "음",
        "어",
        "그",
        "이여",
        "여",
        "요",
        "로",
        "에",
    ]
    + ["이고", "고", "좀", "네", "예", "응"]
)
MOST_TAKES: Final = 6
"""Times that somebody changes their mind in one breath; more is a loop of the recogniser."""
MOST_BEGUN: Final = 12
"""Words of answers that were not whole; whoever needs more is better asked anew."""

_PARTICLES = re.compile(
    r"(?:에서부터|에서|에다가?|으로|이랑|하고|까지|부터|한테|에|로|은|는|이|가|을|를|도"
    rf"|만|의|와|과|랑|{COPULA})(?=$|[\s,.])"
)
_POLITE_END = re.compile(rf"(?:{COPULA}|(?!구요){AFTER_I}|(?<=[이시분일월호번층명개])구요)?[\s,.]*$")
"""In "마포구요" 구 belongs to the district."""
_FROM = re.compile(r"\s?(?:에서|부터|서\s|출발)")
_TO = re.compile(r"\s?(?:까지|으로|로|에\s?(?:가|내려|도착)|가는|가려|가요|갈|도착)")


def recognise_all(
    words: str,
    specs: Mapping[str, SlotSpec],
    scene: Scene,
    *,
    asked: Collection[str | None] = (),
    values: Mapping[str, Any] | None = None,
) -> dict[str, SlotFill]:
    """What an utterance says about each of ``specs``; slots that it says nothing about are left out.

    Args:
        words: the utterance.
        specs: the slots to look for, in the order of the service file: of two slots of one type the one
            asked for, else the first, takes the first value said (places: the one that something starts
            from).
        scene: what all recognisers may know; ``asked`` and ``value`` of it are not looked at.
        asked: slots that the open question is about: bare values count for them, and where they find
            nothing in what is left of the words they may read all of them.
        values: values so far, for the recognisers that repair them.
    """
    text = normalise(words[: 3 * LONGEST])[:LONGEST]
    left = text
    found: dict[str, SlotFill] = {}
    for rank in RANKS:
        taken: list[tuple[int, int]] = []
        by_type: dict[str, list[str]] = {}
        for name, spec in specs.items():
            if spec.type in rank:
                by_type.setdefault(spec.type, []).append(name)
        for kind, names in by_type.items():
            seen = text if kind in _SEE_ALL else left
            for name in sorted(names, key=lambda one: one not in asked):
                at = replace(scene, asked=name in asked, value=(values or {}).get(name))
                fill = _one(text if specs[name].whereabouts else seen, text, specs[name], at)
                if name in scene.begun and fill is not None:
                    fill = _with_begun(scene.begun[name], seen, specs[name], at, fill)
                if fill is None:
                    continue
                found[name] = fill
                span = _span(seen, fill) if fill.problem is None or kind == "phone" else None
                if span is not None and kind not in _SHARE_WORDS and not specs[name].whereabouts:
                    given_up = _given_up(seen, specs[name], at) if len(names) > 1 else []
                    taken += [span, *given_up]
                    seen = _without(seen, [span, *given_up])
        left = _without(left, taken)
    return _ends_of_a_way(text, specs, by_owner(text, specs, found), asked)


def _one(seen: str, text: str, spec: SlotSpec, scene: Scene) -> SlotFill | None:
    recognise = RECOGNISERS[spec.type]
    read = seen if spec.type != "text" or seen == text else _rest(seen)
    fill = _repaired(recognise, read, spec, scene) or (recognise(read, spec, scene) if read.strip() else None)
    if fill is None and scene.asked and seen != text and spec.type != "text":
        fill = recognise(text, spec, scene)
    return fill


def _with_begun(before: str, seen: str, spec: SlotSpec, scene: Scene, fill: SlotFill) -> SlotFill:
    """``fill`` or, where the words are no whole value of their own, what they say together with those said
    ``before``: "마포구요" – "월드컵로 백십이". What the citizen's home would add does not make them whole.

    Of the words before the fewest are taken, for later ones may have been said anew ("마포구 양화로" –
    "월드컵로 백십이").
    """
    recognise = RECOGNISERS[spec.type]
    alone = recognise(seen, spec, replace(scene, home_district=None))
    if alone is not None and alone.value is not None and not _lacks_its_day(seen, spec, scene):
        return fill
    words = _POLITE_END.sub("", standard(before)).split()
    for most in range(1, min(len(words), MOST_BEGUN) + 1):
        begun = " ".join(words[:most])
        together = recognise(f"{begun} {seen}", spec, scene)
        if together is not None and together.problem is None:
            return replace(together, words=together.words.removeprefix(begun).strip())
    return fill if fill.problem is None else replace(fill, words=" ".join([*words, fill.words]))


def _lacks_its_day(words: str, spec: SlotSpec, scene: Scene) -> bool:
    """Whether a time was said whose day stands in the words before: it is not the next such time."""
    return spec.type == "datetime" and RECOGNISERS["date"](words, spec, scene) is None


def _rest(seen: str) -> str:
    """What is left for free text when other slots have taken their words: no fillers, no stray endings."""
    words = takes_of(seen)[-1].split()
    return " ".join(word for word in words if word not in _LEFTOVERS)


def _repaired(
    recognise: Callable[[str, SlotSpec, Scene], SlotFill | None], words: str, spec: SlotSpec, scene: Scene
) -> SlotFill | None:
    """The value of the last take that has one, where an earlier take has one that it replaces."""
    takes = takes_of(words) if spec.type not in _OWN_REPAIRS else ()
    if len(takes) < 2 or len(takes) > MOST_TAKES:
        return None
    found: SlotFill | None = None
    replaced = False
    for take in takes:
        at = replace(scene, asked=scene.asked or found is not None)
        fill = recognise(take, spec, at) if take.strip() else None
        if fill is not None and fill.problem is None:
            found, replaced = fill, found is not None
    return found if replaced else None


def _given_up(words: str, spec: SlotSpec, scene: Scene) -> list[tuple[int, int]]:
    """Where values stand that were taken back, for no other slot to take up ("강남역이요, 아니 서울역이요").
    Of an earlier take with two values it cannot be told which one was meant."""
    takes = takes_of(words) if spec.type not in _OWN_REPAIRS else ()
    spans = []
    for take in takes[:-1]:
        fill = RECOGNISERS[spec.type](take, spec, scene) if take.strip() else None
        inside = _span(take, fill) if fill is not None and fill.problem is None else None
        if fill is None or inside is None:
            continue
        left = _without(take, [inside])
        span = _span(words, fill)
        if span is not None and RECOGNISERS[spec.type](left, spec, replace(scene, asked=False)) is None:
            spans.append(span)
    return spans


def _span(seen: str, fill: SlotFill) -> tuple[int, int] | None:
    """Where the words of a fill stand, with the particle after them."""
    start = seen.find(fill.words) if fill.words.strip() else -1
    if start < 0:
        return None
    end = start + len(fill.words)
    particle = _PARTICLES.match(standard(seen), end)
    return start, particle.end() if particle is not None else end


def _without(text: str, spans: Collection[tuple[int, int]]) -> str:
    """``text`` with spaces for what is taken, so that positions stay."""
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _is_home_reached(text: str, fill: SlotFill) -> bool:
    return fill.words.endswith("집") and _end_of(text, fill.words) == "to"


def _leaving_out(found: Mapping[str, SlotFill], name: str) -> dict[str, SlotFill]:
    return {other: fill for other, fill in found.items() if other != name}


def _ends_of_a_way(
    text: str, specs: Mapping[str, SlotSpec], found: dict[str, SlotFill], asked: Collection[str | None]
) -> dict[str, SlotFill]:
    """Two places in the order of from and to, whichever was said first; one alone by its particle, else as
    the end of the way where its beginning goes without saying."""
    names = [name for name, spec in specs.items() if spec.type == "place"]
    if len(names) == 1 and names[0] not in asked and names[0] in found:
        # Whoever wants to be brought home ("집까지 같이 걸어 주는") does not say where from.
        fill = found[names[0]]
        return _leaving_out(found, names[0]) if _is_home_reached(text, fill) else found
    if len(names) != 2:
        return found
    first, second = names
    there = {name: found[name] for name in names if name in found and found[name].words}
    ends = {name: _end_of(text, fill.words) for name, fill in there.items()}
    swapped = (ends.get(first) == "to" and ends.get(second) != "to") or (
        ends.get(second) == "from" and ends.get(first) != "from"
    )
    begins_here = specs[first].default is not None and not {first, second} & set(asked)
    if set(there) == {first} and begins_here and ends[first] != "from":
        swapped = True
    if not swapped:
        return found
    others = {name: fill for name, fill in found.items() if name not in names}
    turned = {second: there.get(first), first: there.get(second)}
    return {**others, **{name: fill for name, fill in turned.items() if fill is not None}}


def _end_of(text: str, words: str) -> str | None:
    at = text.find(words)
    if at < 0:
        return None
    after = at + len(words)
    if _FROM.match(text, after):
        return "from"
    return "to" if _TO.match(text, after) else None
