"""`donghaeng eval speaking`: the voice that serves citizens (CONTRACT 5)."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final, TextIO

import numpy as np

from donghaeng.errors import InputError
from donghaeng.korean.reading import read_aloud
from donghaeng.measuring.cases import JsonObject, Progress, failed, no_progress, predict_all
from donghaeng.measuring.figures import cpu_seconds, milliseconds, quantile
from donghaeng.speech.audio import write_wav
from donghaeng.speech.engines import Audio, Synthesiser
from donghaeng.speech.synthesise.cache import PhraseCache

WARM_UP: Final = "네."


def prepare(folder: Path) -> Path:
    """The folder for the sound, made.

    Raises:
        InputError: it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        remedy = "choose a folder that can be written"
        raise InputError(f"{folder}: cannot be made ({error.strerror})", remedy=remedy) from None
    return folder


def run(
    synthesiser: Synthesiser,
    texts: Sequence[str],
    folder: Path,
    stream: TextIO,
    progress: Progress = no_progress,
) -> JsonObject:
    """Speak every line into a WAV file of its own and summarise.

    Replies are read, cut and spoken as for a citizen, but every clause is made anew: nothing comes from a
    cache. ``first_audio_ms`` is the time to the end of the first clause, ``synthesis_s`` that to the last,
    both of the wall clock; the summary has the CPU seconds.
    """
    voice = PhraseCache(None, synthesiser, memory_bytes=0)
    for _ in voice.speak(WARM_UP):
        pass
    cpu = cpu_seconds()
    names = iter(range(1, len(texts) + 1))
    predictions = predict_all(
        texts, lambda text: _speak(voice, text, folder / f"{next(names):04d}.wav"), stream, progress
    )
    cpu = cpu_seconds() - cpu
    good = [prediction for prediction in predictions if "error" not in prediction]
    audio = sum(prediction["audio_s"] for prediction in good)
    info = synthesiser.info
    return {
        "kind": "speaking",
        "cases": len(texts),
        "failed": failed(predictions),
        **milliseconds([prediction["first_audio_ms"] / 1000 for prediction in good], "first_audio_"),
        "synthesis_s_p50": quantile([prediction["synthesis_s"] for prediction in good], 0.5),
        "audio_s": round(audio, 2),
        "cpu_s_per_audio_s": round(cpu / audio, 3) if audio else None,
        "cached": False,
        "engine": f"{info.name} {info.version}",
        "model": info.model,
    }


def _speak(voice: PhraseCache, text: str, file: Path) -> JsonObject:
    began = time.perf_counter()
    spoken = read_aloud(text)
    first: float | None = None
    parts: list[Audio] = []
    for sound in voice.speak(spoken):
        first = first or time.perf_counter() - began
        parts.append(sound)
    seconds = time.perf_counter() - began
    if first is None:
        raise InputError("has no words that can be spoken", remedy="write Korean")
    whole = Audio(np.concatenate([part.samples for part in parts]), parts[0].rate)
    write_wav(whole, file)
    return {
        "audio": str(file),
        "first_audio_ms": round(first * 1000, 1),
        "synthesis_s": round(seconds, 4),
        "audio_s": round(whole.seconds, 4),
    }
