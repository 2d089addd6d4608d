"""Whether words end as a sentence ends, learnt from the catalogue's own sentences.

What a pause means hangs on the words before it: after "합정역에서" more is to come, after "언제 와요"
nothing. The beginnings of known sentences are told from the whole ones by the last morphemes of each
(logistic regression). Endings that are both (-어, -지, -는데) are told apart by what stands before them,
dialects by their examples.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from donghaeng.korean.morphemes import Analyse
from donghaeng.trust.kept_json import read_kept, write_kept

Ends = Callable[[str], float]
"""Words → probability that they are a whole sentence."""
Progress = Callable[[int, int], None]
"""Called with (sentences read, sentences in all)."""

FEWEST: Final = 3
"""Times that a feature must have been seen."""
STRENGTH: Final = 3.0
"""Inverse of the regularisation; 0.3 to 10 differ by 0.02 on ``bench/unseen``."""
LONGEST: Final = 8
"""Words at the end that are looked at: a pause is judged by what was said last."""
FEW: Final = 3
"""Words up to which their number is looked at: how long a sentence is says nothing about its end."""
LONE_UNKNOWN: Final = 0.5
"""Most that a single short word counts which no known sentence ends with: a recogniser makes a sentence of
it ("매일" becomes "아메요")."""
SHORT: Final = 4
"""Syllables of such a word."""
REMEMBERED: Final = 2_048
FORMAT: Final = 2

_SIGNS = re.compile(r"[.,!?…~\"']+")


def unknown(words: str) -> float:
    """Where nothing was learnt, no words tell."""
    del words
    return 0.5


class SentenceEnds:
    """Judges the end of words. Thread-safe."""

    def __init__(self, weights: Mapping[str, float], bias: float, analyse: Analyse) -> None:
        self.weights = weights
        self.bias = bias
        self._analyse = analyse
        self._chance = lru_cache(maxsize=REMEMBERED)(self._judge)

    def __call__(self, words: str) -> float:
        """Probability, 0 … 1, that ``words`` are a whole sentence; 0 for none."""
        plain = _plain(words)
        return self._chance(plain) if plain else 0.0

    def _judge(self, words: str) -> float:
        score = self.bias + sum(self.weights.get(one, 0.0) for one in features(words, self._analyse))
        chance = 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, score))))
        lone = " " not in words and len(words) <= SHORT and f"w {words}" not in self.weights
        return min(chance, LONE_UNKNOWN) if lone else chance


def features(words: str, analyse: Analyse) -> Iterator[str]:
    """What is looked at: the last three morphemes, the last syllables and word, and how much was said."""
    morphemes = [(one.form, one.tag.partition("-")[0]) for one in analyse(words)]
    last = ["^"] * max(0, 3 - len(morphemes)) + [f"{form}/{tag}" for form, tag in morphemes[-3:]]
    tags = ["^"] * max(0, 3 - len(morphemes)) + [tag for _, tag in morphemes[-3:]]
    said = words.split()
    yield from (f"1 {last[2]}", f"2 {last[1]} {last[2]}", f"t1 {tags[2]}", f"t2 {tags[1]} {tags[2]}")
    yield from (f"t3 {' '.join(tags)}", f"tf {tags[1]} {last[2]}", f"w {said[-1]}")
    yield from (f"s {words[-length:]}" for length in (1, 2, 3))
    yield f"n {min(len(said), FEW)}"
    yield f"v {any(tag[0] in 'VX' for _, tag in morphemes)}"


def learn(sentences: Sequence[str], analyse: Analyse, progress: Progress | None = None) -> SentenceEnds:
    """Learn from whole sentences and all of their beginnings: 20 s for 5,000 of them."""
    from sklearn.feature_extraction import DictVectorizer  # noqa: PLC0415  a second to import, to learn alone
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    rows, whole = [], []
    for number, sentence in enumerate(sentences, start=1):
        if progress is not None:
            progress(number, len(sentences))
        words = _plain(sentence).split()
        for end in range(1, len(words) + 1):
            rows.append(dict.fromkeys(features(" ".join(words[max(0, end - LONGEST) : end]), analyse), 1.0))
            whole.append(end == len(words))
    if len(set(whole)) < 2:
        return SentenceEnds({}, 0.0, analyse)
    vectorizer = DictVectorizer()
    table = vectorizer.fit_transform(rows)
    names = vectorizer.get_feature_names_out()
    often = table.sum(axis=0).A1 >= FEWEST
    model = LogisticRegression(C=STRENGTH, max_iter=300).fit(table[:, often], whole)
    weights = zip(names[often], model.coef_[0], strict=True)
    known = {str(name): round(float(weight), 4) for name, weight in weights if abs(weight) > 1e-3}
    return SentenceEnds(known, float(model.intercept_[0]), analyse)


def learn_or_read(
    sentences: Sequence[str], analyse: Analyse, cache: Path | None, progress: Progress | None = None
) -> SentenceEnds:
    """What ``sentences`` teach, from the folder ``cache`` where it was learnt before."""
    digest = sha256("\n".join([str(FORMAT), *sentences]).encode(errors="surrogatepass")).hexdigest()
    file = cache / "learnt" / f"sentence-ends-{digest[:16]}.json" if cache is not None else None
    if file is not None:
        with suppress(ValueError, KeyError, TypeError):
            kept = read_kept(file)
            if kept is not None:
                return SentenceEnds(dict(kept["weights"]), float(kept["bias"]), analyse)
    learnt = learn(sentences, analyse, progress)
    if file is not None:
        write_kept(file, {"bias": learnt.bias, "weights": learnt.weights})
    return learnt


def _plain(words: str) -> str:
    return " ".join(_SIGNS.sub(" ", words).split()[-LONGEST:])
