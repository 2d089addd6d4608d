"""Tables of a city that somebody gives for the next run of a case, checked row by row, kept until it ends."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from donghaeng.errors import InputError
from donghaeng.tower.cases.freeze_tables import FREEZE_COLUMNS, METER_COLUMNS, WEATHER_COLUMNS
from donghaeng.tower.cases.help_desks import POPULATION_COLUMNS
from donghaeng.tower.sheets import Column, Rows, Skipped

TABLES: Final[Mapping[str, Mapping[str, tuple[str, Sequence[Column]]]]] = {
    "water_meter_freeze": {
        "meters": ("계량기", METER_COLUMNS),
        "freezes": ("동파", FREEZE_COLUMNS),
        "weather": ("기온", WEATHER_COLUMNS),
    },
    "digital_exclusion": {"population": ("인구", POPULATION_COLUMNS)},
}
"""Title and columns of each table that a case takes."""


@dataclass(frozen=True, slots=True)
class Given:
    """A table as it was checked."""

    table: str
    title: str
    file: str
    read: int
    left_out: int
    skipped: tuple[Skipped, ...]


class GivenTables:
    """Of every person and case, in a folder that ends with the run.

    Args:
        folder: nothing else is in it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._given: dict[tuple[str, str], dict[str, tuple[Given, Path]]] = {}
        # What an earlier process left behind belongs to nobody.
        shutil.rmtree(folder, ignore_errors=True)

    def of(self, case: str, by: str) -> list[Given]:
        """What somebody has given for a case."""
        return [given for given, _ in self._given.get((case, by), {}).values()]

    def take(self, case: str, table: str, file: str, data: bytes, *, by: str) -> Given:
        """Check a table and keep it for this person's next run; it takes the place of one given before.

        Raises:
            InputError: the case takes no such table, or no row of it can be used.
        """
        known = TABLES.get(case, {}).get(table)
        if known is None:
            raise InputError("이 사례가 받는 표가 아니에요")
        title, columns = known
        folder = self._folder / by / case
        # Its ending says how it is read; nothing else of the name is kept.
        path = folder / f"{table}{Path(file).suffix[-8:].lower()}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        except OSError as error:
            raise InputError(f"{folder}: {error.strerror}", remedy="see DONGHAENG_DATA") from None
        rows = Rows(path, columns)
        for _ in rows:
            pass
        if rows.read == rows.left_out:
            raise InputError("쓸 수 있는 줄이 하나도 없어요")
        given = Given(table, title, Path(file).name[-100:], rows.read, rows.left_out, tuple(rows.skipped))
        self._given.setdefault((case, by), {})[table] = (given, path)
        return given

    def paths(self, case: str, by: str) -> dict[str, Path]:
        """Files for a run, by the table's name.

        Raises:
            InputError: some are given and others are missing.
        """
        given = self._given.get((case, by), {})
        missing = [title for name, (title, _) in TABLES.get(case, {}).items() if name not in given]
        if given and missing:
            raise InputError(f"표가 모자라요: {', '.join(missing)}")
        return {name: path for name, (_, path) in given.items()}

    def drop(self, case: str, by: str) -> None:
        """Forget what somebody gave for a case."""
        self._given.pop((case, by), None)
        shutil.rmtree(self._folder / by / case, ignore_errors=True)
