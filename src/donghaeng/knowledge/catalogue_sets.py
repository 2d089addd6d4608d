"""The catalogue's own passages as their owners see them: file by file, with owner and days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from donghaeng.knowledge.due import DUE_DAYS, Due, due_on
from donghaeng.knowledge.loading import load_sets
from donghaeng.knowledge.passages import Passage


@dataclass(frozen=True, slots=True)
class CatalogueSet:
    """The passages of one file of ``catalogue/knowledge``."""

    name: str
    """Of the file, without its ending."""
    passages: int
    verified: int
    departments: tuple[str, ...]
    owners: tuple[str, ...]
    """Who looks at them again."""
    review_by: date | None
    """The earliest day of a verified passage."""
    valid_until: date | None
    """The earliest last day of a verified passage."""
    standing: Due
    """The most urgent of its verified passages; what nobody hears is never due."""
    ownerless: int
    """Verified passages of which nobody is named who looks at them again, or no day."""


def catalogue_sets(folder: Path, today: date, days: int = DUE_DAYS) -> list[CatalogueSet]:
    """The files of ``catalogue/knowledge``, the most urgent first.

    Args:
        folder: with the files.
        today: the day on the city's calendar.
        days: how long before its day something is named as due.

    Raises:
        CatalogueError: a file is wrong.
    """
    stamps = tuple((file.name, file.stat().st_mtime_ns) for file in sorted(folder.glob("*.yaml")))
    found = [_set(name, passages, today, days) for name, passages in _loaded(folder, stamps).items()]
    return sorted(found, key=lambda one: (one.standing, one.review_by or date.max, one.name))


@lru_cache(maxsize=4)
def _loaded(folder: Path, stamps: tuple[tuple[str, int], ...]) -> Mapping[str, Sequence[Passage]]:
    del stamps  # with another one the files are read anew
    return load_sets(folder)


def _set(name: str, passages: Sequence[Passage], today: date, days: int) -> CatalogueSet:
    told = [one for one in passages if one.verified]
    return CatalogueSet(
        name=name,
        passages=len(passages),
        verified=len(told),
        departments=_each(one.department for one in passages),
        owners=_each(one.owner for one in told if one.owner is not None),
        review_by=min((one.review_by for one in told if one.review_by is not None), default=None),
        valid_until=min((one.valid_until for one in told if one.valid_until is not None), default=None),
        standing=min((due_on(one, today, days) for one in told), default=Due.NOT),
        ownerless=sum(one.owner is None or one.review_by is None for one in told),
    )


def _each(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))
