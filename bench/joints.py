"""How well clauses fit together that are made apart: loudness of each, level and pitch where two meet.

    python bench/joints.py --clauses 50 [--synthesiser espeak-ng]

Speaks fixed sentences of the catalogue with the engine of the settings. Loudness is ITU-R BS.1770; the level
at a joint is that of the last and the first 0.3 s that sound, the pitch the median of what is voiced in them.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
from collections.abc import Iterator

import numpy as np

from donghaeng.app.rehearsing import fixed_sentences
from donghaeng.city.services import load_catalogue
from donghaeng.dialogue.phrases import load_phrases
from donghaeng.settings import load_settings
from donghaeng.speech.engines import Audio, Samples, Synthesiser
from donghaeng.speech.load import load_synthesiser
from donghaeng.speech.synthesise.clauses import USUAL_SPEED, split_clauses
from donghaeng.speech.synthesise.loudness import equally_loud, loudness

EDGE_S = 0.3
FRAME_S, HOP_S = 0.04, 0.01
LOWEST_HZ, HIGHEST_HZ = 70.0, 400.0
VOICED = 0.5
"""Normalised autocorrelation from which a frame counts as voiced."""
AS_GOOD = 0.9
"""A shorter period that fits nearly as well as the best is the period: the best may be twice it."""
SOUNDING = 0.05
"""Of the loudest sample; below it is silence."""


def _replies(count: int, seed: int) -> Iterator[list[str]]:
    """Clauses of replies that have several, ``count`` clauses in all."""
    settings = load_settings()
    phrases = load_phrases(settings.catalogue / "lexicon" / "phrases.yaml")
    texts = sorted(set(fixed_sentences(load_catalogue(settings.catalogue), phrases)))
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
    """Median of the voiced frames by autocorrelation; None where none is."""
    frame, hop = int(FRAME_S * rate), int(HOP_S * rate)
    low, high = int(rate / HIGHEST_HZ), int(rate / LOWEST_HZ)
    found = []
    for at in range(0, len(samples) - frame - high, hop):
        piece = samples[at : at + frame].astype(np.float64)
        reach = samples[at : at + frame + high].astype(np.float64)
        products = np.correlate(reach, piece, "valid")
        energies = np.convolve(np.square(reach), np.ones(frame), "valid")
        fits = (products / np.sqrt(energies * energies[0] + 1e-12))[low:]
        if fits.max() > VOICED:
            good = np.flatnonzero(fits >= AS_GOOD * fits.max())
            found.append(rate / (low + good[0]))
    return float(np.median(found)) if found else None


def _spread(values: list[float], unit: str) -> dict[str, object]:
    sizes = np.abs(values)
    return {
        "joints": len(values),
        f"median_{unit}": round(float(np.median(sizes)), 2),
        f"p95_{unit}": round(float(np.percentile(sizes, 95)), 2),
        f"mean_signed_{unit}": round(float(np.mean(values)), 2),
    }


def _loudness(sounds: list[Audio]) -> dict[str, float]:
    levels = [loudness(sound) for sound in sounds]
    return {
        "mean_lufs": round(float(np.mean(levels)), 2),
        "deviation_lu": round(float(np.std(levels)), 2),
        "range_lu": round(float(np.ptp(levels)), 2),
    }


def measure(voice: Synthesiser, count: int, seed: int) -> dict[str, object]:
    """All figures of one voice."""
    made: list[Audio] = []
    played: list[Audio] = []
    levels: list[float] = []
    pitches: list[float] = []
    for clauses in _replies(count, seed):
        sounds = [voice.synthesise(clause, speed=USUAL_SPEED) for clause in clauses]
        equal = [equally_loud(sound) for sound in sounds]
        made += sounds
        played += equal
        for before, after in itertools.pairwise(equal):
            end, start = _edges(before)[1], _edges(after)[0]
            levels.append(_level_db(start) - _level_db(end))
            hertz = _pitch_hz(end, before.rate), _pitch_hz(start, after.rate)
            if hertz[0] and hertz[1]:
                pitches.append(12 * float(np.log2(hertz[1] / hertz[0])))
    return {
        "engine": voice.info.name,
        "clauses": len(made),
        "as_made": _loudness(made),
        "as_played": _loudness(played),
        "level_step": _spread(levels, "db"),
        "pitch_step": _spread(pitches, "semitones"),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--clauses", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--synthesiser", default=load_settings().synthesiser)
    given = parser.parse_args()
    voice = load_synthesiser(load_settings(synthesiser=given.synthesiser))
    print(json.dumps(measure(voice, given.clauses, given.seed), ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
