"""Reads ``catalogue/cases/*/case.yaml``, with the line of whatever is wrong."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from donghaeng.city.services.positions import Document, read_yaml
from donghaeng.errors import CatalogueError, InputError
from donghaeng.tower.cases.package import ASSUMPTIONS_FILE, CASE_FILE, CasePackage, Line

FOLDER: Final = "cases"
DEPARTMENTS_FILE: Final = "departments.yaml"
_DEPARTMENTS: Final = TypeAdapter(tuple[Line, ...])


@dataclass(frozen=True, slots=True)
class LoadedCase:
    """A case and what stands beside it."""

    package: CasePackage
    folder: Path
    version: str
    """Hash of its files: a run belongs to one version."""
    assumptions: Mapping[str, Any] = field(default_factory=dict, repr=False)


def load_cases(catalogue: Path) -> dict[str, LoadedCase]:
    """Every case by its id.

    Raises:
        CatalogueError: the first thing that is wrong, with file and line.
    """
    files = sorted((catalogue / FOLDER).glob(f"*/{CASE_FILE}"))
    return {file.parent.name: load_case(file.parent) for file in files}


def find_case(catalogue: Path, name: str) -> LoadedCase:
    """One case.

    Raises:
        InputError: there is none of that name.
        CatalogueError: its file is wrong.
    """
    folder = catalogue / FOLDER / name
    known = {file.parent.name for file in (catalogue / FOLDER).glob(f"*/{CASE_FILE}")}
    if name not in known:
        raise InputError(f"no data case {name}", remedy="see donghaeng cases list")
    return load_case(folder)


def load_departments(catalogue: Path) -> tuple[str, ...]:
    """The departments that look at cases and use them, in the order of their file; none where it is absent.

    Raises:
        CatalogueError: the file is no list of names.
    """
    file = catalogue / FOLDER / DEPARTMENTS_FILE
    if not file.is_file():
        return ()
    document = read_yaml(file)
    try:
        return _DEPARTMENTS.validate_python(document.data)
    except ValidationError as error:
        raise _located(document, error) from None


def load_case(folder: Path) -> LoadedCase:
    """The case of a folder.

    Raises:
        CatalogueError: its file is wrong.
    """
    document = read_yaml(folder / CASE_FILE)
    try:
        package = CasePackage.model_validate(document.data)
    except ValidationError as error:
        raise _located(document, error) from None
    if package.id != folder.name:
        raise document.error(
            ["id"], f"id {package.id!r} is not its folder's name", remedy=f"id: {folder.name}"
        )
    digest = hashlib.sha256((folder / CASE_FILE).read_bytes())
    assumptions: Mapping[str, Any] = {}
    beside = folder / ASSUMPTIONS_FILE
    if beside.is_file():
        stated = read_yaml(beside)
        if not isinstance(stated.data, dict):
            raise stated.error([], "is not a mapping", remedy="write `name: value` lines")
        assumptions = stated.data
        digest.update(beside.read_bytes())
    return LoadedCase(package, folder, digest.hexdigest()[:16], assumptions)


def _located(document: Document, error: ValidationError) -> CatalogueError:
    first = error.errors()[0]
    place = list(first["loc"])
    named = ".".join(str(part) for part in place) or "case"
    return document.error(place, f"{named}: {first['msg'].removeprefix('Value error, ')}")
