"""The folder of the catalogue in force: the operator's own, with what reviewers published in it."""

from __future__ import annotations

import os
from pathlib import Path

import structlog

from donghaeng.app.editions import fingerprint
from donghaeng.errors import DonghaengError
from donghaeng.review.changes import read_change
from donghaeng.review.overlay import with_changes
from donghaeng.store import Store, proposals

_log = structlog.get_logger(__name__)


class PublishedCatalogue:
    """Gives the folder, made anew when the operator edits a file or a publication changes what is in force.

    Args:
        base: the operator's folder.
        cache: where folders are made.
        store: holds what was published; every process of an installation reads the same.
    """

    def __init__(self, base: Path, cache: Path, store: Store) -> None:
        self._base = base
        self._cache = cache
        self._store = store
        self._seen: tuple[int, str] | None = None
        self._folder = base

    def __call__(self) -> Path:
        """The folder; may block for as long as copying a catalogue takes. The one before where the database
        does not answer."""
        try:
            revision = self._store.look(proposals.revision)
            if revision == 0:
                return self._base
            seen = (revision, fingerprint(self._base))
            if seen != self._seen or not self._folder.is_dir():
                held = self._store.look(proposals.in_force)
                changes = [read_change(row.change) for row in held]
                self._folder = with_changes(self._base, changes, self._cache)
                self._seen = seen
            if self._folder != self._base:
                os.utime(self._folder)  # the one in force is never the oldest that is tidied away
        except (DonghaengError, OSError) as error:
            _log.error("review.folder_failed", error=type(error).__name__)
        return self._folder
