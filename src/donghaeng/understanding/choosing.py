"""Which of the options offered the citizen means."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from donghaeng.korean.counts import find_ordinals
from donghaeng.korean.reading import read_aloud
from donghaeng.korean.sounds import SoundIndex
from donghaeng.understanding.text import compact

SOUNDS_LIKE: Final = 0.3
"""Distance up to which words are an option as it was misheard, where they are about as long as it."""
SOUNDS_THE_SAME: Final = 0.1
"""The same inside a sentence of other words: among many sounds some few are like those of any option."""
AROUND: Final = 6
"""Syllables that stand around an option in an answer: "음, …으로 해 주세요". As many as the option's own may,
where it is longer."""
MIDDLE_OF: Final = 3
"""Options of which one is the middle one."""

_NUMBERED = re.compile(r"^(?P<number>[1-3일이삼])번?(?:이요|요|이에요|으로|로|거|이)?$")
_NUMBERS: Final = {"1": 0, "일": 0, "2": 1, "이": 1, "3": 2, "삼": 2}
_COMMON = re.compile(r"(방면|방향|쪽|가는|행|정류장|정류소|역)$")
_HOURS = "열한|열두|열|한|두|세|네|다섯|여섯|일곱|여덟|아홉"
_HOUR = re.compile(rf"(?<![가-힣])(?:{_HOURS})\s?시(?:\s\S+\s분)?$")
_HOUR_SAID = re.compile(rf"(?P<hour>(?:{_HOURS})시(?:[가-힣]{{1,4}}분)?)")
_LAST = re.compile(r"마지막|맨뒤|끝에|^뒤에?(?:거|것|걸|꺼)")
_FIRST = re.compile(r"^(?:맨)?(?:앞|처음|먼저)(?:에|엣|의)?(?:거|것|걸|꺼|말)")
_MIDDLE = re.compile(r"^(?:가운데|중간)(?:에|엣|의)?(?:거|것|걸|꺼|요|로|$)")
_WORD = re.compile(r"[가-힣a-z0-9]{2,}")


def chosen(utterance: str, options: Sequence[str]) -> int | None:
    """Index of the option meant: by rank ("두 번째"), number ("이 번"), its words by sound, or its
    hour ("일곱 시")."""
    options = [read_aloud(option) for option in options]
    utterance = read_aloud(utterance)
    packed = compact(utterance)
    are_hours = all(_HOUR.search(option) for option in options)
    by_words = _by_hour(packed, options) if are_hours else _by_words(utterance, options)
    if by_words is not None:
        return by_words
    numbered = _NUMBERED.match(packed)
    if numbered is not None:
        index = _NUMBERS[numbered["number"]]
        return index if index < len(options) else None
    placed = _by_place(packed, len(options))
    if placed is not None:
        return placed
    ranks = [match.value - 1 for match in find_ordinals(utterance) if 1 <= match.value <= len(options)]
    return ranks[0] if ranks else None


def _by_hour(packed: str, options: Sequence[str]) -> int | None:
    """The option whose hour is said; one syllable tells hours apart, so nothing is guessed by sound."""
    hours = [compact(found.group()) if (found := _HOUR.search(option)) else "" for option in options]
    said = _HOUR_SAID.search(packed)
    at = [index for index, hour in enumerate(hours) if said is not None and hour == said["hour"]]
    return at[0] if len(at) == 1 else None


def _by_place(packed: str, count: int) -> int | None:
    if _LAST.search(packed):
        return count - 1
    if _FIRST.search(packed):
        return 0
    return 1 if count == MIDDLE_OF and _MIDDLE.search(packed) else None


def _by_words(utterance: str, options: Sequence[str]) -> int | None:
    telling = _telling(options)
    index = SoundIndex([words for words in telling if words])
    for match in index.find_in(utterance, limit=len(telling), max_distance=SOUNDS_LIKE):
        around = len(compact(utterance)) - len(compact(utterance[match.start : match.end]))
        if around <= max(AROUND, len(match.name)) or index.is_within(match, SOUNDS_THE_SAME):
            return telling.index(match.name)
    return _by_one_word(compact(utterance), options)


def _by_one_word(packed: str, options: Sequence[str]) -> int | None:
    """The option one of whose words, that no other option has, is said: "약국이요" of "문 연 약국"."""
    words = [set(_WORD.findall(option.lower())) for option in options]
    said = {
        index
        for index, own in enumerate(words)
        for word in own
        if word in packed and sum(word in other for other in words) == 1
    }
    return said.pop() if len(said) == 1 else None


def _telling(options: Sequence[str]) -> list[str]:
    """Each option's words without what all options share."""
    packed = [_COMMON.sub("", compact(option)) for option in options]
    return [words if packed.count(words) == 1 else "" for words in packed]
