"""One live spoken conversation (CONTRACT 4), whatever carries it.

Everything happens on one event loop. :meth:`LiveSession.receive` takes the client's messages as they come and
never waits: voice activity runs in it (0.4 % of real time). What takes time (recognising, the turn itself,
speaking) is done by :class:`~donghaeng.conversation.live_turns.LiveTurns`, so listening goes on meanwhile.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Final

from donghaeng.conversation.door import Conversations
from donghaeng.conversation.live_clock import Clock
from donghaeng.conversation.live_ears import LiveEars
from donghaeng.conversation.live_jobs import Again, Job, Remark
from donghaeng.conversation.live_messages import (
    LONGEST_FRAME_SECONDS,
    AudioFrame,
    ClientMessage,
    Commit,
    Dtmf,
    Ping,
    Played,
    Start,
    Text,
)
from donghaeng.conversation.live_mouth import LiveOptions, Mouth
from donghaeng.conversation.live_outbox import Outbox
from donghaeng.conversation.live_pace import SoundPace
from donghaeng.conversation.live_turns import MACHINE_OFF, LiveTurns
from donghaeng.speech.audio import pcm16_to_samples
from donghaeng.speech.load import Speech

KEYS_KEPT: Final = 32
"""Keys of typed words that are known again when a client that came back sends them once more."""
MOST_ERRORS: Final = 50
"""Messages that cannot be understood before the session ends."""
IDLE_SECONDS: Final = 600.0
"""Without a word for so long the session ends."""


class LiveSession:
    """A conversation over sound. :attr:`outbox` is what it sends; :attr:`ended` why it is over."""

    def __init__(
        self,
        start: Start,
        conversations: Conversations,
        speech: Speech,
        clock: Clock,
        options: LiveOptions,
        *,
        outbox: Outbox | None = None,
    ) -> None:
        """``outbox``: goes on numbering what was sent before; a new one when None."""
        self.outbox = outbox or Outbox()
        self.channel = start.channel
        self.ended: str | None = None
        self.over = asyncio.Event()
        self._speech = speech = speech.for_client(own_voice=start.own_voice)
        self._clock = clock
        self._mouth = Mouth(self.outbox, speech, clock, options)
        self._rate = start.sample_rate
        self._ears = LiveEars(
            self._rate,
            speech=speech,
            clock=clock,
            mouth=self._mouth,
            outbox=self.outbox,
            queue=self._queue,
            timing=options.timing,
            has_microphone=start.channel != "phone",
        )
        self._turns = LiveTurns(
            start,
            conversations,
            ears=self._ears,
            mouth=self._mouth,
            outbox=self.outbox,
            clock=clock,
            options=options,
            rates=lambda: (self._rate, speech.rate),
            finish=self.finish,
        )
        self._person = self._turns.person
        self._taken: float | None = None
        self._keys: deque[str] = deque(maxlen=KEYS_KEPT)
        self._errors = 0
        self._pace = SoundPace(clock.now())

    # The client's side: never waits.

    @property
    def token(self) -> str:
        """The conversation's; empty until it has begun."""
        return self._turns.token

    def open(self) -> None:
        """Begin a new conversation, or go on with the one that ``start.resume`` names."""
        self._turns.begin()

    def come_back(self, start: Start) -> None:
        """The client is back on a new connection: what it missed, then the last reply once more.

        Nothing is said once more where an answer is on its way, nor where the client kept sound that
        is still to be heard: the answer to it comes instead.
        """
        taken = self._taken if self._taken is not None else self._ears.taken_seconds
        self._rate, self._taken = start.sample_rate, None
        self._ears.restart(self._rate)
        self._pace = SoundPace(self._clock.now())
        self._mouth.silence()
        self._turns.send_ready(taken=round(taken, 3))
        reply = self._turns.reply
        if reply:
            self._person.plug(reply)
        news = start.last_seq is not None and "reply" in self.outbox.send_missed(start.last_seq)
        if reply and not news:
            self.outbox.send("reply", **reply.model_dump(mode="json"))
        if not self._turns.idle:
            return
        if news or not start.sound_follows:
            self._queue(Again())
        else:
            self.outbox.send("listening")

    def lose_line(self) -> None:
        """The connection is gone; the turn under way goes on, the sound does not."""
        self._person.unplug()
        self._taken = self._ears.taken_seconds
        self._ears.forget()
        self._ears.stop_waiting()
        self._mouth.silence()

    def receive(self, message: ClientMessage) -> None:
        """Take one message of the client."""
        if self.ended:
            return
        match message:
            case Start() if message.sample_rate != self._rate:
                detail = (
                    "the rate of a connection cannot change; connect anew and `resume` with the other rate"
                )
                self.refuse("rate_changed", detail)
            case Start():
                self.refuse("already_started", "`start` was sent twice")
            case AudioFrame(data):
                self._hear(data)
            case Ping():
                self.outbox.send("pong")
            case Text(key=key) if key is not None and key in self._keys:
                pass  # these words came before the line was lost
            case Text() | Dtmf():
                if isinstance(message, Text) and message.key is not None:
                    self._keys.append(message.key)
                self._ears.forget()
                self._ears.last_word_at = self._clock.now()
                self._mouth.stop()
                self._queue(message)
            case Commit():
                if not self._ears.commit():
                    self.outbox.send("listening")
            case Played(seq):
                self._mouth.playback.played(seq, self._clock.now())
                self._start_waiting_when_silent()

    def machine_switched(self, off: bool) -> None:
        """The machine may speak no more: whatever it says ends here, and the caller is told whom to call."""
        if off and not self.ended and not self._person.joined:
            self._mouth.cut()
            self._queue(Remark(MACHINE_OFF))

    def refuse(self, code: str, detail: str) -> None:
        """Tell the client that a message made no sense; too many of them end the session."""
        self.outbox.send("error", code=code, title="보내신 것을 이해하지 못했어요.", detail=detail)
        self._errors += 1
        if self._errors >= MOST_ERRORS:
            self.finish("protocol")

    def finish(self, reason: str) -> None:
        """End the session; the conversation itself can be resumed unless it was closed."""
        if self.ended:
            return
        self.ended = reason
        self.outbox.send("ended", reason=reason)
        self.outbox.close()
        self.over.set()
        self._ears.drop_advance()
        self._turns.close()

    # Ears

    def _hear(self, data: bytes) -> None:
        samples = pcm16_to_samples(data)
        seconds = len(samples) / self._rate
        if seconds > LONGEST_FRAME_SECONDS * 2.5:
            self.refuse("frame_too_long", "send frames of 10 to 200 ms")
            return
        now, flooded = self._clock.now(), self._pace.flooded
        if not self._pace.takes(seconds, now):
            if not flooded:
                self.refuse("too_fast", "sound comes faster than time and is thrown away")
            return
        if self._person.hear(samples):
            self._ears.feed(samples)
        self._start_waiting_when_silent()
        if now - self._ears.last_word_at > IDLE_SECONDS and not self._person.joined:
            self.finish("idle")

    def _start_waiting_when_silent(self) -> None:
        """Count silence towards a reminder once the question has been heard."""
        if self._mouth.playback.turn is not None and not self._mouth.playback.playing(self._clock.now()):
            self._mouth.playback.stop()
            if self._turns.idle:
                self._ears.wait_for_answer()

    def _queue(self, job: Job) -> None:
        self._ears.stop_waiting()
        if not self._turns.add(job):
            self.refuse("too_many_turns", "wait for the answer")
