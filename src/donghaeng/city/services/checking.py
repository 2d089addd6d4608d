"""Checks of service files that a schema cannot make: names that must exist elsewhere.

Each finding has file, line and remedy. `donghaeng services check` prints them all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from donghaeng.city.operations import Effect, Operation
from donghaeng.city.services.definition import CallSpec, ServiceDefinition
from donghaeng.city.services.loading import TESTS_FILE, Catalogue
from donghaeng.city.services.positions import Document
from donghaeng.city.services.templates import Variable, expression_variables, template_variables
from donghaeng.errors import CatalogueError, TemplateFault

Path = Sequence[str | int]

_ALWAYS = frozenset({"now", "today", "here", "home_district"})
"""Variables of every argument."""
_AFTER_CALL = frozenset({"rows", "row", "receipt", "written", "home_district"})
_AFTER_HANDOVER = frozenset({"position", "state", "written"})


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
    findings = [*_calls(service, document, operations), *_templates(service, document, operations)]
    for reason, slot in service.reply.again.items() if service.reply is not None else ():
        if slot not in service.slots:
            path = ["reply", "again", reason]
            findings.append(_unknown(document, path, f"slot {slot!r}", sorted(service.slots)))
    return findings


def _calls(
    service: ServiceDefinition, document: Document, operations: Mapping[str, Operation]
) -> Iterator[CatalogueError]:
    named: list[tuple[Path, CallSpec, Effect]] = [
        (["lookups", name], spec, Effect.READ) for name, spec in service.lookups.items()
    ]
    if service.call is not None:
        named.append((["call"], service.call, service.effect))
    for path, call, effect in named:
        operation = operations.get(call.operation)
        if operation is None:
            yield _unknown(
                document, [*path, "operation"], f"operation {call.operation!r}", sorted(operations)
            )
            continue
        if (operation.effect is Effect.WRITE) != (effect is Effect.WRITE):
            message = f"{call.operation} is a {operation.effect}, this is a {effect}"
            yield document.error([*path, "operation"], message, remedy="choose another operation")
        yield from _arguments(service, document, path, call, operation)
        yield from _expressions(service, document, path, call, operation)


def _arguments(
    service: ServiceDefinition, document: Document, path: Path, call: CallSpec, operation: Operation
) -> Iterator[CatalogueError]:
    for name, expression in call.arguments.items():
        here = [*path, "arguments", name]
        if name not in operation.parameters:
            yield _unknown(document, here, f"parameter {name!r}", sorted(operation.parameters))
        yield from _names(document, here, expression, _ALWAYS | set(service.slots), None, expression=True)
    for name, parameter in operation.parameters.items():
        if not parameter.optional and name not in call.arguments:
            message = f"{operation.name} needs the parameter {name!r} ({parameter.says})"
            yield document.error([*path, "arguments"], message, remedy=f"add `{name}: …`")


def _expressions(
    service: ServiceDefinition, document: Document, path: Path, call: CallSpec, operation: Operation
) -> Iterator[CatalogueError]:
    known = {"row"} | set(service.slots)
    for key in ("keep", "order"):
        expression = getattr(call, key)
        if expression is not None:
            yield from _names(document, [*path, key], expression, known, operation, expression=True)


def _templates(
    service: ServiceDefinition, document: Document, operations: Mapping[str, Operation]
) -> Iterator[CatalogueError]:
    operation = operations.get(service.call.operation) if service.call is not None else None
    slots = set(service.slots)
    lookups = set(service.lookups)
    after = slots | lookups | (_AFTER_HANDOVER if service.effect is Effect.HANDOVER else _AFTER_CALL)
    texts: list[tuple[Path, str | None, set[str]]] = [
        (["confirm"], service.confirm, slots | lookups | {"written"})
    ]
    if (reply := service.reply) is not None:
        texts += [
            (["reply", "ok"], reply.ok, after),
            (["reply", "empty"], reply.empty, after),
            (["reply", "failed"], reply.failed, slots | {"written", "number"}),
        ]
        texts += [
            (["reply", "refused", reason], text, slots | {"written"})
            for reason, text in reply.refused.items()
        ]
    for name, slot in service.slots.items():
        asking = slots | {"written"}
        if slot.prompts is not None:
            for form in ("first", "again", "help"):
                texts.append((["slots", name, "prompts", form], getattr(slot.prompts, form), asking))
        texts.append((["slots", name, "ambiguous"], slot.ambiguous, asking | {"options"}))
        texts.append((["slots", name, "option"], slot.option, {"value", "row"}))
    if service.card is not None:
        texts.append((["card", "title"], service.card.title, after))
        texts += [(["card", "row", key], text, after) for key, text in service.card.row.items()]
    for path, text, known in texts:
        if text is not None:
            yield from _names(document, path, text, known, operation)


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
