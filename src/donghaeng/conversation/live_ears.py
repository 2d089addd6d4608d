"""The listening side of a live session: turns, words in advance, and whether the citizen wants the word."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from donghaeng.conversation.live_clock import Clock
from donghaeng.conversation.live_jobs import Job, Remark, Silence, Spoken
from donghaeng.conversation.live_marks import TurnMarks
from donghaeng.conversation.live_mouth import Mouth
from donghaeng.conversation.live_outbox import Outbox
from donghaeng.speech.completeness import answer_completeness, is_backchannel
from donghaeng.speech.echo import EchoGuard, level_db
from donghaeng.speech.engines import NO_HINTS, Audio, Hints, Recognition, Samples
from donghaeng.speech.listening import Heard, Listener
from donghaeng.speech.load import Speech
from donghaeng.speech.microphone import MicrophoneCheck
from donghaeng.speech.rhythm import Rhythm
from donghaeng.speech.turn_taking import Expectation, Kind, TurnTiming

BARGE_IN_SECONDS: Final = 1.0
"""Speech over the answer that takes the word whatever it says: of backchannels spoken slowly one in twenty is
as long (``bench/barge_in.py``). From its first tenth of a second on the loudspeaker waits: nobody is talked
over meanwhile."""
ECHO_SECONDS: Final = 0.35
"""Within this what was played may come back through the microphone."""
DISTRUST_SECONDS: Final = 5.0
"""For so long after a false sign of speech only speech itself makes the loudspeaker wait: in a noisy place
the answer must not stutter."""
TELL_EVERY_SECONDS: Final = 2.5
"""Of speech, between two recognitions of a sentence that goes on. Each costs about 0.3 CPU-s, and most
requests are over before the first."""
LEAD_SECONDS: Final = 0.6
"""An utterance began at most so long before it was told to have begun."""
MOST_REMINDERS: Final = 3
"""Reminders to a silent citizen; then the agent waits in silence."""


class LiveEars:
    """Hears one caller. Never waits: voice activity runs in :meth:`feed` (0.4 % of real time)."""

    def __init__(
        self,
        rate: int,
        *,
        speech: Speech,
        clock: Clock,
        mouth: Mouth,
        outbox: Outbox,
        queue: Callable[[Job], None],
        timing: TurnTiming,
        has_microphone: bool = True,
    ) -> None:
        """Listen to sound of ``rate``; ``queue`` takes what was said and what was not.

        ``has_microphone``: the citizen can do something about theirs; a telephone's line looks after itself.
        """
        self.hints = NO_HINTS
        self.last_word_at = clock.now()
        self._speech = speech
        self._clock = clock
        self._mouth = mouth
        self._outbox = outbox
        self._queue = queue
        self._timing = timing
        self._rhythm = Rhythm()
        self._echo = EchoGuard()
        self._advance: asyncio.Future[Recognition] | None = None
        self._telling: asyncio.Future[Recognition] | None = None
        self._told_at = 0.0
        self._trust_signs_from = 0.0
        self._aside = False
        self._rate = rate
        self._fed = self._began = self._done = 0.0
        self._listener = self._new_listener(rate)
        self._has_microphone = has_microphone
        self._microphone = MicrophoneCheck(rate)
        self._told: set[str] = set()

    @property
    def citizen_speaks(self) -> bool:
        """Whether a turn of the citizen is under way."""
        return self._listener.taker.speaking

    @property
    def taken_seconds(self) -> float:
        """Seconds of this line's sound that are dealt with; what comes after is half an utterance."""
        return self._began if self.citizen_speaks else self._fed

    def restart(self, rate: int) -> None:
        """Listen to a new line of the same caller."""
        self._rate = rate
        self._fed = self._began = self._done = 0.0
        self._listener = self._new_listener(rate)
        self._microphone = MicrophoneCheck(rate)
        self.drop_advance()

    def forget(self) -> None:
        """Forget the turn under way: other words took its place, or the line is gone."""
        self._listener.cancel()
        self.drop_advance()

    def stop_waiting(self) -> None:
        """Silence is none of the citizen's now."""
        self._listener.taker.stop_waiting()

    def wait_for_answer(self) -> None:
        """Count silence towards a reminder."""
        self._listener.taker.wait_for_answer()

    def expect(self, hints: Hints, *, slow: bool) -> None:
        """Take what the open question expects."""
        self.hints = hints
        self._listener.taker.expect(Expectation(hints.expects, hints.slot_type, slow=slow))

    def feed(self, samples: Samples) -> None:
        """Take sound at the line's rate."""
        self._fed += len(samples) / self._rate
        self._take(self._listener.feed(samples))
        taker = self._listener.taker
        if taker.speaking:
            if taker.voiced_seconds >= BARGE_IN_SECONDS:
                self._mouth.give_way()
            self._tell_so_far(taker.voiced_seconds)

        self._check_microphone(samples)

    def hints_at_loudness(self) -> bool:
        """Whether the citizen is to be told now that their words come in too loud; true once."""
        return self._microphone.too_loud and self._tell_once("too_loud")

    def commit(self) -> bool:
        """End the turn now (push-to-talk); false where nothing was said."""
        heard = self._listener.commit()
        self._take(heard)
        return bool(heard)

    async def recognise(self, audio: Audio) -> Recognition:
        """The words of a sound, in the light of the open question."""
        recogniser = self._speech.ears.recogniser
        return await self._speech.pool.hear(recogniser.recognise, audio, self.hints)

    def drop_advance(self) -> None:
        """Forget what was recognised in advance."""
        early = (self._advance, self._telling)
        self._advance = self._telling = None
        for one in early:
            if one is not None:
                one.cancel()

    def _check_microphone(self, samples: Samples) -> None:
        """Have a citizen told once whose microphone gives nothing while it is listened to."""
        if not self._has_microphone or self._mouth.playback.playing(self._clock.now()):
            return
        self._microphone.feed(samples, speaking=self.citizen_speaks)
        if self._microphone.dead and self._tell_once("dead"):
            self._queue(Remark("microphone_dead"))

    def _tell_once(self, what: str) -> bool:
        first = what not in self._told
        self._told.add(what)
        return first

    def _new_listener(self, rate: int) -> Listener:
        return Listener(self._speech.ears.activity, rate, self._timing, self._rhythm, self._is_echo)

    def _is_echo(self, frame: Samples) -> bool:
        playback, now = self._mouth.playback, self._clock.now()
        played = playback.level_db(now, within=ECHO_SECONDS)
        return self._echo.is_echo(level_db(frame), played, notice=playback.in_notice(now))

    def _take(self, heard: list[Heard]) -> None:
        for one in heard:
            match one.event.kind:
                case Kind.STIR:
                    if self._clock.now() >= self._trust_signs_from:
                        self._mouth.hold()
                case Kind.STILL:
                    self._trust_signs_from = self._clock.now() + DISTRUST_SECONDS
                    self._mouth.go_on()
                case Kind.SPEECH_START:
                    now = self._clock.now()
                    self.last_word_at = now
                    self._told_at = 0.0
                    self._began = max(self._done, self._fed - LEAD_SECONDS)
                    self._aside = self._mouth.busy_before_question(now)
                    self._outbox.send("speech_start")
                    self._mouth.hold()
                case Kind.PAUSE:
                    self._recognise_in_advance()
                case Kind.RESUMED:
                    self.drop_advance()
                    self._mouth.hold()
                case Kind.SPEECH_END:
                    self._done = self._fed
                    self._outbox.send("speech_end")
                    self._queue_utterance(one)
                case Kind.TIMEOUT:
                    if one.event.count <= MOST_REMINDERS:
                        self._queue(Silence())

    def _queue_utterance(self, heard: Heard) -> None:
        now = self._clock.now()
        self.last_word_at = now
        assert heard.utterance is not None
        advance, self._advance = self._advance, None
        self.drop_advance()
        marks = TurnMarks(
            speech_end=now - heard.silence_seconds, endpoint=now, in_advance=advance is not None
        )
        capped = heard.event.reason == "cap"
        self._queue(Spoken(heard.utterance, advance, self._aside, marks, capped))

    def _recognise_in_advance(self) -> None:
        if self._advance is not None or not self._speech.pool.can_hear_now:
            return
        self._advance = advance = asyncio.ensure_future(self.recognise(self._listener.so_far()))
        advance.add_done_callback(self._recognised_in_advance)

    def _tell_so_far(self, voiced_seconds: float) -> None:
        """Recognise a sentence that goes on, to show its words; only while nobody else is recognised."""
        due = voiced_seconds >= self._told_at + TELL_EVERY_SECONDS
        if not due or self._aside or self._telling is not None or not self._speech.pool.hears_nobody:
            return
        self._told_at = voiced_seconds
        self._telling = telling = asyncio.ensure_future(self.recognise(self._listener.so_far()))
        telling.add_done_callback(self._tell)

    def _tell(self, telling: asyncio.Future[Recognition]) -> None:
        if telling.cancelled() or telling is not self._telling:
            return
        self._telling = None
        if telling.exception() is None and self.citizen_speaks and telling.result().text:
            self._outbox.send("heard", text=telling.result().text, final=False, turn=self._mouth.turn + 1)

    def _recognised_in_advance(self, advance: asyncio.Future[Recognition]) -> None:
        if advance.cancelled() or advance.exception() or advance is not self._advance:
            return
        text = advance.result().text
        nothing = not text or (self._aside and is_backchannel(text))
        if self._mouth.playback.playing(self._clock.now()):
            if nothing:
                self._mouth.go_on()
            else:
                self._mouth.give_way()
        if not nothing:
            self._outbox.send("heard", text=text, final=False, turn=self._mouth.turn + 1)
        judged = answer_completeness(
            text, self._speech.ears.ends, expects=self.hints.expects, slot_type=self.hints.slot_type
        )
        self._take(self._listener.consider(judged))
