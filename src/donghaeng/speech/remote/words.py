"""What engines elsewhere have in common: their text comes without any evidence for it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Final

from donghaeng.speech.engines import Audio, Recognition
from donghaeng.speech.recognise.guards import Evidence, judge
from donghaeng.speech.recognise.phrases import PHRASES_FILE, StockPhrases, load_phrases

LANGUAGE: Final = "ko"
SPOKEN_RATE: Final = 24_000
"""Samples a second of what is spoken, whatever the engine makes."""
UNKNOWN_CONFIDENCE: Final = 0.7
"""Neither protocol tells any."""
UNKNOWN_LOGPROB: Final = -0.3


def stock_phrases(catalogue: Path | None) -> StockPhrases:
    """The catalogue's list of what recognisers invent.

    Raises:
        CatalogueError: the list is wrong.
    """
    return load_phrases(catalogue / PHRASES_FILE) if catalogue is not None else StockPhrases()


def recognition(text: str, audio: Audio, phrases: StockPhrases, began: float) -> Recognition:
    """What an engine has written, without stock phrases, loops and foreign script.

    Args:
        text: its words.
        audio: the utterance.
        phrases: what recognisers invent.
        began: CPU seconds of the process when the work began.
    """
    evidence = Evidence(logprob=UNKNOWN_LOGPROB, no_speech=0.0, speech_seconds=audio.seconds)
    judged = judge(text, evidence, phrases)
    confidence = UNKNOWN_CONFIDENCE if judged.text else 0.0
    spent = time.process_time() - began
    return Recognition(judged.text, confidence, cpu_seconds=spent, rejected=judged.rejected)
