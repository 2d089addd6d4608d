"""Checks that a service does not pretend: how it says that it is carried out is what its operations are.

``live`` stands on public APIs alone, ``gateway`` on the city's own API, ``builtin`` on what is known here,
and where ``handoff`` is said, nothing writes: people do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from donghaeng.city.operations import Effect, Operation
from donghaeng.city.services.definition import ServiceDefinition
from donghaeng.city.services.positions import Document
from donghaeng.errors import CatalogueError

GATEWAY = "gateway"
BUILTIN = frozenset({"account", "apps", "forms", "knowledge"})
"""Providers inside this process: this conversation's requests, the table of apps, forms, passages."""

_NAMES = {"live": "a public API", "gateway": "the city's gateway", "builtin": "the agent's own"}

Path = Sequence[str | int]


def carrier_of(operation: str) -> str:
    """``gateway``, ``builtin`` or ``live``: who answers an operation."""
    provider = operation.partition(".")[0]
    return GATEWAY if provider == GATEWAY else "builtin" if provider in BUILTIN else "live"


def check_carriers(
    service: ServiceDefinition, document: Document, operations: Mapping[str, Operation]
) -> Iterator[CatalogueError]:
    """Every operation that is not what ``carried_out`` says; unknown ones are not looked at."""
    said = service.carried_out
    calls = [one for one in _calls(service) if one[1] in operations]
    for path, name in calls:
        carrier, effect = carrier_of(name), operations[name].effect
        if _fits(said, carrier, effect):
            continue
        message = f"carried_out is {said!r}, and {name} is {_NAMES[carrier]}"
        yield document.error(path, message, remedy=_remedy(said, carrier))
    if said == GATEWAY and calls and all(carrier_of(name) != GATEWAY for _, name in calls):
        message = "carried_out is 'gateway', and nothing in it asks the gateway"
        yield document.error(["carried_out"], message, remedy="say `carried_out: live` or `builtin`")
    if said == "live":
        yield from _reads_of_gateway(service, document)


def _fits(said: str, carrier: str, effect: Effect) -> bool:
    match said:
        case "live" | "builtin":
            return carrier == said
        case "gateway":
            return carrier == GATEWAY or effect is not Effect.WRITE
        case _:
            return effect is not Effect.WRITE


def _remedy(said: str, carrier: str) -> str:
    if said == "handoff":
        return "leave the call out, so that people carry it out"
    return f"say `carried_out: {carrier}`"


def _calls(service: ServiceDefinition) -> Iterator[tuple[Path, str]]:
    """Where each operation stands that carries the service out, and its name."""
    for number, way in enumerate(service.ways):
        at: Path = ["procedures", number] if service.procedures else []
        if way.call is not None:
            yield [*at, "call", "operation"], way.call.operation


def _reads_of_gateway(service: ServiceDefinition, document: Document) -> Iterator[CatalogueError]:
    """What a live service asks the gateway behind its questions."""
    asked: list[tuple[Path, str]] = []
    for number, way in enumerate(service.ways):
        at: Path = ["procedures", number] if service.procedures else []
        asked += [([*at, "lookups", name, "operation"], one.operation) for name, one in way.lookups.items()]
    for name, slot in service.slots.items():
        if slot.picks is not None:
            asked.append((["slots", name, "picks", "operation"], slot.picks.operation))
    for path, operation in asked:
        if carrier_of(operation) == GATEWAY:
            message = f"carried_out is 'live', and {operation} is {_NAMES[GATEWAY]}"
            yield document.error(path, message, remedy="say `carried_out: gateway`")
