"""Numbers as Korean words. Finding them in a sentence is the part of :mod:`.numbers`.

Sino-Korean numbers (일 이 삼) count in groups of four digits (만 억 조 경 해); native ones (하나 둘 셋)
end at 99 and change before a counter (한 두 세 네 스무). Source: 한글 맞춤법 제44항 and the advice of
국립국어원 on reading numbers: 일 is not said before 십, 백, 천, nor before a leading 만.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

LARGEST: Final = 10**24 - 1
"""The largest number that has words here (해 is the last group)."""

SINO_DIGITS: Final = "영일이삼사오육칠팔구"
SMALL_UNITS: Final = (("천", 1000), ("백", 100), ("십", 10))
LARGE_UNITS: Final = (("해", 10**20), ("경", 10**16), ("조", 10**12), ("억", 10**8), ("만", 10**4))

NATIVE_ONES: Final = ("", "하나", "둘", "셋", "넷", "다섯", "여섯", "일곱", "여덟", "아홉")
NATIVE_TENS: Final = ("", "열", "스물", "서른", "마흔", "쉰", "예순", "일흔", "여든", "아흔")
NATIVE_ATTRIBUTIVE_ONES: Final = ("", "한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉")
NATIVE_LARGEST: Final = 99


def sino(number: int) -> str:
    """Sino-Korean words without spaces: 0 → 영, 302 → 삼백이, 10000 → 만, 110000 → 십일만, -3 → 마이너스삼.

    Raises :class:`ValueError` beyond :data:`LARGEST` in either direction.
    """
    if abs(number) > LARGEST:
        raise ValueError(f"no words for {number}: larger than {LARGEST}")
    if number < 0:
        return "마이너스" + sino(-number)
    if number == 0:
        return "영"
    out: list[str] = []
    rest = number
    for name, size in LARGE_UNITS:
        count, rest = divmod(rest, size)
        if count:
            leading_man = count == 1 and name == "만" and not out
            out.append(name if leading_man else _below_ten_thousand(count) + name)
    out.append(_below_ten_thousand(rest))
    return "".join(out)


def _below_ten_thousand(number: int) -> str:
    out = ""
    for name, size in SMALL_UNITS:
        digit, number = divmod(number, size)
        if digit:
            out += (SINO_DIGITS[digit] if digit > 1 else "") + name
    return out + (SINO_DIGITS[number] if number else "")


def native(number: int) -> str:
    """Native words for 1..99: 21 → 스물하나. Raises :class:`ValueError` outside."""
    _check_native(number)
    return NATIVE_TENS[number // 10] + NATIVE_ONES[number % 10]


def native_attributive(number: int) -> str:
    """Native words as they stand before a counter, for 1..99: 1 → 한, 20 → 스무, 21 → 스물한.

    Raises :class:`ValueError` outside.
    """
    _check_native(number)
    if number == 20:
        return "스무"
    return NATIVE_TENS[number // 10] + NATIVE_ATTRIBUTIVE_ONES[number % 10]


def _check_native(number: int) -> None:
    if not 1 <= number <= NATIVE_LARGEST:
        raise ValueError(f"native words exist for 1 to {NATIVE_LARGEST}, not for {number}")


def digits(text: str, zero: str = "공") -> str:
    """Every ASCII digit of ``text`` as one word, other characters dropped: ``010-12`` → 공일공일이."""
    return "".join(zero if char == "0" else SINO_DIGITS[int(char)] for char in text if char in "0123456789")


ARABIC: Final = (
    r"(?>(?<![0-9])(?:[0-9]{1,3}(?:,[0-9]{3}){1,6}(?!,?[0-9])|[0-9]{1,20}(?![0-9]))(?:\.[0-9]{1,15})?)"
)
"""A number of at most 20 digits: commas by thousands, decimals. Atomic: it never splits in the middle."""
_SINO_CHAR = r"(?:[십백천만억조경]|(?<![0-9])[영공령빵일이삼사오육륙칠팔구])"
_GAP = r"(?> (?:(?<=[십백천만억조경] )|(?=[백천만억조경])))?"
SINO: Final = rf"(?:{ARABIC}|{_SINO_CHAR})(?:{_GAP}(?:{ARABIC}|{_SINO_CHAR})){{0,39}}"
"""Sino-Korean words and digits, mixed as people and recognisers mix them (3만 5천, 2십일, 삼백 이)."""

_SAID_TENS: Final = {
    **{word: 10 * tens for tens, word in enumerate(NATIVE_TENS) if word},
    "스무": 20,
    "스믈": 20,
    "설흔": 30,
    "쉬흔": 50,
    "일은": 70,
}
_SAID_ONES: Final = {
    **{word: ones for ones, word in enumerate(NATIVE_ONES) if word},
    **{word: ones for ones, word in enumerate(NATIVE_ATTRIBUTIVE_ONES) if word},
    **{"서": 3, "석": 3, "너": 4, "넉": 4, "닷": 5, "엿": 6, "여덜": 8, "여덞": 8, "일곱": 7, "아홉": 9},
}
APPROXIMATE: Final = {
    "한두": (1, 2),
    "한둘": (1, 2),
    "두세": (2, 3),
    "두어": (2, 3),
    "두서너": (2, 3, 4),
    "서너": (3, 4),
    "세네": (3, 4),
    "네댓": (4, 5),
    "너댓": (4, 5),
    "네다섯": (4, 5),
    "대여섯": (5, 6),
    "예닐곱": (6, 7),
    "일고여덟": (7, 8),
    "열댓": (15, 16),
}
"""Words that name neighbouring numbers at once."""
_PAIRS: Final = {
    "일이": (1, 2), "이삼": (2, 3), "삼사": (3, 4), "사오": (4, 5), "오륙": (5, 6), "오육": (5, 6),
    "육칠": (6, 7), "칠팔": (7, 8), "팔구": (8, 9),
}  # fmt: skip
SINO_APPROXIMATE: Final = {
    **_PAIRS,
    **{f"{pair}{unit}": (low * size, high * size) for pair, (low, high) in _PAIRS.items()
       for unit, size in (("십", 10), ("백", 100))},
}  # fmt: skip
"""Two neighbouring Sino-Korean digits; before a unit of time or people they are no 23 but two or three."""


def _any_of(words: Iterable[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


NATIVE: Final = rf"(?:(?:{_any_of(_SAID_TENS)})(?: ?(?:{_any_of(_SAID_ONES)}))?|{_any_of(_SAID_ONES)})"
"""Native words as they are said, alone or before a counter, common misspellings included."""
_ONES_ALONE: Final = ("하나", "둘", "셋", "넷", "다섯", "여섯", "일곱", "여덟", "여덜", "아홉")
_NOT_NATIVE = "(?!일(?:흔|곱))"
"""일 that begins 일흔 or 일곱 is no one."""
NUMBER: Final = (
    rf"(?:{_any_of(APPROXIMATE)}|{_NOT_NATIVE}{SINO}(?:(?<=[백천만억조]) ?{NATIVE}"
    rf"|(?<=[이삼사오육칠팔구]십)(?:{_any_of(_ONES_ALONE)}))?|{NATIVE})"
)
"""Any whole number in words or digits; :func:`parse` says what it is worth."""

LONGEST_SPELT: Final = 30
"""More digits than these one by one are no number."""
_NATIVE_TAIL = re.compile(rf"({_any_of(_SAID_TENS)})? ?({_any_of(_SAID_ONES)})?$")
_TOKEN = re.compile(rf"{ARABIC}|{_SINO_CHAR}")
_DIGITS_OF: Final = {
    **{word: value for value, word in enumerate(SINO_DIGITS)},
    "공": 0,
    "령": 0,
    "빵": 0,
    "륙": 6,
}
_SMALL: Final = dict(SMALL_UNITS)
_LARGE: Final = {name: size for name, size in LARGE_UNITS if name != "해"}
Number = int | float


def parse(words: str) -> Number | None:
    """What ``words`` are worth as one whole number; ``None`` if they are not one number.

    Takes what :data:`NUMBER` matches: place value (삼백이, 3만 5천), digit by digit (육사일일 = 6411),
    native words (스물한), hundreds with a native tail (백스물다섯). Approximate words give the lower number.
    """
    words = words.strip()
    if words in APPROXIMATE:
        return APPROXIMATE[words][0]
    tail = _native(words)
    if tail is not None:
        return tail
    for cut in range(max(0, len(words) - 7), len(words)):
        rest = _native(words[cut:])
        if rest is not None and cut and _takes_native(words[:cut], words[cut:]):
            head = _place_value(words[:cut])
            return None if head is None else head + rest
    spoken = parse_digits(words)
    if spoken is not None and len(spoken) > LONGEST_SPELT:
        return None
    if spoken is not None and len(spoken) > 1 and not any(char.isdigit() for char in words):
        return int(spoken)
    return _place_value(words)


def _takes_native(head: str, tail: str) -> bool:
    """Whether native words may follow: hundreds (백스물다섯) and, as old people count, tens (팔십둘)."""
    return head.rstrip()[-1:] in "백천만억조" or (head[-1:] == "십" and tail in _ONES_ALONE)


def parse_digits(words: str) -> str | None:
    """``words`` read digit by digit (공팔 → ``"08"``, 육사일일 → ``"6411"``), else ``None``."""
    out = ""
    for char in words.replace(" ", ""):
        if char in "0123456789":
            out += char
        elif char in _DIGITS_OF:
            out += str(_DIGITS_OF[char])
        else:
            return None
    return out or None


def _native(words: str) -> int | None:
    match = _NATIVE_TAIL.fullmatch(words)
    if match is None or not (match[1] or match[2]):
        return None
    return _SAID_TENS.get(match[1] or "", 0) + _SAID_ONES.get(match[2] or "", 0)


def _place_value(words: str) -> Number | None:
    """Evaluate digits and unit words; units must come down (천 백 십, then the next group of four)."""
    total: Number = 0
    section: Number = 0
    pending: Number | None = None
    small, large = 10**4, 10**20
    if not words or _TOKEN.sub("", words).strip():
        return None
    for token in _TOKEN.findall(words):
        if token in _SMALL:
            if _SMALL[token] >= small and section:
                return None
            small = _SMALL[token]
            section += (1 if pending is None else pending) * small
            pending = None
        elif token in _LARGE:
            if _LARGE[token] >= large:
                return None
            large, small = _LARGE[token], 10**4
            total += (section + (pending or 0) or 1) * large
            section, pending = 0, None
        elif pending is not None:
            return None
        else:
            pending = _DIGITS_OF[token] if token in _DIGITS_OF else _arabic(token)
    return total + section + (pending or 0)


def _arabic(token: str) -> Number:
    plain = token.replace(",", "")
    return float(plain) if "." in plain else int(plain)
