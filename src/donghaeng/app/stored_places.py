"""Imported places in the database: part of the composition root, for the store may not know the city."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from donghaeng.city.places.model import Kind, Place
from donghaeng.store import Store, Transaction, places
from donghaeng.store.places import PlaceRow

SOURCE = "import"
"""All imports share one source: a later file's place replaces an earlier one's of the same identity."""


class StoredPlaces:
    """Implements :class:`donghaeng.city.places.importer.PlaceStore`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def save(self, rows: Sequence[Place]) -> None:
        """Add places; one with a known identity replaces it. All or none.

        Raises:
            StoreError: nothing was stored.
        """

        def work(tx: Transaction) -> None:
            known = {(row.kind, row.key): row for row in places.load(tx)}
            known |= {(str(place.kind), place.key): _row(place) for place in rows}
            places.replace_source(tx, SOURCE, known.values())

        self._store.run(work)

    def load(self) -> tuple[Place, ...]:
        """Every imported place."""
        return tuple(_place(row) for row in self._store.look(places.load))


def _row(place: Place) -> PlaceRow:
    extra: dict[str, Any] = {
        "lines": list(place.lines),
        "aliases": list(place.aliases),
        "extra": dict(place.extra),
    }
    return PlaceRow(
        str(place.kind), place.key, place.name, place.lat, place.lon, place.district or None, extra, SOURCE
    )


def _place(row: PlaceRow) -> Place:
    return Place(
        kind=Kind(row.kind),
        key=row.key,
        name=row.name,
        lat=row.lat or 0.0,
        lon=row.lon or 0.0,
        district=row.district or "",
        lines=tuple(row.extra.get("lines", ())),
        aliases=tuple(row.extra.get("aliases", ())),
        extra=row.extra.get("extra", {}),
    )
