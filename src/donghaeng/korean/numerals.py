"""Numbers as Korean words. Finding them in a sentence is the part of :mod:`.numbers`.

Sino-Korean numbers (일 이 삼) count in groups of four digits (만 억 조 경 해); native ones (하나 둘 셋)
end at 99 and change before a counter (한 두 세 네 스무). Source: 한글 맞춤법 제44항 and the advice of
국립국어원 on reading numbers: 일 is not said before 십, 백, 천, nor before a leading 만.
"""

from __future__ import annotations

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
