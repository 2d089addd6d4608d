"""Samples without a voice: every condition is a tone of its own."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from donghaeng.conversation.admission import NoPlace
from donghaeng.speech.audio import wav_bytes
from donghaeng.speech.audition import NOTICES, Audition, load_audition
from donghaeng.speech.audition_figures import Judgement
from donghaeng.speech.engines import Audio

RATE = 24_000
PLAN = load_audition(Path(__file__).parents[2] / "catalogue" / "audition.yaml")
ABSENT = "male"
"""A voice that is not installed."""


def tone(hz: float, seconds: float = 0.4) -> bytes:
    """A soft tone as a WAV file."""
    wave = 0.1 * np.sin(2 * np.pi * hz * np.arange(int(seconds * RATE)) / RATE)
    return wav_bytes(Audio(wave.astype(np.float32), RATE))


class FakeAudition:
    """Implements :class:`donghaeng.web.services.AuditionDoor` in memory."""

    def __init__(self) -> None:
        self.plan: Audition = PLAN
        self.kept: list[tuple[Judgement, str, str]] = []
        self.full = False

    async def notice(self, name: str) -> bytes | None:
        if name not in NOTICES:
            raise KeyError(name)
        return tone(440.0, 1.0)

    async def sample(self, sentence: str, condition: str) -> bytes | None:
        if sentence not in PLAN.sentences or condition not in PLAN.conditions:
            raise KeyError(sentence, condition)
        if self.full:
            raise NoPlace
        if condition == ABSENT:
            return None
        return tone(300.0 + 50.0 * list(PLAN.conditions).index(condition))

    async def rate(self, judgement: Judgement, *, sentence: str, rater: str) -> bool:
        if self.full:
            return False
        self.kept.append((judgement, sentence, rater))
        return True

    async def judgements(self) -> list[Judgement]:
        return [judgement for judgement, _, _ in self.kept]
