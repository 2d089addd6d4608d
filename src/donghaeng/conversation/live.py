"""One live spoken conversation (CONTRACT 4), whatever carries it.

Everything happens on one event loop. :meth:`LiveSession.receive` takes the client's messages as they come and
never waits: voice activity runs in it (0.4 % of real time). What takes time (recognising, the turn itself,
speaking) is done by one worker task in the order in which it was said, so listening goes on meanwhile.
Stopping the sound never stops a turn: what the citizen confirmed is carried out.
"""

from __future__ import annotations

import asyncio
import uuid
from collections import deque
from collections.abc import Awaitable
from typing import Final

import structlog

from donghaeng.conversation.door import Conversations, Said
from donghaeng.conversation.in_charge import without_words
from donghaeng.conversation.live_clock import Clock
from donghaeng.conversation.live_ears import LiveEars
from donghaeng.conversation.live_jobs import Again, Job, Remark, Silence, Spoken, said_in
from donghaeng.conversation.live_marks import TurnMarks
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
from donghaeng.conversation.live_person import LivePerson
from donghaeng.conversation.live_remarks import Remarks
from donghaeng.conversation.live_speaking import Speaking
from donghaeng.conversation.reply import Reply
from donghaeng.errors import (
    ConversationEnded,
    DonghaengError,
    EngineBusy,
    InputError,
    UnknownConversation,
)
from donghaeng.speech.audio import pcm16_to_samples
from donghaeng.speech.completeness import is_backchannel
from donghaeng.speech.engines import Hints, Recognition
from donghaeng.speech.load import Speech
from donghaeng.trust.tracing import Key, Step, step

SLOW_SPEED: Final = 0.8
"""A citizen whose answers are spoken at this factor or slower is given more time as well."""
MOST_WAITING_TURNS: Final = 8
KEYS_KEPT: Final = 32
"""Keys of typed words that are known again when a client that came back sends them once more."""
MOST_ERRORS: Final = 50
"""Messages that cannot be understood before the session ends."""
IDLE_SECONDS: Final = 600.0
"""Without a word for so long the session ends."""

MACHINE_OFF: Final = "machine_off"
"""The sentence that tells so."""

