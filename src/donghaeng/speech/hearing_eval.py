"""`donghaeng eval hearing`: the recogniser that serves citizens on recorded clips (CONTRACT 5)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from rapidfuzz.distance import Levenshtein

from donghaeng.errors import DonghaengError, InputError
from donghaeng.speech.audio import read_audio
from donghaeng.speech.engines import Recogniser

_NOT_COUNTED: Final = re.compile(r"[^0-9A-Za-z가-힣]")


@dataclass(frozen=True, slots=True)
class HearingCase:
    """One clip of a manifest."""

    audio: Path
    text: str | None
    """What was said, where the manifest has it."""
    group: str | None = None
    """The manifest's ``set``: figures are also given by it."""


def read_manifest(path: Path) -> list[HearingCase]:
    """Read a manifest: one JSON object a line, ``audio`` relative to the manifest, ``text`` optional.

    Raises:
        InputError: the file is absent, or a line is no object with ``audio``; the message names the line.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read", remedy="give a JSONL manifest") from error
    cases = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            cases.append(HearingCase(path.parent / row["audio"], row.get("text"), row.get("set")))
        except (ValueError, TypeError, KeyError) as error:
            raise InputError(
                f"{path}:{number}: is no clip", remedy='write {"audio": "clip.wav", "text": "…"}'
            ) from error
    return cases


def character_errors(heard: str, said: str) -> tuple[int, int]:
    """Wrong characters and characters said; only Hangul, digits and Latin letters count, in lower case."""
    heard, said = (_NOT_COUNTED.sub("", text).lower() for text in (heard, said))
    return Levenshtein.distance(heard, said), len(said)


def predict(recogniser: Recogniser, cases: Iterable[HearingCase]) -> Iterator[dict[str, Any]]:
    """One prediction a case, in order: ``{"text", "decode_s", "audio_s"}``, with ``"error"`` where it failed.

    ``decode_s`` is CPU seconds of all threads, exact while nothing else runs in this process.
    """
    for case in cases:
        try:
            audio = read_audio(case.audio)
            heard = recogniser.recognise(audio)
        except DonghaengError as error:
            yield {"text": "", "decode_s": 0.0, "audio_s": 0.0, "error": str(error)}
            continue
        yield {
            "text": heard.text,
            "decode_s": round(heard.cpu_seconds, 4),
            "audio_s": round(audio.seconds, 4),
        }


def summarise(cases: Iterable[HearingCase], predictions: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Figures over all clips: count, failures, CPU seconds per second of sound, and, over clips with a text,
    the character error rate overall and by set (a failed clip counts as all wrong)."""
    rows = list(zip(cases, predictions, strict=True))
    audio_seconds = sum(prediction["audio_s"] for _, prediction in rows)
    decode_seconds = sum(prediction["decode_s"] for _, prediction in rows)
    groups = sorted({case.group for case, _ in rows if case.group and case.text})
    return {
        "kind": "hearing",
        "cases": len(rows),
        "failed": sum("error" in prediction for _, prediction in rows),
        "cer": _error_rate(rows),
        "cer_by_set": {
            group: _error_rate([row for row in rows if row[0].group == group]) for group in groups
        },
        "cpu_s_per_audio_s": round(decode_seconds / audio_seconds, 4) if audio_seconds else None,
    }


def _error_rate(rows: Iterable[tuple[HearingCase, dict[str, Any]]]) -> float | None:
    counts = [character_errors(prediction["text"], case.text) for case, prediction in rows if case.text]
    letters = sum(said for _, said in counts)
    return round(sum(wrong for wrong, _ in counts) / letters, 4) if letters else None
