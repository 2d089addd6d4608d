"""Whether the voice rises at the end of a question.

``python bench/question_melody.py [MARK …]``: twenty questions of the agent end in each MARK (``?`` as they
are written, ``.`` as statements) in place of their question mark. Told is by how many semitones the
fundamental frequency of the last voiced 120 ms lies above that of the 250 ms before, the median and the share
of questions that rise by more than one semitone.
"""

from __future__ import annotations

import json
import sys

import numpy as np

from donghaeng.settings import load_settings
from donghaeng.speech.engines import Samples
from donghaeng.speech.synthesise.clauses import USUAL_SPEED
from donghaeng.speech.synthesise.kokoro import RATE, KokoroSynthesiser
from donghaeng.speech.synthesise.melody import STEP_SECONDS, pitch_track

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
END_SECONDS, BEFORE_SECONDS = 0.12, 0.25


def rise(samples: Samples) -> float | None:
    """Semitones from the 250 ms before to the last voiced 120 ms."""
    track, _ = pitch_track(samples, RATE)
    heard = track[track > 0]
    end, before = int(END_SECONDS / STEP_SECONDS), int(BEFORE_SECONDS / STEP_SECONDS)
    if len(heard) < end + before:
        return None
    last, earlier = np.median(heard[-end:]), np.median(heard[-end - before : -end])
    return float(12 * np.log2(last / earlier))


def main(marks: list[str]) -> None:
    for voice in ("jf_gongitsune", "jm_kumo"):
        engine = KokoroSynthesiser(cache=load_settings().cache, voice=voice)
        for mark in marks:
            rises = []
            for question in QUESTIONS:
                rises.append(rise(engine.synthesise(question + mark, speed=USUAL_SPEED).samples))
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
