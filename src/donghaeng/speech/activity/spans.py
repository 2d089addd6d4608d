"""Where in a whole recording somebody speaks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from donghaeng.speech.engines import LISTEN_RATE, Samples, VoiceActivity

SPEECH_PROBABILITY: Final = 0.5
"""A frame at or above it is speech. Of 80 recordings of speech the weakest reaches 0.72; rooms, streets,
music and machines stay below 0.5 but for single frames."""
SHORTEST_SPEECH_SECONDS: Final = 0.09
"""Speech in sum below which a recording holds none: a spoken "네" has 0.15 s, a click 0.03 s."""
SMALLEST_SHARE: Final = 0.05
"""Speech as a share of its span below which single frames of a noise were taken for it: recordings of speech
reach 0.15 and more, of an office or a street 0.03 at most."""
EDGE_PROBABILITY: Final = 0.1
"""Where speech begins and ends: far speech in a hall falls below :data:`SPEECH_PROBABILITY` for seconds."""
MARGIN_SECONDS: Final = 0.5
"""Sound kept on either side of the speech; consonants begin before the voice does."""


@dataclass(frozen=True, slots=True)
class SpeechSpan:
    """From the first to the last speech of a recording, margins included."""

    start: int
    """First sample."""
    end: int
    """One past the last sample."""
    speech_seconds: float
    """Sum of the frames with speech."""


def speech_span(activity: VoiceActivity, samples: Samples) -> SpeechSpan | None:
    """Find the speech in 16 kHz ``samples``; ``None`` where there is none."""
    stream = activity.stream()
    size = stream.frame_samples
    heard: list[int] = []
    spoken_frames = 0
    for at in range(0, len(samples), size):
        frame = samples[at : at + size]
        if len(frame) < size:
            frame = np.pad(frame, (0, size - len(frame)))
        probability = stream.probability(frame)
        spoken_frames += probability >= SPEECH_PROBABILITY
        if probability >= EDGE_PROBABILITY:
            heard.append(at)
    speech_seconds = spoken_frames * size / LISTEN_RATE
    if speech_seconds < SHORTEST_SPEECH_SECONDS:
        return None
    margin = int(MARGIN_SECONDS * LISTEN_RATE)
    start, end = max(0, heard[0] - margin), min(len(samples), heard[-1] + size + margin)
    if speech_seconds < SMALLEST_SHARE * (end - start) / LISTEN_RATE:
        return None
    return SpeechSpan(start, end, speech_seconds)
