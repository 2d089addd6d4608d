"""Templates and expressions of service files: Jinja in a sandbox, with variables that can be listed.

A template gives *written* Korean. Particles are written with both forms ("정류장은(는)") and chosen after
rendering by how the word before is spoken (:mod:`donghaeng.korean.particles`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from jinja2 import StrictUndefined, TemplateSyntaxError, UndefinedError, nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from donghaeng.errors import TemplateFault

MAX_TEXT = 4_000
"""Characters that one rendered template may have; a longer one is a mistake in the file."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A name that a template uses, with the attribute read from it if there is one."""

    name: str
    attribute: str | None = None


def _won(value: Any) -> str:
    return f"{int(value):,}원"


def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals.clear()
    environment.filters["won"] = _won
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
        return _expression(expression)(**values)
    except (UndefinedError, SecurityError, TypeError, ValueError, ArithmeticError) as error:
        raise TemplateFault(str(error)) from None


def template_variables(template: str) -> frozenset[Variable]:
    """Every outside variable that a template reads.

    Raises:
        TemplateFault: it does not parse.
    """
    try:
        tree = _ENVIRONMENT.parse(template)
    except TemplateSyntaxError as error:
        raise TemplateFault(error.message or "does not parse") from None
    return frozenset(_variables(tree))


def expression_variables(expression: str) -> frozenset[Variable]:
    """Every outside variable that an expression reads.

    Raises:
        TemplateFault: it does not parse.
    """
    return template_variables("{{ (" + expression + ") }}")


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
    try:
        return _ENVIRONMENT.from_string(template)
    except TemplateSyntaxError as error:
        raise TemplateFault(error.message or "does not parse") from None


@lru_cache(maxsize=4096)
def _expression(expression: str) -> Any:
    try:
        return _ENVIRONMENT.compile_expression(expression, undefined_to_none=False)
    except TemplateSyntaxError as error:
        raise TemplateFault(error.message or "does not parse") from None
