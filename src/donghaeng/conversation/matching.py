"""Whether what was said and done is what a conversation test expects (CONTRACT 7, "Matching")."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

FREE_TEXT = frozenset(
    {"app", "content", "course", "facility", "item", "library", "name", "need", "person_name", "program"}
    | {"question", "specialty", "title", "topic", "where"}
)
"""Slots compared without spaces and particles."""

_PARTICLE = re.compile(
    r"(?<=[가-힣A-Za-z0-9])(?:에서|에게|한테|으로|이랑|하고|부터|까지|이요|을|를|은|는|이|가|도|만|의|에|와|과|랑|로|요)$"
)


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One expectation that does not hold."""

    path: str
    """Where in the reply object: ``slots.date``."""
    expected: str
    got: str

    def __str__(self) -> str:
        return f"{self.path}: expected {self.expected}, got {self.got}"


def mismatch(expected: Any, actual: Any, path: str = "") -> str | None:
    """The first reason why ``actual`` does not match ``expected``; None when it does."""
    found = next(mismatches(expected, actual, path), None)
    return None if found is None else str(found)


def mismatches(expected: Any, actual: Any, path: str = "") -> Iterator[Mismatch]:
    """Every reason why ``actual`` does not match ``expected``: the named fields of an object, each expected
    element of a list a different actual one, anything else as text."""
    if expected is None:
        if actual is not None:
            yield Mismatch(path, "null", _short(actual))
    elif isinstance(expected, Mapping):
        yield from _mapping(expected, actual, path)
    elif isinstance(expected, list):
        yield from _list(expected, actual, path)
    elif not _same(path.rpartition(".")[2], expected, actual):
        yield Mismatch(path, _short(expected), _short(actual))


def words_mismatch(expected: Sequence[str], said: str, path: str = "say") -> str | None:
    """The first reason why ``said`` lacks (or has) the words."""
    found = next(words_mismatches(expected, said, path), None)
    return None if found is None else str(found)


def words_mismatches(expected: Sequence[str], said: str, path: str = "say") -> Iterator[Mismatch]:
    """Each string that does not occur: ``/…/`` is a regular expression, a leading ``!`` forbids."""
    for words in expected:
        forbidden = words.startswith("!")
        pattern = words.removeprefix("!")
        if _occurs(pattern, said) == forbidden:
            yield Mismatch(path, f"{'nowhere' if forbidden else 'the words'} {pattern!r}", _short(said))


def _occurs(pattern: str, text: str) -> bool:
    if len(pattern) > 2 and pattern[0] == pattern[-1] == "/":
        return re.search(pattern[1:-1], text) is not None
    return pattern in text


def _mapping(expected: Mapping[str, Any], actual: Any, path: str) -> Iterator[Mismatch]:
    if not isinstance(actual, Mapping):
        yield Mismatch(path, f"an object {_short(dict(expected))}", _short(actual))
        return
    for key, value in expected.items():
        below = f"{path}.{key}" if path else str(key)
        if key == "say":
            words = [value] if isinstance(value, str) else value or []
            yield from words_mismatches(words, str(actual.get(key, "")), below)
        elif key not in actual and value is not None:
            yield Mismatch(below, _short(value), "nothing")
        else:
            yield from mismatches(value, actual.get(key), below)


def _list(expected: list[Any], actual: Any, path: str) -> Iterator[Mismatch]:
    if not isinstance(actual, list):
        yield Mismatch(path, f"a list {_short(expected)}", _short(actual))
        return
    if not expected:
        if actual:
            yield Mismatch(path, "an empty list", _short(actual))
        return
    for index in _unmatched(expected, actual):
        yield Mismatch(f"{path}[{index}]", _short(expected[index]), _short(actual))


def _unmatched(expected: list[Any], actual: list[Any]) -> list[int]:
    """Expected elements without an actual one of their own, in the assignment that serves the most."""
    fits = [
        [at for at, other in enumerate(actual) if mismatch(one, other, f"[{index}]") is None]
        for index, one in enumerate(expected)
    ]
    taken: dict[int, int] = {}

    def assign(index: int, tried: set[int]) -> bool:
        for at in fits[index]:
            if at in tried:
                continue
            tried.add(at)
            if at not in taken or assign(taken[at], tried):
                taken[at] = index
                return True
        return False

    return [index for index in range(len(expected)) if not assign(index, set())]


def _same(name: str, expected: Any, actual: Any) -> bool:
    if isinstance(expected, bool) or isinstance(actual, bool):
        return expected is actual
    one, other = _plain(expected), _plain(actual)
    if one == other:
        return True
    return name in FREE_TEXT and actual is not None and _bare(expected) == _bare(actual)


def _plain(value: Any) -> str:
    return re.sub(r"\s+", "", str(value))


def _bare(value: Any) -> str:
    """Without spaces, and without the particle of each word."""
    return "".join(_PARTICLE.sub("", word) for word in str(value).split())


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 200 else text[:200] + "…"
