"""How well clauses fit together that are made apart: loudness of each, level and pitch where two meet.

    python bench/joints.py --clauses 64 [--synthesiser espeak-ng]
    python bench/joints.py --recordings ../shared/data/speech

Speaks fixed sentences of the catalogue with the engine of the settings. Loudness is ITU-R BS.1770; the level
at a joint is that of the last and the first 0.3 s that sound, the pitch the median of what is voiced in them.
Of recordings of people the same is told of both sides of every pause, for comparison.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from donghaeng.app.rehearsing import rehearsed
from donghaeng.city.services import load_catalogue
from donghaeng.dialogue.phrases import load_phrases
from donghaeng.settings import load_settings
from donghaeng.speech.audio import read_audio
from donghaeng.speech.engines import Audio, Samples, Synthesiser
from donghaeng.speech.load import load_synthesiser
from donghaeng.speech.synthesise.clauses import USUAL_SPEED, split_clauses
from donghaeng.speech.synthesise.loudness import equally_loud, loudness
from donghaeng.speech.synthesise.melody import pitch_track

EDGE_S = 0.3
HOP_S = 0.01
QUIET = 0.1
"""Of the level that a recording seldom exceeds; below it nobody speaks."""
PAUSE_S = 0.2
SOUNDING = 0.05
"""Of the loudest sample; below it is silence."""


def _replies(count: int, seed: int) -> Iterator[list[str]]:
    """Clauses of replies that have several, ``count`` clauses in all."""
    settings = load_settings()
    phrases = load_phrases(settings.catalogue / "lexicon" / "phrases.yaml")
    texts = sorted({piece.spoken for piece in rehearsed(load_catalogue(settings.catalogue), phrases)})
    random.Random(seed).shuffle(texts)
    for text in texts:
        clauses = [clause.text for clause in split_clauses(text)]
        if len(clauses) > 1 and count > 0:
            yield clauses
            count -= len(clauses)


def _edges(audio: Audio) -> tuple[Samples, Samples]:
    """The first and the last part that sounds."""
    sounding = np.flatnonzero(np.abs(audio.samples) > SOUNDING * np.abs(audio.samples).max())
    kept = audio.samples[sounding[0] : sounding[-1] + 1]
    count = int(EDGE_S * audio.rate)
    return kept[:count], kept[-count:]


def _level_db(samples: Samples) -> float:
    return float(10 * np.log10(np.mean(np.square(samples, dtype=np.float64))))


def _pitch_hz(samples: Samples, rate: int) -> float | None:
    """Median of the voiced frames; None where none is."""
    track, _ = pitch_track(samples, rate)
    return float(np.median(track[track > 0])) if track.any() else None


def _spread(values: list[float], unit: str) -> dict[str, object]:
    sizes = np.abs(values)
    return {
        "joints": len(values),
        f"median_{unit}": round(float(np.median(sizes)), 2),
        f"p95_{unit}": round(float(np.percentile(sizes, 95)), 2),
        f"mean_signed_{unit}": round(float(np.mean(values)), 2),
    }


class Steps:
    """From the end of each part to the beginning of the next."""

    def __init__(self) -> None:
        self._levels: list[float] = []
        self._pitches: list[float] = []

    def add(self, parts: list[Audio]) -> None:
        """Parts that are heard one after the other."""
        for before, after in itertools.pairwise(parts):
            end, start = _edges(before)[1], _edges(after)[0]
            self._levels.append(_level_db(start) - _level_db(end))
            hertz = _pitch_hz(end, before.rate), _pitch_hz(start, after.rate)
            if hertz[0] and hertz[1]:
                self._pitches.append(12 * float(np.log2(hertz[1] / hertz[0])))

    def figures(self) -> dict[str, object]:
        """Sizes of all steps."""
        return {
            "level_step": _spread(self._levels, "db"),
            "pitch_step": _spread(self._pitches, "semitones"),
        }


def _loudness(sounds: list[Audio]) -> dict[str, float]:
    levels = [loudness(sound) for sound in sounds]
    return {
        "mean_lufs": round(float(np.mean(levels)), 2),
        "deviation_lu": round(float(np.std(levels)), 2),
        "range_lu": round(float(np.ptp(levels)), 2),
    }


def _spoken_parts(audio: Audio) -> list[Audio]:
    """A recording cut at its pauses; parts too short for two edges are left out."""
    step = int(HOP_S * audio.rate)
    frames = audio.samples[: len(audio.samples) // step * step].reshape(-1, step)
    levels = np.sqrt(np.mean(np.square(frames, dtype=np.float64), axis=1))
    quiet = levels < QUIET * np.percentile(levels, 95)
    parts, begin, silent = [], 0, 0
    for index, is_quiet in enumerate([*quiet, *[True] * int(PAUSE_S / HOP_S)]):
        silent = silent + 1 if is_quiet else 0
        if silent == int(PAUSE_S / HOP_S):
            parts.append((begin, index + 1 - silent))
        if is_quiet and silent >= int(PAUSE_S / HOP_S):
            begin = index + 1
    sounds = [Audio(audio.samples[first * step : last * step], audio.rate) for first, last in parts]
    return [sound for sound in sounds if sound.seconds >= EDGE_S]


def measure_recordings(folder: Path) -> dict[str, object]:
    """Steps at the pauses of people."""
    steps = Steps()
    for file in sorted(folder.glob("*.[wf]*")):
        steps.add(_spoken_parts(read_audio(file)))
    return {"recordings": str(folder.name), **steps.figures()}


def measure(voice: Synthesiser, count: int, seed: int) -> dict[str, object]:
    """All figures of one voice."""
    made: list[Audio] = []
    played: list[Audio] = []
    steps = Steps()
    for clauses in _replies(count, seed):
        sounds = [voice.synthesise(clause, speed=USUAL_SPEED) for clause in clauses]
        equal = [equally_loud(sound) for sound in sounds]
        made += sounds
        played += equal
        steps.add(equal)
    return {
        "engine": voice.info.name,
        "clauses": len(made),
        "as_made": _loudness(made),
        "as_played": _loudness(played),
        **steps.figures(),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--clauses", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--synthesiser", default=load_settings().synthesiser)
    parser.add_argument("--recordings", type=Path)
    given = parser.parse_args()
    if given.recordings:
        print(json.dumps(measure_recordings(given.recordings), indent=1))
        return
    voice = load_synthesiser(load_settings(synthesiser=given.synthesiser))
    print(json.dumps(measure(voice, given.clauses, given.seed), ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
