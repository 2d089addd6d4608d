"""One's own records: taken along, told as xAPI statements, erased."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from donghaeng.learning.statements import Activity, ActivityKind, Happened, Version, statement
from donghaeng.store import Store, Transaction, learner_projects, learners
from donghaeng.store.learners import Entry
from donghaeng.store.learning_records import learner_mark

XAPI: Final = "xapi"
_KINDS: Final[dict[str, ActivityKind]] = {
    "quiz": "assessment",
    "simulation": "simulation",
    "project": "assessment",
    "certificate": "course",
}
_PLACES: Final = {
    "quiz": "lessons",
    "simulation": "calls",
    "project": "projects",
    "certificate": "certificates",
}


class OwnRecords:
    """What the law calls the data subject's rights, for learners.

    Args:
        store: where everything is kept.
        clock: the city's time.
    """

    def __init__(self, store: Store, *, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock

    async def copy(self, staff: str) -> dict[str, Any]:
        """All that is kept of somebody, as JSON."""
        return await self._store.read(lambda tx: copy_of(tx, staff))

    async def erase(self, staff: str) -> int:
        """Erase all that is somebody's, with lines in the ledger; how many records. The year's targets keep
        their count, which names nobody."""
        return await self._store.transact(lambda tx: learners.forget(tx, staff, self._clock()))

    async def statements(self, staff: str, home: str, version: Version = "1.0.3") -> list[dict[str, Any]]:
        """What somebody passed, as xAPI statements."""
        return await self._store.read(lambda tx: statements_of(tx, staff, home, version))


def statements_of(tx: Transaction, staff: str, home: str, version: Version) -> list[dict[str, Any]]:
    """The statements of what somebody passed. A statement has the same id however often it is told, so that a
    record store keeps it once.

    Args:
        tx: reads the records.
        staff: whose.
        home: address of this installation: what the learner's account and the activities belong to.
        version: of xAPI.
    """
    learner = learner_mark(tx.sealer, XAPI, staff)
    entries = learners.of_kinds(tx, staff, "quiz", "simulation", "project", "certificate")
    return [statement(_happened(one, learner, home.rstrip("/")), version) for one in entries]


def _happened(entry: Entry, learner: str, home: str) -> Happened:
    key = f"{learner}/{entry.kind}/{entry.what}/{entry.version}"
    told = entry.told
    name = str(told.get("title") or told.get("name") or entry.what)
    place = f"{home}/office/learning/{_PLACES[entry.kind]}/{entry.what}"
    return Happened(
        id=str(uuid.uuid5(uuid.NAMESPACE_URL, key)),
        learner=learner,
        home=home,
        verb="completed" if entry.kind == "certificate" else "passed",
        activity=Activity(place, _KINDS[entry.kind], name),
        at=entry.at,
    )


def copy_of(tx: Transaction, staff: str) -> dict[str, Any]:
    """All that is kept of somebody, as JSON."""
    return {
        "records": [
            {
                "kind": one.kind,
                "what": one.what,
                "version": one.version,
                "at": one.at.isoformat(),
                "due": None if one.due is None else one.due.isoformat(),
                "told": dict(one.told),
            }
            for one in learners.of_kinds(tx, staff)
        ],
        "projects": [
            {
                "id": row.id,
                "version": row.version,
                "state": row.state,
                "at": row.at.isoformat(),
                "title": row.title,
                "text": row.text,
                "review": None if row.review is None else dict(row.review),
            }
            for row in learner_projects.of_author(tx, staff)
        ],
    }
