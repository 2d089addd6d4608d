"""How well misheard words are put right: ``python bench/respelling.py bench/unseen/*.jsonl``.

For lines of ``{"text": …}``: how many texts are changed (a false repair, or a text that was written as a
recogniser mishears it), how many sounds and spaces changed by ``measuring/sound_alike.py`` come back, and
what an utterance costs.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

from donghaeng.city.places.builtin import load_builtin
from donghaeng.city.places.model import Kind
from donghaeng.korean.morphemes import likelihood, placer
from donghaeng.measuring.sound_alike import change_sound, change_space
from donghaeng.settings import load_settings
from donghaeng.understanding.load import known_texts
from donghaeng.understanding.respelling import Respeller

SEED = 3


def main(files: list[Path]) -> None:
    catalogue = load_settings().catalogue
    places = load_builtin(catalogue / "places")
    names = [place.name for kind in Kind for place in places.places(kind)]
    respeller = Respeller([*known_texts(catalogue), *names], likelihood(), placer())
    texts = [json.loads(line)["text"] for file in files for line in file.read_text("utf-8").splitlines()]
    respeller.respelled("다음 주 화요일이요")
    times, respelled = [], []
    for text in texts:
        started = time.perf_counter()
        respelled.append(respeller.respelled(text))
        times.append(time.perf_counter() - started)
    sounds = sum(_packed(one) != _packed(two) for one, two in zip(texts, respelled, strict=True))
    figures = {
        "texts": len(texts),
        "sounds_changed": round(sounds / len(texts), 4),
        "sounds_undone": _undone(change_sound, texts, respelled, respeller),
        "spaces_undone": _undone(change_space, texts, respelled, respeller),
        "mean_ms": round(1000 * statistics.mean(times), 2),
        "p95_ms": round(1000 * statistics.quantiles(times, n=20)[-1], 2),
    }
    print(json.dumps(figures))


def _undone(
    change: Callable[[str, Random], str], texts: list[str], respelled: list[str], respeller: Respeller
) -> float:
    chance = Random(SEED)
    changed = [(change(text, chance), text, clean) for text, clean in zip(texts, respelled, strict=True)]
    back = [respeller.respelled(heard) in (text, clean) for heard, text, clean in changed if heard != text]
    return round(sum(back) / len(back), 4)


def _packed(text: str) -> str:
    return text.replace(" ", "")


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]])
