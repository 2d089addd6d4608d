"""Learning for staff over a running application: part of the composition root."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final

import structlog

from donghaeng.errors import DonghaengError
from donghaeng.learning.certificate_pdf import Fonts
from donghaeng.learning.desk import LearningDesk
from donghaeng.learning.loading import FOLDER, Learning, load_learning
from donghaeng.learning.own_records import OwnRecords
from donghaeng.learning.project_desk import ProjectDesk
from donghaeng.office.drafts.files.fonts import font_file
from donghaeng.store import Store
from donghaeng.web.services import LearningServices

BOLD: Final = "NanumGothicBold.ttf"

_log = structlog.get_logger(__name__)


class CurrentLearning:
    """The lessons in force, read anew where a file of the catalogue was changed, added or removed.

    Args:
        catalogue: its folder.

    Raises:
        CatalogueError: a file is absent or wrong at the beginning; later the lessons before stay in force.
    """

    def __init__(self, catalogue: Path) -> None:
        self._catalogue = catalogue
        self._seen = self._stamp()
        self._learning = load_learning(catalogue)

    def __call__(self) -> Learning:
        """The lessons."""
        stamp = self._stamp()
        if stamp != self._seen:
            self._seen = stamp
            try:
                self._learning = load_learning(self._catalogue)
            except DonghaengError as error:
                _log.warning("learning.unreadable", error=type(error).__name__)
        return self._learning

    def _stamp(self) -> frozenset[tuple[str, int]]:
        files = (self._catalogue / FOLDER).rglob("*.yaml")
        return frozenset((str(file), file.stat().st_mtime_ns) for file in files)


def open_learning(catalogue: Path, store: Store, *, clock: Callable[[], datetime]) -> LearningServices:
    """What the pages for learners work with.

    Args:
        catalogue: folder with the lessons.
        store: the database.
        clock: the city's time.

    Raises:
        CatalogueError: a file of the lessons is absent or wrong.
        EngineMissing: the letters for certificates are not installed.
    """
    learning = CurrentLearning(catalogue)
    return LearningServices(
        desk=LearningDesk(store, learning, clock=clock),
        projects=ProjectDesk(store, learning, clock=clock),
        records=OwnRecords(store, clock=clock),
        fonts=Fonts(font_file(), font_file(BOLD)),
    )
