"""Licences of packages held against the policy in ``licences.yaml`` beside this module."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

from license_expression import ExpressionError, LicenseSymbol, Licensing, get_spdx_licensing
from pydantic import BaseModel, ConfigDict
from ruamel.yaml import YAML

from donghaeng.trust.supply.components import ROOT, Package

UNKNOWN: Final = "NOASSERTION"
"""SPDX's word for a licence that nothing tells."""


class Exemption(BaseModel):
    """A licence that is allowed for one package alone."""

    model_config = ConfigDict(extra="forbid")

    package: str
    licence: str
    why: str


class Policy(BaseModel):
    """The file ``licences.yaml``."""

    model_config = ConfigDict(extra="forbid")

    allowed: frozenset[str]
    with_reason: tuple[Exemption, ...]
    classifiers: dict[str, str]
    words: dict[str, str]
    packages: dict[str, str]


@dataclass(frozen=True, slots=True)
class Judged:
    """One package: its licence as an SPDX expression, and whether the policy lets it in."""

    package: Package
    licence: str
    allowed: bool
    why: str = ""
    """The reason where it is let in as an exemption."""


@lru_cache(maxsize=1)
def load_policy() -> Policy:
    """The policy that comes with the program."""
    text = files(__package__).joinpath("licences.yaml").read_text(encoding="utf-8")
    return Policy.model_validate(YAML(typ="safe").load(text))


def licence_of(package: Package, policy: Policy) -> str:
    """The licence of a package as an SPDX expression, from the first that tells: the policy's own word, the
    standard field, the free field, the classifiers (several mean that all hold); else :data:`UNKNOWN`."""
    if package.name in policy.packages:
        return policy.packages[package.name]
    if package.licence_expression is not None:
        return package.licence_expression
    if package.licence_text is not None:
        word = policy.words.get(package.licence_text.casefold()) or _expression(package.licence_text)
        if word is not None:
            return word
    told = sorted({policy.classifiers[one] for one in package.classifiers if one in policy.classifiers})
    return " AND ".join(told) or UNKNOWN


def judge(packages: Iterable[Package], policy: Policy) -> list[Judged]:
    """Every package but Donghaeng's own, with whether its licence is allowed."""
    return [_judged(package, policy) for package in packages if package.name != ROOT]


def _judged(package: Package, policy: Policy) -> Judged:
    licence = licence_of(package, policy)
    exempt = {one.licence: one.why for one in policy.with_reason if one.package == package.name}
    if _holds(licence, policy.allowed):
        return Judged(package, licence, allowed=True)
    if _holds(licence, policy.allowed | exempt.keys()):
        return Judged(package, licence, allowed=True, why="; ".join(exempt.values()))
    return Judged(package, licence, allowed=False)


@lru_cache(maxsize=1)
def _spdx() -> Licensing:
    return get_spdx_licensing()


def _expression(text: str) -> str | None:
    """The text as an SPDX expression; None where it is none."""
    try:
        parsed = _spdx().parse(text, validate=True)
    except ExpressionError:
        return None
    return None if parsed is None else str(parsed)


def _holds(expression: str, allowed: frozenset[str]) -> bool:
    """Whether one may use what is licensed so: of ``OR`` one part is enough, of ``AND`` all are needed."""
    try:
        parsed = _spdx().parse(expression, validate=True)
    except ExpressionError:
        return False
    return parsed is not None and _allows(parsed, allowed)


def _allows(parsed: Any, allowed: frozenset[str]) -> bool:
    if isinstance(parsed, _spdx().OR):
        return any(_allows(part, allowed) for part in parsed.args)
    if isinstance(parsed, _spdx().AND):
        return all(_allows(part, allowed) for part in parsed.args)
    return isinstance(parsed, LicenseSymbol) and parsed.key in allowed
