"""The small protocols that speech engines implement, and the values they exchange.

Engines are plug-ins (entry-point groups ``donghaeng.recognisers``, ``donghaeng.synthesisers``,
``donghaeng.voice_activity``). They are synchronous and CPU-bound: the shell runs them in a bounded thread
pool. One engine object serves every conversation of a process, so its methods must be thread-safe; what
belongs to one stream lives in the object that :meth:`VoiceActivity.stream` returns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]
"""Mono sound, shape ``(n,)``, float32 in −1 … 1."""

LISTEN_RATE = 16_000
"""Samples a second of everything inside the ears; channels resample once, at their edge."""


@dataclass(frozen=True, slots=True)
class EngineInfo:
    """What an engine is, for `doctor`, `/readyz` and the register of AI systems."""

    name: str
    version: str
    model: str
    sha256: str | None = None
    licence: str | None = None
    extra: dict[str, str] = field(default_factory=dict)
    parallel: bool = True
    """Whether it works on several things at a time; False where one has all of its threads."""


@dataclass(frozen=True, slots=True)
class Audio:
    """Mono sound and its rate."""

    samples: Samples
    rate: int
    instead: EngineInfo | None = None
    """The engine that made it where the one that was asked could not; such sound is not kept."""

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return len(self.samples) / self.rate


@dataclass(frozen=True, slots=True)
class Hints:
    """What the dialogue expects, for engines that can be biased. Every field may be ignored."""

    expects: str = "open"
    """The ``expects`` of the last reply (CONTRACT 3)."""
    slot_type: str | None = None
    """Type of the slot that the open question is about."""
    phrases: Sequence[str] = ()
    """Names and words that are likely now."""


NO_HINTS: Final = Hints()
"""Nothing is known of what comes next."""


@dataclass(frozen=True, slots=True)
class Recognition:
    """Words recognised in one utterance. An empty ``text`` means that nothing was said."""

    text: str
    confidence: float
    """0 … 1: the share of characters that is expected to be right, as far as the engine is calibrated."""
    alternatives: tuple[str, ...] = ()
    cpu_seconds: float = 0.0
    rejected: str | None = None
    """Why a raw text was dropped (``"stock phrase"``, ``"loop"``, ``"foreign script"`` …)."""


class Recogniser(Protocol):
    """Speech → words."""

    @property
    def info(self) -> EngineInfo:
        """What the engine is."""
        ...

    def recognise(self, audio: Audio, hints: Hints = NO_HINTS) -> Recognition:
        """Recognise one utterance of any rate and at most 30 s.

        Raises:
            EngineError: the engine failed; the utterance is lost, the engine lives on.
        """
        ...


class Synthesiser(Protocol):
    """Spoken Korean (Hangul words and pauses) → speech."""

    @property
    def info(self) -> EngineInfo:
        """What the engine is."""
        ...

    @property
    def rate(self) -> int:
        """Samples a second of everything it makes."""
        ...

    def synthesise(self, clause: str, *, speed: float = 1.0) -> Audio:
        """Speak one clause. ``clause`` is spoken Korean as :func:`donghaeng.korean.reading.read_aloud`
        gives it; ``speed`` is a factor (0.6 … 1.5).

        Raises:
            EngineError: the engine failed.
        """
        ...


class ActivityStream(Protocol):
    """Voice activity of one stream; owns that stream's recurrent state."""

    @property
    def frame_samples(self) -> int:
        """Samples of :data:`LISTEN_RATE` sound that one call of :meth:`probability` takes."""
        ...

    def probability(self, frame: Samples) -> float:
        """Probability (0 … 1) that ``frame`` holds speech."""
        ...

    def reset(self) -> None:
        """Forget the stream so far."""
        ...


class VoiceActivity(Protocol):
    """Finds speech in sound."""

    @property
    def info(self) -> EngineInfo:
        """What the engine is."""
        ...

    def stream(self) -> ActivityStream:
        """Start listening to a new stream."""
        ...
