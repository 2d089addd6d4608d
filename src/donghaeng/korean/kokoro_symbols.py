"""Korean as pronounced → the phoneme symbols of Kokoro-82M.

The model was not trained on Korean; its symbols are those of the IPA that its languages share, so every
Korean sound is written with the symbols nearest to it. Input is what
:func:`donghaeng.korean.pronunciation.pronounce` returns. Pure.
"""

from __future__ import annotations

import re
from typing import Final

from donghaeng.korean.jamo import split
from donghaeng.korean.pronunciation import pronounce

_INITIAL: Final = {
    "ㄱ": "k",
    "ㄲ": "ʔk",
    "ㄴ": "n",
    "ㄷ": "t",
    "ㄸ": "ʔt",
    "ㄹ": "ɾ",
    "ㅁ": "m",
    "ㅂ": "p",
    "ㅃ": "ʔp",
    "ㅅ": "s",
    "ㅆ": "s",
    "ㅇ": "",
    "ㅈ": "ʨ",
    "ㅉ": "ʔʨ",
    "ㅊ": "ʨʰ",
    "ㅋ": "kʰ",
    "ㅌ": "tʰ",
    "ㅍ": "pʰ",
    "ㅎ": "h",
}
_VOICED: Final = {"ㄱ": "ɡ", "ㄷ": "d", "ㅂ": "b", "ㅈ": "ʥ"}
"""Plain stops between voiced sounds of one word; words begin with the voiceless ones, which are clearer."""
# ㅓ as ɔ is recognised more often than as ʌ, which the model brings near ㅏ.
_VOWEL: Final = {
    "ㅏ": "a",
    "ㅐ": "e",
    "ㅑ": "ja",
    "ㅒ": "je",
    "ㅓ": "ɔ",
    "ㅔ": "e",
    "ㅕ": "jɔ",
    "ㅖ": "je",
    "ㅗ": "o",
    "ㅘ": "wa",
    "ㅙ": "we",
    "ㅚ": "we",
    "ㅛ": "jo",
    "ㅜ": "u",
    "ㅝ": "wɔ",
    "ㅞ": "we",
    "ㅟ": "ɥi",
    "ㅠ": "ju",
    "ㅡ": "ɯ",
    "ㅢ": "ɰi",
    "ㅣ": "i",
}
_CODA: Final = {"": "", "ㄱ": "k", "ㄴ": "n", "ㄷ": "t", "ㄹ": "l", "ㅁ": "m", "ㅂ": "p", "ㅇ": "ŋ"}
_SONORANT_CODAS: Final = frozenset(("", "ㄴ", "ㄹ", "ㅁ", "ㅇ"))
_SWALLOWS_H: Final = frozenset("ㄴㅁㅇ")
"""After these ㅎ is no sound inside a word, as in fluent speech: the model's h makes 정화 of 전화. It stays
between vowels: 오후 is no 오우."""
_PAUSES: Final = frozenset(",.?!")
_APART: Final = "·"
"""Between digits said one by one: they are not linked (일·일, not 이릴), yet voiced as in one word."""
_DIGITS: Final = "공영일이삼사오육칠팔구"
_DIGIT_BY_DIGIT: Final = re.compile(
    rf"(?<![가-힣])[{_DIGITS}]{{3,}}?"
    r"(?=(?:이에요|이고|이며|이라고|예요|고|라고|은|는|이|가|을|를|에|로|으로|의|번|호|도)?(?![가-힣]))"
)
"""A word of three digits or more without tens and hundreds, and no word of the same syllables."""
_NO_NUMBERS: Final = frozenset(("사이사이", "일일이", "이사오"))


def symbols(pronounced: str) -> str:
    """Kokoro's phonemes for Korean as pronounced.

    Spaces and ``, . ? !`` stay, ``·`` is a space across which consonants are voiced, all else is dropped.
    """
    out: list[str] = []
    coda: str | None = None
    for char in pronounced:
        letters = split(char)
        if letters is None:
            if char == " " or char in _PAUSES:
                out.append(char)
            if char == _APART:
                out.append(" ")
            else:
                coda = None
            continue
        onset, vowel, final = letters
        out.append(_onset(onset, vowel, coda))
        out.append(_VOWEL[vowel])
        out.append(_CODA[final])
        coda = final
    return "".join(out)


def _onset(onset: str, vowel: str, before: str | None) -> str:
    voiced = before in _SONORANT_CODAS
    if voiced and onset in _VOICED:
        return _VOICED[onset]
    if onset == "ㅎ" and before in _SWALLOWS_H:
        return ""
    if onset in "ㅅㅆ" and vowel in "ㅣㅑㅕㅛㅠㅖㅒㅟ":
        return "ɕ"
    if onset == "ㄹ" and before == "ㄹ":
        return "l"
    return _INITIAL[onset]


def phonemes(spoken: str) -> str:
    """Spoken Korean (as :func:`donghaeng.korean.reading.read_aloud` gives it) → Kokoro's phonemes."""
    return symbols(pronounce(_DIGIT_BY_DIGIT.sub(_apart, spoken)))


def _apart(found: re.Match[str]) -> str:
    number = found.group()
    return number if number in _NO_NUMBERS else _APART.join(number)
