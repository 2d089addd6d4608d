"""Whether what was said and done is what a conversation test expects (CONTRACT 7, "Matching")."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

FREE_TEXT = frozenset({"item", "content", "need", "title", "person_name", "topic", "name", "where"})
"""Slots compared without spaces and particles."""

_PARTICLE = re.compile(r"(?:을|를|은|는|이|가|도|만|의|에|요)$")


def mismatch(expected: Any, actual: Any, path: str = "") -> str | None:
    """Why ``actual`` does not match ``expected``; None when it does."""
    if expected is None:
        return None if actual is None else f"{path}: expected null, got {_short(actual)}"
    if isinstance(expected, Mapping):
        return _mapping(expected, actual, path)
    if isinstance(expected, list):
        return _list(expected, actual, path)
    if _same(path.rpartition(".")[2], expected, actual):
        return None
    return f"{path}: expected {_short(expected)}, got {_short(actual)}"


def words_mismatch(expected: Sequence[str], said: str, path: str = "say") -> str | None:
    """Why ``said`` lacks (or has) the words: a string occurs, ``/…/`` is a regular expression, a leading
    ``!`` forbids."""
    for words in expected:
        forbidden = words.startswith("!")
        pattern = words.removeprefix("!")
        if _occurs(pattern, said) == forbidden:
            return f"{path}: {'must not hold' if forbidden else 'lacks'} {pattern!r}: {_short(said)}"
    return None


def _occurs(pattern: str, text: str) -> bool:
    if len(pattern) > 2 and pattern[0] == pattern[-1] == "/":
        return re.search(pattern[1:-1], text) is not None
    return pattern in text or pattern.replace(" ", "") in text.replace(" ", "")


def _mapping(expected: Mapping[str, Any], actual: Any, path: str) -> str | None:
    if not isinstance(actual, Mapping):
        return f"{path}: expected an object, got {_short(actual)}"
    for key, value in expected.items():
        below = f"{path}.{key}" if path else str(key)
        if key == "say" and isinstance(value, list):
            found = words_mismatch(value, str(actual.get(key, "")), below)
        elif key not in actual and value is not None:
            found = f"{below}: expected {_short(value)}, got nothing"
        else:
            found = mismatch(value, actual.get(key), below)
        if found is not None:
            return found
    return None


def _list(expected: list[Any], actual: Any, path: str) -> str | None:
    if not isinstance(actual, list):
        return f"{path}: expected a list, got {_short(actual)}"
    if not expected:
        return None if not actual else f"{path}: expected nothing, got {_short(actual)}"
    left = list(actual)
    for index, one in enumerate(expected):
        fitting = next((other for other in left if mismatch(one, other, f"{path}[{index}]") is None), None)
        if fitting is None:
            return f"{path}[{index}]: expected {_short(one)}, got {_short(actual)}"
        left.remove(fitting)
    return None


def _same(name: str, expected: Any, actual: Any) -> bool:
    if isinstance(expected, bool) or isinstance(actual, bool):
        return expected is actual
    one, other = _plain(expected), _plain(actual)
    if one == other:
        return True
    return name in FREE_TEXT and _PARTICLE.sub("", one) == _PARTICLE.sub("", other)


def _plain(value: Any) -> str:
    return re.sub(r"\s+", "", str(value))


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 200 else text[:200] + "…"
