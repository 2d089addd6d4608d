"""The control tower's process over a running application: part of the composition root."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Callable, Coroutine
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import structlog

from donghaeng.app.served_knowledge import DOCUMENTS
from donghaeng.city.services import Catalogue
from donghaeng.conversation.editions import Editions
from donghaeng.errors import DonghaengError, LanguageModelFailed
from donghaeng.language_models.load import load_language_model
from donghaeng.language_models.protocol import LanguageModel, Prompt
from donghaeng.settings import Settings
from donghaeng.store import Store
from donghaeng.tower.process.desk import Present, ProcessDesk
from donghaeng.tower.process.gate import ProcessGate
from donghaeng.tower.process.imported import load_imported
from donghaeng.tower.process.loading import load_risk_form, load_rules
from donghaeng.tower.process.rules import Kind
from donghaeng.tower.process.state import Subject

SYSTEM: Final = "donghaeng"
"""The whole of this program as a subject of the process."""
SWEEP_EVERY_S: Final = 3600.0
_ENGINE_NAMES: Final = {
    "recogniser": "받아쓰기 엔진",
    "synthesiser": "말하기 엔진",
    "voice_activity": "말소리 찾기 엔진",
    "embedder": "뜻 견주기 엔진",
    "language_model": "언어 모델",
}

_log = structlog.get_logger(__name__)


def open_gate(settings: Settings, store: Store) -> ProcessGate:
    """What may answer citizens now."""
    return ProcessGate(store, load_rules(), live=settings.city == "live")


def engine_id(part: str, name: str) -> str:
    """The id of an engine as a subject: ``recogniser.whisper``."""
    return f"{part}.{re.sub(r'[^A-Za-z0-9_.-]', '-', name)}"[:64]


def engines_in_use(settings: Settings, *, speech: bool) -> tuple[str, ...]:
    """The engines without which this process answers nobody; the language model is none of them."""
    found = [engine_id("embedder", settings.embedder)]
    if speech:
        found += [
            engine_id("recogniser", settings.recogniser),
            engine_id("synthesiser", settings.synthesiser),
            engine_id("voice_activity", settings.voice_activity),
        ]
    return tuple(found)


def present(settings: Settings, catalogue: Catalogue) -> dict[Subject, Present]:
    """Everything that is there to go through the process."""
    found = {Subject(Kind.SYSTEM, SYSTEM): Present("동행")}
    for one in catalogue.values():
        definition = catalogue.folder / "services" / one.id / "service.yaml"
        found[Subject(Kind.SERVICE, one.id)] = Present(one.name, _hash_of(definition))
    for file in sorted((settings.catalogue / "knowledge").glob("*.yaml")):
        found[Subject(Kind.KNOWLEDGE, file.stem)] = Present(f"{file.stem} 대목 모음", _hash_of(file))
    found[Subject(Kind.KNOWLEDGE, DOCUMENTS)] = Present("올린 문서")
    engines = list(engines_in_use(settings, speech=True))
    if settings.language_model_url is not None:
        engines.append(model_id(settings))
    models = {
        "recogniser": settings.recogniser_model,
        "synthesiser": settings.synthesiser_model,
        "language_model": settings.language_model_name,
    }
    for engine in engines:
        part, _, name = engine.partition(".")
        seen = hashlib.sha256(f"{name} {models.get(part)}".encode()).hexdigest()
        found[Subject(Kind.ENGINE, engine)] = Present(f"{_ENGINE_NAMES[part]} {name}", seen)
    return found


def _hash_of(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else ""


def model_id(settings: Settings) -> str:
    """The language model as a subject."""
    return engine_id("language_model", settings.language_model_name or settings.language_model)


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
        self.desk = ProcessDesk(store, load_rules(), load_risk_form(), clock)
        self.gate = open_gate(settings, store)
        self._settings = settings
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
            new = await self.desk.begin(record, await asyncio.to_thread(present, self._settings, catalogue))
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
        """Let new services take part, for ever, and do each hour what the day brings by itself."""
        until_sweep, seen = 0.0, editions.current.version
        while True:
            try:
                if editions.current.version != seen:
                    seen = editions.current.version
                    await self.begin(editions.current.catalogue)
                if until_sweep <= 0:
                    until_sweep = SWEEP_EVERY_S
                    _log.info("process.swept", count=await self.desk.sweep())
            except DonghaengError as error:
                _log.warning("process.failed", error=type(error).__name__)
            await asyncio.sleep(every_s)
            until_sweep -= every_s


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
