"""Reads ``catalogue/knowledge/*.yaml``: one topic a file, or several, with what its passages share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from donghaeng.city.services.positions import Document, read_yaml
from donghaeng.errors import CatalogueError
from donghaeng.knowledge.passages import Passage

_KEYS = frozenset({"topic", "shared", "passages"})
_SHARED = frozenset(
    {"document", "section", "department", "source", "url", "issued", "valid_from", "valid_until", "verified"}
    | {"owner", "review_by"}
)


def load_passages(folder: Path) -> tuple[Passage, ...]:
    """Every passage of a folder, files in the order of their names.

    Raises:
        CatalogueError: the first thing that is wrong, with file and line.
    """
    passages, errors = read_passages(folder)
    if errors:
        raise errors[0]
    return passages


def knowledge_sets(folder: Path) -> dict[str, frozenset[str]]:
    """The ids of the passages of each file of a folder, under the file's name without its ending.

    Raises:
        CatalogueError: the first thing that is wrong, with file and line.
    """
    return {
        file.stem: frozenset(str(entry["id"]) for entry in read_yaml(file).data["passages"] if "id" in entry)
        for file in sorted(folder.glob("*.yaml"))
    }


def load_sets(folder: Path) -> dict[str, tuple[Passage, ...]]:
    """Every passage of a folder, by the name of its file without its ending.

    Raises:
        CatalogueError: the first thing that is wrong, with file and line.
    """
    passages = {passage.id: passage for passage in load_passages(folder)}
    return {
        name: tuple(passages[one] for one in passages if one in ids)
        for name, ids in knowledge_sets(folder).items()
    }


def read_passages(folder: Path) -> tuple[tuple[Passage, ...], list[CatalogueError]]:
    """The passages that can be read, and everything that is wrong with the others."""
    found: dict[str, Passage] = {}
    errors: list[CatalogueError] = []
    for file in sorted(folder.glob("*.yaml")):
        try:
            document = read_yaml(file)
            passages = list(_passages(document))
        except CatalogueError as error:
            errors.append(error)
            continue
        for path, passage in passages:
            if isinstance(passage, CatalogueError):
                errors.append(passage)
            elif passage.id in found:
                message = f"id {passage.id!r} stands in another passage too"
                errors.append(document.error([*path, "id"], message, remedy="give each its own id"))
            else:
                found[passage.id] = passage
    return tuple(found.values()), errors


def _passages(document: Document) -> Iterator[tuple[list[str | int], Passage | CatalogueError]]:
    data = document.data
    if not isinstance(data, dict) or not isinstance(data.get("passages"), list):
        raise document.error([], "holds no passages", remedy="write `passages:` with a list under it")
    unknown = sorted(set(data) - _KEYS)
    if unknown:
        raise document.error([unknown[0]], f"unknown key {unknown[0]!r}", remedy=f"use {', '.join(_KEYS)}")
    shared = data.get("shared") or {}
    if not isinstance(shared, dict) or set(shared) - _SHARED:
        raise document.error(["shared"], "is not a mapping of these keys", remedy=", ".join(sorted(_SHARED)))
    common = {**shared, **({"topic": data["topic"]} if "topic" in data else {})}
    for index, entry in enumerate(data["passages"]):
        path: list[str | int] = ["passages", index]
        yield path, _passage(document, path, entry, common)


def _passage(
    document: Document, path: list[str | int], entry: Any, common: dict[str, Any]
) -> Passage | CatalogueError:
    if not isinstance(entry, dict):
        return document.error(path, "is not a mapping", remedy="start with `id: …`")
    try:
        return Passage.model_validate({**common, **entry})
    except ValidationError as error:
        problem = error.errors()[0]
        where = [part for part in problem["loc"] if not str(part).startswith("function-")]
        name = ".".join(str(part) for part in where) or "passage"
        message = f"{entry.get('id', index_of(path))}: {name}: {problem['msg'].removeprefix('Value error, ')}"
        return document.error([*path, *where], message, remedy=_REMEDIES.get(problem["type"]))


def index_of(path: list[str | int]) -> str:
    """How a passage without an id is named in a message."""
    return f"passage {int(path[-1]) + 1}"


_REMEDIES = {
    "extra_forbidden": "remove it",
    "missing": "add it to the passage or under `shared`",
    "string_pattern_mismatch": "write it as the schema says",
}
