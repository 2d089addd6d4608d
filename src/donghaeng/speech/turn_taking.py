"""When a turn begins and ends: a pure state machine over (seconds of sound, probability of speech).

It knows neither audio nor clock nor asyncio. How the sound is cut into chunks makes no difference beyond the
length of one chunk. The silences are those of the plan for voice: short after a whole answer, longer where
the words leave it open, longest in dictation.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Literal

from donghaeng.speech.completeness import (
    DICTATED,
    NOTHING_SAID,
    SENTENCE_FROM,
    UNFINISHED_BELOW,
    Completeness,
    Judged,
)
from donghaeng.speech.rhythm import Rhythm

EndReason = Literal["silence", "cap", "commit"]


@dataclass(frozen=True, slots=True)
class TurnTiming:
    """Every figure of turn-taking; seconds unless the name says otherwise."""

    onset_probability: float = 0.5
    """Speech begins at or above it."""
    keep_probability: float = 0.35
    """Speech goes on at or above it; below :attr:`onset_probability` so that soft endings are kept."""
    onset_seconds: float = 0.09
    """Speech before a turn begins: a spoken "네" has 0.15 s of it, a click 0.03 s."""
    stir_fade_seconds: float = 0.15
    """How long sound counts as a sign that somebody begins to speak."""
    stir_evidence_seconds: float = 0.024
    """Signs (probability × seconds, fading) at which a beginning is supposed. At this value 95 of 100
    voices are noticed within 0.19 s, and 41 of 100 noises as loud as speech; at 0.048 in 0.32 s, and 12."""
    still_evidence_seconds: float = 0.012
    """Signs below which there is none any more."""
    stir_seconds: float = 0.5
    """A supposed beginning that is no speech after so long came to nothing."""
    onset_gap_seconds: float = 0.25
    """Quiet after which a beginning that came to nothing is forgotten."""
    resume_seconds: float = 0.06
    """Speech that ends a silence; less is a click or a breath and the silence goes on."""
    pause_seconds: float = 0.2
    """Silence after which the words so far may be recognised in advance."""
    closed_seconds: float = 0.3
    """Silence after a whole answer to a closed question, or a whole number."""
    sentence_seconds: float = 0.5
    """Silence after a whole sentence."""
    closed_question_seconds: float = 0.5
    """Silence after anything else said to a yes/no question or a choice."""
    unfinished_seconds: float = 2.0
    """Silence after words that more is to follow; between this and :attr:`sentence_seconds` where they may be
    a sentence, the shorter the likelier they are one."""
    dictation_seconds: float = 3.0
    """Silence while a telephone number, an address or a text is dictated."""
    dictated_sentence_seconds: float = 1.5
    """The same after a whole sentence."""
    slow_seconds: float = 1.0
    """Added to all of these for a citizen who asked for a slower pace, closed answers excepted."""
    cut_seconds: float = 0.8
    """Whoever speaks again so soon after the end of a turn had not ended it."""
    cap_seconds: float = 30.0
    """Longest turn; then "여기까지 잘 들었어요"."""
    no_input_seconds: float = 8.0
    """Silence after a question before the first reminder."""
    next_no_input_seconds: float = 10.0
    """Silence before each further reminder."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """What the open question makes of a silence."""

    expects: str = "open"
    """``expects`` of the last reply (CONTRACT 3)."""
    slot_type: str | None = None
    slow: bool = False
    """The citizen asked for a slower pace."""


class Kind(Enum):
    """What happened."""

    STIR = "stir"
    """Somebody may be about to speak: an early sign, often wrong. SPEECH_START or STILL follows."""
    STILL = "still"
    """The sign came to nothing."""
    SPEECH_START = "speech_start"
    PAUSE = "pause"
    """A silence has lasted long enough to recognise the words so far."""
    RESUMED = "resumed"
    """Speech went on after a pause; what was recognised in it is out of date."""
    SPEECH_END = "speech_end"
    TIMEOUT = "timeout"
    """Nobody spoke after a question."""


@dataclass(frozen=True, slots=True)
class TurnEvent:
    """One event. SPEECH_END has ``reason`` and ``silence_seconds`` (at the end of the turn), TIMEOUT has
    ``count`` (1, 2, …)."""

    kind: Kind
    reason: EndReason | None = None
    count: int = 0
    silence_seconds: float = 0.0


def ending_silence(
    timing: TurnTiming, expectation: Expectation, judged: Judged, *, stretch: float = 1.0
) -> float:
    """Seconds of silence that end the turn.

    Args:
        timing: the figures.
        expectation: what the open question makes of a silence.
        judged: what the words so far say.
        stretch: the caller's own rhythm, 1 or more.
    """
    if judged.completeness is Completeness.CLOSED:
        return timing.closed_seconds * stretch
    return _open_silence(timing, expectation, judged) * stretch + (
        timing.slow_seconds if expectation.slow else 0.0
    )


def _open_silence(timing: TurnTiming, expectation: Expectation, judged: Judged) -> float:
    whole = judged.completeness is Completeness.SENTENCE
    if expectation.slot_type in DICTATED:
        return timing.dictated_sentence_seconds if whole else timing.dictation_seconds
    if judged.completeness is Completeness.UNFINISHED:
        return timing.unfinished_seconds
    if whole:
        return timing.sentence_seconds
    if expectation.expects in ("confirm", "choice"):
        return timing.closed_question_seconds
    doubt = (SENTENCE_FROM - judged.chance) / (SENTENCE_FROM - UNFINISHED_BELOW)
    # The root: a little doubt asks for much patience, for a pause inside is mostly longer than 0.8 s.
    longer = timing.unfinished_seconds - timing.sentence_seconds
    return timing.sentence_seconds + math.sqrt(min(1.0, max(0.0, doubt))) * longer


class TurnTaker:
    """The machine of one stream. Feed it every chunk; tell it what is expected and what was recognised."""

    def __init__(self, timing: TurnTiming = TurnTiming(), rhythm: Rhythm | None = None) -> None:
        self.timing = timing
        self.rhythm = rhythm or Rhythm()
        """The caller's own pauses; belongs to the caller, not to the stream."""
        self._expectation = Expectation()
        self._waiting_for_answer = False
        self._reset_turn()
        self._unheard = 0.0
        self._timeouts = 0
        self._since_end: float | None = None
        self._last_silence = 0.0

    def _reset_turn(self) -> None:
        self._speaking = False
        self._signs = 0.0
        self._stirring: float | None = None
        self._stirred = False
        self._onset = 0.0
        self._gap = 0.0
        self._length = 0.0
        self._voiced = 0.0
        self._silence = 0.0
        self._resuming = 0.0
        self._paused = False
        self._judged = NOTHING_SAID

    @property
    def speaking(self) -> bool:
        """Whether a turn is under way (its pauses included)."""
        return self._speaking

    @property
    def voiced_seconds(self) -> float:
        """Speech in the turn so far, pauses excluded."""
        return self._voiced

    @property
    def silence_seconds(self) -> float:
        """Silence at the end of the turn so far."""
        return self._silence

    def expect(self, expectation: Expectation) -> None:
        """Set what silence means from now on; a turn under way goes on."""
        self._expectation = expectation

    def wait_for_answer(self) -> None:
        """The question has been heard: count the silence towards a reminder."""
        self._waiting_for_answer = True
        self._unheard = 0.0

    def stop_waiting(self, *, answered: bool = False) -> None:
        """The agent speaks or works: silence is none of the citizen's. ``answered`` starts the reminders
        from the first again."""
        self._waiting_for_answer = False
        self._unheard = 0.0
        if answered:
            self._timeouts = 0

    def feed(self, seconds: float, probability: float) -> list[TurnEvent]:
        """Take one chunk of sound.

        Args:
            seconds: its length.
            probability: of speech, 0 … 1. Anything else (a detector's sentinel, not a number) is no news:
                it counts neither as speech nor as silence.
        """
        return list(self._feed(seconds, probability))

    def consider(self, judged: Judged) -> list[TurnEvent]:
        """Take what the words recognised in the current pause say about the end of the turn."""
        if not (self._speaking and self._paused):
            return []
        self._judged = judged
        return list(self._end_if_due())

    def commit(self) -> list[TurnEvent]:
        """The citizen released the push-to-talk key: what was said is the turn, however short."""
        if not self._speaking and self._onset == 0.0:
            return []
        events = [] if self._speaking else [TurnEvent(Kind.SPEECH_START)]
        return [*events, self._end("commit")]

    def cancel(self) -> None:
        """Forget a turn under way (it was a backchannel, or typed words took its place)."""
        self._reset_turn()

    def _feed(self, seconds: float, probability: float) -> Iterator[TurnEvent]:
        if not 0.0 <= probability <= 1.0:
            if self._speaking:
                self._length += seconds
                yield from self._end_if_due()
            return
        if self._since_end is not None:
            self._since_end += seconds
        if self._speaking:
            yield from self._feed_speaking(seconds, probability >= self.timing.keep_probability)
        else:
            yield from self._feed_stirring(seconds, probability)
            yield from self._feed_waiting(seconds, probability >= self.timing.onset_probability)

    def _feed_stirring(self, seconds: float, probability: float) -> Iterator[TurnEvent]:
        # What a steady probability adds while it fades: so the length of a chunk does not count.
        fading = math.exp(-seconds / self.timing.stir_fade_seconds)
        self._signs = fading * self._signs + probability * (1 - fading) * self.timing.stir_fade_seconds
        quiet = self._signs <= self.timing.still_evidence_seconds
        if self._stirring is not None:
            self._stirring += seconds
            if quiet or self._stirring >= self.timing.stir_seconds:
                self._stirring = None
                yield TurnEvent(Kind.STILL)
        elif quiet:
            self._stirred = False
        elif not self._stirred and self._signs >= self.timing.stir_evidence_seconds:
            self._stirring, self._stirred = 0.0, True
            yield TurnEvent(Kind.STIR)

    def _feed_waiting(self, seconds: float, speech: bool) -> Iterator[TurnEvent]:
        if speech:
            self._onset += seconds
            self._gap = 0.0
            if self._onset >= self.timing.onset_seconds:
                self._learn_from_being_cut()
                self._speaking = True
                self._length = self._voiced = self._onset
                self._unheard = 0.0
                yield TurnEvent(Kind.SPEECH_START)
            return
        self._gap += seconds
        if self._gap >= self.timing.onset_gap_seconds:
            self._onset = 0.0
        if self._waiting_for_answer:
            self._unheard += seconds
            first = self._timeouts == 0
            limit = self.timing.no_input_seconds if first else self.timing.next_no_input_seconds
            if self._unheard >= limit:
                self._timeouts += 1
                self._unheard = 0.0
                yield TurnEvent(Kind.TIMEOUT, count=self._timeouts)

    def _feed_speaking(self, seconds: float, speech: bool) -> Iterator[TurnEvent]:
        self._length += seconds
        if speech:
            self._voiced += seconds
            self._resuming += seconds
            if self._silence > 0.0 and self._resuming < self.timing.resume_seconds:
                self._silence += seconds
            else:
                yield from self._resume()
        else:
            self._resuming = 0.0
            self._silence += seconds
            if not self._paused and self._silence >= self.timing.pause_seconds:
                self._paused = True
                yield TurnEvent(Kind.PAUSE)
        yield from self._end_if_due()

    def _learn_from_being_cut(self) -> None:
        """Whoever speaks on right after the end of the turn had only paused."""
        if self._since_end is not None and self._since_end <= self.timing.cut_seconds:
            self.rhythm.went_on_after(self._last_silence + self._since_end - self._onset)
        self._since_end = None

    def _resume(self) -> Iterator[TurnEvent]:
        if self._paused:
            self.rhythm.went_on_after(self._silence)
        self._silence = 0.0
        self._judged = NOTHING_SAID
        if self._paused:
            self._paused = False
            yield TurnEvent(Kind.RESUMED)

    def _end_if_due(self) -> Iterator[TurnEvent]:
        silence = ending_silence(self.timing, self._expectation, self._judged, stretch=self.rhythm.stretch)
        if self._silence >= silence:
            yield self._end("silence")
        elif self._length >= self.timing.cap_seconds:
            yield self._end("cap")

    def _end(self, reason: EndReason) -> TurnEvent:
        silence = self._silence
        self._since_end = 0.0 if reason == "silence" else None
        self._last_silence = silence
        self._reset_turn()
        self.stop_waiting(answered=True)
        return TurnEvent(Kind.SPEECH_END, reason=reason, silence_seconds=silence)
