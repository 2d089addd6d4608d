"""What a recogniser does to a sentence: a lost particle, other spaces, now and then another sound.

The mild distortion of conversation tests, in which every request must still be understood; for one of any
strength see :mod:`donghaeng.korean.noise`. Pure: chance comes in as a seeded generator.
"""

from __future__ import annotations

import re
from random import Random
from typing import Final

from donghaeng.korean.jamo import final_of, is_syllable, join, split
from donghaeng.korean.noise.sound_likes import confusable

LOST_PARTICLE: Final = 0.3
OTHER_SPACE: Final = 0.3
OTHER_SOUND: Final = 0.05
"""Chances a sentence."""
CONFUSABLE: Final = 0.15
"""Sounds that replace each other at this cost or less (:mod:`donghaeng.korean.sound_costs`)."""
SHORTEST: Final = 4
"""Sentences of fewer syllables ("네", "아니요") are heard as they are: one lost sound loses all."""

_AFTER_FINAL = frozenset("은을")
_AFTER_VOWEL = frozenset("는를")
"""이 and 가 are too often the end of a noun (책꽂이, 휴가), of which a recogniser loses nothing."""
_NUMBER = frozenset("공영일이삼사오육륙칠팔구십백천만억한두세네열스물")
_DIGIT = re.compile(r"\d")


def sound_alike(text: str, chance: Random) -> str:
    """``text`` as it might be recognised. Digits and number words stay: another number is another request."""
    if sum(is_syllable(char) for char in text) < SHORTEST:
        return text
    if chance.random() < LOST_PARTICLE:
        text = _lose_particle(text, chance)
    if chance.random() < OTHER_SOUND:
        text = change_sound(text, chance)
    if chance.random() < OTHER_SPACE:
        text = change_space(text, chance)
    return text


def _lose_particle(text: str, chance: Random) -> str:
    words = text.split(" ")
    found = [index for index, word in enumerate(words) if _has_particle(word)]
    if found:
        index = chance.choice(found)
        words[index] = words[index][:-1]
    return " ".join(words)


def _has_particle(word: str) -> bool:
    if len(word) < 3 or not is_syllable(word[-2]) or word[-2] in _NUMBER or _DIGIT.search(word):
        return False
    return word[-1] in (_AFTER_FINAL if final_of(word[:-1]) else _AFTER_VOWEL)


def change_space(text: str, chance: Random) -> str:
    """``text`` with one space lost or one too many."""
    gaps = [index for index, char in enumerate(text) if char == " "]
    if gaps and chance.random() < 0.5:
        gap = chance.choice(gaps)
        return text[:gap] + text[gap + 1 :]
    places = [
        index
        for index in range(1, len(text))
        if is_syllable(text[index - 1])
        and is_syllable(text[index])
        and not {*text[index - 1 : index + 1]} & _NUMBER
    ]
    if not places:
        return text
    place = chance.choice(places)
    return f"{text[:place]} {text[place:]}"


def change_sound(text: str, chance: Random) -> str:
    """``text`` with one sound of one syllable heard as another one."""
    likes = confusable(CONFUSABLE)
    changes = [
        (index, part, other)
        for index, char in enumerate(text)
        if is_syllable(char) and char not in _NUMBER
        for part, letter in enumerate((split(char) or ("", "", ""))[:2])
        for other in likes.get(letter, ())
    ]
    if not changes:
        return text
    index, part, other = chance.choice(changes)
    letters = list(split(text[index]) or ())
    letters[part] = other
    return text[:index] + join(*letters) + text[index + 1 :]
