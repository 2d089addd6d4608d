"""The limits around a model: time, number at once, pauses after failures."""

from __future__ import annotations

import asyncio

import pytest

from donghaeng.errors import LanguageModelFailed
from donghaeng.language_models.guard import FAILURES, FIRST_PAUSE_S, LONGEST_PAUSE_S, GuardedModel
from donghaeng.language_models.protocol import Prompt

PROMPT = Prompt("s", "u", {}, 1)
AT_ONCE_S = 0.01


class ScriptedModel:
    """Answers, fails or waits as told."""

    name = "scripted"

    def __init__(self) -> None:
        self.asked = 0
        self.closed = False
        self.error: BaseException | None = None
        self.gate: asyncio.Event | None = None
        self.stubborn = False
        self.answer: object = "words"

    async def complete(self, prompt: Prompt) -> str:
        self.asked += 1
        while self.gate is not None and not self.gate.is_set():
            try:
                await self.gate.wait()
            except asyncio.CancelledError:
                if not self.stubborn:
                    raise
        if self.error is not None:
            raise self.error
        return self.answer  # type: ignore[return-value]

    async def aclose(self) -> None:
        self.closed = True


class Tick:
    now = 0.0

    def __call__(self) -> float:
        return self.now


async def failure(model: GuardedModel) -> str:
    with pytest.raises(LanguageModelFailed) as failed:
        await model.complete(PROMPT)
    return failed.value.reason


async def test_an_answer_comes_through() -> None:
    model = GuardedModel(ScriptedModel())
    assert await model.complete(PROMPT) == "words"
    assert model.name == "scripted"


@pytest.mark.parametrize("stubborn", [False, True])
async def test_the_deadline_holds_even_against_a_model_that_ignores_its_cancellation(stubborn: bool) -> None:
    inner = ScriptedModel()
    inner.gate, inner.stubborn = asyncio.Event(), stubborn
    model = GuardedModel(inner, deadline_s=AT_ONCE_S, at_once=1)
    assert await failure(model) == "timeout"
    await asyncio.sleep(0)
    if stubborn:
        assert await failure(model) == "busy"
    inner.gate.set()


@pytest.mark.parametrize("error", [ValueError("said words"), RuntimeError(), asyncio.CancelledError()])
async def test_any_error_of_a_plug_in_is_a_failure_without_its_words(error: BaseException) -> None:
    inner = ScriptedModel()
    inner.error = error
    with pytest.raises(LanguageModelFailed) as failed:
        await GuardedModel(inner).complete(PROMPT)
    assert failed.value.reason == "crashed"
    assert "said words" not in str(failed.value)


async def test_an_answer_that_is_no_text() -> None:
    inner = ScriptedModel()
    inner.answer = {"act": "ask"}
    assert await failure(GuardedModel(inner)) == "crashed"


async def test_more_questions_than_allowed_are_refused_at_once() -> None:
    inner = ScriptedModel()
    inner.gate = asyncio.Event()
    model = GuardedModel(inner, at_once=2)
    waiting = [asyncio.ensure_future(model.complete(PROMPT)) for _ in range(2)]
    await asyncio.sleep(0)
    assert await failure(model) == "busy"
    inner.gate.set()
    assert await asyncio.gather(*waiting) == ["words", "words"]
    assert await model.complete(PROMPT) == "words"


async def test_it_is_left_alone_after_repeated_failures_and_tried_again_once() -> None:
    inner, tick = ScriptedModel(), Tick()
    inner.error = LanguageModelFailed("refused", "no connection")
    model = GuardedModel(inner, tick=tick)
    assert [await failure(model) for _ in range(FAILURES + 2)] == ["refused"] * FAILURES + ["paused"] * 2
    assert inner.asked == FAILURES
    tick.now += FIRST_PAUSE_S
    assert await failure(model) == "refused"
    tick.now += FIRST_PAUSE_S
    assert await failure(model) == "paused", "the second pause is longer"
    tick.now += FIRST_PAUSE_S
    inner.error = None
    assert await model.complete(PROMPT) == "words"
    inner.error = LanguageModelFailed("refused", "no connection")
    assert await failure(model) == "refused", "a success begins the count anew"


async def test_after_a_pause_one_question_goes_ahead() -> None:
    inner, tick = ScriptedModel(), Tick()
    inner.error = LanguageModelFailed("refused", "no connection")
    model = GuardedModel(inner, tick=tick)
    for _ in range(FAILURES):
        await failure(model)
    tick.now += FIRST_PAUSE_S
    inner.error, inner.gate = None, asyncio.Event()
    first = asyncio.ensure_future(model.complete(PROMPT))
    await asyncio.sleep(0)
    assert await failure(model) == "paused"
    inner.gate.set()
    assert await first == "words"


async def test_a_pause_has_a_longest_length() -> None:
    inner, tick = ScriptedModel(), Tick()
    inner.error = LanguageModelFailed("status", "HTTP 500")
    model = GuardedModel(inner, tick=tick)
    for _ in range(40):
        assert await failure(model) == "status"
        tick.now += LONGEST_PAUSE_S
    assert inner.asked == 40


async def test_closing_gives_up_what_is_under_way() -> None:
    inner = ScriptedModel()
    inner.gate = asyncio.Event()
    model = GuardedModel(inner)
    waiting = asyncio.ensure_future(model.complete(PROMPT))
    await asyncio.sleep(0)
    await model.aclose()
    with pytest.raises(LanguageModelFailed):
        await waiting
    assert inner.closed
