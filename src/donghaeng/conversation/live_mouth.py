"""The speaking side of a live session: one reply at a time, by the clause, until the citizen speaks up."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import structlog

from donghaeng.conversation.callback_time import CallTimes
from donghaeng.conversation.citizen_end import FromDesk
from donghaeng.conversation.live_clock import Clock
from donghaeng.conversation.live_marks import TurnMarks
from donghaeng.conversation.live_outbox import Outbox
from donghaeng.conversation.live_playback import Playback
from donghaeng.conversation.live_sentences import Phrase
from donghaeng.conversation.reply import Reply
from donghaeng.conversation.switchboard import Switchboard
from donghaeng.speech.audio import samples_to_pcm16
from donghaeng.speech.engines import Audio
from donghaeng.speech.load import Speech
from donghaeng.speech.synthesise.cache import Private
from donghaeng.speech.synthesise.clauses import split_clauses
from donghaeng.speech.turn_taking import TurnTiming
from donghaeng.trust.tracing import Key, Step, step

SOUND_PIECE_SECONDS: Final = 0.2
"""Length of the binary frames sent."""
_NOTICE: Final = re.compile(r"인공지능|녹음")
"""Words of the notices that may not be cut off (AI 기본법 §31, recording)."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class LiveOptions:
    """What a session can be told besides its parts."""

    phrase: Phrase
    """The sentences that the line says itself (``catalogue/lexicon/phrases.yaml``)."""
    timing: TurnTiming = field(default_factory=TurnTiming)
    private_of: Callable[[Reply], Private | None] = lambda _reply: None
    """Which values of a reply are personal, so that their sound is not kept on disk; ``None``: all."""
    on_marks: Callable[[TurnMarks], None] = lambda _marks: None
    """Told the times of every spoken turn."""
    from_desk: FromDesk | None = None
    """What counsellors say to citizens."""
    switchboard: Switchboard | None = None
    """Where counsellors join live lines with their voice."""
    call_times: CallTimes | None = None
    """Reads when waiting callers would like to be called back; they are not asked where it is None."""
    is_off: Callable[[], bool] = lambda: False
    """Whether the machine is switched off."""


@dataclass(frozen=True, slots=True)
class Held:
    """A reply whose sound gave way to the citizen; said on if the citizen said nothing after all."""

    reply: Reply
    clauses: int
    """Clauses already said in full."""


@dataclass(slots=True)
class _Saying:
    """A reply while it is sent."""

    reply: Reply
    spoken: str
    skip: int
    """Clauses that were said before."""
    noticed: int
    """Clauses from the beginning that belong to a legal notice."""
    generation: int
    marks: TurnMarks | None


