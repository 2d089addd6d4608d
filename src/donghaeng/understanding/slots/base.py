"""What a slot recogniser gets and gives.

A recogniser is a pure function ``(utterance, spec, scene) -> SlotFill | None``: None means that the
utterance says nothing about the slot. When the slot is being asked for (``scene.asked``) a bare value
counts ("삼백이 호"); otherwise only words that mean the slot without a question do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from donghaeng.city.services.definition import SlotSpec
from donghaeng.understanding.acts import SlotFill
from donghaeng.understanding.slots.gazetteer import Gazetteer


@dataclass(frozen=True, slots=True)
class Scene:
    """What a recogniser may know beside the words."""

    now: datetime
    gazetteer: Gazetteer
    lexicons: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)
    """Word lists by file name: standard word → ways it is said."""
    asked: bool = False
    """Whether the open question is about this slot."""
    value: Any = None
    """The slot's value so far: a correction may repair a part of it."""
    answer: Mapping[str, Any] = field(default_factory=dict)
    """What was answered last: the first row."""
    before: Mapping[str, Any] = field(default_factory=dict)
    """By slot type, the values of the service completed last: "거기" is one of them."""
    begun: Mapping[str, str] = field(default_factory=dict)
    """By slot, what was said of it before and was not the whole of a value."""
    here: Mapping[str, Any] | None = None
    home_district: str | None = None


SlotRecogniser = Callable[[str, SlotSpec, Scene], SlotFill | None]
