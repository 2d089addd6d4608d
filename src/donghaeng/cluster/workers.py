"""What the deployments of engines run: one engine a replica. Each loads only what it runs."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import ray
from ray import serve

from donghaeng.city.operations import Answer, Operation
from donghaeng.settings import load_settings
from donghaeng.speech.engines import Audio, EngineInfo, Hints, Recognition
from donghaeng.trust.logging import set_up_logging
from donghaeng.understanding.embed.protocol import Vectors

BATCH: Final = 16
"""Sentences that are embedded together at most, of all that wait at a moment."""


def _cores() -> int:
    """Whole cores that Ray gives this replica, one at least."""
    given = ray.get_runtime_context().get_assigned_resources().get("CPU", 1.0)
    return max(1, int(given))


class RecogniserWorker:
    """The recogniser that the settings name, on the cores of this replica."""

    def __init__(self) -> None:
        from donghaeng.speech.load import WarmsUp, load_recogniser  # noqa: PLC0415

        settings = load_settings()
        set_up_logging(settings.log_level)
        self._engine = load_recogniser(settings.model_copy(update={"speech_threads": _cores()}))
        if isinstance(self._engine, WarmsUp):
            self._engine.warm_up()

    async def info(self) -> EngineInfo:
        """What the engine is."""
        return self._engine.info

    async def recognise(self, audio: Audio, hints: Hints) -> Recognition:
        """See :meth:`~donghaeng.speech.engines.Recogniser.recognise`."""
        return await asyncio.to_thread(self._engine.recognise, audio, hints)


class SynthesiserWorker:
    """The synthesiser that the settings name, on the cores of this replica."""

    def __init__(self) -> None:
        from donghaeng.speech.load import WARM_PHRASE, load_synthesiser  # noqa: PLC0415

        settings = load_settings()
        set_up_logging(settings.log_level)
        self._engine = load_synthesiser(settings.model_copy(update={"speech_threads": _cores()}))
        self._engine.synthesise(WARM_PHRASE)

    async def info(self) -> tuple[EngineInfo, int]:
        """What the engine is, and the samples a second of what it makes."""
        return self._engine.info, self._engine.rate

    async def synthesise(self, clause: str, speed: float) -> Audio:
        """See :meth:`~donghaeng.speech.engines.Synthesiser.synthesise`."""
        return await asyncio.to_thread(lambda: self._engine.synthesise(clause, speed=speed))


class EmbedderWorker:
    """The embedder that the settings name. What waits at a moment goes to the engine in one call."""

    def __init__(self) -> None:
        from donghaeng.understanding.load import load_embedder  # noqa: PLC0415

        settings = load_settings()
        set_up_logging(settings.log_level)
        self._engine = load_embedder(settings.embedder)

    async def info(self) -> tuple[str, int]:
        """Its name and the length of its vectors."""
        return self._engine.name, self._engine.dimension

    async def embed(self, sentences: list[str]) -> Vectors:
        """See :meth:`~donghaeng.understanding.embed.protocol.Embedder.embed`."""
        vectors: Vectors = await self._together(sentences)
        return vectors

    # No wait for more: it would cost each caller more than a batch saves on a processor.
    @serve.batch(max_batch_size=BATCH, batch_wait_timeout_s=0.0)  # type: ignore[untyped-decorator]
    async def _together(self, requests: list[list[str]]) -> list[Vectors]:
        every = [sentence for sentences in requests for sentence in sentences]
        rows = await asyncio.to_thread(self._engine.embed, every)
        ends = np.cumsum([len(sentences) for sentences in requests])
        return np.split(rows, ends[:-1])


class AnswersWorker:
    """Answers free questions from the city's passages and documents."""

    # Serve awaits it.
    async def __init__(self, embedder: object = None) -> None:  # type: ignore[misc]
        del embedder  # it is started with this one and called by name
        from donghaeng.app.answering import open_answers  # noqa: PLC0415

        settings = load_settings()
        set_up_logging(settings.log_level)
        self._open = AsyncExitStack()
        self._operations = await self._open.enter_async_context(
            open_answers(settings.model_copy(update={"embedder": "cluster"}))
        )

    async def carry_out(self, operation: str, arguments: Mapping[str, Any], now: datetime) -> Answer:
        """Carry out one of :data:`~donghaeng.cluster.asking.APART`."""
        return await self._operations[operation].carry_out(_NO_CITY, arguments, now)


class _NoCity:
    """Free questions are answered without asking the city."""

    operations: Final[Mapping[str, Operation]] = MappingProxyType({})

    async def call(self, operation: str, arguments: Mapping[str, Any], **given: Any) -> Answer:
        raise AssertionError(f"{operation} is asked of the city")

    async def aclose(self) -> None:
        """Nothing to close."""


_NO_CITY: Final = _NoCity()

__all__: Sequence[str] = ("AnswersWorker", "EmbedderWorker", "RecogniserWorker", "SynthesiserWorker")
