"""How much of what must go masking finds, and how much of what it masks had to go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from donghaeng.measuring.masking_cases import MaskingCase

Found = tuple[int, int, str]
"""Start, end and kind of a masked stretch."""

EXCESS: Final = 2
"""Characters beside a piece that a mask may cover and still be right: a particle, a copula."""


@dataclass(slots=True)
class MaskingFigures:
    """Counts by kind, and each failure as a line."""

    wanted: Counter[str] = field(default_factory=Counter)
    gone: Counter[str] = field(default_factory=Counter)
    masked: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        """Pieces that went, of those that must."""
        return self.gone.total() / max(1, self.wanted.total())

    @property
    def precision(self) -> float:
        """Masks on a piece that must go, of all masks."""
        return self.right.total() / max(1, self.masked.total())


def measure_masking(
    cases: Sequence[MaskingCase], find: Callable[[str], Sequence[Found]], kinds: frozenset[str]
) -> MaskingFigures:
    """Score masked stretches against marked pieces.

    A piece is gone when every letter and digit of it is masked, whatever kind it was taken for. A mask is
    right when it lies on pieces that must go and covers at most :data:`EXCESS` letters or digits beside them.

    Args:
        cases: marked sentences.
        find: the masked stretches of a text.
        kinds: which kinds must go.
    """
    figures = MaskingFigures()
    for case in cases:
        found = find(case.text)
        masked = {at for start, end, _ in found for at in range(start, end)}
        private: set[int] = set()
        for piece in case.pieces:
            if piece.kind not in kinds:
                continue
            letters = _letters(case.text, piece.start, piece.end)
            private |= letters
            figures.wanted[piece.kind] += 1
            if letters <= masked:
                figures.gone[piece.kind] += 1
            else:
                figures.failures.append(f"left {piece.kind}: {_shown(case, piece.start, piece.end)}")
        for start, end, kind in found:
            covered = _letters(case.text, start, end)
            figures.masked[kind] += 1
            if covered & private and len(covered - private) <= EXCESS:
                figures.right[kind] += 1
            else:
                figures.failures.append(f"wrongly {kind}: {_shown(case, start, end)}")
    return figures


def _letters(text: str, start: int, end: int) -> set[int]:
    return {at for at in range(start, end) if text[at].isalnum()}


def _shown(case: MaskingCase, start: int, end: int) -> str:
    return f"{case.text[:start]}⟦{case.text[start:end]}⟧{case.text[end:]}"
