"""Chance without state: the same seed and words always give the same number."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

_SCALE = float(2**64)


def draw(*words: object) -> float:
    """A number in [0, 1), even over all words."""
    text = "\x1f".join(str(word) for word in words)
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest()) / _SCALE


def whole(low: int, high: int, *words: object) -> int:
    """A whole number from ``low`` to ``high``, both included."""
    return low + int(draw(*words) * (high - low + 1))


def pick(choices: Sequence[T], *words: object) -> T:
    """One of the choices."""
    return choices[int(draw(*words) * len(choices))]
