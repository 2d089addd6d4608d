"""Korean as pronounced → the phoneme symbols of Kokoro-82M.

The model was not trained on Korean; its symbols are those of the IPA that its languages share, so every
Korean sound is written with the symbols nearest to it. Input is what
:func:`donghaeng.korean.pronunciation.pronounce` returns. Pure.
"""

from __future__ import annotations

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
_PAUSES: Final = frozenset(",.?!")


def symbols(pronounced: str) -> str:
    """Kokoro's phonemes for Korean as pronounced; spaces and ``, . ? !`` stay, all else is dropped."""
    out: list[str] = []
    coda: str | None = None
    for char in pronounced:
        letters = split(char)
        if letters is None:
            if char == " " or char in _PAUSES:
                out.append(char)
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
    if onset in "ㅅㅆ" and vowel in "ㅣㅑㅕㅛㅠㅖㅒㅟ":
        return "ɕ"
    if onset == "ㄹ" and before == "ㄹ":
        return "l"
    return _INITIAL[onset]


def phonemes(spoken: str) -> str:
    """Spoken Korean (as :func:`donghaeng.korean.reading.read_aloud` gives it) → Kokoro's phonemes."""
    return symbols(pronounce(spoken))
