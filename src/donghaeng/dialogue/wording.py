"""From templates to words: the written form of a reply and, from it, exactly what is spoken."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from donghaeng.city.services.definition import CardSpec, ServiceDefinition
from donghaeng.city.services.templates import render
from donghaeng.city.slots import write_value
from donghaeng.korean.particles import resolve
from donghaeng.korean.reading import read_aloud


@dataclass(frozen=True, slots=True)
class Phrases:
    """The agent's own sentences (``catalogue/lexicon/phrases.yaml``), by what they are for."""

    templates: Mapping[str, str]
    note: Callable[[str], None] = lambda name: None
    """Told the name of each sentence that is written."""

    def __call__(self, name: str, /, **values: Any) -> str:
        """The written sentence called ``name``.

        Raises:
            KeyError: there is no such sentence; loading checks that all that the dialogue uses exist.
        """
        self.note(name)
        return write(self.templates[name], values)


def write(template: str, values: Mapping[str, Any]) -> str:
    """Render a template and give each word the particle that fits how it is spoken.

    Raises:
        TemplateFault: the template needs what is not there.
    """
    return resolve(render(template, values), read_aloud)


def speak(written: str) -> str:
    """Exactly what is spoken for a written reply: numbers and signs in words."""
    return read_aloud(written)


def slot_values(service: ServiceDefinition, slots: Mapping[str, Any]) -> dict[str, Any]:
    """Variables of a service's templates: every slot (None while unfilled), and ``written`` with the
    slots as people write them."""
    values: dict[str, Any] = {name: slots.get(name) for name in service.slots}
    values["written"] = {
        name: write_value(service.slots[name], value)
        for name, value in slots.items()
        if name in service.slots and value is not None
    }
    return values


def make_card(spec: CardSpec, values: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """A card as CONTRACT 3 has it. ``lat`` and ``lon`` stay numbers, all else is text."""
    drawn = [
        {
            key: float(text) if key in ("lat", "lon") else text
            for key, template in spec.row.items()
            if (text := write(template, {**values, "row": row}))
        }
        for row in rows
    ]
    card: dict[str, Any] = {"kind": spec.kind, "rows": drawn}
    if spec.title:
        card["title"] = write(spec.title, values)
    return card


def choice_card(labels: Sequence[str]) -> dict[str, Any]:
    """A card with one button for each option."""
    return {"kind": "question", "rows": [{"title": label, "say": label} for label in labels]}
