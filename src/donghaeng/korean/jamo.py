"""Hangul syllables and their letters. Unicode standard, section 3.12 (conjoining jamo behaviour)."""

from __future__ import annotations

import unicodedata
from typing import Final

SYLLABLE_BASE: Final = 0xAC00
SYLLABLE_LAST: Final = 0xD7A3
INITIALS: Final = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
VOWELS: Final = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
FINALS: Final = ("", *"ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ")
"""Final consonants in Unicode order; the empty string stands for none."""


def is_syllable(char: str) -> bool:
    """Whether ``char`` is one precomposed Hangul syllable."""
    return len(char) == 1 and SYLLABLE_BASE <= ord(char) <= SYLLABLE_LAST


def normalise(text: str) -> str:
    """``text`` with decomposed Hangul (NFD, as some keyboards send it) put together (NFC)."""
    return unicodedata.normalize("NFC", text)


def split(char: str) -> tuple[str, str, str] | None:
    """Initial, vowel and final of a syllable (final may be empty); ``None`` if ``char`` is no syllable."""
    if not is_syllable(char):
        return None
    index = ord(char) - SYLLABLE_BASE
    return INITIALS[index // 588], VOWELS[index % 588 // 28], FINALS[index % 28]


def join(initial: str, vowel: str, final: str = "") -> str:
    """The syllable of these letters. Raises :class:`ValueError` for a letter that cannot stand there."""
    return chr(
        SYLLABLE_BASE + (INITIALS.index(initial) * 21 + VOWELS.index(vowel)) * 28 + FINALS.index(final)
    )


def decompose(text: str) -> str:
    """``text`` with every syllable written as separate (compatibility) letters; the rest stays."""
    return "".join("".join(split(char) or (char,)) for char in normalise(text))


def compose(letters: str) -> str:
    """The inverse of :func:`decompose` for text whose letters form syllables; stray letters stay."""
    out: list[str] = []
    position = 0
    while position < len(letters):
        initial = letters[position]
        vowel = letters[position + 1 : position + 2]
        if initial not in INITIALS or not vowel or vowel not in VOWELS:
            out.append(initial)
            position += 1
            continue
        final = letters[position + 2 : position + 3]
        after = letters[position + 3 : position + 4]
        taken = 3
        if not final or final not in FINALS or (final in INITIALS and after and after in VOWELS):
            final, taken = "", 2
        out.append(join(initial, vowel, final))
        position += taken
    return "".join(out)


def final_of(text: str) -> str:
    """Final consonant of the last syllable of ``text``; empty if there is none or it is not Hangul."""
    parts = split(text[-1]) if text else None
    return parts[2] if parts else ""


def has_batchim(text: str) -> bool:
    """Whether ``text`` ends in a syllable with a final consonant."""
    return bool(final_of(text))