_log = structlog.get_logger(__name__)


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
        self.token = ""
        self._start = start
        self._conversations = conversations
        self._speech = speech = speech.for_client(own_voice=start.own_voice)
        self._clock = clock
        self._options = options
        self._id = uuid.uuid4().hex
        self._jobs: asyncio.Queue[Job] = asyncio.Queue(MOST_WAITING_TURNS)
        self._mouth = Mouth(self.outbox, speech, clock, self._options)
        self._rate = start.sample_rate
        self._ears = LiveEars(
            self._rate,
            speech=speech,
            clock=clock,
            mouth=self._mouth,
            outbox=self.outbox,
            queue=self._queue,
            timing=self._options.timing,
            has_microphone=start.channel != "phone",
        )
        self._person = LivePerson(
            self,
            from_desk=options.from_desk,
            switchboard=options.switchboard,
            mouth=self._mouth,
            outbox=self.outbox,
            clock=clock,
            rates=lambda: (self._rate, speech.rate),
        )
        self._worker: asyncio.Task[None] | None = None
        self._speaking = Speaking(self._mouth, lambda: self._ears.citizen_speaks, options.on_marks)
        self._remarks = Remarks(
            self._mouth,
            self._speaking,
            self.outbox,
            clock=clock,
            phrase=options.phrase,
            reply=lambda: self._reply,
            joined=lambda: self._person.joined,
        )
        self._reply: Reply | None = None
        self._busy = False
        self._taken: float | None = None
        self._keys: deque[str] = deque(maxlen=KEYS_KEPT)
        self._turns = 0
        self._empty = 0
        self._errors = 0
        self._pace = SoundPace(clock.now())

    # The client's side: never waits.

    def open(self) -> None:
        """Begin a new conversation, or go on with the one that ``start.resume`` names."""
        self._worker = asyncio.create_task(self._work())

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
        self._send_ready(taken=round(taken, 3))
        if self._reply:
            self._person.plug(self._reply)
        news = start.last_seq is not None and "reply" in self.outbox.send_missed(start.last_seq)
        if self._reply and not news:
            self.outbox.send("reply", **self._reply.model_dump(mode="json"))
        if self._busy or not self._jobs.empty():
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
        self._person.close()
        self._speaking.close()
        if self._worker and self._worker is not asyncio.current_task():
            self._worker.cancel()

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
            if self._jobs.empty() and not self._busy:
                self._ears.wait_for_answer()

    # Turns, one after the other

    def _queue(self, job: Job) -> None:
        self._ears.stop_waiting()
        try:
            self._jobs.put_nowait(job)
        except asyncio.QueueFull:
            self.refuse("too_many_turns", "wait for the answer")

    async def _work(self) -> None:
        try:
            await self._begin()
            while not self.ended:
                job = await self._jobs.get()
                self._busy = True
                await self._do(job)
                self._busy = False
        except ConversationEnded:
            self.finish("ended")
        except UnknownConversation:
            self.outbox.send("error", code="unknown_conversation", title="이어서 할 대화를 찾지 못했어요.")
            self.finish("unknown_conversation")
        except InputError as error:
            self.outbox.send("error", code="invalid", title="시작하지 못했어요.", detail=str(error))
            self.finish("invalid")
        except DonghaengError as error:
            _log.error("live session failed", error=type(error).__name__)
            await self._fail()
        except Exception:
            _log.exception("live session failed")
            await self._fail()

    async def _fail(self) -> None:
        """End what cannot go on; whoever calls is told, aloud too, whom to call instead."""
        await self._remarks.say("failed", "out_of_order")
        self.finish("failed")

    async def _begin(self) -> None:
        start = self._start
        talk = self._conversations
        begins = talk.resume(start.resume) if start.resume else talk.open(start.opening())
        reply = await self._remarks.while_waiting(begins)
        self.token, self._reply = reply.token, reply
        self._send_ready()
        self._person.plug(reply)
        await self._answer(reply, notice=not start.resume or reply.turn == 0)

    def _send_ready(self, **more: float) -> None:
        if self._reply:
            self.outbox.send(
                "ready",
                conversation=self._reply.conversation,
                token=self.token,
                sample_rate=self._speech.rate,
                **more,
            )

    async def _do(self, job: Job) -> None:
        """Take one job. Whatever goes wrong in it is said to the citizen, and the session goes on."""
        try:
            if self._person.joined and isinstance(job, Again | Remark | Silence):
                # The machine has nothing to say while a counsellor has the conversation.
                self.outbox.send("listening")
            elif isinstance(job, Again):
                if self._options.is_off():
                    self._remarks.say(MACHINE_OFF, MACHINE_OFF)
                elif self._reply:
                    self._speaking.say(self._reply)
            elif isinstance(job, Spoken):
                await self._do_spoken(job)
            elif isinstance(job, Remark):
                self._remarks.say(job.code, job.code)
            else:
                await self._do_turn(said_in(job), key=job.key if isinstance(job, Text) else None)
        except (ConversationEnded, UnknownConversation):
            raise
        except InputError as error:
            self.outbox.send("error", code="invalid", title="그 말씀은 받을 수 없어요.", detail=str(error))
            self.outbox.send("listening")
        except DonghaengError as error:
            _log.warning("a live turn failed", error=type(error).__name__)
            self._remarks.say("turn_failed", "turn_busy" if isinstance(error, EngineBusy) else "trouble")
        except Exception:
            _log.exception("a live turn failed")
            self._remarks.say("turn_failed", "trouble")

    async def _do_spoken(self, job: Spoken) -> None:
        with step(Step.SPOKEN):
            await self._take_spoken(job)

    async def _take_spoken(self, job: Spoken) -> None:
        heard = await self._words(job)
        job.marks.recognised = self._clock.now()
        if not heard.text:
            await self._do_nothing_heard(aside=job.aside)
            return
        if job.aside and is_backchannel(heard.text):
            self._speaking.go_on()
            return
        self._empty = 0
        self._mouth.stop()
        turn = self._reply.turn + 1 if self._reply else 0
        self.outbox.send("heard", text=heard.text, final=True, turn=turn)
        said = Said(
            text=heard.text, confidence=heard.confidence, spoken=True, alternatives=heard.alternatives
        )
        await self._do_turn(said, job.marks, capped=job.capped)

    async def _words(self, job: Spoken) -> Recognition:
        """The words: those recognised in advance, or recognised now."""
        told = {Key.IN_ADVANCE: job.recognition is not None, Key.AUDIO_SECONDS: round(job.audio.seconds, 2)}
        with step(Step.RECOGNISE, told) as watch:
            heard = await (job.recognition or self._ears.recognise(job.audio))
            watch.set(Key.CONFIDENCE, round(heard.confidence, 3))
            return heard

    async def _do_nothing_heard(self, *, aside: bool) -> None:
        """An empty turn is no turn; the second in a row is told to the citizen (lessons A.13)."""
        self._empty += not aside
        if self._mouth.held or self._mouth.playback.held:
            self._speaking.go_on()
        elif self._empty >= 2 and not self._person.joined:
            self._empty = 0
            await self._do_turn(Said(no_input=True))
        else:
            self.outbox.send("listening")
            self._ears.wait_for_answer()

    async def _do_turn(
        self, said: Said, marks: TurnMarks | None = None, *, capped: bool = False, key: str | None = None
    ) -> None:
        assert self._reply is not None
        if not self._person.joined:
            self._mouth.held = None
        self._turns += 1
        reply = await self._remarks.while_waiting(
            self._conversations.turn(
                self._reply.conversation,
                self.token,
                said,
                idempotency_key=f"text-{key}" if key else f"live-{self._id}-{self._turns}",
            )
        )
        if marks:
            marks.replied, marks.turn = self._clock.now(), reply.turn
        await self._answer(reply, marks=marks, opening=self._opening(capped=capped))

    def _opening(self, *, capped: bool) -> str:
        """Words before the answer: that a turn was cut off, or once that it came in too loud."""
        if self._person.joined:
            return ""
        if capped:
            return self._options.phrase("turn_capped")
        return self._options.phrase("too_loud") if self._ears.hints_at_loudness() else ""

    async def _answer(
        self, reply: Reply, *, marks: TurnMarks | None = None, notice: bool = False, opening: str = ""
    ) -> None:
        if await self._person.overtaken(reply):
            reply = without_words(reply)
        await self.show(reply)
        if self._person.joined and not reply.ended:
            self.outbox.send("listening")
            self._speaking.go_on()
            return
        speaking = self._speaking.say(reply, marks=marks, notice=notice, opening=opening)
        if reply.ended:
            await speaking
            self.finish("ended")

    # What a counsellor's words need

    @property
    def citizen_speaks(self) -> bool:
        """Whether a turn of the citizen is under way."""
        return self._ears.citizen_speaks

    async def show(self, reply: Reply) -> None:
        """Show a reply and expect what it asks for."""
        self._reply = reply
        self._ears.expect(await self._expected(reply), slow=reply.pace.speed <= SLOW_SPEED)
        self.outbox.send("reply", **reply.model_dump(mode="json"))

    def speak(self, reply: Reply) -> Awaitable[None]:
        """Speak a reply; done when its sound has been sent."""
        return self._speaking.say(reply)

    async def _expected(self, reply: Reply) -> Hints:
        try:
            return await self._conversations.hints(reply.conversation, self.token)
        except DonghaengError:
            return Hints(expects=reply.expects)
