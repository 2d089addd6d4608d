"""Understanding on the real catalogue with a cheap embedder, and scenes for single recognisers."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from tests.dialogue.harness import NOW, catalogue
from tests.learning import learnt_with, places

from donghaeng.city.services.definition import SlotSpec
from donghaeng.understanding.acts import Act, Context, SlotFill
from donghaeng.understanding.engine import CatalogueUnderstanding
from donghaeng.understanding.load import read_slot_lexicons
from donghaeng.understanding.slots import RECOGNISERS, Scene
from donghaeng.understanding.slots.gazetteer import Gazetteer


@cache
def gazetteer() -> Gazetteer:
    return Gazetteer(places())


def cheap() -> CatalogueUnderstanding:
    return learnt_with("fake")


@cache
def lexicons() -> Any:
    return read_slot_lexicons(catalogue())


def context(service: str | None = None, asks: str | None = None, **more: Any) -> Context:
    """In the middle of a service when one is named, at its question when a slot is."""
    expects = "slot" if asks is not None else "open"
    return Context(**{"now": NOW, "service": service, "asks": asks, "expects": expects, **more})


def recognise(
    words: str, service: str, slot: str, *, asked: bool = True, now: datetime = NOW, **scene: Any
) -> SlotFill | None:
    """What the recogniser of a service's slot finds."""
    spec = catalogue()[service].slots[slot]
    return recognise_type(words, spec, asked=asked, now=now, **scene)


def recognise_type(
    words: str, spec: SlotSpec, *, asked: bool = True, now: datetime = NOW, **scene: Any
) -> Any:
    at = Scene(now=now, gazetteer=gazetteer(), lexicons=lexicons(), asked=asked, **scene)
    return RECOGNISERS[spec.type](words, spec, at)


def of_type(kind: str) -> SlotSpec:
    """A slot of a type that no service of the catalogue may have."""
    return SlotSpec.model_validate({"type": kind, "name": "값", "required": False})


def understood(words: str, at: Context | None = None) -> Act:
    """The first act."""
    return cheap().understand(words, at or context())[0]


def values(act: Act) -> dict[str, Any]:
    return {name: fill.value for name, fill in act.slots.items()}
