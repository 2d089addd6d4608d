"""What an official's corrections teach: which words were heard wrongly, and what was said. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher
from typing import Final

ENOUGH: Final = 2
"""Times that the same correction is made before it is used; a confirmed one is used at once."""
LONGEST: Final = 40
_MOST_WORDS: Final = 3
_PARTICLES: Final = (
    *("에서는", "에게는", "으로는", "에서", "에게", "으로", "까지", "부터", "하고", "처럼", "보다"),
    *("은", "는", "이", "가", "을", "를", "에", "의", "도", "로", "와", "과", "만", "께"),
)
"""The longest first."""
_SIGNS: Final = " .,?!\"'“”‘’()"


def taught(before: str, after: str) -> list[tuple[str, str]]:
    """What was heard and what was said, of each corrected place; what is written anew teaches nothing."""
    old, new = before.split(), after.split()
    found = []
    for kind, start, end, begin, stop in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        short = 0 < end - start <= _MOST_WORDS and 0 < stop - begin <= _MOST_WORDS
        if kind == "replace" and short:
            heard, said = _stems(" ".join(old[start:end]), " ".join(new[begin:stop]))
            if 1 < len(heard) <= LONGEST and 1 < len(said) <= LONGEST and heard != said:
                found.append((heard, said))
    return found


def put_right(text: str, pairs: Iterable[tuple[str, str]]) -> str:
    """``text`` with words that are known to be heard wrongly; only where a word begins so."""
    for heard, said in pairs:
        text = re.sub(rf"(?<![가-힣A-Za-z0-9]){re.escape(heard)}", lambda _, said=said: said, text)  # type: ignore[misc]
    return text


def _stems(heard: str, said: str) -> tuple[str, str]:
    """Both without the particle that they share (안내자를 → 안내사를: 안내자, 안내사)."""
    heard, said = heard.strip(_SIGNS), said.strip(_SIGNS)
    for particle in _PARTICLES:
        if (
            heard.endswith(particle)
            and said.endswith(particle)
            and min(len(heard), len(said)) > len(particle) + 1
        ):
            return heard.removesuffix(particle).strip(), said.removesuffix(particle).strip()
    return heard, said
