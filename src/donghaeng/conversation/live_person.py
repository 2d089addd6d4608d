"""A live line that a counsellor has: what they write is spoken to the caller, and their voice may join it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, Protocol

import structlog

from donghaeng.conversation.citizen_end import FromDesk, Told
from donghaeng.conversation.live_clock import Clock
from donghaeng.conversation.live_mouth import Mouth
from donghaeng.conversation.live_outbox import Outbox
from donghaeng.conversation.reply import Reply
from donghaeng.conversation.switchboard import Switchboard, Voice
from donghaeng.errors import DonghaengError
from donghaeng.people.cases import LineKind
from donghaeng.speech.audio import samples_to_pcm16
from donghaeng.speech.engines import Samples

LOOK_SECONDS: Final = 0.1
"""Between two looks whether the counsellor's next words may be spoken."""
RETRY_SECONDS: Final = 1.0
ECHO_SECONDS: Final = 0.3
"""So long after the counsellor's voice the caller's microphone may still hear it: it is not written down."""
_ALL: Final = 2**53

_log = structlog.get_logger(__name__)


class Line(Protocol):
    """What of a live session a counsellor's words need."""

    @property
    def citizen_speaks(self) -> bool:
        """Whether the citizen speaks now."""
        ...

    async def show(self, reply: Reply) -> None:
        """Show a reply and expect what it asks for."""
        ...

    def speak(self, reply: Reply) -> Awaitable[None]:
        """Speak it; done when its sound has been sent."""
        ...


class LivePerson:
    """The counsellor's side of one live session; a :class:`~donghaeng.conversation.switchboard.Jack`."""

    def __init__(
        self,
        line: Line,
        *,
        from_desk: FromDesk | None,
        switchboard: Switchboard | None,
        mouth: Mouth,
        outbox: Outbox,
        clock: Clock,
        rates: Callable[[], tuple[int, int]],
    ) -> None:
        """``rates``: samples a second of the caller's microphone and of what is sent to the caller."""
        self._line = line
        self._from_desk = from_desk
        self._switchboard = switchboard
        self._mouth = mouth
        self._outbox = outbox
        self._clock = clock
        self._rates = rates
        self._conversation = ""
        self._token = ""
        self._seen = 0
        self._voice: Voice | None = None
        self._following: asyncio.Task[None] | None = None

    @property
    def joined(self) -> bool:
        """Whether a counsellor has the conversation: the machine says nothing."""
        return self._mouth.hushed

    @property
    def heard_rate(self) -> int:
        """Of the caller's microphone."""
        return self._rates()[0]

    @property
    def spoken_rate(self) -> int:
        """Of what is sent to the caller."""
        return self._rates()[1]

    def plug(self, reply: Reply) -> None:
        """The line is live."""
        self._conversation, self._token = reply.conversation, reply.token
        if self._switchboard is not None:
            self._switchboard.plug(self._conversation, self)

    def unplug(self) -> None:
        """The line is gone."""
        if self._switchboard is not None and self._conversation:
            self._switchboard.unplug(self._conversation, self)

    def close(self) -> None:
        """The session is over."""
        self.unplug()
        if self._following is not None and self._following is not asyncio.current_task():
            self._following.cancel()

    async def overtaken(self, reply: Reply) -> bool:
        """Note where a turn's reply says that the hand-over stands, and follow the desk from the first such
        reply on; whether a counsellor has the conversation by now, so that the reply may not be said."""
        state = reply.handover.state if reply.handover is not None else None
        if state is not None and self._from_desk is not None and self._following is None:
            self._following = asyncio.create_task(self._follow(self._from_desk))
        if self._mouth.hushed and state != "joined" and self._from_desk is not None:
            # Made before the claim, or after the counsellor had left and before that was told here.
            now = await self._from_desk.answers(self._conversation, self._token, after=_ALL, seconds=0)
            self._mouth.hushed = now.handover is not None and now.handover.state == "joined"
            return self._mouth.hushed
        self._mouth.hushed = state == "joined"
        return False

    def hear(self, samples: Samples) -> bool:
        """Give the caller's sound to the counsellor's voice; whether the ears may listen to it too."""
        if self._voice is None:
            return True
        self._voice.hear(samples)
        return not self._voice.speaks(within=ECHO_SECONDS)

    # The switchboard's side

    def join(self, voice: Voice) -> None:
        """A counsellor speaks on the line from now on."""
        self._voice = voice
        self._mouth.held = None
        self._mouth.stop()
        self._mouth.silence()
        self._outbox.send("audio_start", turn=self._mouth.turn, sample_rate=self.spoken_rate, live=True)

    def part(self, voice: Voice) -> None:
        """They no longer do."""
        if self._voice is voice:
            self._voice = None
            self._outbox.send("audio_end", turn=self._mouth.turn)

    def play(self, samples: Samples) -> None:
        """Send the counsellor's voice to the caller."""
        if len(samples):
            self._outbox.send_sound(samples_to_pcm16(samples))

    # What counsellors write

    async def _follow(self, from_desk: FromDesk) -> None:
        while True:
            try:
                async for told in from_desk.follow(self._conversation, self._token):
                    if told.seq > self._seen:
                        self._seen = told.seq
                        await self._take(told)
            except DonghaengError as error:
                _log.warning("the desk cannot be followed", error=type(error).__name__)
                await self._clock.sleep(RETRY_SECONDS)

    async def _take(self, told: Told) -> None:
        reply = told.reply
        joined = reply.handover is not None and reply.handover.state == "joined"
        if told.kind is LineKind.CLAIMED:
            self._mouth.hushed = True
            self._mouth.held = None
            self._mouth.stop()
            self._mouth.silence()
            await self._line.show(reply)
            return
        self._mouth.hushed = joined
        await self._line.show(reply)
        while self._mouth.playback.playing(self._clock.now()) or self._line.citizen_speaks:
            await self._clock.sleep(LOOK_SECONDS)
        if self._voice is None:
            await self._line.speak(reply)
