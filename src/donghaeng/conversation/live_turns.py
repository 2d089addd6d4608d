"""The turns of one live spoken conversation, one after the other (CONTRACT 4).

One worker task takes them in the order in which they were said: recognising, the turn itself, speaking. It
never makes the listening wait, and stopping the sound never stops a turn: what the citizen confirmed is
carried out.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from typing import Final

import structlog

from donghaeng.conversation.door import Conversations, Said
from donghaeng.conversation.in_charge import without_words
from donghaeng.conversation.live_clock import Clock
from donghaeng.conversation.live_ears import LiveEars
from donghaeng.conversation.live_jobs import Again, Job, Remark, Silence, Spoken, said_in
from donghaeng.conversation.live_marks import TurnMarks
from donghaeng.conversation.live_messages import Start, Text
from donghaeng.conversation.live_mouth import LiveOptions, Mouth
from donghaeng.conversation.live_outbox import Outbox
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
from donghaeng.speech.completeness import is_backchannel
from donghaeng.speech.engines import Hints, Recognition
from donghaeng.trust.tracing import Key, Step, step

SLOW_SPEED: Final = 0.8
"""A citizen whose answers are spoken at this factor or slower is given more time as well."""
MOST_WAITING_TURNS: Final = 8

MACHINE_OFF: Final = "machine_off"
"""The sentence that tells so."""

_log = structlog.get_logger(__name__)


class LiveTurns:
    """Does what was said, job after job; also what :class:`LivePerson` needs of a line.

    Args:
        start: with what the client began.
        conversations: take the turns.
        ears: recognise, and expect what a reply asks for.
        mouth: speaks.
        outbox: what the client is sent.
        clock: of the session.
        options: of the session.
        rates: samples a second of the caller's microphone and of what is sent to the caller.
        finish: ends the session, with why.
    """

    def __init__(
        self,
        start: Start,
        conversations: Conversations,
        *,
        ears: LiveEars,
        mouth: Mouth,
        outbox: Outbox,
        clock: Clock,
        options: LiveOptions,
        rates: Callable[[], tuple[int, int]],
        finish: Callable[[str], None],
    ) -> None:
        self.token = ""
        self.reply: Reply | None = None
        self._start = start
        self._conversations = conversations
        self._ears = ears
        self._mouth = mouth
        self._outbox = outbox
        self._clock = clock
        self._options = options
        self._rates = rates
        self._finish = finish
        self._id = uuid.uuid4().hex
        self._jobs: asyncio.Queue[Job] = asyncio.Queue(MOST_WAITING_TURNS)
        self.person = LivePerson(
            self,
            from_desk=options.from_desk,
            switchboard=options.switchboard,
            mouth=mouth,
            outbox=outbox,
            clock=clock,
            rates=rates,
        )
        self._speaking = Speaking(mouth, lambda: ears.citizen_speaks, options.on_marks)
        self._remarks = Remarks(
            mouth,
            self._speaking,
            outbox,
            clock=clock,
            phrase=options.phrase,
            reply=lambda: self.reply,
            joined=lambda: self.person.joined,
        )
        self._worker: asyncio.Task[None] | None = None
        self._busy = False
        self._over = False
        self._turns = 0
        self._empty = 0

    def begin(self) -> None:
        """Begin a new conversation, or go on with the one that ``start.resume`` names."""
        self._worker = asyncio.create_task(self._work())

    def close(self) -> None:
        """The session is over."""
        self._over = True
        self.person.close()
        self._speaking.close()
        if self._worker and self._worker is not asyncio.current_task():
            self._worker.cancel()

    def add(self, job: Job) -> bool:
        """Put a job behind those that wait; False where too many do."""
        try:
            self._jobs.put_nowait(job)
        except asyncio.QueueFull:
            return False
        return True

    @property
    def idle(self) -> bool:
        """Whether nothing waits and nothing is under way."""
        return self._jobs.empty() and not self._busy

    def send_ready(self, **more: float) -> None:
        """Tell the client what it talks to, and at which rate."""
        if self.reply:
            self._outbox.send(
                "ready",
                conversation=self.reply.conversation,
                token=self.token,
                sample_rate=self._rates()[1],
                **more,
            )

    async def _work(self) -> None:
        try:
            await self._begin()
            while not self._over:
                job = await self._jobs.get()
                self._busy = True
                await self._do(job)
                self._busy = False
        except ConversationEnded:
            self._finish("ended")
        except UnknownConversation:
            self._outbox.send("error", code="unknown_conversation", title="이어서 할 대화를 찾지 못했어요.")
            self._finish("unknown_conversation")
        except InputError as error:
            self._outbox.send("error", code="invalid", title="시작하지 못했어요.", detail=str(error))
            self._finish("invalid")
        except DonghaengError as error:
            _log.error("live session failed", error=type(error).__name__)
            await self._fail()
        except Exception:
            _log.exception("live session failed")
            await self._fail()

    async def _fail(self) -> None:
        """End what cannot go on; whoever calls is told, aloud too, whom to call instead."""
        await self._remarks.say("failed", "out_of_order")
        self._finish("failed")

    async def _begin(self) -> None:
        start = self._start
        talk = self._conversations
        begins = talk.resume(start.resume) if start.resume else talk.open(start.opening())
        reply = await self._remarks.while_waiting(begins)
        self.token, self.reply = reply.token, reply
        self.send_ready()
        self.person.plug(reply)
        await self._answer(reply, notice=not start.resume or reply.turn == 0)

    async def _do(self, job: Job) -> None:
        """Take one job. Whatever goes wrong in it is said to the citizen, and the session goes on."""
        try:
            if self.person.joined and isinstance(job, Again | Remark | Silence):
                # The machine has nothing to say while a counsellor has the conversation.
                self._outbox.send("listening")
            elif isinstance(job, Again):
                if self._options.is_off():
                    self._remarks.say(MACHINE_OFF, MACHINE_OFF)
                elif self.reply:
                    self._speaking.say(self.reply)
            elif isinstance(job, Spoken):
                await self._do_spoken(job)
            elif isinstance(job, Remark):
                self._remarks.say(job.code, job.code)
            else:
                await self._do_turn(said_in(job), key=job.key if isinstance(job, Text) else None)
        except (ConversationEnded, UnknownConversation):
            raise
        except InputError as error:
            self._outbox.send("error", code="invalid", title="그 말씀은 받을 수 없어요.", detail=str(error))
            self._outbox.send("listening")
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
        turn = self.reply.turn + 1 if self.reply else 0
        self._outbox.send("heard", text=heard.text, final=True, turn=turn)
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
        elif self._empty >= 2 and not self.person.joined:
            self._empty = 0
            await self._do_turn(Said(no_input=True))
        else:
            self._outbox.send("listening")
            self._ears.wait_for_answer()

    async def _do_turn(
        self, said: Said, marks: TurnMarks | None = None, *, capped: bool = False, key: str | None = None
    ) -> None:
        assert self.reply is not None
        if not self.person.joined:
            self._mouth.held = None
        self._turns += 1
        reply = await self._remarks.while_waiting(
            self._conversations.turn(
                self.reply.conversation,
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
        if self.person.joined:
            return ""
        if capped:
            return self._options.phrase("turn_capped")
        return self._options.phrase("too_loud") if self._ears.hints_at_loudness() else ""

    async def _answer(
        self, reply: Reply, *, marks: TurnMarks | None = None, notice: bool = False, opening: str = ""
    ) -> None:
        if await self.person.overtaken(reply):
            reply = without_words(reply)
        await self.show(reply)
        if self.person.joined and not reply.ended:
            self._outbox.send("listening")
            self._speaking.go_on()
            return
        speaking = self._speaking.say(reply, marks=marks, notice=notice, opening=opening)
        if reply.ended:
            await speaking
            self._finish("ended")

    # What a counsellor's words need

    @property
    def citizen_speaks(self) -> bool:
        """Whether a turn of the citizen is under way."""
        return self._ears.citizen_speaks

    async def show(self, reply: Reply) -> None:
        """Show a reply and expect what it asks for."""
        self.reply = reply
        self._ears.expect(await self._expected(reply), slow=reply.practice or reply.pace.speed <= SLOW_SPEED)
        self._outbox.send("reply", **reply.model_dump(mode="json"))

    def speak(self, reply: Reply) -> Awaitable[None]:
        """Speak a reply; done when its sound has been sent."""
        return self._speaking.say(reply)

    async def _expected(self, reply: Reply) -> Hints:
        try:
            return await self._conversations.hints(reply.conversation, self.token)
        except DonghaengError:
            return Hints(expects=reply.expects)
