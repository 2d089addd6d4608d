"""A reviewers' desk over a small catalogue, whose effects are measured by a runner of the test's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from donghaeng.app.published_catalogue import PublishedCatalogue
from donghaeng.city.services import Catalogue, load_catalogue
from donghaeng.review.desk import ReviewDesk
from donghaeng.review.effects import Measured
from donghaeng.review.measuring import Effects, Run
from donghaeng.store import Store, conversations, review_items
from donghaeng.store.review_items import ItemRow, Unread

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
KIM, LEE = "st_kim", "st_lee"


@dataclass
class FakeRunner:
    """Passes every test; an own test passes where the catalogue or the passages hold the change."""

    breaks: frozenset[str] = frozenset()
    runs: list[Run] = field(default_factory=list)
    gate: Callable[[], Any] | None = None
    holds: str = "돌확"

    async def __call__(self, run: Run, progress: Callable[[int, int], None]) -> Measured:
        self.runs.append(run)
        total = len(run.tests) + len(run.texts)
        progress(total // 2, total)
        if self.gate is not None:
            await self.gate()
        held = self.holds in (run.folder / "services" / "weather" / "service.yaml").read_text() or any(
            self.holds in change.text for _, change in run.passages
        )
        tests: dict[str, str | None] = {name: None for name, _ in run.tests}
        for name in tests:
            if name.startswith("검토 ") and not held:
                tests[name] = "1: not so"
            if held and name in self.breaks:
                tests[name] = "2: broken"
        progress(total, total)
        return Measured(tests, dict.fromkeys(run.texts, "weather" if held else "none"), 1.0)


@dataclass
class Office:
    store: Store
    desk: ReviewDesk
    runner: FakeRunner
    base: Path
    folder: PublishedCatalogue
    clock: list[datetime]

    def fill(self, *texts: str, kind: str = "no_match") -> list[str]:
        """Items with these words; their ids."""
        rows = []
        for text in texts:
            number = len(self.store.look(lambda tx: review_items.listed(tx, state=None)))
            talk = conversations.Conversation(f"c_{number}", "chat", NOW, "v1")
            row = ItemRow("", talk.id, 1, kind, NOW + timedelta(minutes=number), text, "weather")

            def keep(tx, talk=talk, row=row) -> None:
                conversations.add(tx, talk, talk.id)
                review_items.keep(tx, Unread(talk.id, 1, 0), [row])

            self.store.run(keep)
            rows.append(row)
        found = {row.text: row.id for row in self.store.look(lambda tx: review_items.listed(tx, state=None))}
        return [found[text] for text in texts]


def open_office(base: Path, cache: Path, store: Store) -> Office:
    """The desk over a catalogue folder."""
    clock = [NOW]
    runner = FakeRunner()
    folder = PublishedCatalogue(base, cache, store)
    loaded: dict[Path, Catalogue] = {}

    def catalogue() -> Catalogue:
        where = folder()
        if where not in loaded:
            loaded[where] = load_catalogue(where)
        return loaded[where]

    def now() -> datetime:
        return clock[0]

    effects = Effects(store, base=base, cache=cache, runner=runner, clock=now, most_tests=6)
    desk = ReviewDesk(
        store,
        base=base,
        cache=cache,
        catalogue=catalogue,
        effects=effects,
        clock=now,
    )
    return Office(store, desk, runner, base, folder, clock)
