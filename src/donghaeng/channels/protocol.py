"""What a messenger is to Donghaeng: incoming messages, answers, the plug-in that speaks its wire.

An entry point of :data:`TEXT_CHANNELS` names a class whose instances are a :class:`TextChannel`. Its
constructor takes, by keyword, whatever it wants of ``secret``, ``words`` and ``limited``; parameters without
a default must be among them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, Protocol

from starlette.routing import BaseRoute

from donghaeng.conversation.reply import Reply

TEXT_CHANNELS: Final = "donghaeng.text_channels"
"""Entry-point group of the messengers."""

Notice = Literal["waiting", "waiting_callback", "busy", "unused", "passed_on", "sorry", "too_long"]
"""Names of sentences that the channel itself tells (:class:`~donghaeng.channels.words.Words`)."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message of a citizen."""

    channel: str
    user: str
    """By which the messenger knows them; neither logged nor stored."""
    text: str
    message: str | None = None
    """By which the messenger knows this very message; the same again is answered the same and does nothing
    twice. None where the messenger tells no such thing."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is told for a message: replies in their order, then the channel's own sentence."""

    replies: tuple[Reply, ...] = ()
    notice: Notice | None = None
    line: int = 0
    """Number of the last line of a counsellor among them."""


class Line(Protocol):
    """Something that a counsellor said."""

    @property
    def reply(self) -> Reply:
        """As a reply."""
        ...


class Lines(Protocol):
    """What counsellors said."""

    @property
    def last(self) -> int:
        """Number to ask after the next time."""
        ...

    @property
    def told(self) -> Sequence[Line]:
        """In their order."""
        ...


class People(Protocol):
    """Counsellors who have a conversation."""

    async def answers(self, conversation: str, token: str, *, after: int, seconds: float) -> Lines:
        """What they said after line ``after``; waits up to ``seconds`` where there is nothing.

        Raises:
            UnknownConversation: no such conversation, or not this token's.
        """
        ...


Later = Callable[[Answer], Awaitable[bool]]
"""Hands over an answer that came late; whether the messenger took it."""


class Desk(Protocol):
    """Takes messages to conversations (:class:`donghaeng.channels.desk.ChannelDesk`)."""

    async def take(self, incoming: Incoming, *, seconds: float, later: Later | None = None) -> Answer:
        """The answer to a message, or within ``seconds`` a notice that it takes longer. Nothing is raised.

        Args:
            incoming: the message.
            seconds: how long the messenger waits.
            later: is given the answer once it is ready; without it, or where it fails, the citizen's next
                message brings it.
        """
        ...


class TextChannel(Protocol):
    """A messenger."""

    @property
    def name(self) -> str:
        """For logs and the store: lower case, at most 32 letters."""
        ...

    def routes(self, desk: Desk) -> Sequence[BaseRoute]:
        """The addresses at which the messenger reaches us, all below `/channels/`."""
        ...

    async def aclose(self) -> None:
        """Close connections."""
        ...
