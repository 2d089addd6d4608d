"""Which services, knowledge and engines may answer citizens now, as one process sees it.

With the live city something answers only in a stage that serves. The sandbox city serves whatever is valid,
except what somebody has suspended or retired. Each process looks at the database once a second, and keeps
what it saw last while that does not answer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Container
from dataclasses import dataclass
from typing import Final

import structlog

from donghaeng.errors import StoreError
from donghaeng.store import Store, Transaction, process
from donghaeng.tower.process.desk import states
from donghaeng.tower.process.rules import Kind, Rules
from donghaeng.tower.process.state import Subject

LOOK_SECONDS: Final = 1.0
"""Between two looks."""
STOPPED: Final = frozenset({"suspended", "retired"})

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Standing:
    """Who may answer, at one moment."""

    live: bool
    always: Collection[str] = ()
    """Services that are never withheld."""
    serving: frozenset[Subject] = frozenset()
    stopped: frozenset[Subject] = frozenset()

    def answers(self, kind: Kind, identity: str) -> bool:
        """Whether something may answer citizens."""
        if kind is Kind.SERVICE and identity in self.always:
            return True
        subject = Subject(kind, identity)
        return subject in self.serving if self.live else subject not in self.stopped


@dataclass(frozen=True, slots=True)
class Withheld(Container[str]):
    """The ids of one kind that may not answer: ``id in withheld``."""

    standing: Standing
    kind: Kind

    def __contains__(self, identity: object) -> bool:
        return isinstance(identity, str) and not self.standing.answers(self.kind, identity)


class ProcessGate:
    """Follows the process in one program.

    Args:
        store: the database.
        rules: of the process.
        live: whether the live city answers.
    """

    def __init__(self, store: Store, rules: Rules, *, live: bool) -> None:
        self._store = store
        self._rules = rules
        self._revision = -1
        self.standing = Standing(live, rules.always)
        """As it was seen last; with the live city nothing answers before the first look."""

    def services(self) -> Withheld:
        """The services that are withheld now."""
        return Withheld(self.standing, Kind.SERVICE)

    def knowledge(self) -> Withheld:
        """The knowledge sets that are withheld now."""
        return Withheld(self.standing, Kind.KNOWLEDGE)

    def engines(self) -> Withheld:
        """The engines that are withheld now."""
        return Withheld(self.standing, Kind.ENGINE)

    def system_answers(self, identity: str) -> bool:
        """Whether a whole system may answer."""
        return self.standing.answers(Kind.SYSTEM, identity)

    async def look(self) -> bool:
        """See how it stands; whether that has changed.

        Raises:
            StoreError: the database does not answer.
        """
        if await self._store.read(process.revision) == self._revision:
            return False
        self._revision, self.standing = await self._store.read(self._standing)
        return True

    async def watch(self) -> None:
        """Look for ever."""
        while True:
            try:
                if await self.look():
                    _log.info("process.changed")
            except StoreError as error:
                _log.warning("process.unknown", error=type(error).__name__)
            await asyncio.sleep(LOOK_SECONDS)

    def _standing(self, tx: Transaction) -> tuple[int, Standing]:
        found = states(tx)
        serving = frozenset(one for one, state in found.items() if self._rules.serves(state.stage))
        stopped = frozenset(one for one, state in found.items() if state.stage in STOPPED)
        before = self.standing
        return process.revision(tx), Standing(before.live, before.always, serving, stopped)