class Mouth:
    """Speaks replies and stops when told to."""

    def __init__(self, outbox: Outbox, speech: Speech, clock: Clock, options: LiveOptions) -> None:
        self.playback = Playback()
        self.held: Held | None = None
        self.hushed = False
        """Whether a counsellor has the conversation: only their words are spoken."""
        self._outbox = outbox
        self._speech = speech
        self._clock = clock
        self._options = options
        self._generation = 0
        self._skipped = 0
        self._reply: Reply | None = None
        self._asked = 0
        self._notice_sent = asyncio.Event()
        self._notice_sent.set()

    @property
    def turn(self) -> int:
        """The turn that was answered last."""
        return self._reply.turn if self._reply is not None else 0

    def busy_before_question(self, now: float) -> bool:
        """Whether a reply sounds of which the question is still to come."""
        return self.playback.playing(now) and not self.playback.in_question(now)

    def stop(self) -> bool:
        """Silence the loudspeaker, unless a legal notice is being read; false where nothing was stopped."""
        now = self._clock.now()
        if not self.playback.playing(now) or self.playback.in_notice(now):
            return False
        turn = self.playback.turn
        self._generation += 1
        self.playback.stop()
        self._outbox.send("interrupted", turn=turn)
        return True

    def hold(self) -> None:
        """Somebody may want the word: the loudspeaker waits where it is, unless a legal notice is read."""
        now = self._clock.now()
        if self.playback.held or not self.playback.playing(now) or self.playback.in_notice(now):
            return
        self.playback.hold(now)
        self._outbox.send("hold", turn=self.playback.turn)

    def go_on(self) -> None:
        """Nobody wanted the word: the sentence goes on from where it was held."""
        if self.playback.held:
            self.playback.go_on(self._clock.now())
            self._outbox.send("go_on", turn=self.playback.turn)

    def cut(self) -> None:
        """Silence the loudspeaker whatever is being read, and say nothing of it any more."""
        if self.playback.turn is not None:
            self._outbox.send("interrupted", turn=self.playback.turn)
        self.held = None
        self.silence()

    def silence(self) -> None:
        """Send no more of the reply under way, nor of one that waits."""
        self._generation += 1
        self._asked += 1
        self._notice_sent.set()
        self.playback.stop()

    def give_way(self) -> None:
        """The citizen takes the word: stop, but remember where. A legal notice is read to its end."""
        said = self._skipped + max(0, self.playback.pieces - 1)
        if self._reply is not None and self.stop():
            self.held = Held(self._reply, said)

    async def say(
        self,
        reply: Reply,
        citizen_speaks: Callable[[], bool],
        *,
        skip: int = 0,
        marks: TurnMarks | None = None,
        notice: bool = False,
        opening: str = "",
    ) -> None:
        """Speak a reply; return when its sound has been sent or something has taken its place.

        A later call takes the place of an earlier one, after the legal notice of that.

        Args:
            reply: ``say`` is spoken at its ``pace``.
            citizen_speaks: whether the citizen speaks now; then the reply is held back.
            skip: clauses that need not be said.
            marks: gets the moment of the first sound.
            notice: the reply opens with a legal notice, which nothing stops.
            opening: words before it.
        """
        self._asked += 1
        asked = self._asked
        await self._after_notice()
        if asked != self._asked or (self.hushed and not _is_counsellors(reply)):
            return
        if citizen_speaks() and not notice:
            self.held = Held(reply, skip)
            return
        spoken = f"{opening} {reply.say}".strip()
        if not self._outbox.attached or not spoken:
            self._outbox.send("listening")
            return
        self.stop()
        noticed = _notice_clauses(spoken, reply.pace.speed) if notice else 0
        saying = _Saying(reply, spoken, skip, noticed, self._generation, marks)
        self._skipped, self._reply = skip, reply
        self.playback.begin(reply.turn, self._clock.now(), notice=noticed > 0)
        if noticed:
            self._notice_sent.clear()
        self._outbox.send("audio_start", turn=reply.turn, **self._for_own_voice(saying))
        try:
            if not await self._send_clauses(saying):
                return
        except Exception as error:  # a plug-in's fault must not leave the citizen without the words
            _log.warning("synthesis failed", error=type(error).__name__)
            self._outbox.send("error", code="no_voice", title=self._options.phrase("no_voice"))
        finally:
            self._notice_sent.set()
        self.playback.all_sent(self._outbox.send("audio_end", turn=reply.turn))
        self._outbox.send("listening")

    async def _send_clauses(self, saying: _Saying) -> bool:
        """Send clause after clause; false where the citizen took the word meanwhile."""
        pace, private = saying.reply.pace, self._options.private_of(saying.reply)
        clauses = self._speech.voice.speak(saying.spoken, pace.speed, pace.volume_db, private=private)
        index = 0
        while (sound := await self._next_clause(clauses, index)) is not None:
            if saying.generation != self._generation:
                return False
            if index >= saying.skip:
                self._send_clause(sound, saying, notice=index < saying.noticed)
            index += 1
            if index == saying.noticed:
                self._notice_sent.set()
        return saying.generation == self._generation

    async def _next_clause(self, clauses: Iterator[Audio], index: int) -> Audio | None:
        with step(Step.SYNTHESISE, {Key.CLAUSE: index}) as watch:
            sound: Audio | None = await self._speech.pool.speak(next, clauses, None, due=self._due())
            watch.set(Key.AUDIO_SECONDS, None if sound is None else round(sound.seconds, 2))
            return sound

    def _due(self) -> float:
        """When the next clause is needed: at once, or as the sound that was sent runs out."""
        now = self._clock.now()
        return now + self.playback.seconds_left(now)

    def _send_clause(self, sound: Audio, saying: _Saying, *, notice: bool) -> None:
        now = self._clock.now()
        self.playback.add(sound, now, notice=notice)
        step = max(1, int(sound.rate * SOUND_PIECE_SECONDS))
        for at in range(0, len(sound.samples) if self._speech.sounds else 0, step):
            self._outbox.send_sound(samples_to_pcm16(sound.samples[at : at + step]))
        if saying.marks and saying.marks.first_audio is None:
            saying.marks.first_audio = now

    def _for_own_voice(self, saying: _Saying) -> dict[str, Any]:
        """What a client that speaks itself is told to say, and how; nothing for others."""
        if self._speech.sounds:
            return {}
        pace = saying.reply.pace
        left = split_clauses(saying.spoken, speed=pace.speed)[saying.skip :]
        words = " ".join(clause.text for clause in left)
        return {"say": words, "speed": pace.speed, "volume_db": pace.volume_db}

    async def _after_notice(self) -> None:
        """Wait until the legal notice has been sent and has sounded."""
        await self._notice_sent.wait()
        while (left := self.playback.notice_seconds_left(self._clock.now())) > 0 and self._outbox.attached:
            await self._clock.sleep(left)


def _is_counsellors(reply: Reply) -> bool:
    return reply.handover is not None and reply.handover.state == "joined"


def _notice_clauses(spoken: str, speed: float) -> int:
    """Clauses from the beginning to the last one with a legal notice."""
    clauses = split_clauses(spoken, speed=speed)
    return max((index + 1 for index, clause in enumerate(clauses) if _NOTICE.search(clause.text)), default=0)
