"""What no event tells: seconds and confidences of a process, kept as sketches until they are written.

Only numbers come in; which conversation they are of is never known here.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Final, Literal

from donghaeng.tower.figures.folding import Cell, hour_of
from donghaeng.tower.figures.sketch import bucket

Measure = Literal["turn_seconds", "first_sound", "confidence"]
MOST_CELLS: Final = 20_000
"""Of a process whose database is away: what is measured then beyond this is lost."""


class Meter:
    """Measurements of one process by hour. Any thread may add."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._cells: Counter[Cell] = Counter()

    def add(self, measure: Measure, value: float) -> None:
        """Note one value ≥ 0; what is no such number is left out."""
        try:
            cell = Cell(hour_of(self._clock()), measure, "bucket", bucket(value))
        except ValueError:
            return
        with self._lock:
            if cell in self._cells or len(self._cells) < MOST_CELLS:
                self._cells[cell] += 1

    def take(self) -> Counter[Cell]:
        """All that was noted since the last time; it is forgotten here."""
        with self._lock:
            taken, self._cells = self._cells, Counter()
        return taken

    def give_back(self, cells: Counter[Cell]) -> None:
        """What could not be written after all."""
        with self._lock:
            self._cells.update(cells)
