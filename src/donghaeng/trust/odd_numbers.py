"""Resident and card numbers written as no chain of digits is: with a tilde, colon or bracket between their
parts, with a sign between all digits, after a birth date in words ("90년 1월 1일생이고 1234567"), in English
or in English words spoken by Koreans ("나인 제로 제로 …").

The shapes are strict (a plausible date and seven digits of which the first fits the century; a check digit
for cards), because these ways to write numbers also occur in times, tables and prices. Pure and linear in the
text: every repetition is bounded.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final, Literal

from donghaeng.trust.digits import HANJA, OTHER_DIGITS
from donghaeng.trust.segments import BIRTH_DIGITS, RESIDENT_DIGITS, is_birth, is_card, is_resident

OddKind = Literal["resident", "alien", "card"]

_SPOKEN: Final = str.maketrans("공영빵일이삼사오육륙유칠팔구", "00012345666789")
_PLAIN: Final = str.maketrans({sign: str(unicodedata.digit(sign)) for sign in OTHER_DIGITS} | dict(HANJA))
_WORDS: Final = {
    "zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7",
    "eight": "8", "nine": "9", "제로": "0", "원": "1", "투": "2", "쓰리": "3", "스리": "3", "포": "4",
    "파이브": "5", "식스": "6", "세븐": "7", "에잇": "8", "에이트": "8", "나인": "9",
}  # fmt: skip
_BETWEEN: Final = (
    r"(?:\s|[,.·:~()\-]|생|에|이고요?|이구요?|이에요|예요|고요?|구요|요|다시|다음은?|그리고|뒷\s?자리|뒷\s?번호|뒤|는|은|이|가"
    r"|하이픈|태생|출생|태어났(?:고요?|어요|습니다)?|주민\s?(?:등록\s?)?번호){0,12}?"
)
_SAID: Final = "공영빵일이삼사오육륙칠팔구"
_TAIL: Final = (
    r"(?P<tail>[1-8](?:\d{6}|(?:\s\d){6})"
    rf"|[일이삼사오육륙칠팔](?:[\s\-]?[{_SAID}]){{6}})(?!\d)"
)
_SOME_TAIL: Final = re.compile(_TAIL)
_SIGNED: Final = re.compile(r"(?<!\d)(?P<head>(?:19|20)?\d{6})(?:[^\w\n]|_){1,6}(?P<tail>[1-8]\d{6})(?!\d)")
_APART: Final = re.compile(r"(?<!\d)\d(?P<sign>[^\w\s])(?:\d(?P=sign)){11,17}\d(?!\d)")
_FOURS: Final = re.compile(r"(?<!\d)\d{4}(?P<sign>[^\w\s]|_)\d{4}(?P=sign)\d{4}(?P=sign)\d{4}(?!\d)")
_DATED: Final = re.compile(
    r"(?P<year>(?<!\d)(?:19|20)?\d\d|(?:천\s?구백\s?|이천\s?)?[일이삼사오육칠팔구십공영]{1,4})\s?년(?:도|생)?\s?"
    r"(?P<month>\d{1,2}|[일이삼사오육유칠팔구시십]{1,2})\s?월\s?(?P<day>\d{1,2}|[일이삼사오육칠팔구십]{1,3})\s?일"
    rf"{_BETWEEN}{_TAIL}"
)
_DOTTED: Final = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)?\d\d)\s?[./\-]\s?(?P<month>\d{1,2})\s?[./\-]\s?(?P<day>\d{1,2})(?!\d)"
    rf"{_BETWEEN}{_TAIL}"
)
_IN_WORDS: Final = re.compile(rf"(?:(?:{'|'.join(_WORDS)})(?:[\s,.\-]|다시){{0,4}}){{13,19}}", re.IGNORECASE)
_WORD: Final = re.compile("|".join(_WORDS), re.IGNORECASE)
_GATE: Final = re.compile("제로|나인|세븐|식스|파이브|zero|one|two|three|four|five", re.IGNORECASE)
_CENTURIES: Final = {"19": "1256", "20": "3478"}
"""The first of the seven digits, by century of birth (주민등록법 시행규칙 제2조)."""


def odd_numbers(text: str) -> Iterator[tuple[int, int, OddKind]]:
    """Where such numbers stand in a text in NFC that has digits, and what they are."""
    plain = text.translate(_PLAIN)
    for found in _SIGNED.finditer(plain):
        if is_birth(found["head"][-BIRTH_DIGITS:]):
            yield found.start(), found.end(), _resident(found["tail"])
    for found in (*_APART.finditer(plain), *_FOURS.finditer(plain)):
        digits = found.group().replace(found["sign"], "")
        if is_resident(digits):
            yield found.start(), found.end(), _resident(digits[BIRTH_DIGITS:])
        elif is_card(digits):
            yield found.start(), found.end(), "card"
    if _SOME_TAIL.search(plain) is None:
        return
    for found in (*_DATED.finditer(plain), *_DOTTED.finditer(plain)):
        tail = re.sub(r"[\s\-]", "", found["tail"]).translate(_SPOKEN)
        if tail[0] in _CENTURIES.get(_century(found["year"]), "12345678"):
            yield found.start(), found.end(), _resident(tail)


def in_words(text: str) -> Iterator[tuple[int, int, OddKind]]:
    """Such numbers in English words, said or written."""
    if _GATE.search(text) is None:
        return
    for found in _IN_WORDS.finditer(text):
        digits = "".join(_WORDS[word.group().lower()] for word in _WORD.finditer(found.group()))
        end = found.start() + len(found.group().rstrip(" ,.-\n"))
        if is_resident(digits[:RESIDENT_DIGITS]):
            yield found.start(), end, _resident(digits[BIRTH_DIGITS:])
        elif is_card(digits):
            yield found.start(), end, "card"


def _century(year: str) -> str:
    if year.startswith("천"):
        return "19"
    if year.startswith("이천"):
        return "20"
    return year[:2] if len(year) == 4 and year.isdecimal() else ""


def _resident(tail: str) -> OddKind:
    return "alien" if tail[0] in "5678" else "resident"
