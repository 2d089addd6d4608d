"""The owners' desk over a small catalogue, with a runner and trial talks of the test's own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tests.conversation.scripted import World
from tests.dialogue.harness import emergencies
from tests.review.office import Office, open_office

from donghaeng.app.tryout_run import TrialTalk
from donghaeng.city.guardians import load_guardian_rules
from donghaeng.city.services import Catalogue, load_catalogue
from donghaeng.conversation.editions import Edition
from donghaeng.dialogue.phrases import load_phrases
from donghaeng.dialogue.policy import Policy
from donghaeng.review.effects import Measured
from donghaeng.review.measuring import Run
from donghaeng.review.service_desk import ServiceDesk
from donghaeng.review.service_view import Talk
from donghaeng.store import Store

MARK = "외출하실 때 조심하세요."
"""Words that a test adds to what the weather says."""
HARD = "우산 장수가 울겠어요"
"""An example that a test adds."""


def edition(folder: Path, world: World) -> Edition:
    """A catalogue that is understood by the world's script."""
    catalogue: Catalogue = load_catalogue(folder)
    lexicon = folder / "lexicon"
    guardians = load_guardian_rules(lexicon / "guardians.yaml")
    policy = Policy(catalogue, load_phrases(lexicon / "phrases.yaml"), emergencies(), guardians=guardians)
    return Edition(policy, world.understanding)


class FolderEditions:
    """The edition of whatever folder is in force."""

    def __init__(self, folder: Callable[[], Path], world: World) -> None:
        self._folder = folder
        self._world = world
        self._known: dict[Path, Edition] = {}

    @property
    def current(self) -> Edition:
        folder = self._folder()
        if folder not in self._known:
            self._known[folder] = edition(folder, self._world)
        return self._known[folder]

    async def of(self, version: str) -> Edition:
        return next((one for one in self._known.values() if one.version == version), self.current)


class ScriptedTryouts:
    """Talks by a draft over a database of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._talks: dict[Path, TrialTalk] = {}

    async def talk(self, folder: Path, said: Sequence[str]) -> Talk:
        if folder not in self._talks:
            where = self._folder / f"trial-{len(self._talks)}"
            where.mkdir()
            world = World(where)
            store = Store.open(f"sqlite:///{world.database}", _sealer()).__enter__()
            runtime = world.runtime(
                store, "trial", allow_test_clock=True, editions=FolderEditions(lambda: folder, world)
            )
            self._talks[folder] = TrialTalk(SimpleNamespace(conversations=runtime))  # type: ignore[arg-type]
        told = await self._talks[folder].talk(said)
        return Talk(tuple(told["replies"]), told["hints"])

    async def aclose(self) -> None:
        return None


def _sealer() -> Any:
    from donghaeng.trust.sealing import Sealer

    return Sealer([b"k" * 32])


@dataclass
class OwnersRunner:
    """Passes every test but those of ``fails``; the drafted weather takes all words."""

    runs: list[Run] = field(default_factory=list)
    fails: dict[str, str] = field(default_factory=dict)
    error: Exception | None = None
    gate: Callable[[], Any] | None = None

    async def __call__(self, run: Run, progress: Callable[[int, int], None]) -> Measured:
        self.runs.append(run)
        if self.gate is not None:
            await self.gate()
        if self.error is not None:
            raise self.error
        total = len(run.tests) + len(run.texts)
        progress(total, total)
        text = (run.folder / "services" / "weather" / "service.yaml").read_text(encoding="utf-8")
        taken = HARD in text
        routing = {one: "weather" if taken or "날씨" in one else "meter_freeze" for one in run.texts}
        alike = {"service": "weather", "text": HARD, "other": "meter_freeze", "nearest": "얼었어요"}
        return Measured(
            {name: self.fails.get(name) for name, _ in run.tests},
            routing,
            1.0,
            confusions=({**alike, "nearly_same": False},) if run.about else (),
        )


@dataclass
class Owners:
    """The desk and what is around it."""

    desk: ServiceDesk
    office: Office
    runner: OwnersRunner
    store: Store


def open_owners(base: Path, folder: Path, store: Store) -> Owners:
    """The owners' desk over a catalogue's folder."""
    office = open_office(base, folder / "cache", store)
    runner = OwnersRunner()
    office.desk._effects._runner = runner
    desk = ServiceDesk(
        store,
        office.desk,
        base=base,
        cache=folder / "cache",
        runner=runner,
        tryouts=ScriptedTryouts(folder),
        clock=lambda: office.clock[0],
    )
    return Owners(desk, office, runner, store)
