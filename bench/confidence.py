"""Whether the recogniser is as sure as it is right: ``python bench/confidence.py MANIFEST.jsonl``.

Of recorded clips with texts: the clips in eight groups by the confidence told, with the share of characters
that is right in each, and the mean difference of the two (expected calibration error). The last line is JSON.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
from rich.progress import track

from donghaeng.settings import load_settings
from donghaeng.speech.audio import read_audio
from donghaeng.speech.hearing_eval import character_errors, read_manifest
from donghaeng.speech.load import load_recogniser

GROUPS = 8


def main(manifest: Path) -> None:
    recogniser = load_recogniser(load_settings())
    told, right = [], []
    for case in track(read_manifest(manifest), description="clips"):
        if case.text:
            heard = recogniser.recognise(read_audio(case.audio))
            wrong, length = character_errors(heard.text, case.text)
            told.append(heard.confidence)
            right.append(1.0 - min(1.0, wrong / length))
    groups = np.array_split(np.argsort(told), GROUPS)
    rows = [(np.mean(np.take(told, group)), np.mean(np.take(right, group)), len(group)) for group in groups]
    for confidence, share, count in rows:
        print(f"told {confidence:.2f}  right {share:.2f}  clips {count}")
    error = sum(count * abs(confidence - share) for confidence, share, count in rows) / len(told)
    print(json.dumps({"clips": len(told), "expected_calibration_error": round(float(error), 3)}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
