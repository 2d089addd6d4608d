"""A voice of which a chosen share is cached."""

from __future__ import annotations

import numpy as np
import pytest

from donghaeng.measuring.mixed_voice import MixedVoice
from donghaeng.speech.synthesise.cache import PhraseCache
from donghaeng.speech.synthesise.fake import FakeSynthesiser

GREETING = "안녕하세요. 무엇을 도와드릴까요?"
ANSWER = "네, 육사일일 번 버스가 삼 분 뒤에 와요. 다음 버스는 십 분 뒤에 와요."


@pytest.mark.parametrize(("share", "least", "most"), [(0.0, 0.0, 0.0), (0.7, 0.5, 0.9), (1.0, 1.0, 1.0)])
def test_so_much_of_the_sound_comes_from_the_cache(share: float, least: float, most: float) -> None:
    kept = PhraseCache(None, FakeSynthesiser())
    known = kept.prepare(ANSWER)
    voice = MixedVoice(kept, share, seed=7)
    for _ in range(3):
        list(voice.speak(GREETING))
    greeted = voice.made
    assert greeted == known + 2
    assert voice.share is None
    for _ in range(60):
        list(voice.speak(ANSWER))
    assert voice.share is not None
    assert least <= voice.share <= most
    assert (voice.made == greeted) == (share == 1.0)


def test_the_sound_is_that_of_the_voice_inside() -> None:
    kept = PhraseCache(None, FakeSynthesiser())
    mixed = MixedVoice(kept, 0.0, seed=7)
    list(mixed.speak(GREETING))
    mixed_sound = np.concatenate([one.samples for one in mixed.speak(ANSWER)])
    plain = np.concatenate([one.samples for one in kept.speak(ANSWER)])
    assert np.array_equal(mixed_sound[: len(plain)], plain)
