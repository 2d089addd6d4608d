"""How many clauses of replies the phrase cache has already.

``python bench/replies.py 1 > replies.jsonl; python bench/clause_hits.py replies.jsonl``: a new cache hears
what is rehearsed while idle, then 1,000 replies, then 300 more, of which the hits are counted: in all,
without greetings, by first clauses and by syllables. Bounds, privacy and disk are those of the service; the
engine makes a tone instead of speech. The last line is JSON.
"""

from __future__ import annotations

import collections
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from donghaeng.app.rehearsing import rehearsed
from donghaeng.city.services import load_catalogue
from donghaeng.dialogue.phrases import load_phrases
from donghaeng.speech.engines import Audio, EngineInfo
from donghaeng.speech.synthesise.cache import PhraseCache
from donghaeng.speech.synthesise.clauses import split_clauses, syllables

CATALOGUE = Path(__file__).resolve().parent.parent / "catalogue"
BEFORE, COUNTED = 1_000, 300
SYLLABLE_SECONDS = 0.2
RATE = 24_000


class Noting:
    """Notes what had to be made; its tone is as long as speech."""

    info = EngineInfo(name="noting", version="1", model="tone")
    rate = RATE

    def __init__(self) -> None:
        self.made: set[str] = set()

    def synthesise(self, clause: str, *, speed: float = 1.0) -> Audio:
        self.made.add(clause)
        length = int(syllables(clause) * SYLLABLE_SECONDS * RATE)
        tone = np.sin(np.arange(length, dtype=np.float32) / 20) / 10
        return Audio(tone.astype(np.float32), RATE)


def main(file: Path) -> None:
    replies = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    print(json.dumps(count(replies, rehearse=False)))
    print(json.dumps(count(replies[BEFORE:], rehearse=True, before=0)))
    found = count(replies, rehearse=True)
    print(json.dumps({"kind": "clause_hits", "before": BEFORE, "counted": COUNTED, **found}))


def count(replies: list[dict[str, Any]], *, rehearse: bool, before: int = BEFORE) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        engine = Noting()
        cache = PhraseCache(Path(folder), engine)
        if rehearse:
            phrases = load_phrases(CATALOGUE / "lexicon" / "phrases.yaml")
            for piece in rehearsed(load_catalogue(CATALOGUE), phrases):
                cache.prepare(piece.spoken, piece.begins)
        hits: dict[str, list[int]] = collections.defaultdict(list)
        for number, reply in enumerate(replies[: before + COUNTED]):
            private = None if reply["private"] is None else frozenset(reply["private"])
            engine.made.clear()
            for _ in cache.speak(reply["say"], private=private):
                pass
            if number < before:
                continue
            for place, clause in enumerate(split_clauses(reply["say"])):
                hit = clause.text not in engine.made
                hits["all"].append(hit)
                hits["by_syllables"] += [hit] * syllables(clause.text)
                if reply["service"] is not None:
                    hits["without_greetings"].append(hit)
                if place == 0:
                    hits["first_clauses"].append(hit)
    return {
        "rehearsed": rehearse,
        "after": before,
        "clauses": len(hits["all"]),
        **{name: round(sum(one) / len(one), 3) for name, one in hits.items()},
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]))
