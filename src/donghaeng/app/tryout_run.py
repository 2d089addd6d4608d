"""Talks by a catalogue that serves nobody, in a process of its own: part of the composition root.

``python -m donghaeng.app.tryout_run`` reads one JSON line that names a catalogue, and from then on one line a
trial: all that was said so far. It answers each with the replies. Its data folder and its sandbox city are
its own and gone afterwards, so nothing that is tried reaches citizens, figures, the outbox or the city.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from donghaeng.app.application import Application, open_application
from donghaeng.app.effect_run import LINE_LIMIT, NICENESS, NOON
from donghaeng.conversation.door import Opening, Said, TestCity
from donghaeng.conversation.reply import Reply
from donghaeng.errors import DonghaengError
from donghaeng.review.rules import ReviewRefused
from donghaeng.review.service_view import Talk
from donghaeng.settings import Settings, load_settings
from donghaeng.trust.logging import set_up_logging

MOST_ROOMS: Final = 2
"""Processes at once: each holds an embedder and a catalogue, some 400 MB."""
IDLE_SECONDS: Final = 600.0
"""A process that nobody talks to for so long ends."""
START_SECONDS: Final = 180.0
"""To load and, where examples are new, to learn a catalogue."""
TURN_SECONDS: Final = 30.0
FAILED: Final = "말을 걸어 볼 수 없어요: 준비하던 프로그램이 멈췄어요"
_OWN_CITY: Final = TestCity(7, (), ())


class TrialTalk:
    """One trial at a time over one application; what was said before is not said again.

    Args:
        application: opened over the draft's catalogue.
    """

    def __init__(self, application: Application) -> None:
        self._conversations = application.conversations
        self._said: list[str] = []
        self._replies: list[Reply] = []

    async def talk(self, said: Sequence[str]) -> dict[str, Any]:
        """The replies to these words, as JSON values, and what the next words may be."""
        if not self._replies or self._said != list(said[: len(self._said)]):
            opening = Opening(channel="web", now=NOON, city=_OWN_CITY, practice=True)
            self._said, self._replies = [], [await self._conversations.open(opening)]
        first = self._replies[0]
        for words in said[len(self._said) :]:
            if self._replies[-1].ended:
                break
            answer = await self._conversations.turn(first.conversation, first.token, Said(text=words))
            self._said.append(words)
            self._replies.append(answer)
        ended = self._replies[-1].ended
        hints = {} if ended else asdict(await self._conversations.hints(first.conversation, first.token))
        return {"replies": [one.model_dump(mode="json") for one in self._replies], "hints": hints}


class _Room:
    """One process and who talks to it."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.lock = asyncio.Lock()
        self.used = 0.0

    async def ask(self, line: dict[str, Any], seconds: float) -> dict[str, Any]:
        stdin, stdout = self.process.stdin, self.process.stdout
        assert stdin is not None
        assert stdout is not None
        try:
            async with asyncio.timeout(seconds):
                stdin.write(json.dumps(line).encode() + b"\n")
                await stdin.drain()
                answer = await stdout.readline()
            told: dict[str, Any] = json.loads(answer)
        except (TimeoutError, OSError, ValueError):
            raise ReviewRefused(FAILED) from None
        if "refused" in told:
            raise ReviewRefused(f"말을 걸어 볼 수 없어요: {told['refused']}")
        return told

    def end(self) -> None:
        with suppress(ProcessLookupError):
            self.process.kill()


class SubprocessTryouts:
    """A :class:`~donghaeng.review.service_view.Tryouts` that starts the program above.

    Args:
        settings: which engines understand, and where the cache is.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._rooms: dict[Path, _Room] = {}
        self._opening = asyncio.Lock()

    async def talk(self, folder: Path, said: Sequence[str]) -> Talk:
        """What comes of saying these words one after the other.

        Raises:
            ReviewRefused: the process failed, or the catalogue cannot be loaded.
        """
        room = await self._room(folder)
        async with room.lock:
            room.used = asyncio.get_running_loop().time()
            try:
                told = await room.ask({"said": list(said)}, TURN_SECONDS)
            except ReviewRefused:
                await self._close(folder)
                raise
        return Talk(tuple(told["replies"]), told["hints"])

    async def aclose(self) -> None:
        """End every process."""
        for folder in list(self._rooms):
            await self._close(folder)

    async def _room(self, folder: Path) -> _Room:
        async with self._opening:
            now = asyncio.get_running_loop().time()
            for other, room in list(self._rooms.items()):
                gone = room.process.returncode is not None
                if gone or (other != folder and not room.lock.locked() and now - room.used > IDLE_SECONDS):
                    await self._close(other)
            if folder in self._rooms:
                return self._rooms[folder]
            while len(self._rooms) >= MOST_ROOMS:
                await self._close(min(self._rooms, key=lambda one: self._rooms[one].used))
            room = await self._opened(folder)
            room.used = now
            self._rooms[folder] = room
            return room

    async def _opened(self, folder: Path) -> _Room:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "donghaeng.app.tryout_run",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=LINE_LIMIT,
        )
        room = _Room(process)
        settings = self._settings
        start = {"folder": str(folder), "cache": str(settings.cache), "embedder": settings.embedder}
        try:
            await room.ask(start, START_SECONDS)
        except BaseException:
            room.end()
            await process.wait()
            raise
        return room

    async def _close(self, folder: Path) -> None:
        room = self._rooms.pop(folder, None)
        if room is not None:
            room.end()
            await room.process.wait()


async def _serve(start: dict[str, Any]) -> None:
    with tempfile.TemporaryDirectory(prefix="donghaeng-tryout-") as data:
        settings = load_settings(
            data=Path(data),
            database=None,
            cache=Path(start["cache"]),
            catalogue=Path(start["folder"]),
            embedder=start["embedder"],
            allow_test_clock=True,
            city="sandbox",
            language_model_url=None,
        )
        async with open_application(settings, watch=False) as application:
            trial = TrialTalk(application)
            _say(ready=True)
            while line := await asyncio.to_thread(sys.stdin.readline):
                try:
                    _say(**await trial.talk(json.loads(line)["said"]))
                except DonghaengError as error:
                    _say(refused=str(error))


def main() -> None:
    """The program. It ends when its standard input does, as when the server goes."""
    with suppress(OSError):
        os.nice(NICENESS)
    set_up_logging("error")
    try:
        asyncio.run(_serve(json.loads(sys.stdin.readline())))
    except DonghaengError as error:
        _say(refused=str(error))


def _say(**told: Any) -> None:
    sys.stdout.write(json.dumps(told, ensure_ascii=False, default=str) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
