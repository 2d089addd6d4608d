"""Writes docs/security/values.md, which values of each service must fit each other and who looks:
``python -m tools.write_values``. Everything in it is read from the services' own files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from donghaeng.city.services.definition import Procedure, ServiceDefinition
from donghaeng.city.services.loading import load_catalogue

CHECKOUT: Final = Path(__file__).resolve().parents[1]
PAGE: Final = CHECKOUT / "docs" / "security" / "values.md"
HEAD: Final = """# Which values must fit each other

Written by `python -m tools.write_values` from `catalogue/services/*/service.yaml`; a test checks that it is
current and that every service stands here. Three rules hold for all services:

1. **Each value by itself** is read by the recogniser of its type (`src/donghaeng/city/slots.py`) and taken
   only where that one takes it.
2. **Values together** are read back in one sentence before anything is sent, and sent only after a yes
   (`confirm`).
3. **Whether they fit what the city knows** (a day that is full or has passed, a place that is closed, a
   number that is nobody's) is the city's to say: its gateway refuses by a reason (docs/gateway.openapi.yaml),
   the reason is told, and the values that it concerns are asked for again.

*The city looks*: reason, and what is asked for again. *We look*: values that a way of the service cannot do
without together, values of which some pick the way, and rows of an answer that must match what was said.
"""


def page() -> str:
    """The whole page."""
    services = load_catalogue(CHECKOUT / "catalogue").services.values()
    return HEAD + "\n" + "\n".join(_table(services)) + "\n"


def _table(services: Iterable[ServiceDefinition]) -> Iterator[str]:
    yield "| service | values | the city looks | we look |"
    yield "|---|---|---|---|"
    for service in sorted(services, key=lambda one: one.id):
        values = ", ".join(service.slots) or "none"
        ways = service.ways if service.is_served else ()
        theirs = "<br>".join(dict.fromkeys(one for way in ways for one in _theirs(way)))
        ours = "<br>".join(dict.fromkeys(one for way in ways for one in _ours(way)))
        alone = "nothing: each value stands alone" if not theirs and not ours else ""
        yield f"| {service.id} | {values} | {theirs} | {ours or alone} |"


def _theirs(way: Procedure) -> Iterator[str]:
    for reason in way.reply.refused:
        asked = ", ".join(way.reply.asked_again(reason))
        yield f"`{reason}`: {asked or 'nothing can be said otherwise'}"


def _ours(way: Procedure) -> Iterator[str]:
    if way.needs:
        yield f"together: {', '.join(way.needs)}"
    if way.when is not None:
        yield f"this way where `{_cell(way.when)}`"
    for name, call in [*way.lookups.items(), *([("answer", way.call)] if way.call is not None else [])]:
        if call.keep:
            yield f"{name}: `{_cell(str(call.keep))}`"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "&#124;")


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
