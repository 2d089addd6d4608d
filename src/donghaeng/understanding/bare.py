"""Utterances without the values in them: what is left tells which service is wanted."""

from __future__ import annotations

from typing import Final

from donghaeng.city.services.definition import SlotSpec
from donghaeng.understanding.slots import Scene
from donghaeng.understanding.slots.together import recognise_all

_VALUES: Final = {
    kind: SlotSpec(type=kind, required=False, name=kind)
    for kind in ("phone", "address", "datetime", "date", "time")
}


def without_values(words: str, scene: Scene) -> str:
    """``words`` without telephone numbers, addresses and times; as they are where there are none.

    Such values fill most of an utterance that says everything at once, and belong to every service alike.
    """
    bare = words
    for fill in recognise_all(words, _VALUES, scene).values():
        if fill.words.strip():
            bare = bare.replace(fill.words, " ")
    return " ".join(bare.split())
