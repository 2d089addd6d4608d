"""YAML files with the line of every key, so that an error can point at it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from donghaeng.errors import CatalogueError

MAX_FILE_BYTES = 512_000
"""A catalogue file above this is a mistake, not a service."""
MAX_VALUES = 20_000
"""Values in a file, its aliases followed: a small file can name millions by a few letters each."""
MAX_DEPTH = 60
"""Brackets within brackets; the parser's time grows with the square of their number."""
_SEPARATORS = (b"\n", b",", b"[", b"{", b"- ", b"? ")
_BRACKETS = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed YAML file. ``data`` holds plain dicts, lists and scalars."""

    file: Path
    data: Any
    _tree: Any

    def line(self, path: Sequence[str | int]) -> int:
        """Line (from 1) of the deepest part of ``path`` that exists in the file."""
        line = 1
        for node, key in _walk(self._tree, path):
            position = _position(node, key)
            if position is not None:
                line = position + 1
        return line

    def error(self, path: Sequence[str | int], message: str, *, remedy: str | None = None) -> CatalogueError:
        """An error that points at ``path``."""
        return CatalogueError(self.file, self.line(path), message, remedy=remedy)


def read_yaml(file: Path) -> Document:
    """Read one YAML document.

    Raises:
        CatalogueError: the file is absent, too big, not UTF-8 or not YAML.
    """
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise CatalogueError(file, 1, f"cannot be read: {error.strerror}") from None
    return parse_yaml(file, raw)


def read_model(file: Path, model: type[Model]) -> Model:
    """Read one YAML document into a model.

    Raises:
        CatalogueError: as :func:`read_yaml`; or the model refuses it, with the line and the keys to it.
    """
    document = read_yaml(file)
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        # A key that does not exist explains the one that is missing.
        problem = min(error.errors(), key=lambda one: one["type"] != "extra_forbidden")
        place = ".".join(str(part) for part in problem["loc"])
        message = problem["msg"].removeprefix("Value error, ")
        raise document.error(list(problem["loc"]), f"{place}: {message}" if place else message) from None


def parse_yaml(file: Path, raw: bytes) -> Document:
    """Read one YAML document from its bytes; errors name ``file``.

    Raises:
        CatalogueError: it is too big, not UTF-8 or not YAML.
    """
    if len(raw) > MAX_FILE_BYTES:
        raise CatalogueError(file, 1, f"is over {MAX_FILE_BYTES} bytes", remedy="split it")
    if sum(raw.count(mark) for mark in _SEPARATORS) > MAX_VALUES:
        # Before the parser, which takes a second for some thousands of values.
        raise CatalogueError(file, 1, f"has more than {MAX_VALUES} values", remedy="split it")
    if bracket_depth(raw) > MAX_DEPTH:
        raise CatalogueError(file, 1, f"has brackets within brackets more than {MAX_DEPTH} deep")
    try:
        tree = YAML(typ="rt").load(raw.decode("utf-8"))
        data = _plain(tree, [MAX_VALUES])
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise CatalogueError(file, line, "is not UTF-8", remedy="save it as UTF-8") from None
    except DuplicateKeyError as error:
        mark = error.problem_mark
        line = mark.line + 1 if mark is not None else 1
        raise CatalogueError(file, line, "the same key stands twice", remedy="remove one") from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark is not None else 1
        raise CatalogueError(file, line, f"is not YAML: {error.problem or error.context}") from None
    except (YAMLError, ValueError, RecursionError, LookupError, AttributeError, TypeError) as error:
        # The parser itself stumbles over some texts, a lone tag or a list that holds itself among them.
        raise CatalogueError(file, 1, f"is not YAML: {error}") from None
    return Document(file, data, tree)


def plain_of(tree: Any) -> Any:
    """The plain values of a parsed tree.

    Raises:
        ValueError: there are more than :data:`MAX_VALUES`.
    """
    return _plain(tree, [MAX_VALUES])


def bracket_depth(raw: bytes) -> int:
    """How deep brackets stand within brackets at most, those in texts counted as well."""
    deepest = depth = 0
    for step in map(_BRACKETS.get, raw):
        if step is not None:
            depth += step
            deepest = max(deepest, depth)
    return deepest


def _walk(tree: Any, path: Sequence[str | int]) -> Iterator[tuple[Any, str | int]]:
    node = tree
    for key in path:
        try:
            deeper = node[key]
        except (KeyError, IndexError, TypeError):
            return
        yield node, key
        node = deeper


def _position(node: Any, key: str | int) -> int | None:
    marks = getattr(node, "lc", None)
    if marks is None:
        return None
    try:
        found = marks.key(key) if isinstance(node, dict) else marks.item(key)
    except (KeyError, AttributeError, TypeError):
        return None
    # A flow mapping without braces, as in ``[a, b: c]``, has no places.
    return None if found is None else int(found[0])


def _plain(node: Any, budget: list[int]) -> Any:
    """Plain values of a tree; ``budget`` is how many more there may be."""
    budget[0] -= 1
    if budget[0] < 0:
        raise ValueError(f"more than {MAX_VALUES} values")
    if isinstance(node, dict):
        return {str(key): _plain(value, budget) for key, value in node.items()}
    if isinstance(node, list):
        return [_plain(value, budget) for value in node]
    if isinstance(node, bool) or node is None:
        return node
    for kind in (str, int, float):
        if isinstance(node, kind):
            return kind(node)
    return str(node)
