"""The packages that Donghaeng needs, as they are installed here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageMetadata, PackageNotFoundError, distribution

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

ROOT = "donghaeng"


@dataclass(frozen=True, slots=True)
class Package:
    """One installed package."""

    name: str
    """Normalised (PEP 503): ``ruamel-yaml``."""
    version: str
    licence_expression: str | None
    """As the package states it in the standard field (PEP 639)."""
    licence_text: str | None
    """What it says in the older free field."""
    classifiers: tuple[str, ...]
    """Its licence classifiers, without ``License ::``."""
    summary: str
    needs: tuple[str, ...]
    """Names of the packages that it needs here."""


Find = Callable[[str], Distribution]
"""Name → what is installed under it; raises :class:`importlib.metadata.PackageNotFoundError`."""


def installed(
    root: str = ROOT, *, extras: frozenset[str] = frozenset(), find: Find = distribution
) -> list[Package]:
    """The package ``root`` and all that it needs, by name; what is not installed is left out.

    Args:
        root: where to begin.
        extras: optional parts of ``root`` that count too.
        find: looks a package up.
    """
    found: dict[str, Package] = {}
    waiting: list[tuple[str, frozenset[str]]] = [(canonicalize_name(root), extras)]
    asked: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        name, wanted = waiting.pop()
        if (name, wanted) in asked:
            continue
        asked.add((name, wanted))
        try:
            known = find(name)
        except PackageNotFoundError:
            continue
        needs = _needs(known, wanted)
        before = found[name].needs if name in found else ()
        found[name] = _package(name, known, tuple(sorted({*before, *needs})))
        waiting += needs.items()
    return [found[name] for name in sorted(found)]


def _needs(known: Distribution, extras: frozenset[str]) -> dict[str, frozenset[str]]:
    """What a package needs on this machine: names, with the optional parts that it asks for."""
    needs: dict[str, frozenset[str]] = {}
    for line in known.requires or ():
        try:
            requirement = Requirement(line)
        except InvalidRequirement:
            continue
        environments: list[Mapping[str, str]] = [{"extra": extra} for extra in extras] or [{"extra": ""}]
        marker = requirement.marker
        if marker is None or any(marker.evaluate(dict(one)) for one in environments):
            name: str = canonicalize_name(requirement.name)
            needs[name] = needs.get(name, frozenset()) | frozenset(requirement.extras)
    return needs


def _package(name: str, known: Distribution, needs: tuple[str, ...]) -> Package:
    metadata = known.metadata
    stated = [line for line in metadata.get_all("Classifier") or () if line.startswith("License :: ")]
    return Package(
        name=name,
        version=known.version,
        licence_expression=_said(metadata, "License-Expression"),
        licence_text=_said(metadata, "License"),
        classifiers=tuple(line.removeprefix("License :: ") for line in stated),
        summary=_said(metadata, "Summary") or "",
        needs=needs,
    )


def _said(metadata: PackageMetadata, field: str) -> str | None:
    said = metadata[field].strip() if field in metadata else ""
    return said if said not in ("", "UNKNOWN") else None
