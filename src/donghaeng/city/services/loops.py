"""Finds services that ask for themselves: a slot whose values are read with the very value that is wanted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from donghaeng.city.services.definition import ServiceDefinition
from donghaeng.city.services.positions import Document
from donghaeng.city.services.templates import expression_variables
from donghaeng.errors import CatalogueError, TemplateFault


def check_loops(service: ServiceDefinition, document: Document) -> Iterator[CatalogueError]:
    """Every slot that can be picked only when it is known already, be it through others."""
    needs = {name: _needed(service, name) for name in service.slots}
    for name in service.slots:
        if _leads_back(name, needs):
            around = ", ".join(sorted(needs[name]))
            message = f"{name!r} asks for itself: what it is picked from is read with {around}"
            yield document.error(["slots", name, "picks"], message, remedy="take it out of `arguments`")


def _needed(service: ServiceDefinition, name: str) -> set[str]:
    """Slots whose values stand in the request for the values of a slot."""
    picks = service.slots[name].picks
    found: set[str] = set()
    for expression in picks.arguments.values() if picks is not None else ():
        try:
            found |= {variable.name for variable in expression_variables(expression)}
        except TemplateFault:
            continue  # another check says that it does not parse
    return found & set(service.slots)


def _leads_back(name: str, needs: Mapping[str, set[str]]) -> bool:
    seen: set[str] = set()
    ahead = set(needs[name])
    while ahead:
        one = ahead.pop()
        if one == name:
            return True
        if one not in seen:
            seen.add(one)
            ahead |= needs[one]
    return False
