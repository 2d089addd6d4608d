"""Questions rise at their end: the pitch of the last syllable, moved in the sound.

A polite Korean question ends in a rise on its last syllable (K-ToBI: H% or LH%; Jun, "K-ToBI labelling
conventions", 2000). A voice that was made for another language lets it fall. Pitch periods of the last
voiced stretch are set closer together (TD-PSOLA: Moulines and Charpentier, Speech Communication 9, 1990), so
that length and timbre stay. Pure.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import binary_opening

from donghaeng.speech.engines import Samples

LOWEST_HZ, HIGHEST_HZ = 70.0, 500.0
"""Fundamental frequencies of voices."""
RISING_SECONDS: Final = 0.22
"""How much of the end rises: a last syllable, at the usual speed."""
BEFORE_SECONDS: Final = 0.25
"""The stretch before it whose pitch the rise starts from."""
START_SEMITONES, END_SEMITONES = -1.0, 5.0
"""From where to where the pitch goes, against the median of the stretch before."""
LEAST_RATIO, MOST_RATIO = 0.75, 1.9
"""Bounds of the change; beyond them periods that are moved sound like a machine."""
FRAME_SECONDS, STEP_SECONDS = 0.04, 0.005
VOICED: Final = 0.5
"""Least height of the autocorrelation's peak in a voiced frame."""
OCTAVE_COST: Final = 0.05
"""What a peak loses for each octave that it lies lower: two periods fit as well as one."""
SHORTEST_VOICED_SECONDS: Final = 0.03
"""What is voiced for a shorter time is an accident."""
AUDIBLE: Final = 0.05
"""Share of the loudest sample below which a frame is silence."""

LEAST_PERIODS: Final = 4
LEAST_WEIGHT: Final = 0.1
"""Where windows barely overlap their sum is not divided by."""

Floats = NDArray[np.float64]


def pitch_track(samples: Samples, rate: int) -> tuple[Floats, Floats]:
    """F0 in Hz of every 5 ms (0 where nothing is voiced), and the times of the frames' middles in seconds.

    F0 is the highest peak of the autocorrelation of 40 ms, put right for its window (Boersma 1993).
    """
    size, step = int(FRAME_SECONDS * rate), int(STEP_SECONDS * rate)
    starts = np.arange(0, max(0, len(samples) - size), step)
    if not len(starts):
        return np.zeros(0), np.zeros(0)
    window = np.hanning(size)
    frames = samples[starts[:, None] + np.arange(size)].astype(np.float64)
    loud = np.abs(frames).max(axis=1) >= AUDIBLE * max(float(np.abs(samples).max()), 1e-9)
    frames = (frames - frames.mean(axis=1, keepdims=True)) * window
    lags = np.arange(int(rate / HIGHEST_HZ), int(rate / LOWEST_HZ) + 1)
    correlation = _autocorrelation(frames, 2 * size)[:, : lags[-1] + 1]
    own = _autocorrelation(window[None], 2 * size)[0, : lags[-1] + 1]
    height = correlation[:, lags] / np.maximum(correlation[:, :1], 1e-12) / (own[lags] / own[0])
    best = (height - OCTAVE_COST * np.log2(lags)).argmax(axis=1)
    voiced = loud & (height[np.arange(len(best)), best] > VOICED)
    kept = binary_opening(voiced, np.ones(int(SHORTEST_VOICED_SECONDS / STEP_SECONDS)))
    return np.where(kept, rate / lags[best], 0.0), (starts + size / 2) / rate


def _autocorrelation(frames: Floats, size: int) -> Floats:
    spectrum: Floats = np.abs(np.fft.rfft(frames, size)) ** 2
    return np.fft.irfft(spectrum, size)


def rising(samples: Samples, rate: int) -> Samples:
    """The sound with its end risen; as it is where it ends in nothing voiced, or in too little of it."""
    track, times = pitch_track(samples, rate)
    voiced = np.flatnonzero(track)
    if not len(voiced):
        return samples
    last = int(voiced[-1])
    first = last - int(RISING_SECONDS / STEP_SECONDS)
    before = track[max(0, first - int(BEFORE_SECONDS / STEP_SECONDS)) : max(0, first)]
    before = before[before > 0]
    # One breath of voice: a rise across a consonant would start in the syllable before.
    gaps = np.flatnonzero(track[max(0, first) : last] == 0)
    first = max(0, first) + (int(gaps[-1]) + 1 if len(gaps) else 0)
    if len(before) < BEFORE_SECONDS / STEP_SECONDS / 3 or last - first < RISING_SECONDS / STEP_SECONDS / 3:
        return samples
    base = float(np.median(before))
    share = np.linspace(0.0, 1.0, last - first + 1)
    wanted = base * 2 ** ((START_SEMITONES + share * (END_SEMITONES - START_SEMITONES)) / 12)
    known = _smoothed(track[first : last + 1])
    ratios = np.clip(wanted / known, LEAST_RATIO, MOST_RATIO)
    return _moved(samples, rate, times[first : last + 1], known, ratios)


def _smoothed(track: Floats) -> Floats:
    """Octave jumps of single frames taken out: the median of five."""
    padded = np.pad(track, 2, mode="edge")
    middle: Floats = np.median(np.lib.stride_tricks.sliding_window_view(padded, 5), axis=1)
    return np.maximum(middle, LOWEST_HZ)


def _moved(samples: Samples, rate: int, times: Floats, track: Floats, ratios: Floats) -> Samples:
    """Overlap and add the periods between the first and the last of ``times`` at their new distances."""
    marks = _marks(samples, rate, times, track)
    if len(marks) < LEAST_PERIODS:
        return samples
    made, weight = np.zeros(len(samples)), np.zeros(len(samples))
    at = float(marks[0])
    while at <= marks[-1]:
        middle, placed = int(marks[np.abs(marks - at).argmin()]), round(at)
        period = rate / float(np.interp(middle / rate, times, track))
        half = int(period)
        left = min(half, middle, placed)
        right = min(half, len(samples) - 1 - middle, len(samples) - 1 - placed) + 1
        window = np.hanning(2 * half + 1)[half - left : half + right]
        made[placed - left : placed + right] += samples[middle - left : middle + right] * window
        weight[placed - left : placed + right] += window
        at += period / float(np.interp(at / rate, times, ratios))
    # Between the first and the last period the new sound stands alone; before and after them it is mixed with
    # the old one as the outer halves of their windows fade.
    share = np.minimum(weight, 1.0)
    share[marks[0] : placed] = 1.0
    mixed = share * made / np.maximum(weight, LEAST_WEIGHT) + (1.0 - share) * samples
    return mixed.astype(np.float32)


def _marks(samples: Samples, rate: int, times: Floats, track: Floats) -> NDArray[np.int64]:
    """One sample a period, each where the sound is highest near a period after the one before."""
    at, end = int(times[0] * rate), int(times[-1] * rate)
    period = int(rate / track[0])
    at += int(samples[at : at + period].argmax())
    marks = []
    while at < end:
        marks.append(at)
        period = int(rate / float(np.interp(at / rate, times, track)))
        low, high = at + int(0.8 * period), at + int(1.2 * period) + 1
        if high > len(samples):
            break
        at = low + int(samples[low:high].argmax())
    return np.array(marks, dtype=np.int64)
