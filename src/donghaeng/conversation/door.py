"""The door through which every channel reaches conversations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from donghaeng.conversation.reply import Reply
from donghaeng.speech.engines import Hints

Channel = Literal["web", "kiosk", "phone", "chat"]
PERSON_KEY = r"^[A-Za-z0-9_-]{22,128}$"
"""A person's key: 128 random bits at least, so that nobody comes upon another's."""


@dataclass(frozen=True, slots=True)
class Location:
    """Where the citizen is, in WGS 84 degrees."""

    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class TestCity:
    """State of a sandbox city of its own (CONTRACT 7); only where the test clock is allowed."""

    __test__ = False

    seed: int = 7
    faults: tuple[Mapping[str, Any], ...] = ()
    full: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Opening:
    """What a channel knows when a conversation begins."""

    channel: Channel = "chat"
    location: Location | None = None
    home_district: str | None = None
    now: datetime | None = None
    """A fixed clock; refused with InputError unless the settings allow the test clock."""
    practice: bool = False
    city: TestCity | None = None
    called_about: str | None = None
    """The service on account of which we called; only the program itself says so."""
    called_for: str | None = None
    """What for, where it is no call-back: ``freeze_warning``."""
    called_number: str | None = None
    """Hash of the number that we called, by which the citizen may take the consent back."""
    person: str | None = None
    """A random key that the person's own telephone or browser keeps, by which they may be remembered if they
    wish (docs/decisions/0011-memory.md); of :data:`PERSON_KEY`'s form."""


@dataclass(frozen=True, slots=True)
class Said:
    """What the citizen did in one turn. Exactly one of ``text`` and ``dtmf`` is set, or neither for
    silence after a question (``no_input``)."""

    text: str | None = None
    dtmf: str | None = None
    confidence: float = 1.0
    """The recogniser's; 1 for typed words."""
    spoken: bool = False
    alternatives: tuple[str, ...] = field(default=())
    no_input: bool = False

    @property
    def medium(self) -> str:
        """``keys``, ``silence``, ``speech`` or ``text``."""
        if self.dtmf is not None:
            return "keys"
        if self.no_input:
            return "silence"
        return "speech" if self.spoken else "text"


class Conversations(Protocol):
    """Opens, carries on, shows and ends conversations. Turns of one conversation are taken in order."""

    async def open(self, opening: Opening) -> Reply:
        """Begin a conversation; the reply is the greeting and carries its token.

        Raises:
            InputError: an unknown district, a malformed key of a person, or a clock or city where the test
                clock is not allowed.
        """
        ...

    async def turn(
        self, conversation: str, token: str, said: Said, *, idempotency_key: str | None = None
    ) -> Reply:
        """Take one turn. A repeated ``idempotency_key`` gives the first reply again and does nothing.

        Raises:
            UnknownConversation: no such conversation, or not this token's.
            ConversationEnded: it has been closed.
            InputError: a text above the length limit.
        """
        ...

    async def resume(self, token: str) -> Reply:
        """The last reply of the conversation that owns ``token``, to be said again after a lost line.

        Raises:
            UnknownConversation: no conversation has this token.
        """
        ...

    async def continue_by_code(self, code: str) -> Reply:
        """Go on at a page with the call in which ``code`` was said: its last reply, with its token. The code
        is used up by that, and whoever takes up the microphone next has it alone.

        Args:
            code: as it was typed or said ("01 23 45", "공일 이삼 사오").

        Raises:
            UnknownCode: there is no such code, or no more.
        """
        ...

    async def hints(self, conversation: str, token: str) -> Hints:
        """What the open question expects, for the ears."""
        ...

    async def transcript(self, conversation: str, token: str) -> dict[str, Any]:
        """The masked transcript and events: ``{"conversation", "turns": [...], "events": [...]}``."""
        ...

    async def city_writes(self, conversation: str, token: str) -> list[dict[str, Any]]:
        """What the conversation's own sandbox city accepted (CONTRACT 3); test clock only."""
        ...

    async def end(self, conversation: str, token: str) -> Reply:
        """Close it."""
        ...
