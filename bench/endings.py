"""How patiently the end of a turn is waited for: ``python bench/endings.py bench/unseen/*.jsonl``.

For lines of ``{"text": …}``, judged by what the catalogue teaches: the silence that ends each whole text, and
the share of pauses of 0.8 to 1.5 s, one at each space, after which the turn would end too early. The last
line is JSON.
"""

from __future__ import annotations

import json
import statistics
import sys
from pathlib import Path

from donghaeng.city.services.loading import load_catalogue
from donghaeng.korean.morphemes import analyser
from donghaeng.settings import load_settings
from donghaeng.speech.completeness import answer_completeness
from donghaeng.speech.sentence_ends import learn_or_read
from donghaeng.speech.turn_taking import Expectation, TurnTiming, ending_silence
from donghaeng.understanding.load import whole_sentences

PAUSES = [0.8 + 0.1 * step for step in range(8)]
POLITE = ("요", "니다", "니까")


def main(files: list[Path]) -> None:
    settings = load_settings()
    sentences = whole_sentences(load_catalogue(settings.catalogue))
    ends = learn_or_read(sentences, analyser(), settings.cache)
    timing, nothing_asked = TurnTiming(), Expectation()

    def silence(words: str) -> float:
        return ending_silence(timing, nothing_asked, answer_completeness(words, ends))

    texts = [json.loads(line)["text"] for file in files for line in file.read_text("utf-8").splitlines()]
    whole = [silence(text) for text in texts]
    polite = [silence(text) for text in texts if text.rstrip(".?! ").endswith(POLITE)]
    begun = [silence(" ".join(text.split()[:end])) for text in texts for end in range(1, len(text.split()))]
    cut = statistics.mean(sum(pause > one for pause in PAUSES) / len(PAUSES) for one in begun)
    figures = {
        "kind": "endings",
        "texts": len(texts),
        "ended_within_half_a_second": round(sum(one <= 0.5 for one in whole) / len(whole), 3),
        "polite_ended_within_half_a_second": round(sum(one <= 0.5 for one in polite) / len(polite), 3),
        "mean_silence": round(statistics.mean(whole), 2),
        "pauses_cut": round(cut, 4),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]])
