"""Limits around a language model: time, number at once, and a pause after repeated failures.

A citizen waits on the line: one attempt, no retry, and no queue. Whatever happens comes back as
:class:`~donghaeng.errors.LanguageModelFailed` by the deadline.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any, Final

import structlog

from donghaeng.errors import LanguageModelFailed
from donghaeng.language_models.protocol import LanguageModel, Prompt

DEADLINE_S: Final = 1.5
"""Longest wait for an answer; 2 s after the end of speech a citizen begins to wonder, and the rest of a
turn wants its share."""
AT_ONCE: Final = 2
"""Questions under way at once; a further one is refused, for a queue would only pass the deadline."""
FAILURES: Final = 3
"""Failures in a row after which the model is left alone."""
FIRST_PAUSE_S: Final = 15.0
"""How long it is left alone at first; doubled each time that the attempt after a pause fails."""
LONGEST_PAUSE_S: Final = 600.0

_log = structlog.get_logger(__name__)


class GuardedModel:
    """A :class:`LanguageModel` that always comes back in time.

    Args:
        model: what answers.
        deadline_s: longest wait, seconds.
        at_once: questions under way at once.
        tick: a monotonic clock, seconds, for the pauses.
    """

    def __init__(
        self,
        model: LanguageModel,
        *,
        deadline_s: float = DEADLINE_S,
        at_once: int = AT_ONCE,
        tick: Callable[[], float] = time.monotonic,
    ) -> None:
        self._model = model
        self._deadline_s = deadline_s
        self._at_once = at_once
        self._tick = tick
        self._under_way: set[asyncio.Task[str]] = set()
        self._failures = 0
        self._paused_until = float("-inf")

    @property
    def name(self) -> str:
        """The model's."""
        return self._model.name

    async def complete(self, prompt: Prompt) -> str:
        """The model's answer.

        Raises:
            LanguageModelFailed: the model's own; ``timeout`` (the deadline has passed), ``busy`` (too many at
                once), ``paused`` (it failed repeatedly, nothing was sent), ``crashed`` (any other error).
        """
        if self._paused():
            raise LanguageModelFailed("paused", "left alone after repeated failures")
        if len(self._under_way) >= self._at_once:
            raise LanguageModelFailed("busy", f"{self._at_once} questions are under way")
        try:
            answer = await self._in_time(prompt)
        except LanguageModelFailed as error:
            self._failed(error.reason)
            raise
        self._failures = 0
        return answer

    async def aclose(self) -> None:
        """Give up what is under way and close the model."""
        for task in self._under_way:
            task.cancel()
        await self._model.aclose()

    async def _in_time(self, prompt: Prompt) -> str:
        task = asyncio.ensure_future(self._model.complete(prompt))
        self._under_way.add(task)
        task.add_done_callback(self._done)
        try:
            await asyncio.wait({task}, timeout=self._deadline_s)
        finally:
            # Not awaited: even a model that ignores its cancellation keeps nobody waiting. Until it has
            # really ended it counts as under way.
            if not task.done():
                task.cancel()
        if not task.done():
            raise LanguageModelFailed("timeout", f"no answer within {self._deadline_s:g} s")
        return _answer_of(task)

    def _done(self, task: asyncio.Task[str]) -> None:
        self._under_way.discard(task)
        if not task.cancelled():
            task.exception()  # taken, so that a late failure is no "never retrieved" line

    def _paused(self) -> bool:
        """Whether it is left alone; after a pause one question is let through at a time."""
        if self._failures < FAILURES:
            return False
        return self._tick() < self._paused_until or bool(self._under_way)

    def _failed(self, reason: str) -> None:
        self._failures += 1
        if self._failures < FAILURES:
            return
        pause = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2.0 ** min(self._failures - FAILURES, 10))
        self._paused_until = self._tick() + pause
        _log.warning("language_model.paused", reason=reason, seconds=pause)


def _answer_of(task: asyncio.Task[Any]) -> str:
    if task.cancelled():
        raise LanguageModelFailed("crashed", "the model gave up")
    error = task.exception()
    if isinstance(error, LanguageModelFailed):
        raise error
    if error is not None or not isinstance(task.result(), str):
        # An error of a plug-in may quote the prompt: only its type is told.
        what = type(error).__name__ if error is not None else "no words"
        raise LanguageModelFailed("crashed", what) from None
    return str(task.result())
