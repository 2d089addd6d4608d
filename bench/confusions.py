"""Which sounds the recogniser takes for which: the counts behind donghaeng.korean.sound_confusions.

    .venv/bin/python bench/confusions.py hear MANIFEST.jsonl PAIRS.jsonl   # what was said, what was heard
    .venv/bin/python bench/confusions.py count PAIRS.jsonl                 # prints its two texts

`hear` runs the recogniser of the settings on every clip as it is, as over a telephone (300 to 3,400 Hz) and
as over a telephone in noise (10 dB). `count` aligns the sounds of both texts by the costs in use and counts
what replaces what. An error inside a stretch that is wrong altogether (a phrase made up, digits for words)
tells nothing about sounds: one is counted only where at least three of the four sounds around it are right.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from donghaeng.korean.sound_costs import DELETE, INSERT, SUBSTITUTE, SYMBOLS
from donghaeng.korean.sounds import _sounds
from donghaeng.settings import load_settings
from donghaeng.speech.audio import read_audio, resample
from donghaeng.speech.engines import LISTEN_RATE, Audio
from donghaeng.speech.hearing_eval import read_manifest
from donghaeng.speech.load import load_recogniser

TELEPHONE_HZ = (300.0, 3_400.0)
NOISE_DB = 10.0
AROUND = 2
RIGHT_AROUND = 3
FEWEST = 4
"""Times that an error must have happened to say something about its sounds."""
NOTHING = -1
"""A sound that is not there: dropped or made up."""

Pair = tuple[int, int]


def distorted(audio: Audio, *, noise: bool, seed: int) -> Audio:
    """The sound within the band of a telephone, with white noise below it or without."""
    sound = resample(audio)
    samples = sound.samples.astype(np.float64)
    if noise:
        level = float(np.sqrt(np.mean(samples**2))) * 10 ** (-NOISE_DB / 20)
        samples = samples + np.random.default_rng(seed).normal(0.0, level, len(samples))
    spectrum = np.fft.rfft(samples)
    frequency = np.fft.rfftfreq(len(samples), 1 / LISTEN_RATE)
    spectrum[(frequency < TELEPHONE_HZ[0]) | (frequency > TELEPHONE_HZ[1])] = 0
    return replace(sound, samples=np.fft.irfft(spectrum, len(samples)).astype(np.float32))


def hear(manifest: Path, out: Path) -> None:
    recogniser = load_recogniser(load_settings())
    with out.open("w", encoding="utf-8") as stream:
        for number, case in enumerate(read_manifest(manifest)):
            if not case.text:
                continue
            clean = read_audio(case.audio)
            conditions = {
                "clean": clean,
                "telephone": distorted(clean, noise=False, seed=number),
                "telephone, noise": distorted(clean, noise=True, seed=number),
            }
            for condition, audio in conditions.items():
                heard = recogniser.recognise(audio).text
                row = {"condition": condition, "said": case.text, "heard": heard}
                stream.write(json.dumps(row, ensure_ascii=False) + "\n")
            print(number, file=sys.stderr)


def aligned(said: list[int], heard: list[int]) -> list[Pair]:
    """The cheapest alignment of two rows of sounds; :data:`NOTHING` where one has no partner."""
    costs = np.zeros((len(said) + 1, len(heard) + 1))
    costs[1:, 0] = np.cumsum([DELETE[code] for code in said])
    costs[0, 1:] = np.cumsum([INSERT[code] for code in heard])
    for i, one in enumerate(said, 1):
        for j, other in enumerate(heard, 1):
            costs[i, j] = min(
                costs[i - 1, j - 1] + SUBSTITUTE[one, other],
                costs[i - 1, j] + DELETE[one],
                costs[i, j - 1] + INSERT[other],
            )
    i, j = len(said), len(heard)
    pairs: list[Pair] = []
    while i or j:
        if i and j and np.isclose(costs[i, j], costs[i - 1, j - 1] + SUBSTITUTE[said[i - 1], heard[j - 1]]):
            pairs.append((said[i - 1], heard[j - 1]))
            i, j = i - 1, j - 1
        elif i and np.isclose(costs[i, j], costs[i - 1, j] + DELETE[said[i - 1]]):
            pairs.append((said[i - 1], NOTHING))
            i -= 1
        else:
            pairs.append((NOTHING, heard[j - 1]))
            j -= 1
    return pairs[::-1]


def credible(pairs: list[Pair]) -> Iterator[Pair]:
    """The pairs whose surroundings were heard right."""
    for at, pair in enumerate(pairs):
        near = pairs[max(0, at - AROUND) : at] + pairs[at + 1 : at + 1 + AROUND]
        if sum(one == other for one, other in near) >= min(RIGHT_AROUND, len(near)):
            yield pair


def count(pairs_file: Path) -> Counter[Pair]:
    found: Counter[Pair] = Counter()
    for line in pairs_file.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        said, heard = (_sounds(row[name]).codes.tolist() for name in ("said", "heard"))
        if said and heard:
            found.update(credible(aligned(said, heard)))
    return found


def table(found: Counter[Pair]) -> str:
    """The two texts of donghaeng.korean.sound_confusions."""

    def name(code: int) -> str:
        return SYMBOLS[code] if code != NOTHING else "."

    said = Counter[str]()
    swapped = Counter[tuple[str, ...]]()
    for (one, other), times in found.items():
        if one != NOTHING:
            said[name(one)] += times
        if one != other:
            swapped[tuple(sorted((name(one), name(other)), key=lambda sound: (sound == ".", sound)))] += times
    often = sorted(swapped.items(), key=lambda item: (-item[1], item[0]))
    lines = [" ".join(f"{sound}:{times}" for sound, times in sorted(said.items()))]
    lines += [" ".join(f"{'/'.join(pair)}:{times}" for pair, times in often if times >= FEWEST)]
    return "\n".join(lines)


def main() -> None:
    match sys.argv[1:]:
        case ["hear", manifest, pairs]:
            hear(Path(manifest), Path(pairs))
        case ["count", pairs]:
            print(table(count(Path(pairs))))
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
