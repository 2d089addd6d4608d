"""Slot recognisers: one small module a family of types, one table of them all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import wraps
from typing import Final

from donghaeng.city.services.definition import SlotSpec
from donghaeng.korean.endings import standard
from donghaeng.korean.jamo import normalise
from donghaeng.understanding.acts import SlotFill
from donghaeng.understanding.slots.address import address
from donghaeng.understanding.slots.base import Scene, SlotRecogniser
from donghaeng.understanding.slots.choices import choice
from donghaeng.understanding.slots.contact import phone, receipt
from donghaeng.understanding.slots.moments import moment
from donghaeng.understanding.slots.names import person_name
from donghaeng.understanding.slots.places import district, dong, place
from donghaeng.understanding.slots.transport import line, route, station, stop
from donghaeng.understanding.slots.when import clock, day
from donghaeng.understanding.slots.words import count, text

LONGEST: Final = 1_000
"""Characters of an utterance that recognisers look at; nobody says more in one breath."""


def _bounded(recogniser: SlotRecogniser) -> SlotRecogniser:
    """The recogniser for any text at all: decomposed Hangul is put together, endless text is cut."""

    @wraps(recogniser)
    def recognise(utterance: str, spec: SlotSpec, scene: Scene) -> SlotFill | None:
        return recogniser(normalise(utterance[: 3 * LONGEST])[:LONGEST], spec, scene)

    return recognise


def _in_any_dialect(recogniser: SlotRecogniser) -> SlotRecogniser:
    """The recogniser for values with any copula after them; what it finds has the words that were said."""

    @wraps(recogniser)
    def recognise(utterance: str, spec: SlotSpec, scene: Scene) -> SlotFill | None:
        words = standard(utterance)
        fill = recogniser(words, spec, scene)
        if fill is None or words == utterance:
            return fill
        at = words.find(fill.words)
        if at < 0:
            return fill
        end = at + len(fill.words)
        while end < len(words) and words[end] == " " != utterance[end]:
            end += 1
        return replace(fill, words=utterance[at:end])

    return recognise


_ALL: Mapping[str, SlotRecogniser] = {
    "address": address,
    "choice": choice,
    "count": count,
    "date": day,
    "datetime": moment,
    "district": district,
    "dong": dong,
    "line": line,
    "person_name": person_name,
    "phone": phone,
    "place": place,
    "receipt": receipt,
    "route": route,
    "station": station,
    "stop": stop,
    "text": text,
    "time": clock,
}
_OWN_ENDINGS: Final = frozenset({"choice", "person_name", "text"})
"""Types whose values may end as a copula does (노래, 미래), or are told by the ending (없어라)."""
RECOGNISERS: Mapping[str, SlotRecogniser] = {
    kind: _bounded(one if kind in _OWN_ENDINGS else _in_any_dialect(one)) for kind, one in _ALL.items()
}
"""Recogniser of each slot type (:data:`donghaeng.city.slots.SLOT_TYPES`)."""

__all__ = ["RECOGNISERS", "Scene", "SlotRecogniser"]
