"""How often the recogniser took one sound for another: counts, made by ``bench/confusions.py``.

Recogniser: Whisper base int8, the packaged default. Speech: the 80 recordings of people that
``donghaeng eval hearing`` uses, as they are, over a telephone (300 to 3,400 Hz) and over a telephone in noise
(10 dB): 240 pairs of what was said and heard. Only errors whose surroundings were heard right count.
"""

from __future__ import annotations

from typing import Final

_SAID_TEXT: Final = """
    -ㄱ:186 -ㄴ:719 -ㄷ:202 -ㄹ:434 -ㅁ:144 -ㅂ:151 -ㅇ:254 ㄱ:594 ㄲ:56 ㄴ:381
    ㄷ:384 ㄸ:24 ㄹ:340 ㅁ:270 ㅂ:149 ㅃ:4 ㅅ:392 ㅆ:18 ㅈ:451 ㅉ:30 ㅊ:84 ㅋ:9 ㅌ:45
    ㅍ:49 ㅎ:310 ㅏ:1123 ㅐ:149 ㅑ:12 ㅒ:3 ㅓ:406 ㅔ:213 ㅕ:192 ㅖ:15 ㅗ:488 ㅘ:73
    ㅙ:7 ㅚ:42 ㅛ:131 ㅜ:238 ㅝ:27 ㅟ:2 ㅠ:6 ㅡ:721 ㅢ:36 ㅣ:739
"""
_SWAPPED_TEXT: Final = """
    -ㄹ/.:44 ㅎ/.:37 -ㄴ/.:29 ㅗ/ㅜ:21 ㄷ/ㅈ:20 -ㄴ/-ㄹ:18 ㅏ/ㅓ:18 -ㄴ/-ㅁ:16 ㅡ/.:16
    -ㄷ/.:15 -ㄹ/ㄹ:15 ㅗ/.:15 ㅡ/ㅣ:15 ㅣ/.:15 -ㄴ/-ㅇ:14 -ㅇ/.:14 ㅅ/ㅈ:13
    -ㅁ/-ㅇ:12 ㅔ/ㅡ:12 ㅓ/ㅗ:11 ㄱ/.:10 ㄱ/ㅈ:10 -ㄴ/ㄴ:9 ㄱ/ㅂ:9 ㅏ/ㅘ:9 -ㄱ/-ㅇ:8
    -ㅁ/.:8 ㄷ/ㅅ:8 ㅔ/.:8 ㅔ/ㅢ:8 -ㅂ/.:7 ㅁ/ㅂ:7 ㅐ/ㅔ:7 ㅜ/ㅝ:7 ㄱ/ㅅ:6 ㄷ/.:6 ㅈ/.:6
    ㅈ/ㅊ:6 ㄴ/ㄹ:5 ㄷ/ㄸ:5 ㄷ/ㅌ:5 ㅌ/.:5 ㅏ/ㅕ:5 ㅔ/ㅣ:5 ㅡ/ㅢ:5 -ㄱ/-ㅂ:4 -ㄱ/.:4
    -ㄴ/ㄹ:4 -ㄷ/-ㅂ:4 -ㄷ/ㅅ:4 ㄱ/ㄹ:4 ㄴ/.:4 ㄴ/ㄷ:4 ㄴ/ㅁ:4 ㄷ/ㄹ:4 ㄷ/ㅂ:4 ㅅ/.:4
    ㅏ/.:4 ㅐ/ㅢ:4 ㅐ/ㅣ:4 ㅓ/ㅡ:4 ㅔ/ㅕ:4 ㅕ/ㅛ:4 ㅕ/ㅡ:4 ㅜ/ㅡ:4 ㅝ/ㅡ:4 ㅟ/ㅣ:4
"""


def _counts(text: str) -> dict[str, int]:
    return {what: int(times) for what, _, times in (item.partition(":") for item in text.split())}


SAID: Final = _counts(_SAID_TEXT)
"""How often each sound was said."""
SWAPPED: Final = {
    (what.partition("/")[0], what.partition("/")[2]): times for what, times in _counts(_SWAPPED_TEXT).items()
}
"""How often two sounds were taken for each other, in either direction, at least four times; ``.`` for the
second where the first was dropped or made up."""
