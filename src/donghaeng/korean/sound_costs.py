"""Which Korean sounds are mistaken for which, and how dearly: the confusion table of :mod:`.sounds`.

Costs lie between 0 (the same sound) and 1 (nothing in common). Groups follow the articulation of 표준어
(plain, tense and aspirated stops; merged vowels ㅐ/ㅔ and ㅙ/ㅚ/ㅞ), the neutralisation of finals to seven
sounds (표준발음법 제8항) and assimilation across syllables (제18–20항), which a recogniser undoes wrongly.
What it was caught at (:mod:`.sound_confusions`, counted by ``bench/confusions.py``) is cheaper than these
groups say, never dearer: a sound that was rarely said in the recordings proves nothing by its absence.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import numpy.typing as npt

from donghaeng.korean.jamo import INITIALS, VOWELS
from donghaeng.korean.sound_confusions import SAID, SWAPPED

_SEVEN: Final = {
    "ㄱ": "ㄱㄲㅋㄳㄺ",
    "ㄴ": "ㄴㄵㄶ",
    "ㄷ": "ㄷㅅㅆㅈㅊㅌㅎ",
    "ㄹ": "ㄹㄼㄽㄾㅀ",
    "ㅁ": "ㅁㄻ",
    "ㅂ": "ㅂㅍㅄㄿ",
    "ㅇ": "ㅇ",
}
FINAL_SOUNDS: Final = {final: sound for sound, finals in _SEVEN.items() for final in finals}
"""Final consonant letter to one of the seven final sounds."""

# fmt: off
LATIN_NAMES: Final = {
    "A": "에이", "B": "비", "C": "씨", "D": "디", "E": "이", "F": "에프", "G": "지", "H": "에이치",
    "I": "아이", "J": "제이", "K": "케이", "L": "엘", "M": "엠", "N": "엔", "O": "오", "P": "피", "Q": "큐",
    "R": "알", "S": "에스", "T": "티", "U": "유", "V": "브이", "W": "더블유", "X": "엑스",
    "Y": "와이", "Z": "제트",
}
# fmt: on
"""How a Latin letter is read."""

SYMBOLS: Final = (*(i for i in INITIALS if i != "ㅇ"), *VOWELS, *("-" + sound for sound in _SEVEN))
"""Every sound: initials, vowels, finals (written with a hyphen before)."""

_NEAR: Final = (
    (0.15, "ㄱㄲ ㄱㅋ ㄷㄸ ㄷㅌ ㅂㅃ ㅂㅍ ㅅㅆ ㅈㅉ ㅈㅊ ㄲㅋ ㄸㅌ ㅃㅍ ㅉㅊ"),
    (0.05, "ㅐㅔ ㅙㅚ ㅙㅞ ㅚㅞ ㅒㅖ"),
    (0.15, "ㅔㅖ ㅐㅒ ㅢㅣ ㅢㅡ ㅢㅔ ㅟㅣ ㅚㅔ ㅞㅔ ㅙㅐ ㅝㅓ ㅘㅏ ㅕㅖ"),
    (0.3, "ㅗㅓ ㅗㅜ ㅡㅜ ㅡㅓ ㅛㅕ ㅛㅠ ㅓㅏ ㅕㅓ ㅑㅏ ㅛㅗ ㅠㅜ ㅣㅔ ㅣㅟ ㅕㅔ ㅕㅑ ㅘㅝ ㅘㅗ ㅝㅜ"),
    (0.3, "ㄴㄹ ㅁㅂ ㄴㅁ ㅅㅈ ㅅㅊ ㅎㄱ ㅎㅋ ㅎㅍ ㅎㅌ ㄷㅈ ㅌㅊ ㄷㄹ ㅋㅌ ㅋㅍ ㅌㅍ ㄴㄷ"),
    (0.25, "-ㄴ-ㅇ -ㄴ-ㅁ -ㅁ-ㅇ -ㄴ-ㄹ -ㄱ-ㅇ -ㅂ-ㅁ -ㄷ-ㄴ -ㄱ-ㄷ -ㄷ-ㅂ -ㄱ-ㅂ"),
    (0.45, "-ㄹ-ㅇ -ㄹ-ㅁ -ㄹ-ㄷ"),
    (0.1, "-ㄱㄱ -ㄴㄴ -ㄷㄷ -ㄹㄹ -ㅁㅁ -ㅂㅂ -ㄷㅅ -ㄷㅈ -ㄷㅊ -ㄷㅌ -ㅂㅍ -ㄱㅋ -ㄱㄲ -ㄷㅆ"),
    (0.3, "-ㄴㄹ -ㄹㄴ -ㅇㄴ -ㅁㅂ -ㄱㅎ -ㅂㅎ"),
)
OTHER_VOWEL: Final = 0.6
OTHER_CONSONANT: Final = 0.8
MIXED: Final = 1.0
"""A vowel against a consonant: they do not replace each other."""

_DELETE: Final = {
    "ㅎ": 0.3,
    "-ㅇ": 0.35,
    "-ㄴ": 0.4,
    "-ㄹ": 0.4,
    "-ㄷ": 0.4,
    "-ㄱ": 0.4,
    "-ㅂ": 0.4,
    "-ㅁ": 0.45,
}
"""Sounds that are easily lost or added; every other costs :data:`OTHER_EDIT`."""
OTHER_EDIT: Final = 0.75
FOLD: Final = 0.1
"""What an error that is e times rarer costs more: an error of one in twenty costs 0.3, as in the groups."""
CHEAPEST: Final = 0.05
UNSEEN: Final = 20
"""Occurrences added to every sound, so that a few errors of a rare sound do not make them free."""

Floats = npt.NDArray[np.float32]


def _letters(group: str) -> tuple[str, str]:
    letters: list[str] = []
    for char in group:
        if letters and letters[-1] == "-":
            letters[-1] = "-" + char
        else:
            letters.append(char)
    return letters[0], letters[1]


def _substitute() -> Floats:
    size = len(SYMBOLS)
    costs = np.full((size, size), MIXED, dtype=np.float32)
    vowel = np.array([symbol in VOWELS for symbol in SYMBOLS])
    costs[np.ix_(vowel, vowel)] = OTHER_VOWEL
    costs[np.ix_(~vowel, ~vowel)] = OTHER_CONSONANT
    code = {symbol: index for index, symbol in enumerate(SYMBOLS)}
    for cost, groups in _NEAR:
        for group in groups.split():
            one, other = _letters(group)
            costs[code[one], code[other]] = costs[code[other], code[one]] = cost
    for (one, other), times in SWAPPED.items():
        if other != ".":
            said = min(SAID[one], SAID[other])
            cheaper = min(float(costs[code[one], code[other]]), _learnt(times, said))
            costs[code[one], code[other]] = costs[code[other], code[one]] = cheaper
    np.fill_diagonal(costs, 0.0)
    return costs


def _learnt(times: int, said: int) -> float:
    return max(CHEAPEST, -FOLD * math.log(min(1.0, times / (said + UNSEEN))))


def _lost(symbol: str) -> float:
    """Cost of a sound that is dropped or made up."""
    cost = _DELETE.get(symbol, OTHER_EDIT)
    times = SWAPPED.get((symbol, "."))
    return cost if times is None else min(cost, _learnt(times, 2 * SAID[symbol]))


_CLASSES: Final = (
    "ㄱㄲㅋ",
    "ㄷㄸㅌ",
    "ㅂㅃㅍ",
    "ㅅㅆ",
    "ㅈㅉㅊ",
    "ㄴㄹ",
    "ㅁ",
    "ㅎ",
    "ㅏㅑㅘ",
    "ㅓㅕㅝㅗㅛ",
    "ㅜㅠㅡ",
    "ㅐㅔㅒㅖㅙㅚㅞ",
    "ㅣㅢㅟ",
)
_FINAL_CLASSES: Final = (("-ㄴ", "-ㅇ", "-ㅁ"), ("-ㄹ",), ("-ㄱ", "-ㄷ", "-ㅂ"))


def _coarse() -> npt.NDArray[np.int16]:
    groups = [*(tuple(group) for group in _CLASSES), *_FINAL_CLASSES]
    number = {symbol: 1 + nth for nth, group in enumerate(groups) for symbol in group}
    return np.array([number[symbol] for symbol in SYMBOLS], dtype=np.int16)


SUBSTITUTE: Final = _substitute()
"""Shape (sounds, sounds): cost of hearing one sound for another."""
DELETE: Final = np.array([_lost(symbol) for symbol in SYMBOLS], dtype=np.float32)
"""Cost of not hearing a sound of the name."""
INSERT: Final = DELETE
"""Cost of a sound that the name does not have."""
COARSE: Final = _coarse()
"""Class number (1…16) of each sound; sounds of one class are often swapped."""
