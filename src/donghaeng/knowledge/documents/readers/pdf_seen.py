"""Which words of a PDF page nobody would see: they are written for machines that read it, not for people.

Left out are words drawn invisibly (text rendering modes 3 and 7, ISO 32000-1 table 106), in white where
nothing dark was painted before, smaller than a point, or off the page. Words under a picture, and what a form
of the page scales or moves, are not found out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import sqrt
from typing import Any, Final

from pypdf.generic import ArrayObject, TextStringObject

SMALLEST_POINTS: Final = 1.0
_PALE: Final = 0.95
_INVISIBLE: Final = (3, 7)
_SHOWS: Final = (b"Tj", b"TJ", b"'", b'"')
_FILLS: Final = (b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*")
_ENDS_PATH: Final = (*_FILLS, b"n", b"S", b"s")
_COLOURS: Final = (b"g", b"rg", b"k", b"sc", b"scn")
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class _Pen:
    is_pale: bool = False
    mode: int = 0
    size: float = 12.0


@dataclass(slots=True)
class Seen:
    """Follows the operators of one page and takes the words away that nobody would see.

    Args:
        page: its box: left, bottom, right, top.
    """

    page: Box
    _pen: _Pen = _Pen()
    _kept: list[_Pen] = field(default_factory=list)
    _forms: list[tuple[_Pen, int]] = field(default_factory=list)
    _path: list[Box] = field(default_factory=list)
    _dark: list[Box] = field(default_factory=list)

    def before(self, operator: bytes, operands: list[Any], cm: Sequence[float], tm: Sequence[float]) -> None:
        """``visitor_operand_before`` of pypdf: what is hidden is emptied before it is read."""
        numbers = [float(one) for one in operands if isinstance(one, int | float)]
        if operator == b"q":
            self._kept.append(self._pen)
        elif operator == b"Q" and self._kept:
            self._pen = self._kept.pop()
        elif operator == b"Do":
            self._forms.append((self._pen, len(self._kept)))
        elif operator in _COLOURS:
            self._pen = replace(self._pen, is_pale=_is_pale(numbers))
        elif operator == b"Tr" and numbers:
            self._pen = replace(self._pen, mode=int(numbers[0]))
        elif operator == b"Tf" and numbers:
            self._pen = replace(self._pen, size=numbers[-1])
        elif operator == b"re" and len(numbers) == 4:
            self._path.append(_box(numbers, cm))
        elif operator in _ENDS_PATH:
            if operator in _FILLS and not self._pen.is_pale and not self._forms:
                self._dark += self._path
            self._path = []
        elif operator in _SHOWS and operands and self._hides(_times(tm, cm)):
            operands[-1] = ArrayObject() if operator == b"TJ" else TextStringObject("")

    def after(self, operator: bytes, operands: list[Any], cm: Sequence[float], tm: Sequence[float]) -> None:
        """``visitor_operand_after`` of pypdf: what a form has set ends with it."""
        del operands, cm, tm
        if operator == b"Do" and self._forms:
            self._pen, depth = self._forms.pop()
            del self._kept[depth:]

    def _hides(self, at: Sequence[float]) -> bool:
        if self._pen.mode in _INVISIBLE:
            return True
        if self._forms:
            return self._pen.is_pale
        points = self._pen.size * sqrt(abs(at[0] * at[3] - at[1] * at[2]))
        outside = not _within(at, self.page)
        return (
            outside
            or abs(points) < SMALLEST_POINTS
            or (self._pen.is_pale and not any(_within(at, box) for box in self._dark))
        )


def _is_pale(numbers: Sequence[float]) -> bool:
    match len(numbers):
        case 1 | 3:
            return min(numbers) >= _PALE
        case 4:
            return max(numbers) <= 1 - _PALE
    return False


def _times(one: Sequence[float], other: Sequence[float]) -> tuple[float, ...]:
    a, b, c, d, e, f = one
    p, q, r, s, t, u = other
    return (
        a * p + b * r,
        a * q + b * s,
        c * p + d * r,
        c * q + d * s,
        e * p + f * r + t,
        e * q + f * s + u,
    )


def _box(numbers: Sequence[float], cm: Sequence[float]) -> Box:
    x, y, width, height = numbers
    corners = [_times((1, 0, 0, 1, *at), cm)[4:] for at in ((x, y), (x + width, y + height))]
    xs, ys = zip(*corners, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _within(at: Sequence[float], box: Box) -> bool:
    return box[0] <= at[4] <= box[2] and box[1] <= at[5] <= box[3]
