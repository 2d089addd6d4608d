"""What a live session says, each reply in a task of its own: the next turn need not wait for its sound."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from donghaeng.conversation.live_marks import TurnMarks
from donghaeng.conversation.live_mouth import Mouth
from donghaeng.conversation.reply import Reply


class Speaking:
    """The replies that are being spoken.

    Args:
        mouth: speaks them.
        citizen_speaks: whether a turn of the citizen is under way.
        on_marks: is told the times of each turn whose answer has been spoken.
    """

    def __init__(
        self, mouth: Mouth, citizen_speaks: Callable[[], bool], on_marks: Callable[[TurnMarks], None]
    ) -> None:
        self._mouth = mouth
        self._citizen_speaks = citizen_speaks
        self._on_marks = on_marks
        self._tasks: set[asyncio.Task[None]] = set()

    def say(
        self,
        reply: Reply,
        *,
        skip: int = 0,
        marks: TurnMarks | None = None,
        notice: bool = False,
        opening: str = "",
    ) -> asyncio.Task[None]:
        """Begin to speak a reply; see :meth:`~donghaeng.conversation.live_mouth.Mouth.say`. The task is done
        when its sound has been sent."""
        saying = self._mouth.say(
            reply, self._citizen_speaks, skip=skip, marks=marks, notice=notice, opening=opening
        )
        task = asyncio.create_task(self._finish(saying, marks))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _finish(self, saying: Coroutine[Any, Any, None], marks: TurnMarks | None) -> None:
        await saying
        if marks:
            self._on_marks(marks)

    def go_on(self) -> None:
        """Go on with a reply that was held or gave way, for nothing was said."""
        self._mouth.go_on()
        held, self._mouth.held = self._mouth.held, None
        if held:
            self.say(held.reply, skip=held.clauses)

    def close(self) -> None:
        """Fall silent, but for whoever closes it from within."""
        for task in self._tasks:
            if task is not asyncio.current_task():
                task.cancel()
