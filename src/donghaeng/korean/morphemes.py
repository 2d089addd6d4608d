"""Morphemes of a sentence: words without their endings, endings without their words.

The analyser is ``kiwipiepy`` (its model is a Python package too); tags are those of the Sejong corpus
(체언 N…, 용언 V…, 조사 J…, 어미 E…).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final, NamedTuple


class Morpheme(NamedTuple):
    """A smallest piece of meaning."""

    form: str
    tag: str
    """Part of speech: ``NNG``, ``VV``, ``JKO``, ``EF`` …"""


_HALVES: Final = re.compile(r"[\ud800-\udfff]")

Analyse = Callable[[str], Sequence[Morpheme]]
"""A sentence → its morphemes, in order."""


@lru_cache(maxsize=1)
def analyser() -> Analyse:
    """The analyser, loaded once a process: 2 s and 320 MB; 0.4 ms an utterance, from any thread.

    Its dictionaries of misspellings and of phrases stay away: they cost 190 MB and change no ranking. Halves
    of UTF-16 pairs, which it cannot take, count as unknown signs.
    """
    from kiwipiepy import Kiwi  # noqa: PLC0415  loading takes seconds that most commands do not need

    kiwi = Kiwi(num_workers=1, load_typo_dict=False, load_multi_dict=False)

    def analyse(text: str) -> list[Morpheme]:
        return [Morpheme(token.form, token.tag) for token in kiwi.tokenize(_HALVES.sub("\ufffd", text))]

    return analyse
