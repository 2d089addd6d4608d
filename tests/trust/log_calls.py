"""Finds in source code what a log line could tell of a person, and calls that a reader could not judge."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from donghaeng.trust.logging import ALLOWED

LOGGERS = {"_log", "log", "logger"}
LEVELS = {"debug", "info", "warning", "error", "exception", "critical", "bind"}
CONTEXT = {"bind_contextvars", "bound_contextvars"}
OWN = {"exc_info"}
PERSONAL = {
    *("text", "say", "said", "heard", "words", "utterance", "alternatives", "transcript", "hearing"),
    *("arguments", "slots", "receipt", "address", "phone", "number", "email", "token", "location"),
    *("private", "sealed", "password", "key", "secret", "body", "params", "headers", "message", "args"),
    *("home_district", "person_name", "birth", "shown_name", "question", "answer", "reply"),
}  # fmt: skip
"""Names of attributes and variables that hold, or may hold, what somebody said or who they are."""


def violations(source: str) -> list[str]:
    """Each as ``line: what is wrong``."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and _is_log_call(node):
            found += [(node.lineno, what) for what in _wrong(node)]
    return [f"{line}: {what}" for line, what in sorted(found)]


def may_hold_persons(name: str) -> bool:
    """Whether a field's name says that its value is personal: it has a ``pii`` segment."""
    return "pii" in name.split("_")


def _is_log_call(call: ast.Call) -> bool:
    function = call.func
    if isinstance(function, ast.Name):
        return function.id in CONTEXT
    if not isinstance(function, ast.Attribute):
        return False
    if function.attr in CONTEXT:
        return True
    owner = function.value
    name = owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")
    called = isinstance(owner, ast.Call) and getattr(owner.func, "attr", "") == "get_logger"
    return function.attr in LEVELS and (name in LOGGERS or called)


def _wrong(call: ast.Call) -> Iterator[str]:
    if len(call.args) > 1:
        yield "values are fields, not arguments of a format"
    if call.args and not _is_static(call.args[0]):
        yield "the message is made up at run time"
    for field in call.keywords:
        if field.arg is None:
            yield "fields that nobody can read here (**)"
        elif may_hold_persons(field.arg) or field.arg in OWN:
            continue
        elif field.arg not in ALLOWED:
            yield f"{field.arg} is not on the list of fields"
        else:
            yield from (f"{field.arg} takes {name}" for name in _personal_in(field.value))


def _is_static(node: ast.expr) -> bool:
    if isinstance(node, ast.IfExp):
        return _is_static(node.body) and _is_static(node.orelse)
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _personal_in(value: ast.expr) -> list[str]:
    """Names in a field's value under which persons stand; of ``type(x)`` and ``len(x)`` only the class or the
    count is told."""
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id in {"type", "len"}:
        return []
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id in {"str", "repr"}:
        return [f"{value.func.id}() of something"]
    if isinstance(value, ast.JoinedStr):
        return [name for part in value.values for name in _personal_in(part)]
    if isinstance(value, ast.FormattedValue):
        return _personal_in(value.value)
    if isinstance(value, ast.Attribute):
        return [value.attr] if value.attr in PERSONAL else []
    if isinstance(value, ast.Name):
        return [value.id] if value.id in PERSONAL else []
    if isinstance(value, ast.Subscript) and isinstance(value.slice, ast.Constant):
        return [str(value.slice.value)] if value.slice.value in PERSONAL else []
    parts = [child for child in ast.iter_child_nodes(value) if isinstance(child, ast.expr)]
    return [name for part in parts for name in _personal_in(part)]
