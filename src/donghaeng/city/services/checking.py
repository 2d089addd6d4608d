"""Checks of service files that a schema cannot make: names that must exist elsewhere.

Each finding has file, line and remedy. `donghaeng services check` prints them all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from donghaeng.city.operations import Effect, Operation
from donghaeng.city.services.carriers import check_carriers
from donghaeng.city.services.definition import CallSpec, Procedure, ServiceDefinition
from donghaeng.city.services.loading import TESTS_FILE, Catalogue
from donghaeng.city.services.loops import check_loops
from donghaeng.city.services.positions import Document
from donghaeng.city.services.templates import Variable, expression_variables, template_variables
from donghaeng.errors import CatalogueError, TemplateFault

Path = Sequence[str | int]

_ALWAYS = frozenset({"now", "today", "here", "home_district", "written", "answered"})
"""Variables of every argument."""
_AFTER_CALL = frozenset({"rows", "row", "receipt", "written", "home_district", "channel", "texted"})
_IN_MESSAGE = frozenset({"rows", "row", "receipt", "written"})
_AFTER_HANDOVER = frozenset({"position", "state", "desk", "opens", "written"})


@dataclass(frozen=True, slots=True)
class _Subject:
    """What is checked."""

    service: ServiceDefinition
    document: Document
    operations: Mapping[str, Operation]


def check_catalogue(catalogue: Catalogue, operations: Mapping[str, Operation]) -> list[CatalogueError]:
    """Everything that is wrong with the services of a catalogue that has been read."""
    findings = []
    for service in catalogue.values():
        document = catalogue.documents[service.id]
        findings += check_service(service, document, operations)
        if service.is_served and service.id not in catalogue.tested:
            remedy = f"write {TESTS_FILE} beside it"
            findings.append(document.error(["id"], "has no conversation tests", remedy=remedy))
    return findings


def check_service(
    service: ServiceDefinition, document: Document, operations: Mapping[str, Operation]
) -> list[CatalogueError]:
    """Everything that is wrong with one service."""
    of = _Subject(service, document, operations)
    findings = [*_slots(of), *check_carriers(service, document, operations), *check_loops(service, document)]
    for number, way in enumerate(service.ways):
        at: Path = ["procedures", number] if service.procedures else []
        findings += [
            *_way(of, at, way),
            *_calls(of, at, way),
            *_templates(of, at, way),
        ]
    return findings


def _way(of: _Subject, at: Path, way: Procedure) -> Iterator[CatalogueError]:
    named: list[tuple[Path, str]] = []
    reply = way.reply
    named += [
        (("reply", "again", reason), slot) for reason in reply.again for slot in reply.asked_again(reason)
    ]
    named += [(("needs", number), slot) for number, slot in enumerate(way.needs)]
    for path, slot in named:
        if slot not in of.service.slots:
            yield _unknown(of.document, [*at, *path], f"slot {slot!r}", sorted(of.service.slots))
        elif of.service.slots[slot].prompts is None:
            message = f"{slot!r} is asked for and has no prompts"
            yield of.document.error(["slots", slot], message, remedy="add `prompts`")
    if way.when is not None:
        yield from _names(of.document, [*at, "when"], way.when, set(of.service.slots), None, expression=True)


def _calls(of: _Subject, at: Path, way: Procedure) -> Iterator[CatalogueError]:
    for name, spec in way.lookups.items():
        yield from _call(of, [*at, "lookups", name], spec, Effect.READ)
    if way.call is not None:
        yield from _call(of, [*at, "call"], way.call, way.effect)


def _call(of: _Subject, path: Path, call: CallSpec, effect: Effect) -> Iterator[CatalogueError]:
    operation = of.operations.get(call.operation)
    if operation is None:
        yield _unknown(
            of.document, [*path, "operation"], f"operation {call.operation!r}", sorted(of.operations)
        )
        return
    if (operation.effect is Effect.WRITE) != (effect is Effect.WRITE):
        message = f"{call.operation} is a {operation.effect}, this is a {effect}"
        yield of.document.error([*path, "operation"], message, remedy="choose another operation")
    yield from _arguments(of, path, call, operation)
    yield from _expressions(of, path, call, operation)


def _arguments(of: _Subject, path: Path, call: CallSpec, operation: Operation) -> Iterator[CatalogueError]:
    for name, expression in call.arguments.items():
        here = [*path, "arguments", name]
        if name not in operation.parameters:
            yield _unknown(of.document, here, f"parameter {name!r}", sorted(operation.parameters))
        yield from _names(
            of.document, here, expression, _ALWAYS | set(of.service.slots), None, expression=True
        )
    for name, parameter in operation.parameters.items():
        if not parameter.optional and name not in call.arguments:
            message = f"{operation.name} needs the parameter {name!r} ({parameter.says})"
            yield of.document.error([*path, "arguments"], message, remedy=f"add `{name}: …`")


def _expressions(of: _Subject, path: Path, call: CallSpec, operation: Operation) -> Iterator[CatalogueError]:
    known = {"row"} | set(of.service.slots)
    for key in ("keep", "order"):
        expression = getattr(call, key)
        if expression is not None:
            yield from _names(of.document, [*path, key], expression, known, operation, expression=True)


def _templates(of: _Subject, at: Path, way: Procedure) -> Iterator[CatalogueError]:
    operation = of.operations.get(way.call.operation) if way.call is not None else None
    slots = set(of.service.slots)
    before = slots | {"written"}
    after = slots | set(way.lookups) | (_AFTER_HANDOVER if way.effect is Effect.HANDOVER else _AFTER_CALL)
    reply = way.reply
    texts: list[tuple[Path, str | None, set[str]]] = [
        (["confirm"], way.confirm, before | set(way.lookups)),
        (["reply", "ok"], reply.ok, after),
        (["reply", "empty"], reply.empty, after),
        (["reply", "failed"], reply.failed, before | {"number"}),
        (["reply", "message"], reply.message, slots | _IN_MESSAGE),
        *((["reply", "refused", reason], text, before) for reason, text in reply.refused.items()),
    ]
    if way.card is not None:
        texts.append((["card", "title"], way.card.title, after))
        texts += [(["card", "row", key], text, after) for key, text in way.card.row.items()]
    for path, text, known in texts:
        if text is not None:
            yield from _names(of.document, [*at, *path], text, known, operation)


def _slots(of: _Subject) -> Iterator[CatalogueError]:
    asking = set(of.service.slots) | {"written"}
    for name, slot in of.service.slots.items():
        at: Path = ["slots", name]
        texts: list[tuple[Path, str | None, set[str]]] = [
            (["ambiguous"], slot.ambiguous, asking | {"options"}),
            (["option"], slot.option, {"value", "row"}),
        ]
        if slot.prompts is not None:
            forms = ("first", "again", "help")
            texts += [(["prompts", form], getattr(slot.prompts, form), asking) for form in forms]
        for path, text, known in texts:
            if text is not None:
                yield from _names(of.document, [*at, *path], text, known, None)
        if slot.picks is not None:
            yield from _call(of, [*at, "picks"], slot.picks, Effect.READ)
            operation = of.operations.get(slot.picks.operation)
            value, option = [*at, "picks", "value"], [*at, "picks", "option"]
            yield from _names(of.document, value, slot.picks.value, {"row"}, operation, expression=True)
            yield from _names(of.document, option, slot.picks.option, {"row"}, operation)
            if slot.picks.unsure is not None:
                unsure = [*at, "picks", "unsure"]
                yield from _names(of.document, unsure, slot.picks.unsure, {"row"}, operation, expression=True)


def _names(
    document: Document,
    path: Path,
    text: str,
    known: set[str] | frozenset[str],
    operation: Operation | None,
    *,
    expression: bool = False,
) -> Iterator[CatalogueError]:
    try:
        variables = expression_variables(text) if expression else template_variables(text)
    except TemplateFault as fault:
        yield document.error(path, f"does not parse: {fault}", remedy="see docs/add-a-service.md")
        return
    for variable in sorted(variables, key=lambda one: (one.name, one.attribute or "")):
        if variable.name not in known:
            yield _unknown(document, path, f"variable {variable.name!r}", sorted(known))
        elif _no_such_field(variable, operation):
            fields = sorted(operation.row) if operation is not None else []
            yield _unknown(document, path, f"row field {variable.attribute!r}", fields)


def _no_such_field(variable: Variable, operation: Operation | None) -> bool:
    return (
        variable.name == "row"
        and variable.attribute is not None
        and operation is not None
        and variable.attribute not in operation.row
    )


def _unknown(document: Document, path: Path, what: str, known: Sequence[str]) -> CatalogueError:
    return document.error(path, f"unknown {what}", remedy=f"one of: {', '.join(known) or 'none'}")
