"""How soon somebody who speaks up is given the word, and what else is taken for that.

``python bench/barge_in.py ../shared/data``: the agent speaks, and over it comes recorded human speech (from
its first sound, found by level, on), backchannels in our own voice, and noise. Told of each: after how many
milliseconds the loudspeaker waits, and how many take the word for good without a look at their words. The
last line is JSON.
"""

from __future__ import annotations

import json
import statistics
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from donghaeng.conversation.live_ears import BARGE_IN_SECONDS
from donghaeng.settings import load_settings
from donghaeng.speech.activity.silero import SileroActivity
from donghaeng.speech.audio import levelled, read_audio, resample
from donghaeng.speech.engines import LISTEN_RATE, Samples
from donghaeng.speech.listening import Listener
from donghaeng.speech.load import load_speech
from donghaeng.speech.turn_taking import Kind

FRAME_SECONDS = 0.02
ONSET_SHARE = 0.1
"""Speech begins where the level first reaches this share of its loudest 20 ms."""
PIECE_SECONDS = 3.0
BACKCHANNELS = ("네.", "응.", "어.", "음.", "예.", "아.", "네네.", "응응.", "그래요.", "그렇죠.")
SPEEDS = (0.8, 0.9, 1.0, 1.1)
FLOOR = 0.001
"""Level of the room's own noise."""


def main(data: Path) -> None:
    speech = [resample(read_audio(file)).samples for file in sorted((data / "speech").glob("*.[wf]*"))]
    waits, words = zip(*(heard(from_onset(one)) for one in speech), strict=True)
    known = [wait for wait in waits if wait is not None]
    murmurs = [heard(one) for one in backchannels()]
    noises = [heard(one) for file in sorted((data / "noise").glob("[cnoh]*")) for one in pieces(file)]
    print(
        json.dumps(
            {
                "kind": "barge_in",
                "speech": len(speech),
                "held": round(len(known) / len(speech), 3),
                "hold_p50_ms": round(1000 * statistics.median(known)),
                "hold_p95_ms": round(1000 * statistics.quantiles(known, n=20)[-1]),
                "speech_that_takes_the_word": share(words),
                "backchannels": len(murmurs),
                "backchannels_held": share([wait is not None for wait, _ in murmurs]),
                "backchannels_that_take_the_word": share([took for _, took in murmurs]),
                "noises": len(noises),
                "noises_held": share([wait is not None for wait, _ in noises]),
                "noises_that_take_the_word": share([took for _, took in noises]),
            }
        )
    )


def heard(sound: Samples) -> tuple[float | None, bool]:
    """Seconds until the loudspeaker waits (None where it never does), and whether the word is taken."""
    room = np.random.default_rng(5).normal(0.0, FLOOR, LISTEN_RATE).astype(np.float32)
    listener = Listener(SILERO, LISTEN_RATE)
    listener.feed(room)
    size, wait, took = int(FRAME_SECONDS * LISTEN_RATE), None, False
    for index in range(0, len(sound), size):
        events = listener.feed(sound[index : index + size])
        if wait is None and any(one.event.kind in (Kind.STIR, Kind.SPEECH_START) for one in events):
            wait = (index + size) / LISTEN_RATE
        taker = listener.taker
        took = took or (taker.speaking and taker.voiced_seconds >= BARGE_IN_SECONDS)
    return wait, took


def from_onset(sound: Samples) -> Samples:
    """The sound from where speech begins."""
    size = int(FRAME_SECONDS * LISTEN_RATE)
    frames = sound[: len(sound) - len(sound) % size].reshape(-1, size)
    level = np.sqrt((frames.astype(np.float64) ** 2).mean(axis=1))
    first = int(np.argmax(level >= ONSET_SHARE * level.max()))
    return levelled(sound[first * size :])


def backchannels() -> Iterator[Samples]:
    """What a listener says, in our own voice at several speeds, with silence behind it."""
    voice = load_speech(load_settings()).voice
    for words in BACKCHANNELS:
        for speed in SPEEDS:
            whole = [resample(one).samples for one in voice.speak(words, speed)]
            yield np.concatenate([levelled(np.concatenate(whole)), np.zeros(LISTEN_RATE, np.float32)])


def pieces(file: Path) -> Iterator[Samples]:
    """Pieces of a noise, as loud as speech."""
    sound = resample(read_audio(file, limit_seconds=3_600.0)).samples
    size = int(PIECE_SECONDS * LISTEN_RATE)
    for at in range(0, len(sound) - size + 1, size):
        yield levelled(sound[at : at + size])


def share(of: Iterable[bool]) -> float:
    """The share of those that are true."""
    values = list(of)
    return round(sum(values) / max(1, len(values)), 3)


SILERO = SileroActivity()

if __name__ == "__main__":
    main(Path(sys.argv[1]))
