"""Collects what went wrong out of stored conversations, and puts items of one meaning together."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import numpy as np

from donghaeng.review.clustering import FARTHEST, MOST_CLUSTERED, cluster
from donghaeng.review.items import LINE_SUGGESTION, Found, Happened, IsPersonal, find_items
from donghaeng.store import Store, Transaction, events, handover_lines, review_items
from donghaeng.store.handover_lines import LineRow
from donghaeng.store.review_items import ItemRow, Unread
from donghaeng.understanding.embed.protocol import Embedder, Vectors

LOOK_BACK: Final = timedelta(days=2)
"""Conversations that began earlier are over; ``everything`` looks at all of them."""
AT_ONCE: Final = 50
"""Conversations of one transaction."""
EMBEDDED_AT_ONCE: Final = 32
NO_WORDS: Final = "(들은 말이 없어요)"
"""A person was called by a key, or before anything was said."""


class Collector:
    """Follows conversations. Two processes that collect at once find the same items, each kept once.

    Args:
        store: the database.
        embedder: tells how near two texts are.
        clock: the program's own time.
        is_personal: slots whose answers are not shown to reviewers.
        farthest: see :data:`~donghaeng.review.clustering.FARTHEST`.
    """

    def __init__(
        self,
        store: Store,
        embedder: Embedder,
        *,
        clock: Callable[[], datetime],
        is_personal: IsPersonal,
        farthest: float = FARTHEST,
    ) -> None:
        self._store = store
        self._embedder = embedder
        self._clock = clock
        self._is_personal = is_personal
        self._farthest = farthest
        self._grouped: frozenset[str] | None = None

    async def collect(self, *, everything: bool = False) -> int:
        """Find the items of conversations in which something happened; how many are new.

        Raises:
            StoreError: the database did not answer; what was kept until then stays.
        """
        since = datetime.min.replace(tzinfo=self._clock().tzinfo, year=1970)
        if not everything:
            since = self._clock() - LOOK_BACK
        new = 0
        while True:
            waiting = await self._store.read(lambda tx: review_items.unread(tx, since, limit=AT_ONCE))
            if not waiting:
                return new
            found = await self._store.read(partial(self._read, waiting=waiting))
            new += await self._store.transact(partial(_keep, found=found))

    async def group(self, may_embed: Callable[[], bool] = lambda: True) -> int:
        """Put the open items of one meaning together; how many clusters there are.

        Args:
            may_embed: asked before each lot that is embedded: whether nobody needs the machine more.
        """
        rows = await self._store.read(lambda tx: review_items.listed(tx, limit=MOST_CLUSTERED))
        ids = frozenset(row.id for row in rows)
        if ids == self._grouped:
            return len({row.cluster for row in rows})
        known = await self._store.read(lambda tx: review_items.vectors(tx, ids))
        missing = [row for row in rows if row.id not in known]
        for begin in range(0, len(missing), EMBEDDED_AT_ONCE):
            if not may_embed():
                return len({row.cluster for row in rows})
            some = missing[begin : begin + EMBEDDED_AT_ONCE]
            made = await asyncio.to_thread(self._embed, some)
            await self._store.transact(partial(review_items.keep_vectors, made=made))
            known |= made
        found = await asyncio.to_thread(self._clusters, rows, known)
        changed = {row.id: found[row.id] for row in rows if row.cluster != found[row.id]}
        if changed:
            await self._store.transact(lambda tx: review_items.group(tx, changed))
        self._grouped = ids
        return len(set(found.values()))

    def _read(self, tx: Transaction, waiting: Sequence[Unread]) -> list[tuple[Unread, list[ItemRow]]]:
        return [(one, self._items(tx, one)) for one in waiting]

    def _items(self, tx: Transaction, one: Unread) -> list[ItemRow]:
        rows = events.of_conversation(tx, one.conversation_id)
        lines = []
        if one.line:
            lines = handover_lines.of_conversation(tx, one.conversation_id, kinds=[LINE_SUGGESTION])
        found = find_items(list(_in_order(rows, lines)), is_personal=self._is_personal, came_again=one.again)
        return [_row(one.conversation_id, item) for item in found]

    def _embed(self, rows: Sequence[ItemRow]) -> dict[str, bytes]:
        vectors = self._embedder.embed([row.text for row in rows]).astype(np.float16)
        return {row.id: vector.tobytes() for row, vector in zip(rows, vectors, strict=True)}

    def _clusters(self, rows: Sequence[ItemRow], known: dict[str, bytes]) -> dict[str, str]:
        """The cluster of each item, named after its oldest item with the words that stand for all."""
        if not rows:
            return {}
        rounded = np.stack([np.frombuffer(known[row.id], dtype=np.float16) for row in rows])
        vectors: Vectors = rounded.astype(np.float32)
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), np.float32(1e-9))
        found: dict[str, str] = {}
        for one in cluster([row.text for row in rows], vectors, farthest=self._farthest):
            members = [rows[place] for place in one.members]
            name = min((row.at, row.id) for row in members if row.text == one.label)[1]
            found |= {row.id: name for row in members}
        return found


def _keep(tx: Transaction, found: Sequence[tuple[Unread, list[ItemRow]]]) -> int:
    return sum(review_items.keep(tx, one, rows) for one, rows in found)


def _in_order(rows: Sequence[events.Event], lines: Sequence[LineRow]) -> Iterator[Happened]:
    """Events in their order, each line of a hand-over before the first event that came after it."""
    waiting = list(lines)
    turn = 0
    for row in rows:
        while waiting and waiting[0].at < row.at:
            yield _of_line(waiting.pop(0), turn)
        turn = row.turn
        yield Happened(row.turn, row.at, row.kind, {**row.public, **row.private})
    yield from (_of_line(line, turn) for line in waiting)


def _of_line(line: LineRow, turn: int) -> Happened:
    return Happened(turn, line.at, line.kind, {"detail": line.detail})


def _row(conversation: str, item: Found) -> ItemRow:
    return ItemRow(
        id="",
        conversation_id=conversation,
        turn=item.turn,
        kind=item.kind.value,
        at=item.at,
        text=item.text or NO_WORDS,
        service=item.service,
        detail=item.detail,
    )
