"""Morphemes of passages, found once and kept by content hash.

A passage takes the analyser some 3 ms, which is all that it costs to make passages searchable: kept, ten
thousand of them are searchable seconds after a start.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Final

from donghaeng.korean.morphemes import Analyse, AnalyseAll, Morpheme, analyser, bulk_analyser
from donghaeng.understanding.embed.kept_rows import KeptRows, key_of

REMEMBERED: Final = 4_096
"""Sentences and questions whose morphemes stay in memory: a search asks for the same ones several times."""
SAVE_EVERY: Final = 200
"""Texts, about a second's work, after which what is found is written."""


class KeptAnalysis:
    """An analyser (:data:`~donghaeng.korean.morphemes.Analyse`) that keeps what it found.

    Args:
        analyse: finds morphemes.
        file: where those of prepared texts are kept; nowhere if None.
        analyse_all: finds those of many texts; one after the other if None.
    """

    def __init__(self, analyse: Analyse, file: Path | None, analyse_all: AnalyseAll | None = None) -> None:
        self._analyse_all = analyse_all or (lambda texts: map(analyse, texts))
        self._rows = KeptRows(file)
        self._ready: dict[str, Sequence[Morpheme]] = {}
        self._remembered = lru_cache(maxsize=REMEMBERED)(analyse)

    def __call__(self, text: str) -> Sequence[Morpheme]:
        """The morphemes of a text; a prepared one is given once."""
        ready = self._ready.pop(text, None)
        return self._remembered(text) if ready is None else ready

    def prepare(self, texts: Iterable[str]) -> None:
        """Read the morphemes of texts that will be asked for, or find and keep them."""
        keys = {key_of(text): text for text in texts}
        for key, row in self._rows.read(keys).items():
            found = _read(row)
            if found is not None:
                self._ready[keys.pop(key)] = found
        left = list(keys.items())
        for begin in range(0, len(left), SAVE_EVERY):
            some = left[begin : begin + SAVE_EVERY]
            made: dict[str, bytes] = {}
            analysed = self._analyse_all(text for _, text in some)
            for (key, text), morphemes in zip(some, analysed, strict=True):
                self._ready[text] = morphemes
                made[key] = json.dumps(morphemes, ensure_ascii=False).encode()
            self._rows.write(made)


def kept_analyser(cache: Path | None) -> KeptAnalysis:
    """The analyser of this machine with what it found in a cache; of its version, as another may differ."""
    name = f"kiwipiepy-{version('kiwipiepy')}.db"
    file = None if cache is None else cache / "morphemes" / name
    return KeptAnalysis(analyser(), file, bulk_analyser())


def _read(row: bytes) -> list[Morpheme] | None:
    try:
        return [Morpheme(str(form), str(tag)) for form, tag in json.loads(row)]
    except (ValueError, TypeError):
        return None
