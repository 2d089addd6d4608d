"""From a messenger's messages to conversations and back: once, in order, and never in the dark.

A messenger waits a few seconds for an answer; a turn may take longer. It is taken to its end all the same,
and its answer is handed over late where the messenger allows that, else the citizen's next message brings it.
Words that were written before an answer was seen answer none of its questions: "네" confirms nothing that
nobody has read. They are not taken, and that is said, unless they stand for themselves (an emergency, a wish
for a person).
"""

from __future__ import annotations

import asyncio
import weakref
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

import structlog

from donghaeng.channels.protocol import Answer, Incoming, Later, People
from donghaeng.conversation.door import Conversations, Opening, Said
from donghaeng.conversation.reply import Reply
from donghaeng.errors import ConversationEnded, DonghaengError, InputError, UnknownConversation
from donghaeng.store import Store, channel_threads
from donghaeng.store.channel_threads import Thread
from donghaeng.web.shell import log_unexpected

ASKS_NOTHING: Final = frozenset({"open", "none"})
"""What a reply expects after which any words are welcome."""

MOST_UNTOLD: Final = 10_000
"""Users whose late answers are held here until their next message; of others the store has the last one."""

User = tuple[str, str]
"""A messenger and by what it knows somebody."""

_log = structlog.get_logger(__name__)


@dataclass(slots=True, weakref_slot=True)
class _Line:
    """One user's messages, which are taken one after the other."""

    free: asyncio.Lock = field(default_factory=asyncio.Lock)
    message: str | None = None
    """The message that was taken last."""


