"""What a telephone leaves of the agent's voice, with more and less lift above 1 kHz.

    python bench/phone_band.py [--lifts 0 3 6 9]

Sentences of ours go out as a telephone line sends them (8 kHz, µ-law) and are heard again by our own
recogniser: clean, with noise of a busy room beside the ear, and through the loss of an old ear (15 dB an
octave above 1 kHz) with the same noise.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable

import numpy as np
from scipy.signal import butter, firwin2, lfilter, sosfilt

from donghaeng.korean.reading import read_aloud
from donghaeng.phone.g711 import MU_LAW, RATE
from donghaeng.phone.outgoing import Outgoing
from donghaeng.settings import load_settings
from donghaeng.speech.audio import samples_to_pcm16
from donghaeng.speech.engines import Audio, Samples
from donghaeng.speech.hearing_eval import character_errors
from donghaeng.speech.load import load_recogniser, load_speech
from donghaeng.speech.synthesise.cache import PhraseCache
from donghaeng.speech.synthesise.loudness import loudness

SENTENCES = (
    "143번 버스는 일곱 정거장 전이에요.",
    "지금은 버스 시간을 찾고 있어요.",
    "초미세먼지는 보통이에요.",
    "접수번호를 문자로 보내 드려요.",
    "오늘 비는 안 와요.",
    "다시 한번 천천히 말씀해 주세요.",
    "안녕하세요. 서울시 인공지능 상담원이에요.",
    "소파 한 개는 오천 원이에요.",
    "가까운 약국은 합정역 이 번 출구 앞에 있어요.",
    "몇 시에 예약해 드릴까요?",
    "주민센터는 여섯 시에 문을 닫아요.",
    "따릉이가 세 대 남아 있어요.",
    "찾으시는 곳이 어디예요?",
    "상담사를 연결해 드릴게요.",
    "내일은 쓰레기를 버리는 날이 아니에요.",
    "지하철은 삼 분 뒤에 도착해요.",
    "성함을 말씀해 주세요.",
    "신청을 취소했어요.",
    "도서관에 책이 두 권 있어요.",
    "더 필요하신 것이 있으세요?",
)
NOISE_DB = -32.0
"""Level below full scale of the noise beside the ear; the voice is at −18 LUFS."""
FRAME = RATE // 50


def sent(sounds: list[Audio], lift_db: float) -> Samples:
    """What leaves the line, coded and decoded."""
    line = Outgoing(RATE, lift_db=lift_db)
    line.begin(sounds[0].rate)
    for sound in sounds:
        for at in range(0, len(sound.samples), 4_800):
            line.push(samples_to_pcm16(sound.samples[at : at + 4_800]))
    line.finish(1)
    frames = []
    while line.seconds > 0:
        frames.append(line.take(FRAME)[0])
    return MU_LAW.decode(MU_LAW.encode(np.concatenate(frames)))


def noisy(samples: Samples, seed: int) -> Samples:
    """With speech-shaped noise of a fixed level."""
    white = np.random.default_rng(seed).normal(size=len(samples))
    shaped = sosfilt(butter(1, 500.0, "lowpass", fs=RATE, output="sos"), white)
    level = 10 ** (NOISE_DB / 20) / np.sqrt(np.mean(np.square(shaped)))
    return np.asarray(samples + level * shaped, dtype=np.float32)


def through_an_old_ear(samples: Samples) -> Samples:
    """15 dB an octave less above 1 kHz."""
    hertz = np.array([0.0, 1_000.0, 2_000.0, 4_000.0])
    gains = 10 ** (-15.0 * np.maximum(0.0, np.log2(np.maximum(hertz, 1.0) / 1_000.0)) / 20)
    return np.asarray(lfilter(firwin2(255, hertz, gains, fs=RATE), [1.0], samples), dtype=np.float32)


def main() -> None:
    """Measure and print a line for each lift."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--lifts", type=float, nargs="+", default=[0.0, 3.0, 6.0, 9.0])
    given = parser.parse_args()
    settings = load_settings()
    speech, ears = load_speech(settings), load_recogniser(settings)
    assert isinstance(speech.voice, PhraseCache)
    spoken = [read_aloud(sentence) for sentence in SENTENCES]
    sounds = [list(speech.voice.speak(text)) for text in spoken]
    ways: dict[str, Callable[[Samples, int], Samples]] = {
        "clean": lambda samples, seed: samples,
        "noise": noisy,
        "old_ear_in_noise": lambda samples, seed: noisy(through_an_old_ear(samples), seed),
    }
    for lift in given.lifts:
        lines = [sent(one, lift) for one in sounds]
        figures: dict[str, float] = {
            "lift_db": lift,
            "lufs": round(float(np.mean([loudness(Audio(line, RATE)) for line in lines])), 1),
            "bent_share": round(float(np.mean(np.abs(np.concatenate(lines)) > 0.8)), 5),
        }
        for name, way in ways.items():
            wrong = letters = 0
            for seed, (text, line) in enumerate(zip(spoken, lines, strict=True)):
                errors, length = character_errors(ears.recognise(Audio(way(line, seed), RATE)).text, text)
                wrong, letters = wrong + errors, letters + length
            figures[f"cer_{name}"] = round(wrong / letters, 3)
        print(json.dumps(figures), flush=True)
    speech.pool.close()


if __name__ == "__main__":
    main()
