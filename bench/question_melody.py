"""Whether the voice rises at the end of a question.

``python bench/question_melody.py [MARK …]``: twenty questions of the agent end in each MARK (``?`` as they
are written, ``.`` as statements; also ``↗?`` and the like) in place of their question mark. Told is by how
many semitones the fundamental frequency of the last voiced 120 ms lies above that of the 250 ms
before, the median and the share of questions that rise by more than one semitone. F0 is the highest peak of
the autocorrelation of 40 ms between 70 and 500 Hz.
"""

from __future__ import annotations

import json
import sys

import numpy as np

from donghaeng.korean.kokoro_symbols import phonemes
from donghaeng.settings import load_settings
from donghaeng.speech.engines import Samples
from donghaeng.speech.synthesise.clauses import USUAL_SPEED
from donghaeng.speech.synthesise.kokoro import LEAD_IN, RATE, VOWELS, KokoroSynthesiser

QUESTIONS = (
    "어디에서 타세요",
    "휠체어를 타고 가세요",
    "몇 시가 좋으세요",
    "언제 가시겠어요",
    "이렇게 예약할까요",
    "무엇을 도와드릴까요",
    "어느 구에 사세요",
    "신청할까요",
    "다른 날로 알아볼까요",
    "그렇게 접수할까요",
    "무슨 책을 찾으세요",
    "상담사를 연결할까요",
    "어디까지 가세요",
    "몇 분이 가세요",
    "언제가 좋으세요",
    "취소할까요",
    "더 궁금하신 게 있으세요",
    "문자로 보내 드릴까요",
    "어느 역에서 타세요",
    "맞으세요",
)
LOWEST_HZ, HIGHEST_HZ = 70, 500
FRAME, STEP = int(0.04 * RATE), int(0.01 * RATE)
VOICED = 0.45
"""Least height of the peak of the autocorrelation."""
AUDIBLE = 0.05
END_FRAMES, BEFORE_FRAMES = 12, 25


def pitch(samples: Samples) -> list[float]:
    """F0 of every voiced 10 ms, in Hz."""
    found = []
    loudest = np.abs(samples).max()
    for at in range(0, len(samples) - FRAME, STEP):
        frame = samples[at : at + FRAME].astype(np.float64)
        if np.abs(frame).max() < AUDIBLE * loudest:
            continue
        frame = (frame - frame.mean()) * np.hanning(FRAME)
        spectrum = np.abs(np.fft.rfft(frame, 2 * FRAME)) ** 2
        window = np.fft.irfft(np.abs(np.fft.rfft(np.hanning(FRAME), 2 * FRAME)) ** 2)[:FRAME]
        correlation = np.fft.irfft(spectrum)[:FRAME] / np.maximum(window, window[0] * 0.05)
        lags = slice(RATE // HIGHEST_HZ, RATE // LOWEST_HZ)
        lag = int(correlation[lags].argmax()) + lags.start
        if correlation[lag] > VOICED * correlation[0]:
            found.append(RATE / lag)
    return found


def rise(samples: Samples) -> float | None:
    """Semitones from the 250 ms before to the last voiced 120 ms."""
    track = pitch(samples)
    if len(track) < END_FRAMES + BEFORE_FRAMES:
        return None
    end = np.median(track[-END_FRAMES:])
    before = np.median(track[-END_FRAMES - BEFORE_FRAMES : -END_FRAMES])
    return float(12 * np.log2(end / before))


def main(marks: list[str]) -> None:
    for voice in ("jf_gongitsune", "jm_kumo"):
        engine = KokoroSynthesiser(cache=load_settings().cache, voice=voice)
        for mark in marks:
            rises = []
            for question in QUESTIONS:
                symbols = phonemes(question) + mark
                tokens = engine._tokens(symbols if symbols[0] in VOWELS else LEAD_IN + symbols)
                rises.append(rise(engine._run(tokens, USUAL_SPEED)))
            known = [one for one in rises if one is not None]
            print(
                json.dumps(
                    {
                        "voice": voice,
                        "mark": mark,
                        "median_semitones": round(float(np.median(known)), 2),
                        "rising": round(sum(one > 1 for one in known) / len(known), 2),
                        "each": [one if one is None else round(one, 1) for one in rises],
                    },
                    ensure_ascii=False,
                ),
                flush=True,
            )


if __name__ == "__main__":
    main(sys.argv[1:] or ["?", "."])
