"""What an owner sees of a service: its texts, what is wrong with them, what differs from what answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from donghaeng.review.desk import ProposalView
from donghaeng.review.rules import ReviewRefused
from donghaeng.review.service_change import Checked, check_written, hash_of
from donghaeng.review.service_difference import Difference, difference
from donghaeng.review.written_services import WrittenService, operations_of
from donghaeng.store.service_drafts import DraftRow, DraftState, RunRow


class UnknownService(ReviewRefused):
    """No service and no draft of that name."""

    http_status = 404


class DraftChanged(ReviewRefused):
    """Somebody else saved since the page was made."""


@dataclass(frozen=True, slots=True)
class Talk:
    """A trial talk so far."""

    replies: tuple[Mapping[str, Any], ...]
    """Reply objects, the greeting's first."""
    hints: Mapping[str, Any] = field(default_factory=dict)
    """What the open question expects (:class:`donghaeng.speech.engines.Hints`), for a recogniser."""


class Tryouts(Protocol):
    """Talks by a catalogue that serves nobody, in a city of its own that writes nowhere."""

    async def talk(self, folder: Path, said: Sequence[str]) -> Talk:
        """What comes of saying these words one after the other.

        Raises:
            DonghaengError: the catalogue cannot be loaded.
        """
        ...

    async def aclose(self) -> None:
        """End what is under way."""
        ...


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """One line of the list."""

    id: str
    name: str
    department: str
    draft: DraftRow | None
    """Where one is open or waits."""
    tests: RunRow | None
    """The last run of its tests."""


@dataclass(frozen=True, slots=True)
class DraftView:
    """A service as its owner sees it."""

    id: str
    version: int
    """Of the draft: who saves names it."""
    state: DraftState | None
    """None where nothing was changed yet."""
    row: DraftRow | None
    definition: str = field(repr=False)
    tests: str = field(repr=False)
    base: str = field(repr=False)
    checked: Checked = field(repr=False)
    answering: WrittenService | None = field(repr=False)
    """What citizens hear; None for a new service."""
    differences: tuple[Difference, ...] = field(repr=False)
    """From what answers to the draft."""
    tests_changed: bool
    proposal: ProposalView | None
    runs: Mapping[str, RunRow] = field(repr=False)
    """Those of this very text."""

    @property
    def name(self) -> str:
        """In Korean."""
        data = self.checked.document.data if self.checked.document is not None else None
        name = data.get("name") if isinstance(data, dict) else None
        return str(name) if name else self.id

    @property
    def basis(self) -> str:
        """Names what the draft says."""
        return hash_of(self.definition, self.tests)

    @property
    def is_stale(self) -> bool:
        """Whether another version answers than the one that it was written from."""
        now = "" if self.answering is None else self.answering.base
        return self.state == "saved" and now != self.base

    @property
    def waits(self) -> bool:
        """Whether it was submitted and nobody has published it or given it up."""
        return self.proposal is not None and self.proposal.row.state == "draft"

    @property
    def failing(self) -> dict[str, str]:
        """Its tests that fail, and why; of a run of this very text."""
        run = self.runs.get("tests")
        tests = run.result["tests"] if run is not None and run.result is not None else {}
        return {name: why for name, why in tests.items() if why is not None}


def view_of(service: str, definition: str, tests: str, now: WrittenService | None, folder: Path) -> DraftView:
    """The view of two texts, nothing known of drafts yet. Blocks for some tenths of a second.

    Args:
        service: its id.
        definition: text of ``service.yaml``.
        tests: text of ``tests.yaml``.
        now: what answers; None where nothing does.
        folder: of the catalogue in force.
    """
    before = None if now is None else _read(service, now.definition, now.tests, folder)
    known = before.service.examples if before is not None and before.service is not None else ()
    checked = _read(service, definition, tests, folder, tuple(known))
    differences: tuple[Difference, ...] = ()
    if before is not None and before.document is not None and checked.document is not None:
        differences = difference(before.document.data, checked.document.data)
    return DraftView(
        id=service,
        version=0,
        state=None,
        row=None,
        definition=definition,
        tests=tests,
        base="" if now is None else now.base,
        checked=checked,
        answering=now,
        differences=differences,
        tests_changed=now is not None and now.tests != tests,
        proposal=None,
        runs={},
    )


@lru_cache(maxsize=32)
def _read(service: str, definition: str, tests: str, folder: Path, known: tuple[str, ...] = ()) -> Checked:
    return check_written(service, definition, tests, operations_of(folder), known=known)
