"""`donghaeng eval hearing`: the recogniser that serves citizens on recorded clips (CONTRACT 5)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TextIO

from donghaeng.measuring.cases import JsonObject, Progress, failure, no_progress, write_prediction
from donghaeng.speech.engines import Recogniser
from donghaeng.speech.hearing_eval import HearingCase, predict, summarise


def run(
    recogniser: Recogniser, cases: Sequence[HearingCase], stream: TextIO, progress: Progress = no_progress
) -> JsonObject:
    """Predict every clip and summarise. ``decode_s`` is CPU seconds of all threads of this process, so
    nothing else may run in it."""
    predictions = []
    for number, case in enumerate(cases, start=1):
        try:
            prediction = next(iter(predict(recogniser, [case])))
        except Exception as error:  # no case may be skipped, whatever is wrong with it
            prediction = {"text": "", "decode_s": 0.0, "audio_s": 0.0, **failure(error)}
        predictions.append(prediction)
        write_prediction(stream, prediction)
        progress(number, len(cases))
    info = recogniser.info
    return {**summarise(cases, predictions), "engine": f"{info.name} {info.version}", "model": info.model}
