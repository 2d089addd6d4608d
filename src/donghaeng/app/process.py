"""The control tower's process over a running application: part of the composition root."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import datetime
from functools import partial
from typing import Any, Final

import structlog

from donghaeng.app.registers import publication_fault, register_over
from donghaeng.app.telling import ways_of
from donghaeng.app.what_runs import SYSTEM, documents_seen, engines_in_use, model_id, present, weights_present
from donghaeng.city.services import Catalogue
from donghaeng.conversation.editions import Editions
from donghaeng.errors import DonghaengError, LanguageModelFailed
from donghaeng.language_models.load import load_language_model
from donghaeng.language_models.protocol import LanguageModel, Prompt
from donghaeng.settings import Settings
from donghaeng.store import Store
from donghaeng.tower.incidents.desk import IncidentDesk
from donghaeng.tower.process.desk import ProcessDesk
from donghaeng.tower.process.gate import ProcessGate
from donghaeng.tower.process.imported import load_imported
from donghaeng.tower.process.loading import load_risk_form, load_rules

SWEEP_EVERY_S: Final = 3600.0
NOTICE_EVERY_S: Final = 60.0
"""Between two looks at which documents answer."""

_log = structlog.get_logger(__name__)


def open_gate(settings: Settings, store: Store) -> ProcessGate:
    """What may answer citizens now."""
    return ProcessGate(store, load_rules(), live=settings.city == "live")


class TowerProcess:
    """The process as one program takes part in it.

    Args:
        settings: every setting.
        store: the database.
        clock: the city's time.
        joins: whether this program lets what it has take part, and does what each day brings.
    """

    def __init__(
        self, settings: Settings, store: Store, *, clock: Callable[[], datetime], joins: bool
    ) -> None:
        register = register_over(store, clock)
        self.desk = ProcessDesk(
            store,
            load_rules(),
            load_risk_form(),
            clock,
            unpublished=partial(publication_fault, register),
            ways=ways_of(settings),
        )
        self.incidents = IncidentDesk(store, self.desk, clock, ways=ways_of(settings))
        self.gate = open_gate(settings, store)
        self._settings = settings
        self._store = store
        self._joins = joins or settings.city == "live"

    def model(self) -> LanguageModel | None:
        """The language model of the settings, silent while it is withheld; None where none is set."""
        return gated_model(self._settings, self.gate)

    async def begin(self, catalogue: Catalogue) -> None:
        """Take the shipped record over, let what is new take part as drafts, and see how everything stands.

        Raises:
            InputError: the record is wrong.
            StoreError: the database does not answer.
        """
        if self._joins:
            record = await asyncio.to_thread(load_imported, self._settings.catalogue)
            found = await asyncio.to_thread(present, self._settings, catalogue, self._store)
            new = await self.desk.begin(record, found)
            if new:
                _log.info("process.begun", count=new)
        await self.gate.look()

    def holds(self, *, speech: bool) -> Callable[[], bool]:
        """Whether nothing may be answered: the whole system is withheld, or an engine that everything
        needs."""
        needed = engines_in_use(self._settings, speech=speech)
        gate = self.gate
        return lambda: not gate.system_answers(SYSTEM) or any(one in gate.engines() for one in needed)

    def running(self, editions: Editions, *, every_s: float) -> list[Coroutine[Any, Any, None]]:
        """What runs beside conversations."""
        return [self.gate.watch(), *([self._keep(editions, every_s)] if self._joins else [])]

    async def _keep(self, editions: Editions, every_s: float) -> None:
        """Let new services take part, notice what changed, and do each hour what the day brings by itself,
        for ever."""
        until_sweep, until_notice, weighed = 0.0, NOTICE_EVERY_S, False
        seen = (editions.current.version, "")
        while True:
            try:
                if until_notice <= 0 or editions.current.version != seen[0]:
                    until_notice = NOTICE_EVERY_S
                    now = (editions.current.version, await asyncio.to_thread(documents_seen, self._store))
                    if now != seen:
                        await self.begin(editions.current.catalogue)
                        seen = now
                if not weighed:
                    found = await asyncio.to_thread(weights_present, self._settings)
                    await self.desk.begin(None, found)
                    weighed = True
                if until_sweep <= 0:
                    until_sweep = SWEEP_EVERY_S
                    count = await self.desk.sweep() + await self.incidents.sweep()
                    _log.info("process.swept", count=count)
            except (DonghaengError, OSError) as error:
                _log.warning("process.failed", error=type(error).__name__)
            await asyncio.sleep(every_s)
            until_sweep -= every_s
            until_notice -= every_s


def gated_model(settings: Settings, gate: ProcessGate) -> LanguageModel | None:
    """The language model of the settings, silent while ``gate`` withholds it; None where none is set."""
    model = load_language_model(settings)
    return None if model is None else GatedModel(model, lambda: model_id(settings) in gate.engines())


class GatedModel:
    """A language model that gives no answer while it is withheld; nothing depends on one.

    Args:
        model: the model.
        withheld: asked before each question.
    """

    def __init__(self, model: LanguageModel, withheld: Callable[[], bool]) -> None:
        self._model = model
        self._withheld = withheld

    @property
    def name(self) -> str:
        """What answers."""
        return self._model.name

    async def complete(self, prompt: Prompt) -> str:
        """The model's answer.

        Raises:
            LanguageModelFailed: it is withheld, or gave none.
        """
        if self._withheld():
            raise LanguageModelFailed("withheld", "it may not answer citizens")
        return await self._model.complete(prompt)

    async def aclose(self) -> None:
        """Close connections."""
        await self._model.aclose()
