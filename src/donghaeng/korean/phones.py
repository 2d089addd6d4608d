"""Telephone numbers as they are dictated: digit words, digits, any grouping, and what is still missing.

Numbering plan: 전기통신번호관리세칙 (mobile 010 with eight digits, Seoul 02 with seven or eight, other areas
0xx, 070 and 050x, nationwide 15xx/16xx/18xx with four, special numbers of three and four digits).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Final

from donghaeng.korean.endings import AFTER_I
from donghaeng.korean.spans import Match, plain


@dataclass(frozen=True, slots=True)
class Phone:
    """A whole telephone number; ``str()`` is its written form (``010-1234-5678``)."""

    digits: str

    def __str__(self) -> str:
        return "-".join(_groups(self.digits))


@dataclass(frozen=True, slots=True)
class PartialPhone:
    """Digits that may become a number: ``missing`` more are needed (0 = too many or no known pattern)."""

    digits: str
    missing: int


_WORDS: Final = {
    **{"공": "0", "영": "0", "빵": "0", "령": "0", "일": "1", "이": "2", "삼": "3", "사": "4", "오": "5"},
    **{"육": "6", "륙": "6", "칠": "7", "팔": "8", "구": "9"},
    **{
        "하나": "1",
        "둘": "2",
        "셋": "3",
        "넷": "4",
        "다섯": "5",
        "여섯": "6",
        "일곱": "7",
        "여덟": "8",
        "아홉": "9",
    },
    **{"제로": "0", "여덜": "8", "원": "1", "투": "2"},
}
_DIGIT = rf"(?:[0-9]|{'|'.join(sorted((w for w in _WORDS if w not in ('원', '투')), key=len, reverse=True))})"
_GLUE = (
    r"(?:[ .,\-–~()·]|[에웨애의예외](?=[ ,.0-9가-힣])|"
    r"국에?|다시|그리고|그담에|그다음에?|대쉬|대시|하고|음|어){0,4}"
)
_RUN = re.compile(rf"(?:(?<![가-힣0-9])|(?<=호)|(?<=는)|(?<=은)){_DIGIT}(?:{_GLUE}{_DIGIT}){{1,24}}")
_TOKEN = re.compile(_DIGIT)
_COPULA_AFTER = re.compile(AFTER_I)
_COPULA_OF_DIGITS: Final = frozenset({"이구", "이오"})
"""Copulas that are digits too; the length of the number tells."""
_SENTENCE_OVER = re.compile(r"(?:요|유|예)?(?![가-힣])")
_FOREIGN = re.compile(r"\+\s?(?!82)[0-9]{1,3}[ \-]?$")

_PATTERNS: Final = (
    (re.compile(r"010[0-9]{8}"), "010", 11),
    (re.compile(r"01[16789][0-9]{7,8}"), "01", 10),
    (re.compile(r"02[0-9]{7,8}"), "02", 9),
    (re.compile(r"02(?:120|114|110)"), "02", 5),
    (re.compile(r"070[0-9]{8}"), "070", 11),
    (re.compile(r"050[0-9][0-9]{7,8}"), "050", 11),
    (re.compile(r"0(?:3[1-3]|4[1-4]|5[1-5]|6[1-4])[0-9]{7,8}"), "0", 10),
    (re.compile(r"080[0-9]{7}"), "080", 10),
    (re.compile(r"1[568][0-9]{2}[0-9]{4}"), "1", 8),
    (re.compile(r"1(?:12|19|20|10|14|29|09|82|88|11|17|18|32|33|66|77|08|07|31|35|39|05|22|16|13)"), "1", 3),
    (
        re.compile(
            r"1(?:330|331|332|335|336|337|339|345|350|355|357|366|372|377|382|385|388|389|390|391|393)"
        ),
        "1",
        4,
    ),
)
_SPECIAL_LENGTHS: Final = (3, 4)


def find_phones(text: str, *, expected: bool = False) -> tuple[Match[Phone | PartialPhone], ...]:
    """Telephone numbers in ``text``, in order.

    Without ``expected`` only whole numbers of seven digits and more are believed, and runs beginning with 0
    of at least seven digits as partial ones. With ``expected`` (the citizen was asked for a number) special
    numbers count and every run of two digits or more comes back, as :class:`PartialPhone` when incomplete.
    """
    text = plain(text)
    found: list[Match[Phone | PartialPhone]] = []
    for run in _RUN.finditer(text):
        if _FOREIGN.search(text[: run.start()][-6:]):
            continue
        end, said = _without_copula(run.group(), run.end(), text)
        digits = said
        if text[: run.start()].rstrip(" -").endswith("+82"):
            digits = "0" + digits.removeprefix("0")
        if digits.startswith("82") and text[: run.start()].endswith("+"):
            digits = "0" + digits[2:].removeprefix("0")
        value = classify(digits)
        if isinstance(value, Phone) and not _fits_groups(value, said, text[run.start() : end], expected):
            value = PartialPhone(digits, 0)
        if expected or _credible(value):
            found.append(Match(value, run.start(), end))
    return tuple(found)


def classify(digits: str) -> Phone | PartialPhone:
    """The whole number that ``digits`` are, or how many are missing. A lost leading 0 of 010 is put back."""
    if re.fullmatch(r"10[0-9]{8}", digits):
        digits = "0" + digits
    if any(pattern.fullmatch(digits) for pattern, _, _ in _PATTERNS):
        return Phone(digits)
    expected = next((size for _, start, size in _PATTERNS if digits.startswith(start)), 0)
    if not expected:
        expected = 8 if len(digits) < 8 else 0
    return PartialPhone(digits, max(0, expected - len(digits)))


def join(before: PartialPhone, after: str) -> Phone | PartialPhone:
    """What the caller has when the digits of ``after`` follow those already said."""
    return classify(before.digits + after)


def _credible(value: Phone | PartialPhone) -> bool:
    if isinstance(value, Phone):
        return len(value.digits) not in _SPECIAL_LENGTHS
    return len(value.digits) >= 7 and value.digits.startswith("0")


def _fits_groups(phone: Phone, said: str, words: str, expected: bool) -> bool:
    """Whether a number said without a leading 0 was said in its own groups.

    "180-10, 100" and "1000-10, 1000" are parts of an address. Where a number is ``expected`` its groups may
    be divided further ("15 88 12 34"). One that was said from its 0 is nothing else, whatever its groups.
    """
    lost = len(phone.digits) - len(said)
    if said.startswith("0") or lost < 0:
        return True
    tokens = list(_TOKEN.finditer(words))[: len(said)]
    ends = {at for at, (one, after) in enumerate(pairwise(tokens), start=1) if one.end() != after.start()}
    own = {at - lost for at in accumulate(len(group) for group in _groups(phone.digits))} - {len(said)}
    return ends <= own or len(ends) == len(said) - 1 or (expected and own <= ends)


def _without_copula(run: str, end: int, text: str) -> tuple[int, str]:
    """The end and digits of ``run``, a last 이 left out where it is the copula (팔이요) and not a two."""
    tokens = [match.group() for match in _TOKEN.finditer(run)]
    digits = "".join(_WORDS.get(token, token) for token in tokens)
    if "".join(tokens[-2:]) in _COPULA_OF_DIGITS and _SENTENCE_OVER.match(text, end):
        before = digits[:-2]
        if isinstance(classify(before), Phone) and not isinstance(classify(digits), Phone):
            return end - 2, before
    if tokens[-1] != "이" or not _COPULA_AFTER.match(text, end):
        return end, digits
    shorter = digits[:-1]
    if isinstance(classify(digits), Phone) and not isinstance(classify(shorter), Phone):
        return end, digits
    return end - 1, shorter


def _groups(digits: str) -> tuple[str, ...]:
    if len(digits) in _SPECIAL_LENGTHS:
        return (digits,)
    if digits.startswith("1"):
        return digits[:4], digits[4:]
    head = 2 if digits.startswith("02") else 4 if digits.startswith("050") else 3
    if len(digits) - head <= 4:
        return digits[:head], digits[head:]
    return digits[:head], digits[head:-4], digits[-4:]
