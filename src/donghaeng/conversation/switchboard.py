"""Live voice lines of this process that a counsellor may join: the caller's sound to the counsellor's page,
the counsellor's to the caller, with no engine in between.

Each direction has a bounded queue. Sound that cannot be delivered in time is dropped, the oldest first: in a
talk between two people late sound is worse than none.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from typing import Final, Protocol

from donghaeng.conversation.live_clock import Clock
from donghaeng.errors import InputError
from donghaeng.speech.audio import Resampler, pcm16_to_samples, samples_to_pcm16
from donghaeng.speech.engines import Samples

LOWEST_RATE, HIGHEST_RATE = 8_000, 48_000
LONGEST_FRAME_SECONDS: Final = 0.2
MOST_KEPT_SECONDS: Final = 1.0
"""Of the caller's sound, for a page that is slow."""
AHEAD_SECONDS: Final = 0.5
"""The counsellor's sound may come so much faster than time: what a network held back comes at once."""


class Jack(Protocol):
    """A caller's live line."""

    @property
    def heard_rate(self) -> int:
        """Samples a second of the caller's microphone."""
        ...

    @property
    def spoken_rate(self) -> int:
        """Samples a second of what is sent to the caller."""
        ...

    def join(self, voice: Voice) -> None:
        """A counsellor's voice is on the line from now on: it gets the caller's sound."""
        ...

    def part(self, voice: Voice) -> None:
        """It is no longer."""
        ...

    def play(self, samples: Samples) -> None:
        """Send sound to the caller, at :attr:`spoken_rate`."""
        ...


class Voice:
    """Implements :class:`~donghaeng.people.counselling.VoiceLine` on a caller's line."""

    def __init__(self, jack: Jack, sample_rate: int, clock: Clock) -> None:
        """Speak and hear at ``sample_rate``.

        Raises:
            InputError: the rate is outside 8,000 to 48,000 Hz.
        """
        if not LOWEST_RATE <= sample_rate <= HIGHEST_RATE:
            raise InputError(
                f"{sample_rate} Hz is no rate for a voice", remedy=f"{LOWEST_RATE} to {HIGHEST_RATE} Hz"
            )
        self._jack = jack
        self._rate = sample_rate
        self._clock = clock
        self._to_caller = Resampler(sample_rate, jack.spoken_rate)
        self._from_caller = Resampler(jack.heard_rate, sample_rate)
        self._heard: deque[bytes] = deque()
        self._kept = 0
        self._wake = asyncio.Event()
        self._over = False
        self._until = clock.now()

    @property
    def sample_rate(self) -> int:
        """Of both directions."""
        return self._rate

    def speak(self, pcm: bytes) -> None:
        """Send what the counsellor says; see :class:`~donghaeng.people.counselling.VoiceLine`."""
        samples = pcm16_to_samples(pcm)
        seconds = len(pcm) / 2 / self._rate
        if seconds > LONGEST_FRAME_SECONDS:
            raise InputError(f"a frame of {seconds:.2f} s is too long", remedy="send frames of 10 to 200 ms")
        now = self._clock.now()
        self._until = max(self._until, now)
        if self._over or self._until - now + seconds > AHEAD_SECONDS:
            return
        self._until += seconds
        self._jack.play(self._to_caller.feed(samples))

    def speaks(self, *, within: float) -> bool:
        """Whether the counsellor's voice sounds at the caller's now, or did ``within`` seconds."""
        return self._clock.now() < self._until + within

    def hear(self, samples: Samples) -> None:
        """Take the caller's sound, at the line's rate; never waits."""
        if self._over:
            return
        frame = samples_to_pcm16(self._from_caller.feed(samples))
        if not frame:
            return
        self._heard.append(frame)
        self._kept += len(frame)
        while self._kept / 2 / self._rate > MOST_KEPT_SECONDS and len(self._heard) > 1:
            self._kept -= len(self._heard.popleft())
        self._wake.set()

    def close(self) -> None:
        """End it: the iteration over the caller's sound ends."""
        self._over = True
        self._wake.set()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield what the caller says."""
        while True:
            while self._heard:
                frame = self._heard.popleft()
                self._kept -= len(frame)
                yield frame
            if self._over:
                return
            self._wake.clear()
            await self._wake.wait()


class Switchboard:
    """The live lines of this process by conversation, and the counsellors' voices on them."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lines: dict[str, Jack] = {}
        self._voices: dict[str, Voice] = {}

    def plug(self, conversation: str, jack: Jack) -> None:
        """A line is live; it takes the place of an earlier one of the conversation."""
        self.hang_up(conversation)
        self._lines[conversation] = jack

    def unplug(self, conversation: str, jack: Jack) -> None:
        """The line is gone."""
        if self._lines.get(conversation) is jack:
            self.hang_up(conversation)
            del self._lines[conversation]

    def is_live(self, conversation: str) -> bool:
        """Whether the citizen is on a line now."""
        return conversation in self._lines

    def connect(self, conversation: str, sample_rate: int) -> Voice | None:
        """Put a counsellor's voice on the line, in place of one that was; None where there is no line.

        Raises:
            InputError: the rate is no rate for a voice.
        """
        jack = self._lines.get(conversation)
        if jack is None:
            return None
        voice = Voice(jack, sample_rate, self._clock)
        self.hang_up(conversation)
        self._voices[conversation] = voice
        jack.join(voice)
        return voice

    def hang_up(self, conversation: str, voice: Voice | None = None) -> None:
        """Take a voice off the line: that one, or whichever is on it."""
        on = self._voices.get(conversation)
        if on is None or (voice is not None and on is not voice):
            return
        del self._voices[conversation]
        on.close()
        self._lines[conversation].part(on)
