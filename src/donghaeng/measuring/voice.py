"""`donghaeng bench voice`: from the end of speech to the first sound of the answer (CONTRACT 6).

Callers speak recorded requests in real time, frame by frame, to the sessions that serve the live WebSocket.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from statistics import fmean
from typing import Final

import numpy as np

from donghaeng.conversation.door import Conversations, Opening, Said
from donghaeng.conversation.live import LiveSession
from donghaeng.conversation.live_clock import SystemClock
from donghaeng.conversation.live_marks import TurnMarks
from donghaeng.conversation.live_messages import AudioFrame, Start
from donghaeng.conversation.live_mouth import LiveOptions
from donghaeng.conversation.live_outbox import Outlet
from donghaeng.korean.reading import read_aloud
from donghaeng.measuring.cases import JsonObject
from donghaeng.measuring.figures import MEGABYTE, cpu_seconds, memory_bytes, milliseconds, quantile
from donghaeng.measuring.mixed_voice import MixedVoice
from donghaeng.speech.audio import resample, samples_to_pcm16
from donghaeng.speech.engines import LISTEN_RATE, Samples
from donghaeng.speech.load import Speech, Voice
from donghaeng.speech.synthesise.cache import PhraseCache

FRAME_SECONDS: Final = 0.04
FRAME_SAMPLES: Final = int(LISTEN_RATE * FRAME_SECONDS)
AUDIBLE: Final = 0.01
"""Level, as a share of full scale, below which the end of a recording counts as silence."""
ROOM_DB: Final = -60.0
"""Level of the noise of a quiet room, in decibels of full scale: microphones never send zeros."""
THINKING_SECONDS: Final = 0.8
"""Pause of a caller between the end of an answer and the next request."""
ANSWER_SECONDS: Final = 60.0
"""Patience with one answer; then the turn counts as unanswered."""
STAGGER_SECONDS: Final = 1.3
"""Callers begin this far apart, so that they do not all speak at once."""
SEED: Final = 7
ROOM_SECONDS: Final = 4.0
"""Noise of the room, over and over."""
HOME: Final = "마포구"

Tell = Callable[[JsonObject], None]


@dataclass(slots=True)
class _Ear:
    """What a caller has heard."""

    rate: int
    audio_end: int = 0
    """Answers heard to their end."""
    first_sound: float | None = None
    """When the first sound came since :meth:`listen`."""
    quiet_at: float = 0.0
    """When all sound that came has been played."""

    def listen(self) -> None:
        """Wait for the next answer."""
        self.first_sound = None

    def take(self, data: str | bytes) -> None:
        """One message of the session."""
        now = time.perf_counter()
        if isinstance(data, bytes):
            self.first_sound = self.first_sound or now
            self.quiet_at = max(now, self.quiet_at) + len(data) / 2 / self.rate
        elif json.loads(data)["type"] == "audio_end":
            self.audio_end += 1


@dataclass(slots=True)
class _Results:
    latencies: list[float] = field(default_factory=list)
    unanswered: int = 0
    too_early: int = 0
    """Answers that began before the caller had ended."""
    intervals: list[float] = field(default_factory=list)
    """Seconds from the beginning of a request to that of the next."""
    marks: list[TurnMarks] = field(default_factory=list)


def record(voice: Voice, text: str) -> list[bytes]:
    """``text`` spoken by our own voice, as frames of a microphone without silence at the end.

    Nobody's own words are in it, so the sound stays in the cache for the next run.
    """
    parts = [resample(sound).samples for sound in voice.speak(read_aloud(text), private=frozenset())]
    return frames_of(np.concatenate(parts))


def frames_of(samples: Samples) -> list[bytes]:
    """16 kHz sound as 40 ms frames of 16-bit PCM, cut after the last audible sample."""
    audible = np.flatnonzero(np.abs(samples) > AUDIBLE)
    spoken = samples[: int(audible[-1]) + 1] if len(audible) else samples[:0]
    spoken = np.pad(spoken, (0, -len(spoken) % FRAME_SAMPLES))
    return [samples_to_pcm16(spoken[at : at + FRAME_SAMPLES]) for at in range(0, len(spoken), FRAME_SAMPLES)]


def room_frames(seconds: float) -> list[bytes]:
    """Frames of a microphone in a quiet room."""
    count = round(seconds / FRAME_SECONDS)
    noise = np.random.default_rng(SEED).standard_normal((count, FRAME_SAMPLES)) * 10 ** (ROOM_DB / 20)
    return [samples_to_pcm16(frame.astype(np.float32)) for frame in noise]


async def run_level(
    conversations: Conversations,
    speech: Speech,
    recordings: Sequence[Sequence[bytes]],
    *,
    live: int,
    requests: int,
    options: LiveOptions,
    pace: float = 0.0,
    cached: float | None = None,
) -> JsonObject:
    """Hold ``live`` conversations at a time, each with ``requests`` requests, and summarise.

    The latency is measured at the caller's end: from the last frame with speech to the first sound.

    Args:
        conversations: what answers.
        speech: the engines.
        recordings: what callers say, in frames; each caller begins at another one.
        live: conversations at a time.
        requests: requests of each.
        options: of the sessions.
        pace: seconds from the beginning of one request to that of the next, where the answer has been heard
            out by then; 0 asks as soon as it has.
        cached: share of the answers' sound that the voice need not make (:class:`MixedVoice`; the greeting
            is always there); None leaves the cache as it is.
    """
    mixed = None
    if cached is not None and isinstance(speech.voice, PhraseCache):
        mixed = MixedVoice(speech.voice, cached, seed=SEED)
        speech = replace(speech, voice=mixed)
    results = _Results()
    noted = replace(options, on_marks=results.marks.append)
    made = _clauses_made(speech)
    memory, cpu, began = memory_bytes(), cpu_seconds(), time.perf_counter()
    apart = pace / live or STAGGER_SECONDS
    callers = [
        _Caller(conversations, speech, noted, results, delay=number * apart, pace=pace)
        for number in range(live)
    ]
    scripts = [
        [recordings[(number * requests + turn) % len(recordings)] for turn in range(requests)]
        for number in range(live)
    ]
    await asyncio.gather(*(caller.call(script) for caller, script in zip(callers, scripts, strict=True)))
    elapsed = time.perf_counter() - began
    grown = max(0, memory_bytes() - memory)
    return {
        "live": live,
        "turns": live * requests,
        "turn_every_s": round(fmean(results.intervals), 2) if results.intervals else None,
        "cached_share": None if mixed is None else mixed.share,
        **milliseconds(results.latencies),
        "unanswered": results.unanswered,
        "too_early": results.too_early,
        "cpu_per_conversation": round((cpu_seconds() - cpu) / elapsed / live, 3),
        "memory_per_conversation_mb": round(grown / live / MEGABYTE, 2),
        "clauses_made": _clauses_made(speech) - made,
        **_stages(results.marks),
    }


def _clauses_made(speech: Speech) -> int:
    """Clauses that the voice had to make because no cache held them."""
    if isinstance(speech.voice, MixedVoice):
        return speech.voice.made
    return speech.voice.stats.made if isinstance(speech.voice, PhraseCache) else 0


class _Caller:
    """One citizen on the line."""

    def __init__(
        self,
        conversations: Conversations,
        speech: Speech,
        options: LiveOptions,
        results: _Results,
        *,
        delay: float,
        pace: float,
    ) -> None:
        self._session = LiveSession(Start(home_district=HOME), conversations, speech, SystemClock(), options)
        self._outlet = Outlet()
        self._ear = _Ear(speech.rate)
        self._results = results
        self._delay = delay
        self._pace = pace
        self._room = itertools.cycle(room_frames(ROOM_SECONDS))
        self._next = 0.0

    async def call(self, requests: Sequence[Sequence[bytes]]) -> None:
        """Ring, hear the greeting out, make the requests one after the other, hang up."""
        await asyncio.sleep(self._delay)
        self._session.outbox.attach(self._outlet)
        self._session.open()
        listening = asyncio.create_task(self._listen())
        self._next = time.perf_counter()
        await self._wait_for_answer(1)
        began: float | None = None
        for frames in requests:
            while began is not None and time.perf_counter() < began + self._pace:
                await self._send(next(self._room))
            before, began = began, time.perf_counter()
            if before is not None:
                self._results.intervals.append(began - before)
            await self._request(frames)
        self._session.finish("hung up")
        await listening

    async def _request(self, frames: Sequence[bytes]) -> None:
        answers = self._ear.audio_end
        self._ear.listen()
        for frame in frames:
            await self._send(frame)
        ended = time.perf_counter()
        if self._ear.first_sound is not None:
            self._results.too_early += 1
        answered = await self._wait_for_answer(answers + 1)
        first = self._ear.first_sound
        if not answered or first is None:
            self._results.unanswered += 1
        elif first >= ended:
            self._results.latencies.append(first - ended)

    async def _wait_for_answer(self, answers: int) -> bool:
        """Be silent until so many answers have been heard out, and a moment longer."""
        deadline = time.perf_counter() + ANSWER_SECONDS
        while self._ear.audio_end < answers:
            if time.perf_counter() > deadline or self._session.ended:
                return False
            await self._send(next(self._room))
        while time.perf_counter() < self._ear.quiet_at + THINKING_SECONDS:
            await self._send(next(self._room))
        return True

    async def _send(self, frame: bytes) -> None:
        """One frame at its time; a caller that was held up catches up."""
        self._session.receive(AudioFrame(frame))
        self._next += FRAME_SECONDS
        await asyncio.sleep(max(0.0, self._next - time.perf_counter()))

    async def _listen(self) -> None:
        while (data := await self._outlet.get()) is not None:
            self._ear.take(data)


async def _is_answered(conversations: Conversations, text: str) -> bool:
    """Whether a request is answered at once, with no question back."""
    reply = await conversations.open(Opening(channel="phone", home_district=HOME))
    reply = await conversations.turn(reply.conversation, reply.token, Said(text=text))
    return reply.asks is None and reply.expects in ("open", "none")


def _stages(marks: Sequence[TurnMarks]) -> JsonObject:
    """Medians of where the time of a turn went, in milliseconds."""
    steps: dict[str, list[tuple[float | None, float | None]]] = {
        "endpoint": [(mark.speech_end, mark.endpoint) for mark in marks],
        "words": [(mark.endpoint, mark.recognised) for mark in marks],
        "turn": [(mark.recognised, mark.replied) for mark in marks],
        "voice": [(mark.replied, mark.first_audio) for mark in marks],
    }
    found: JsonObject = {}
    for name, pairs in steps.items():
        seconds = [end - begin for begin, end in pairs if begin is not None and end is not None]
        middle = quantile(seconds, 0.5)
        found[f"{name}_p50_ms"] = None if middle is None else round(middle * 1000, 1)
    return found


async def run(
    conversations: Conversations,
    speech: Speech,
    texts: Sequence[str],
    *,
    levels: Sequence[int],
    requests: int,
    limit_ms: float,
    options: LiveOptions,
    pace: float = 0.0,
    cached: float | None = None,
    tell: Tell = lambda level: None,
) -> JsonObject:
    """Measure at each number of conversations until the 95th percentile passes ``limit_ms``.

    ``texts`` are the requests; our own voice speaks them. What leaves a question open is not asked, for a
    silence after the next words is then as long as that question wants it. Before the first level one caller
    makes each of them once: ``cold`` is what that took, and what the voice made then is in its cache later
    (left out where nothing is to be cached). ``tell`` gets each level's figures.
    """
    whole = [text for text in texts if await _is_answered(conversations, text)]
    recordings = [await asyncio.to_thread(record, speech.voice, text) for text in whole]
    found: list[JsonObject] = []
    cold = None
    if cached != 0.0:
        cold = await run_level(
            conversations, speech, recordings, live=1, requests=len(recordings), options=options
        )
        tell({"cold": True, **cold})
    for live in levels:
        level = await run_level(
            conversations,
            speech,
            recordings,
            live=live,
            requests=requests,
            options=options,
            pace=pace,
            cached=cached,
        )
        found.append(level)
        tell(level)
        if level["p95_ms"] is None or level["p95_ms"] > limit_ms or level["unanswered"]:
            break
    good = [
        level["live"]
        for level in found
        if level["p95_ms"] is not None and level["p95_ms"] <= limit_ms and not level["unanswered"]
    ]
    return {
        "kind": "voice",
        "requests": len(recordings),
        "cold": cold,
        "levels": found,
        "most_live_below_limit": max(good, default=0),
        "limit_ms": limit_ms,
        "memory_mb": round(memory_bytes() / MEGABYTE, 1),
    }