class ChannelDesk:
    """Serves every messenger of this process.

    Args:
        conversations: the door to the runtime.
        store: keeps which conversation each user is in.
        clock: the city's time.
        stands_alone: whether words mean the same whatever was asked last.
        shows: the words by which a late answer is asked for; they are for the desk alone.
        people: what counsellors say; None where nobody can be handed over to.
    """

    def __init__(
        self,
        conversations: Conversations,
        store: Store,
        *,
        clock: Callable[[], datetime],
        stands_alone: Callable[[str], bool],
        shows: str,
        people: People | None = None,
    ) -> None:
        self._conversations = conversations
        self._store = store
        self._clock = clock
        self._stands_alone = stands_alone
        self._shows = shows
        self._people = people
        self._lines: weakref.WeakValueDictionary[User, _Line] = weakref.WeakValueDictionary()
        self._untold: OrderedDict[User, tuple[Reply, ...]] = OrderedDict()
        self._under_way: set[asyncio.Task[None]] = set()

    async def take(self, incoming: Incoming, *, seconds: float, later: Later | None = None) -> Answer:
        """The answer to a message; see :class:`~donghaeng.channels.protocol.Desk`."""
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        line = self._lines.setdefault(_user(incoming), _Line())
        try:
            async with asyncio.timeout_at(until):
                await line.free.acquire()
        except TimeoutError:
            return Answer(notice="busy")
        first: asyncio.Future[Answer] = loop.create_future()
        self._begin(self._serve(line, incoming, first, later))
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout_at(until):
                    return await asyncio.shield(first)
            if first.done():
                return first.result()
            return Answer(notice="waiting" if later is None else "waiting_callback")
        finally:
            first.cancel()

    async def close(self) -> None:
        """Let what is under way come to its end."""
        while self._under_way:
            await asyncio.wait(self._under_way)

    def _begin(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.ensure_future(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _serve(
        self, line: _Line, incoming: Incoming, first: asyncio.Future[Answer], later: Later | None
    ) -> None:
        try:
            answer = await self._answer(line, incoming)
            if not first.cancelled():
                first.set_result(answer)
            elif later is None or not await later(answer):
                self._hold(incoming, answer)
                return
            await self._note_told(incoming, answer)
        except Exception as error:  # nobody waits for this task
            log_unexpected(error)
        finally:
            line.free.release()

    async def _answer(self, line: _Line, incoming: Incoming) -> Answer:
        try:
            return await self._turn(line, incoming)
        except InputError:
            return Answer(notice="too_long")
        except DonghaengError as error:
            _log.warning("channel.failed", channel=incoming.channel, error=type(error).__name__)
        except Exception as error:  # whatever it is, the citizen gets an answer
            log_unexpected(error)
        return Answer(notice="sorry")

    async def _turn(self, line: _Line, incoming: Incoming) -> Answer:
        now = self._clock()
        thread = await self._store.read(
            lambda tx: channel_threads.find(tx, incoming.channel, incoming.user, now)
        )
        has_words = self._has_words(line, incoming)
        missed: tuple[Reply, ...] = ()
        if thread is not None:
            try:
                last = await self._conversations.resume(thread.token)
                missed = self._missed(thread, last, incoming)
                if has_words and (not missed or self._takes(last, incoming)):
                    reply = await self._say(thread, line, incoming)
                    return await self._with_people(thread, missed, reply, new=True)
                answer = await self._with_people(thread, missed, last, new=False)
                return replace(answer, notice="unused") if has_words else answer
            except (ConversationEnded, UnknownConversation):
                pass
        greeting, thread = await self._anew(incoming)
        if not has_words:
            return Answer((*missed, greeting))
        return Answer((*missed, greeting, await self._say(thread, line, incoming)))

    async def _with_people(
        self, thread: Thread, missed: tuple[Reply, ...], last: Reply, *, new: bool
    ) -> Answer:
        """What was missed, what counsellors said meanwhile, and ``last`` where it is ``new`` or nothing else
        is to be told. A reply without words is a machine's that keeps silent: a counsellor has the words."""
        said: tuple[Reply, ...] = ()
        seen = thread.told_line
        if self._people is not None:
            lines = await self._people.answers(thread.conversation, thread.token, after=seen, seconds=0)
            seen, said = lines.last, tuple(line.reply for line in lines.told if line.reply.show.text)
        replies = (*(one for one in missed if not _among(one, said)), *said)
        if last.show.text and (new or not replies):
            replies = (*replies, last)
        silent = not last.show.text and (new or not replies)
        return Answer(replies, "passed_on" if silent else None, line=seen)

    def _missed(self, thread: Thread, last: Reply, incoming: Incoming) -> tuple[Reply, ...]:
        """What the user was not told yet, ``last`` at its end."""
        if last.turn <= thread.told or not last.show.text:
            return ()
        held = self._untold.get(_user(incoming), ())
        return held if _among(last, held) else (*held, last)

    def _hold(self, incoming: Incoming, answer: Answer) -> None:
        if not answer.replies:
            return
        _log.info("channel.answer_waits", channel=incoming.channel)
        self._untold[_user(incoming)] = answer.replies
        if len(self._untold) > MOST_UNTOLD:
            self._untold.popitem(last=False)

    def _takes(self, last: Reply, incoming: Incoming) -> bool:
        """Whether words are taken though ``last`` was not seen when they were written."""
        return last.expects in ASKS_NOTHING or self._stands_alone(incoming.text)

    def _has_words(self, line: _Line, incoming: Incoming) -> bool:
        """Whether a message is more than the wish to see an answer: not that button, not a blank, not the
        message that was taken last come once more."""
        again = incoming.message is not None and incoming.message == line.message
        return incoming.text.strip() not in ("", self._shows) and not again

    async def _anew(self, incoming: Incoming) -> tuple[Reply, Thread]:
        greeting = await self._conversations.open(Opening(channel="chat"))
        now = self._clock()
        thread = await self._store.transact(
            lambda tx: channel_threads.begin(
                tx,
                incoming.channel,
                incoming.user,
                conversation=greeting.conversation,
                token=greeting.token,
                now=now,
            )
        )
        return greeting, thread

    async def _say(self, thread: Thread, line: _Line, incoming: Incoming) -> Reply:
        key = None if incoming.message is None else f"{incoming.channel}:{incoming.message}"
        said = Said(text=incoming.text)
        reply = await self._conversations.turn(thread.conversation, thread.token, said, idempotency_key=key)
        line.message = incoming.message
        return reply

    async def _note_told(self, incoming: Incoming, answer: Answer) -> None:
        if not answer.replies:
            return
        self._untold.pop(_user(incoming), None)
        last, now = answer.replies[-1], self._clock()
        await self._store.transact(
            lambda tx: channel_threads.tell(
                tx,
                incoming.channel,
                incoming.user,
                conversation=last.conversation,
                turn=last.turn,
                line=answer.line,
                now=now,
            )
        )


def _user(incoming: Incoming) -> User:
    return incoming.channel, incoming.user


def _among(reply: Reply, others: Sequence[Reply]) -> bool:
    """Whether one of ``others`` is the same turn's with the same words."""
    return any(
        (one.conversation, one.turn, one.show.text) == (reply.conversation, reply.turn, reply.show.text)
        for one in others
    )
