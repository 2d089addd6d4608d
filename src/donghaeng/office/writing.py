"""Everything that the pages of drafts and forms work with."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from donghaeng.office.drafts.checking import findings
from donghaeng.office.drafts.desk import DraftDesk
from donghaeng.office.drafts.editing import Rows
from donghaeng.office.drafts.wording import DraftRewording
from donghaeng.office.form_desk import FormDesk
from donghaeng.office.lint.finding import Finding
from donghaeng.office.lint.linter import Linter
from donghaeng.office.measuring import MeasuringDesk


class LazyLinter:
    """The linter, built by whoever asks first (2 s), used in threads."""

    def __init__(self, build: Callable[[], Linter]) -> None:
        self._build = build
        self._lock = threading.Lock()
        self._linter: Linter | None = None

    async def findings(self, rows: Rows) -> list[Finding]:
        """What breaks a rule in a draft's text."""
        return await asyncio.to_thread(self._find, rows)

    def _find(self, rows: Rows) -> list[Finding]:
        with self._lock:
            if self._linter is None:
                self._linter = self._build()
            linter = self._linter
        return findings(linter, rows)


@dataclass(frozen=True, slots=True)
class Writing:
    """The officials' writing desk."""

    drafts: DraftDesk
    linter: LazyLinter
    forms: FormDesk
    measuring: MeasuringDesk
    rewording: DraftRewording | None = field(default=None)
    """None where no language model is plugged in for it."""
