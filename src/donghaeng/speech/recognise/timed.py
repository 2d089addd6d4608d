"""A recogniser that takes its time without using the processor: for measuring what stands around it."""

from __future__ import annotations

import time
from typing import Final

from donghaeng.errors import InputError
from donghaeng.speech.engines import NO_HINTS, Audio, EngineInfo, Hints, Recognition

CONFIDENCE: Final = 0.9


class TimedRecogniser:
    """Hears the same words in every sound, after so many seconds.

    Args:
        model: the seconds and the words (``DONGHAENG_RECOGNISER_MODEL``): ``"0.35 문 연 약국 찾아줘요"``.

    Raises:
        InputError: ``model`` is no such thing.
    """

    def __init__(self, model: str | None = None) -> None:
        seconds, _, words = (model or "").partition(" ")
        try:
            self._seconds = max(0.0, float(seconds))
        except ValueError:
            remedy = 'DONGHAENG_RECOGNISER_MODEL="0.35 문 연 약국 찾아줘요"'
            raise InputError(f"recogniser timed: {model!r} names no seconds", remedy=remedy) from None
        self._words = words
        self.info = EngineInfo(name="timed", version="1", model=model or "")

    def recognise(self, audio: Audio, hints: Hints = NO_HINTS) -> Recognition:
        """The words, later."""
        del audio, hints
        time.sleep(self._seconds)
        return Recognition(text=self._words, confidence=CONFIDENCE if self._words else 0.0)
