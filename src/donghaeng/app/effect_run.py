"""One run over conversation tests and utterances, in a process of its own: part of the composition root.

``python -m donghaeng.app.effect_run`` reads a run as JSON from standard input and writes JSON lines: how far
it is, and last what came of it. It has a data folder of its own that is gone afterwards, so nothing of it
reaches citizens, figures or the outbox.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from donghaeng.app.application import Application, open_application, seoul_now
from donghaeng.conversation.door import Conversations, Opening, Said
from donghaeng.conversation.reply import Reply
from donghaeng.conversation.scenario_runner import InProcessAgent, JsonObject, play
from donghaeng.errors import DonghaengError
from donghaeng.review.changes import PassageChange, read_change, write_change
from donghaeng.review.effects import Measured, read_measured
from donghaeng.review.measuring import Progress, Run
from donghaeng.review.passages import serve_passage
from donghaeng.review.regression import read_test
from donghaeng.review.rules import ReviewRefused
from donghaeng.review.served_documents import read_document, serve_documents
from donghaeng.settings import Settings, load_settings
from donghaeng.trust.logging import set_up_logging
from donghaeng.understanding.overlap import find_confusions

NICENESS: Final = 10
"""Citizens come first: a run takes what they leave."""
NOON: Final = datetime.fromisoformat("2026-11-23T10:00:00+09:00")
"""When every utterance is said: inside working hours."""
LINE_LIMIT: Final = 64 * 1024 * 1024
NOTHING: Final = "none"


class SubprocessRunner:
    """A :class:`~donghaeng.review.measuring.Runner` that starts the program above.

    Args:
        settings: which engines understand, and where the cache is.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def __call__(self, run: Run, progress: Progress) -> Measured:
        """Carry a run out and tell how far it is.

        Raises:
            ReviewRefused: the process failed; its log says more.
        """
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "donghaeng.app.effect_run",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=LINE_LIMIT,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(json.dumps(_as_plain(run, self._settings), default=str).encode())
            await process.stdin.drain()
            process.stdin.close()
            async for line in process.stdout:
                told = json.loads(line)
                if "measured" in told:
                    return read_measured(told["measured"])
                if "refused" in told:
                    raise ReviewRefused(f"재지 못했어요: {told['refused']}")
                progress(told["done"], told["total"])
            raise ReviewRefused("재지 못했어요: 일하던 프로그램이 멈췄어요")
        finally:
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    process.kill()
            await process.wait()


async def carry_out(
    run: Run, settings: Settings, progress: Callable[[int, int], None] = lambda done, total: None
) -> Measured:
    """Carry a run out in this process.

    Args:
        run: what is played and routed.
        settings: which engines understand, and where the cache is; the data folder is another one.
        progress: called after each test and utterance.

    Raises:
        DonghaengError: the catalogue or an engine is wrong.
    """
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="donghaeng-effect-") as data:
        own = load_settings(
            data=Path(data),
            database=None,
            cache=settings.cache,
            catalogue=run.folder,
            embedder=settings.embedder,
            allow_test_clock=True,
            city="sandbox",
            language_model_url=None,
        )
        async with open_application(own, watch=False) as application:
            return await _measured(run, application, progress, began)


async def _measured(
    run: Run, application: Application, progress: Callable[[int, int], None], began: float
) -> Measured:
    for proposal, change in run.passages:
        application.store.run(
            lambda tx, change=change, proposal=proposal: serve_passage(tx, change, proposal, seoul_now())  # type: ignore[misc]
        )
    application.store.run(lambda tx: serve_documents(tx, run.documents))
    await application.knowledge.refresh()
    while await application.knowledge.embed():
        pass
    total = len(run.tests) + len(run.texts)
    agent = _Noting(application.conversations)
    tests: dict[str, str | None] = {}
    for name, test in run.tests:
        agent.test = name
        verdict = await play(read_test(test), agent)
        step = f"{verdict.failed_step}: " if verdict.failed_step is not None else ""
        tests[name] = None if verdict.passed else f"{step}{verdict.why}"[:300]
        progress(len(tests), total)
    routing: dict[str, str] = {}
    for text in run.texts:
        reply = await _routed(application, text)
        routing[text] = reply.service or NOTHING
        if reply.citations:
            agent.answers[text] = reply.say
        progress(len(tests) + len(routing), total)
    confusions: tuple[dict[str, Any], ...] = ()
    if run.about is not None:
        confusions = tuple(asdict(one) for one in find_confusions(application.catalogue, run.about))
    return Measured(tests, routing, round(time.monotonic() - began, 1), agent.answers, confusions)


class _Noting(InProcessAgent):
    """Plays tests, and notes what was answered out of texts."""

    def __init__(self, conversations: Conversations) -> None:
        super().__init__(conversations)
        self.test = ""
        self.answers: dict[str, str] = {}

    async def say(self, reply: JsonObject, text: str) -> JsonObject:
        """Take one typed turn."""
        after = await super().say(reply, text)
        if after["citations"]:
            self.answers[f"{self.test}: {text}"] = after["say"]
        return after


async def _routed(application: Application, text: str) -> Reply:
    conversations = application.conversations
    greeting = await conversations.open(Opening(now=NOON))
    reply = await conversations.turn(greeting.conversation, greeting.token, Said(text=text))
    if not reply.ended:
        await conversations.end(greeting.conversation, greeting.token)
    return reply


def _as_plain(run: Run, settings: Settings) -> dict[str, Any]:
    return {
        "folder": str(run.folder),
        "passages": [[name, write_change(change)] for name, change in run.passages],
        "tests": [[name, dict(test)] for name, test in run.tests],
        "texts": list(run.texts),
        "documents": [one.as_plain() for one in run.documents],
        "about": run.about,
        "cache": str(settings.cache),
        "embedder": settings.embedder,
    }


def _read(plain: Mapping[str, Any]) -> tuple[Run, Settings]:
    passages = [(name, read_change(change)) for name, change in plain["passages"]]
    run = Run(
        Path(plain["folder"]),
        tuple((name, change) for name, change in passages if isinstance(change, PassageChange)),
        tuple((name, test) for name, test in plain["tests"]),
        tuple(plain["texts"]),
        tuple(read_document(one) for one in plain["documents"]),
        plain["about"],
    )
    return run, load_settings(cache=Path(plain["cache"]), embedder=plain["embedder"])


def main() -> None:
    """The program."""
    with suppress(OSError):
        os.nice(NICENESS)
    set_up_logging("error")
    run, settings = _read(json.loads(sys.stdin.read()))
    try:
        measured = asyncio.run(carry_out(run, settings, lambda done, total: _say(done=done, total=total)))
    except DonghaengError as error:
        _say(refused=str(error))
    else:
        _say(measured=measured.as_plain())


def _say(**told: Any) -> None:
    sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
