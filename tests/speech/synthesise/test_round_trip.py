"""What the voice says is heard again by the recogniser: the nearest thing to a listener in a test."""

from __future__ import annotations

import re

import pytest
from rapidfuzz.distance import Levenshtein

from donghaeng.korean.reading import read_aloud
from donghaeng.settings import Settings
from donghaeng.speech.recognise.whisper import WhisperRecogniser
from donghaeng.speech.synthesise.kokoro import KokoroSynthesiser

SENTENCES = (
    "143번 버스는 일곱 정거장 전이에요.",
    "지금은 버스 시간을 찾고 있어요.",
    "초미세먼지는 보통이에요.",
    "접수번호를 문자로 보내 드려요.",
    "오늘 비는 안 와요.",
    "다시 한번 천천히 말씀해 주세요.",
)
WORST = 0.19
"""Highest share of wrong syllables."""


def _plain(text: str) -> str:
    return re.sub(r"[^가-힣]", "", read_aloud(text))


@pytest.mark.audio
@pytest.mark.timeout(400)
def test_the_recogniser_understands_the_voice() -> None:
    cache = Settings().cache
    voice = KokoroSynthesiser(cache=cache)
    ears = WhisperRecogniser(cache=cache)
    wrong = total = 0
    for sentence in SENTENCES:
        said = read_aloud(sentence)
        heard = ears.recognise(voice.synthesise(said, speed=0.9)).text
        wrong += Levenshtein.distance(_plain(said), _plain(heard))
        total += len(_plain(said))
    assert wrong / total <= WORST
