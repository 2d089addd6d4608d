"""One caller who waits for a place: told where they stand, offered a call-back, otherwise left in peace.

What is told was made ahead of time (``app/rehearsing.py``), keys cost nothing, and words are recognised only
where a recogniser has nothing else to do: waiting callers take nothing from those who talk.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from math import inf
from typing import Any, Final

import structlog

from donghaeng.conversation.admission import Admission, Ticket
from donghaeng.conversation.callback_booking import Booking, Stage, Step
from donghaeng.conversation.callback_time import CallTimes, TimeBooking, TimeStep
from donghaeng.conversation.callbacks import Booked
from donghaeng.conversation.live_clock import Clock
from donghaeng.conversation.live_messages import AudioFrame, ClientMessage, Dtmf, Start, Text
from donghaeng.conversation.live_mouth import SOUND_PIECE_SECONDS
from donghaeng.conversation.live_outbox import Outbox
from donghaeng.conversation.live_sentences import Phrase, place_in_words, unfit_in_words, wait_in_words
from donghaeng.dialogue.wording import speak
from donghaeng.speech.audio import pcm16_to_samples, samples_to_pcm16
from donghaeng.speech.engines import Audio, Hints
from donghaeng.speech.listening import Listener
from donghaeng.speech.load import Speech
from donghaeng.speech.turn_taking import Kind

REPEAT_SECONDS: Final = 30.0
"""Quiet between two announcements."""
OFFER_EVERY: Final = 3
"""The call-back is offered in the first announcement and then in every third."""
QUESTION_SECONDS: Final = 12.0
"""Patience with an answer: a number is keyed in slowly."""
ECHO_SECONDS: Final = 0.5
"""So long after an announcement the microphone may still hear it."""
MOST_EVENTS: Final = 64
"""Keys and words that may wait to be taken; more are dropped."""
AHEAD_SECONDS: Final = 5.0
"""Sound may come this much faster than time; more is not listened to."""
MOST_ERRORS: Final = 50

Book = Callable[[Start, str], Awaitable[Booked | None]]
"""Keeps a number to be called back at; None where that failed."""

_log = structlog.get_logger(__name__)


class WaitingCaller:
    """Waits until a place is free, the caller has left a number, or :meth:`wait` is cancelled."""

    def __init__(
        self,
        start: Start,
        ticket: Ticket,
        admission: Admission,
        *,
        outbox: Outbox,
        speech: Speech,
        clock: Clock,
        phrase: Phrase,
        book: Book,
        times: CallTimes | None = None,
    ) -> None:
        self.ended: str | None = None
        self.parting = ""
        """What was said last where the wait ended with a call-back."""
        self._start = start
        self._ticket = ticket
        self._admission = admission
        self._outbox = outbox
        self._speech = speech
        self._clock = clock
        self._phrase = phrase
        self._book = book
        self._on_phone = start.channel == "phone"
        self._booking = Booking(start.caller if self._on_phone else None)
        self._times = times
        self._booked: Booked | None = None
        self._time: TimeBooking | None = None
        self._events: asyncio.Queue[Dtmf | Text] = asyncio.Queue(MOST_EVENTS)
        self._listener = Listener(speech.ears.activity, start.sample_rate)
        self._hearing: asyncio.Task[None] | None = None
        self._playing_until = clock.now()
        self._began, self._heard_seconds = clock.now(), 0.0
        self._announced = 0
        self._errors = 0

    def receive(self, message: ClientMessage) -> None:
        """Take one message of the client; never waits."""
        match message:
            case Dtmf() | Text():
                with suppress(asyncio.QueueFull):
                    self._events.put_nowait(message)
            case AudioFrame(data):
                self._listen(data)

    def refuse(self, code: str, detail: str) -> None:
        """Tell the client that a message made no sense; too many of them end the wait."""
        self._outbox.send("error", code=code, title="보내신 것을 이해하지 못했어요.", detail=detail)
        self._errors += 1
        if self._errors >= MOST_ERRORS:
            self.ended = "protocol"

    async def wait(self) -> str | None:
        """Wait; returns None when the place is there, otherwise why the call is over."""
        granted = asyncio.create_task(self._ticket.granted.wait())
        try:
            await self._announce()
            while not granted.done():
                event = await self._event(granted)
                if not granted.done() and await self._take(event):
                    if self._time is not None:
                        await self._settle_time(self._time)
                    self.ended = "callback"
                    return self.ended
            self._hush()
            return None
        finally:
            granted.cancel()
            if self._hearing is not None:
                self._hearing.cancel()

    async def _settle_time(self, booking: TimeBooking) -> None:
        """Ask when to call. Whoever has left a number no longer waits for the place."""
        step: TimeStep | None = TimeStep("when")
        while step is None or step.told not in ("book", "any"):
            if step is not None:
                await self._say(self._time_told(step))
            match await self._event():
                case Dtmf(digit):
                    step = booking.key(digit)
                case Text(text):
                    step = booking.words(text)
                case _:
                    step = booking.silence()
        promise, booked = step.promise, self._booked
        if promise is not None and booked is not None and await booked.move(promise):
            await self._part(self._phrase("callback_done_at", at=promise.written))
        else:
            await self._part(self._phrase("callback_done"))

    async def _event(self, granted: asyncio.Task[bool] | None = None) -> Dtmf | Text | None:
        """The next key or words; None where nothing came for a while, or the place was ``granted``."""
        left = max(0.0, self._playing_until - self._clock.now())
        asked = self._booking.stage is not Stage.WAITING or self._time is not None
        quiet = QUESTION_SECONDS if asked else REPEAT_SECONDS
        nap = asyncio.ensure_future(self._clock.sleep(left + quiet))
        event = asyncio.create_task(self._events.get())
        try:
            awaited: set[asyncio.Future[Any]] = {nap, event, *([granted] if granted is not None else [])}
            await asyncio.wait(awaited, return_when=asyncio.FIRST_COMPLETED)
            return event.result() if event.done() else None
        finally:
            nap.cancel()
            event.cancel()

    async def _take(self, event: Dtmf | Text | None) -> bool:
        """Answer a key, words or silence; true where the number has been taken down."""
        match event:
            case Dtmf(digit):
                step = self._booking.key(digit)
            case Text(text):
                step = self._booking.words(text)
            case _ if self._booking.stage is Stage.WAITING:
                await self._announce()
                return False
            case _:
                step = self._booking.silence()
        if step is None:
            return False
        if step.told != "book":
            await self._say(self._told(step), personal=step.phone)
            return False
        assert step.phone is not None
        self._booked = await self._book(self._start, step.phone)
        if self._booked is not None:
            if self._times is None:
                await self._part(self._phrase("callback_done"))
            else:
                self._time = TimeBooking(self._times)
            return True
        self._booking.failed()
        await self._say([self._phrase("callback_failed")])
        return False

    async def _part(self, words: str) -> None:
        self.parting = words
        await self._say([words], whole=True)

    async def _announce(self) -> None:
        """Where the caller stands; an emergency goes before everything."""
        ahead = self._ticket.ahead
        first, offers = self._announced == 0, self._announced % OFFER_EVERY == 0
        self._announced += 1
        sentences = [self._phrase("queue_emergency"), self._phrase("queue_busy")] if first else []
        sentences.append(place_in_words(self._phrase, ahead))
        sentences.append(wait_in_words(self._phrase, self._admission.wait_seconds(self._ticket)))
        sentences.append(self._phrase("queue_stay"))
        if offers:
            offer = self._phrase("queue_offer") if self._on_phone else self._phrase("queue_offer_page")
            sentences.append(offer)
        await self._say([one for one in sentences if one])

    def _told(self, step: Step) -> list[str]:
        phone, phrase = self._on_phone, self._phrase
        match step.told:
            case "own":
                return [f"{step.phone}.", phrase("callback_own")]
            case "number":
                return [phrase("callback_number") if phone else phrase("callback_number_page")]
            case "again":
                return [phrase("callback_again") if phone else phrase("callback_again_page")]
            case "check":
                asks = phrase("callback_check") if phone else phrase("callback_check_page")
                return [f"{step.phone}.", asks]
            case _:
                return [phrase("callback_left")]

    def _time_told(self, step: TimeStep) -> list[str]:
        """A question about the time; a time read back, after why it is not the one that was wanted."""
        phrase, phone = self._phrase, self._on_phone
        if step.promise is not None:
            at, unfit = step.promise.written, step.promise.unfit
            told = [] if unfit is None else [unfit_in_words(phrase, unfit)]
            asks = (
                phrase("callback_time_check", at=at) if phone else phrase("callback_time_check_page", at=at)
            )
            return [*told, asks]
        if step.told == "when":
            return [phrase("callback_when") if phone else phrase("callback_when_page")]
        return [phrase("callback_when_again") if phone else phrase("callback_when_again_page")]

    def _choices(self) -> list[str]:
        """What a page offers on buttons: the words that each of them says."""
        if self._time is not None:
            return [self._phrase("callback_any")] if self._time.promise is None else ["네", "아니요"]
        match self._booking.stage:
            case Stage.WAITING:
                return [self._phrase("callback_wish")]
            case Stage.OWN | Stage.CHECK:
                return ["네", "아니요"]
            case _:
                return []

    async def _say(self, written: Sequence[str], *, personal: str | None = None, whole: bool = False) -> None:
        """Show and speak sentences; a key or the place cuts them off unless they shall be heard ``whole``."""
        self._hush()
        text = " ".join(written)
        spoken = speak(text)
        self._outbox.send(
            "queued",
            ahead=self._ticket.ahead,
            say=spoken,
            show={"text": text, "choices": self._choices()},
        )
        self._outbox.send("audio_start", turn=0, sample_rate=self._speech.rate)
        clauses = self._speech.voice.speak(spoken, private=frozenset({personal} if personal else ()))
        try:
            while (sound := await self._speech.pool.speak(next, clauses, None, due=inf)) is not None:
                given = self._ticket.granted.is_set() and self._time is None
                if not whole and (given or not self._events.empty()):
                    break
                self._send(sound)
        except (
            Exception
        ) as error:  # a plug-in's fault: the words are shown and the place in the queue is kept
            _log.warning("the queue has no voice", error=type(error).__name__)
        self._outbox.send("audio_end", turn=0)

    def _send(self, sound: Audio) -> None:
        self._playing_until = max(self._playing_until, self._clock.now()) + sound.seconds
        step = max(1, int(sound.rate * SOUND_PIECE_SECONDS))
        for at in range(0, len(sound.samples), step):
            self._outbox.send_sound(samples_to_pcm16(sound.samples[at : at + step]))

    def _hush(self) -> None:
        """Stop the announcement that still sounds."""
        now = self._clock.now()
        if self._playing_until > now:
            self._playing_until = now
            self._outbox.send("interrupted", turn=0)

    # Words

    def _listen(self, data: bytes) -> None:
        """Find speech between announcements, and recognise it where that delays nobody."""
        seconds = len(data) / 2 / self._start.sample_rate
        now = self._clock.now()
        if self._heard_seconds + seconds > now - self._began + AHEAD_SECONDS:
            return
        self._heard_seconds += seconds
        if now < self._playing_until + ECHO_SECONDS:
            self._listener.cancel()
            return
        for heard in self._listener.feed(pcm16_to_samples(data)):
            if heard.event.kind is Kind.SPEECH_END and heard.utterance is not None:
                self._recognise(heard.utterance)

    def _recognise(self, utterance: Audio) -> None:
        if self._speech.pool.can_hear_now and (self._hearing is None or self._hearing.done()):
            self._hearing = asyncio.create_task(self._hear(utterance))

    async def _hear(self, utterance: Audio) -> None:
        asked = "phone" if self._booking.stage is Stage.NUMBER else None
        asked = "datetime" if self._time is not None else asked
        hints = Hints(expects="slot", slot_type=asked) if asked is not None else Hints()
        try:
            heard = await self._speech.pool.hear(self._speech.ears.recogniser.recognise, utterance, hints)
        except Exception as error:  # a plug-in's fault: keys still work
            _log.warning("a waiting caller was not understood", error=type(error).__name__)
            return
        if heard.text:
            self.receive(Text(heard.text))
