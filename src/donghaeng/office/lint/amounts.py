"""Numbers in figures, and amounts of money as official documents write them. Pure.

``금113,560원(금일십일만삼천오백육십원)``: 행정업무규정 시행규칙 제2조 제2항.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from donghaeng.korean.morphemes import Placed
from donghaeng.korean.numerals import parse, sino
from donghaeng.office.lint.finding import Found

_WON: Final = re.compile(r"(?<![\d,.\-])(?<![만억조] )(?<![만억조])(?P<figures>\d{4,})(?P<rest>\s?원)(?!들)")
_GOLD: Final = re.compile(r"(?<![가-힣\w])금\s+(?P<amount>\d[\d,]*\s?원)")
_BOTH: Final = re.compile(r"(?P<figures>\d[\d,]*)\s?원\s?\((?P<words>금?(?P<number>[가-힣 ]+?)\s?원정?)\)")
_COUNTED: Final = frozenset(
    (
        "명",
        "부",
        "년",
        "대",
        "점",
        "곳",
        "건",
        "개",
        "회",
        "원",
        "일",
        "월",
        "분",
        "주",
        "호",
        "층",
        "동",
        "가구",
        "세대",
        "퍼센트",
        "미터",
        "킬로미터",
        "시간",
        "개월",
        "개소",
        "군데",
        "사람",
        "권",
        "장",
        "차례",
    )
)
_NUMBER_WORD: Final = re.compile(r"[일이삼사오육륙칠팔구십백천만억]+")
_ROUND: Final = frozenset(("백", "천", "만", "억", "십만", "백만", "천만"))
"""Said of many without counting them: 만 명이 넘는."""
_UNSURE: Final = frozenset(("일", "이", "오", "구", "만"))
"""Syllables that are words of their own as well."""


def grouping(text: str) -> Iterator[Found]:
    """Won without commas."""
    for found in _WON.finditer(text):
        right = f"{int(found['figures']):,}{found['rest']}"
        yield Found("amount.grouping", found.start(), found.end(), (right,))


def signs(text: str) -> Iterator[Found]:
    """A space between 금 and the figure."""
    for found in _GOLD.finditer(text):
        yield Found("amount.form", found.start(), found.end(), (f"금{found['amount']}",))


def words(text: str) -> Iterator[Found]:
    """Figure and words in brackets that are not the same amount."""
    for found in _BOTH.finditer(text):
        figure = int(found["figures"].replace(",", ""))
        said = parse(found["number"].replace(" ", ""))
        if said is not None and said != figure:
            start, end = found.span("words")
            yield Found("amount.words", start, end, (f"금{formal(figure)}원",))


def formal(amount: int) -> str:
    """An amount in words with every one said, as contracts write it: 113,560 → 일십일만삼천오백육십."""
    groups = []
    for unit in ("", "만", "억", "조"):
        amount, part = divmod(amount, 10_000)
        if part:
            digits = [
                (part // 10**place % 10, name) for place, name in ((3, "천"), (2, "백"), (1, "십"), (0, ""))
            ]
            groups.append("".join(f"{sino(digit)}{name}" for digit, name in digits if digit) + unit)
    return "".join(reversed(groups)) or "영"


def counted(text: str, morphemes: Sequence[Placed]) -> Iterator[Found]:
    """Numbers in words before what they count."""
    at = 0
    while at < len(morphemes):
        if morphemes[at].tag != "NR":
            at += 1
            continue
        first = at
        while at < len(morphemes) and morphemes[at].tag == "NR":
            at += 1
        if at == len(morphemes):
            return
        unit = morphemes[at]
        start, end = morphemes[first].start, unit.start + len(unit.form)
        number = text[start : unit.start].strip()
        before = text[start - 1 : start]
        if unit.form not in _COUNTED or not _NUMBER_WORD.fullmatch(number):
            continue
        if number in _ROUND or number in _UNSURE or (before and not before.isspace()):
            continue
        value = parse(number)
        if value is not None:
            yield Found("number.arabic", start, end, (f"{value}{text[unit.start : end]}",))
