"""Which sentences of a passage answer a question. Pure.

A sentence that leans on the one before it ("또한 …", "이 경우 …") says another thing without it, so it is
told only behind it. A "네," at the beginning says yes to the question that the writer thought of, not to the
citizen's: it is cut off. Both rules come from statements that people judged as unsupported
(``bench/citations_unseen.yaml``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import combinations
from typing import Final

from donghaeng.knowledge.passages import MAX_SPOKEN_CHARS, MAX_SPOKEN_SENTENCES, sentences
from donghaeng.knowledge.terms import terms
from donghaeng.korean.morphemes import Analyse

LOOKED_AT: Final = 12
"""Sentences of a passage among which the answer is looked for."""
LEAST_WORDS: Final = 2
"""Korean words of a sentence; an address that was cut at its dots is none."""
_WORD: Final = re.compile(r"[가-힣]+")
_ANSWERS: Final = re.compile(r"^(?:네|예|아니요|아니오|맞습니다|그렇습니다)[,.!]\s*")
_ITSELF: Final = r"(?:사업|서비스|제도|프로그램|급여|지원|수당|연금|보험|대출|카드|혜택|시설|센터)"
"""What the passage is about, which its title names: "이 사업은" leans on nothing else."""
_LEANS: Final = re.compile(
    r"^(?:또한?|그리고|그러나|하지만|그런데|그러면|따라서|그래서|그러므로|즉|아울러|다만|단|한편|나아가)[,\s]"
    rf"|^(?:이|그|이런|그런|이러한|그러한|위|위의|아래|해당|앞의)\s(?!{_ITSELF})"
    r"|^(?:이|그)(?:때|와|에|를|는|들은|것은|것이|외에|후|로|로써|곳|중)[,\s]"
    r"|^(?:이를|이에는?|이와는?|이는|여기서?|거기서?|이처럼|그렇지)[,\s]"
)


def extract(question: str, text: str, analyse: Analyse) -> str:
    """The one or two sentences of a text that have most of the question's words, in their order; the
    first ones where none has any. Nothing where each is too long to be told."""
    told = sentences(text)[:LOOKED_AT]
    parts = {
        place: _ANSWERS.sub("", part)
        for place, part in enumerate(told)
        if len(part) <= MAX_SPOKEN_CHARS and len(_WORD.findall(part)) >= LEAST_WORDS
    }
    if not parts:
        return ""
    pairs = [
        chosen
        for chosen in combinations(parts, min(len(parts), MAX_SPOKEN_SENTENCES))
        if sum(len(parts[place]) + 1 for place in chosen) <= MAX_SPOKEN_CHARS + 1
    ]
    singles = [(place,) for place in parts]
    choices: Sequence[tuple[int, ...]] = (
        [chosen for chosen in pairs if _stands(chosen, parts)]
        or [chosen for chosen in singles if _stands(chosen, parts)]
        or pairs
        or singles
    )
    if len(choices) == 1:
        return " ".join(parts[place] for place in choices[0])
    asked = terms(question, analyse)
    held = {place: asked.keys() & terms(part, analyse).keys() for place, part in parts.items()}

    def worth(chosen: tuple[int, ...]) -> tuple[float, int]:
        common = set().union(*(held[place] for place in chosen))
        return sum(asked[term] for term in common), -sum(chosen)

    return " ".join(parts[place] for place in max(choices, key=worth))


def _stands(chosen: Sequence[int], parts: dict[int, str]) -> bool:
    """Whether each sentence says what it says in the passage."""
    return all(place - 1 in chosen for place in chosen if _LEANS.match(parts[place]))
