"""Templates and expressions of service files: Jinja in a sandbox, with variables that can be listed.

A template gives *written* Korean. Particles are written with both forms ("정류장은(는)") and chosen after
rendering by how the word before is spoken (:mod:`donghaeng.korean.particles`).

What a file may write is listed here: filters, methods, loops. What is not listed is refused when the file is
read, so that no file can reach into the program or keep it busy.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from jinja2 import StrictUndefined, TemplateSyntaxError, Undefined, UndefinedError, nodes
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from donghaeng.errors import TemplateFault

MAX_TEXT = 4_000
"""Characters that one rendered template may have; a longer one is a mistake in the file."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A name that a template uses, with the attribute read from it if there is one."""

    name: str
    attribute: str | None = None


def _distance(metres: float) -> str:
    """How far something is, as one tells it: ``350m``, ``3km쯤``. Nobody counts single metres."""
    if metres >= 1_000:
        return f"{metres / 1_000:.0f}km쯤"
    return f"{max(10, round(metres / 10) * 10)}m"


def _won(value: Any) -> str:
    return f"{int(value):,}원"


_REQUESTS = ("신청", "신고", "예약", "접수")


def _requested(name: Any) -> str:
    """What a citizen requests of a service: "장애인 콜택시 신청"; a name that says so stays as it is."""
    return str(name) if str(name).endswith(_REQUESTS) else f"{name} 신청"


_FILTERS = ("abs", "default", "first", "float", "int", "join", "last", "length", "lower", "round", "upper")
_METHODS = frozenset({"get", "endswith", "items", "keys", "startswith", "values"})
_LOOPS_WITHIN_LOOPS = 2
_LARGEST_FACTOR = 1e12
_REFUSED: tuple[type[nodes.Node], ...] = (
    *(nodes.Macro, nodes.CallBlock, nodes.FilterBlock, nodes.Block, nodes.Extends, nodes.Include),
    *(nodes.Import, nodes.FromImport, nodes.ScopedEvalContextModifier),
)


class _Environment(ImmutableSandboxedEnvironment):
    """Numbers may be multiplied; words and lists may not, nor may anything be raised to a power."""

    intercepted_binops = frozenset({"*", "**", "%"})

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        for side in (left, right):
            if not isinstance(side, int | float) or abs(side) > _LARGEST_FACTOR:
                raise SecurityError(f"{operator!r} is for numbers up to {_LARGEST_FACTOR:.0e}")
        if operator == "**":
            raise SecurityError("'**' is not allowed")
        return super().call_binop(context, operator, left, right)


def _environment() -> _Environment:
    environment = _Environment(
        undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals.clear()
    environment.filters = {name: environment.filters[name] for name in _FILTERS} | {
        "won": _won,
        "distance": _distance,
        "requested": _requested,
    }
    return environment


_ENVIRONMENT = _environment()


def render(template: str, values: Mapping[str, Any]) -> str:
    """Render a template to written Korean, white space collapsed.

    Raises:
        TemplateFault: it does not parse, or a variable is missing.
    """
    try:
        text = _template(template).render(values)
    except (UndefinedError, SecurityError, TypeError, ValueError, ArithmeticError) as error:
        raise TemplateFault(str(error)) from None
    return " ".join(text[:MAX_TEXT].split())


def evaluate(expression: str, values: Mapping[str, Any]) -> Any:
    """The value of an expression such as ``stop.ars_id`` or ``row.open and row.distance_m < 2000``.

    Raises:
        TemplateFault: it does not parse, or a variable is missing.
    """
    try:
        value = _expression(expression)(**values)
        if isinstance(value, Undefined):
            raise TemplateFault(f"{expression!r} is not there")
        return value
    except (UndefinedError, SecurityError, TypeError, ValueError, ArithmeticError) as error:
        raise TemplateFault(str(error)) from None


def template_variables(template: str) -> frozenset[Variable]:
    """Every outside variable that a template reads.

    Raises:
        TemplateFault: it does not parse.
    """
    return frozenset(_variables(parse_template(template)))


def expression_variables(expression: str) -> frozenset[Variable]:
    """Every outside variable that an expression reads.

    Raises:
        TemplateFault: it does not parse.
    """
    return template_variables("{{ (" + expression + ") }}")


def parse_template(template: str) -> nodes.Template:
    """The syntax tree of a template in which nothing is refused.

    Raises:
        TemplateFault: it does not parse.
    """
    try:
        tree = _ENVIRONMENT.parse(template)
        _refuse(tree, loops=0)
    except TemplateSyntaxError as error:
        raise TemplateFault(error.message or "does not parse") from None
    except RecursionError:
        raise TemplateFault("is nested too deeply") from None
    return tree


def _refuse(node: nodes.Node, *, loops: int) -> None:
    """Refuse what a service file has no need of."""
    if isinstance(node, nodes.For):
        loops += 1
        if node.recursive or loops > _LOOPS_WITHIN_LOOPS:
            raise TemplateFault("loops within loops are too deep")
    if isinstance(node, _REFUSED):
        raise TemplateFault(f"{type(node).__name__.lower()} is not allowed")
    if isinstance(node, nodes.Filter) and node.name not in _ENVIRONMENT.filters:
        known = ", ".join(sorted(_ENVIRONMENT.filters))
        raise TemplateFault(f"unknown filter {node.name!r} (there are: {known})")
    if isinstance(node, nodes.Getattr) and node.attr.startswith("_"):
        raise TemplateFault(f"{node.attr!r} is not allowed")
    if isinstance(node, nodes.Call):
        called = node.node
        if not (isinstance(called, nodes.Getattr) and called.attr in _METHODS):
            raise TemplateFault(f"only these may be called: {', '.join(sorted(_METHODS))}")
    for child in node.iter_child_nodes():
        _refuse(child, loops=loops)


def _variables(tree: nodes.Template) -> Iterator[Variable]:
    local = {name.name for name in tree.find_all(nodes.Name) if name.ctx == "store"} | {"loop"}
    with_attribute = set()
    for attribute in tree.find_all(nodes.Getattr):
        if isinstance(attribute.node, nodes.Name) and attribute.node.name not in local:
            with_attribute.add(id(attribute.node))
            yield Variable(attribute.node.name, attribute.attr)
    for name in tree.find_all(nodes.Name):
        if name.ctx == "load" and name.name not in local and id(name) not in with_attribute:
            yield Variable(name.name)


@lru_cache(maxsize=4096)
def _template(template: str) -> Any:
    parse_template(template)
    try:
        return _ENVIRONMENT.from_string(template)
    except TemplateSyntaxError as error:
        raise TemplateFault(error.message or "does not parse") from None


@lru_cache(maxsize=4096)
def _expression(expression: str) -> Any:
    parse_template("{{ (" + expression + ") }}")
    try:
        return _ENVIRONMENT.compile_expression(expression, undefined_to_none=False)
    except TemplateSyntaxError as error:
        raise TemplateFault(error.message or "does not parse") from None
