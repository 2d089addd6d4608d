"""What a live line says itself besides replies: that something went wrong, that an answer takes long."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from donghaeng.conversation.live_clock import Clock
from donghaeng.conversation.live_mouth import Mouth
from donghaeng.conversation.live_outbox import Outbox
from donghaeng.conversation.live_sentences import Phrase
from donghaeng.conversation.live_speaking import Speaking
from donghaeng.conversation.reply import Reply, Show
from donghaeng.dialogue.wording import speak

ONE_MOMENT_SECONDS: Final = 2.0
"""A caller whose turn takes longer is told that it is looked up: nobody hears nothing for five seconds."""


class Remarks:
    """Says them.

    Args:
        mouth, speaking, outbox: of the line.
        clock: time.
        phrase: the line's sentences.
        reply: the reply that was said last, whose pace is kept; None before the first.
        joined: whether a counsellor has the conversation; then nothing is spoken.
    """

    def __init__(
        self,
        mouth: Mouth,
        speaking: Speaking,
        outbox: Outbox,
        *,
        clock: Clock,
        phrase: Phrase,
        reply: Callable[[], Reply | None],
        joined: Callable[[], bool],
    ) -> None:
        self._mouth = mouth
        self._speaking = speaking
        self._outbox = outbox
        self._clock = clock
        self._phrase = phrase
        self._reply = reply
        self._joined = joined

    def say(self, code: str, name: str) -> Awaitable[None]:
        """Show a sentence that is no reply and begin to speak it; done when its sound was sent.

        Args:
            code: what a client knows it by.
            name: of the sentence.
        """
        words = self._phrase(name)
        self._outbox.send("error", code=code, title=words)
        return _done() if self._joined() else self._plainly(words)

    async def while_waiting(self, turn: Awaitable[Reply]) -> Reply:
        """The reply of a turn. Where it does not come soon, the caller is told once that it is looked up."""
        answer = asyncio.ensure_future(turn)
        nap = asyncio.ensure_future(self._clock.sleep(ONE_MOMENT_SECONDS))
        try:
            await asyncio.wait({answer, nap}, return_when=asyncio.FIRST_COMPLETED)
            if not answer.done() and not self._joined():
                self._plainly(self._phrase("one_moment"))
                await answer
                # Whoever interrupted it does not want it said on.
                self._mouth.held = None
            return await answer
        finally:
            nap.cancel()
            answer.cancel()

    def _plainly(self, words: str) -> Awaitable[None]:
        said, before = speak(words), self._reply()
        if before is None:
            return self._speaking.say(
                Reply(conversation="", token="", turn=0, say=said, show=Show(text=words))
            )
        return self._speaking.say(before.model_copy(update={"say": said}))


def _done() -> Awaitable[None]:
    done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    done.set_result(None)
    return done
