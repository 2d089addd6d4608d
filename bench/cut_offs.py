"""How often somebody who pauses in the middle is cut off: ``python bench/cut_offs.py bench/unseen/*.jsonl``.

Requests are spoken by our own voice in two parts, cut at a random space, with 0.8 to 1.5 s of a quiet room
between them, and heard as a live session hears them: voice activity, words recognised in the pause, and what
these say about the end. ``--each N`` takes N requests a service. The last line is JSON.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from random import Random
from typing import NamedTuple

import numpy as np
from rich.progress import track

from donghaeng.city.services import load_catalogue
from donghaeng.korean.morphemes import analyser
from donghaeng.settings import load_settings
from donghaeng.speech.completeness import NOTHING_SAID, Judged, answer_completeness
from donghaeng.speech.engines import LISTEN_RATE, Samples
from donghaeng.speech.listening import Listener
from donghaeng.speech.load import load_recogniser, load_voice_activity
from donghaeng.speech.sentence_ends import Ends, learn_or_read
from donghaeng.speech.turn_taking import Kind
from donghaeng.understanding.load import whole_sentences
from requests_heard import chosen, own_voice

SEED = 11
PAUSES = (0.8, 1.5)
FRAME = LISTEN_RATE // 25
FLOOR = 0.001
"""Level of the room's own noise."""
SETTINGS = load_settings()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--each", type=int, default=2, help="requests a service")
    parser.add_argument("--show", action="store_true", help="print what was heard before each early end")
    options = parser.parse_args()
    chance = Random(SEED)
    ends = learn_or_read(whole_sentences(load_catalogue(SETTINGS.catalogue)), analyser(), SETTINGS.cache)
    ears = Ears(ends)
    speak = own_voice()
    cut = whole = 0
    rows = [row for row in chosen(options.files, options.each) if " " in row["text"].strip()]
    for number, row in enumerate(track(rows, description="requests")):
        words = row["text"].split()
        at = chance.randrange(1, len(words))
        parts = [speak(number, " ".join(part)) for part in (words[:at], words[at:])]
        pause = chance.uniform(*PAUSES)
        heard = ears.turns(np.concatenate([quiet(1.0), parts[0], quiet(pause), parts[1], quiet(4.0)]))
        cut += len(heard) > 1
        whole += len(heard) == 1
        if options.show and len(heard) > 1:
            print(f"{' '.join(words[:at])} | {' '.join(words[at:])}: {pause:.2f} s, {heard}")
    figures = {
        "requests": len(rows),
        "cut_off": round(cut / len(rows), 3),
        "whole": round(whole / len(rows), 3),
    }
    print(json.dumps({"kind": "cut_offs", **figures}))


class Ended(NamedTuple):
    """One turn: words in its last pause, what they say, and the silence (s) that ended it."""

    words: str
    judged: Judged
    silence: float


def quiet(seconds: float) -> Samples:
    """The noise of a quiet room."""
    return np.random.default_rng(5).normal(0.0, FLOOR, int(seconds * LISTEN_RATE)).astype(np.float32)


class Ears:
    """Hears one sound as a live session does, but that recognising takes no time."""

    def __init__(self, ends: Ends) -> None:
        self._ends = ends
        self._recogniser = load_recogniser(SETTINGS)
        self._activity = load_voice_activity(SETTINGS)

    def turns(self, sound: Samples) -> list[Ended]:
        """Turns that are heard in it."""
        listener, ended = Listener(self._activity, LISTEN_RATE), list[Ended]()
        words, judged = "", NOTHING_SAID
        for at in range(0, len(sound), FRAME):
            waiting = listener.feed(sound[at : at + FRAME])
            while waiting:
                one = waiting.pop(0)
                if one.event.kind is Kind.SPEECH_END:
                    ended.append(Ended(words, judged, round(one.event.silence_seconds, 2)))
                    words, judged = "", NOTHING_SAID
                if one.event.kind is Kind.PAUSE:
                    words = self._recogniser.recognise(listener.so_far()).text
                    judged = answer_completeness(words, self._ends)
                    waiting += listener.consider(judged)
        return ended


if __name__ == "__main__":
    main()
