"""What went wrong, by meaning: the reviewers' list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from donghaeng.review.rules import ReviewRefused
from donghaeng.store import Store, Transaction, review_items
from donghaeng.store.review_items import ItemRow

MOST_CLUSTERS: Final = 200
"""Of one list; a screen shows no more."""


@dataclass(frozen=True, slots=True)
class ClusterView:
    """Open items of one meaning."""

    id: str
    """That of the item whose words stand for all."""
    label: str = field(repr=False)
    count: int
    kinds: Mapping[str, int]
    newest: datetime
    services: tuple[str, ...] = ()
    """What was in hand or asked for, most often first."""


class ReviewBoard:
    """Reads items and settles them.

    Args:
        store: the database.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    async def clusters(self, kind: str | None = None) -> tuple[ClusterView, ...]:
        """The open items by meaning, the most first; those that no cluster has yet stand alone."""
        rows = await self._store.read(lambda tx: review_items.listed(tx, kind=kind))
        groups: dict[str, list[ItemRow]] = {}
        for row in rows:
            groups.setdefault(row.cluster or row.id, []).append(row)
        views = [_view(name, members) for name, members in groups.items()]
        return tuple(
            sorted(views, key=lambda one: (-one.count, -one.newest.timestamp(), one.id))[:MOST_CLUSTERS]
        )

    async def counts(self) -> dict[str, int]:
        """Open items by kind."""
        return await self._store.read(review_items.counts)

    async def cluster(self, item: str) -> tuple[ClusterView, tuple[ItemRow, ...]]:
        """The cluster that an item belongs to, and its open items, the newest first.

        Raises:
            ReviewRefused: there is no such item, or nothing of it is open any more.
        """

        def read(tx: Transaction) -> list[ItemRow]:
            found = review_items.get(tx, item)
            if found is None:
                return []
            if found.cluster is None:
                return [found]
            return review_items.listed(tx, cluster=found.cluster)

        rows = [row for row in await self._store.read(read) if row.state == "open"]
        if not rows:
            raise ReviewRefused("이 항목은 이미 다른 분이 처리했어요")
        return _view(rows[0].cluster or rows[0].id, rows), tuple(rows)

    async def item(self, item: str) -> ItemRow:
        """One item.

        Raises:
            ReviewRefused: there is none.
        """
        found = await self._store.read(lambda tx: review_items.get(tx, item))
        if found is None:
            raise ReviewRefused("그런 항목이 없어요")
        return found

    async def dismiss(self, items: Collection[str]) -> int:
        """Nothing is to be done about items; how many they were."""
        return await self._store.transact(lambda tx: review_items.settle(tx, items, "dismissed"))


def _view(name: str, members: Sequence[ItemRow]) -> ClusterView:
    label = next((row.text for row in members if row.id == name), members[0].text)
    services = Counter(row.service for row in members if row.service)
    return ClusterView(
        id=name,
        label=label,
        count=len(members),
        kinds=dict(Counter(row.kind for row in members).most_common()),
        newest=max(row.at for row in members),
        services=tuple(service for service, _ in services.most_common(3)),
    )
