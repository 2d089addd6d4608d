"""What ends a clause after a value, in every dialect: "…육칠이래요", "호여라", "구로구래요", "일층이고".

The one table of copulas. :func:`standard` writes every form of it as the standard one of the same length, so
that whoever reads values needs to know :data:`COPULA` alone and positions stay. Sources: the regional
endings of 국립국어원's 지역어 조사 as ``catalogue/lexicon/dialect.yaml`` lists them.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from donghaeng.korean.particles import coda

_ANYWHERE = """
    여라 여라우 여라잉 여유 여잉 여요 라예 라요 라우 래요 래유 래예 드래요 더래요 드래유 우다 우다게 우다양
    우꽈 마씸 마씀 마시 시더 시더예 니더 니더예 당께 당께요 당께로 당게 당게요 랑께 랑께요 랑게 랑게요
    라니께 라니께유 라니께요 라니께라 라카이 라카이예 라카이까 라카이까네 라카네 라칸다 라캅니더 라꼬 라꼬예
    라꼬요 라고예 라고유 라구유 올시다 외다 라는데 라는데요 라던데 라던데요 라는디 라는디요 라는디유 라네요
    라네예 라네유 랍니다 랍니더 라더라 라지요 데이 구먼 구먼유 구먼요 구만유 구만요 구만이라 구먼이라
"""
"""Endings of a sentence after 이, and after a vowel without it."""
_AFTER_A_VALUE = """
    여 유 예 우 구만 구마 구려 구료 군요 지예 지유 지라 지라우
    지라잉 쥬 죠 지요 네요 네예 네유 거든 거든요 거든예 거든유 라니까 라니까요 라고요 라구요
"""
"""The same, which end verbs and ordinary words too: without 이 only after a number or the like."""
_MISHEARD = "의요 애요 웨요"
"""에요 as a recogniser may write it after 이."""
_POLITE = "입니더 입니더예 입니데이 임니더 임니다 임더 임다 임미더 입니다예 입니다유 입니다잉 입니다요 입니당"
_AND = "고예 고유 고요 곡"
_BUT = "인디 인디요 인디유 인디예 인디라 인디잉 인데예 인데유 인디마씸 인데마씸"

_DIGITS: Final = "공영령빵일이삼사오육륙칠팔구0123456789"
_OPEN_DIGITS: Final = "2459"
"""Digits whose names end in a vowel (이, 사, 오, 구)."""
_UNITS: Final = "십백천호층동번지구로길가역원살"
"""Syllables that end a value: a number, a part of an address, a place."""
_NOT_COPULAS: Final = frozenset(
    ["그래요", "저래요", "노래요", "모래요", "아래요", "고래요", "미래요", "나래요", "어때요", "시래요"]
)
"""Words that end as the copula does."""


def _any(words: str) -> str:
    return "|".join(sorted(words.split(), key=len, reverse=True))


_WORD_OVER = r"(?![가-힣0-9])"
_FINAL = rf"{_any(_ANYWHERE + _AFTER_A_VALUE)}"
_WITH_I = re.compile(
    rf"(?<=[가-힣0-9])(?P<gap> ?)(?:이(?P<final>{_FINAL}|{_any(_MISHEARD)})"
    rf"|(?P<polite>{_any(_POLITE)})|이(?P<and>{_any(_AND)})"
    rf"|(?P<but>{_any(_BUT)})){_WORD_OVER}"
)
_WITHOUT_I = re.compile(
    rf"(?<=(?P<before>[가-힣0-9]))(?:(?P<anywhere>{_any(_ANYWHERE)})|(?P<after>{_any(_AFTER_A_VALUE)})"
    rf"|(?P<and>{_any(_AND)})){_WORD_OVER}"
)
_APART = re.compile(
    rf"(?<=[{_DIGITS}{_UNITS}]) (?P<copula>이에요|이예요|이요|입니다|이고|인데|에요|예요|요){_WORD_OVER}"
)
"""A copula that was written as a word of its own."""
_SPLIT = re.compile(
    r"(?<=[가-힣0-9])(?P<copula>입|이에|이예|예|에|우) (?P<end>니다|니더|네다|요|다)(?![가-힣0-9])"
)
"""A copula that was cut in two."""
_FUSED = re.compile(
    rf"(?:(?<=[가-힣0-9])|(?<=[{_DIGITS}{_UNITS}] ))(?P<noun>[굽홉옵삽칩돕])"
    rf"(?:니다|니더|네다|니더예|니데이){_WORD_OVER}"
)
_OPENED: Final = {"굽": "구", "홉": "호", "옵": "오", "삽": "사", "칩": "치", "돕": "도"}

COPULA: Final = r"(?:입니다|이에요|이예요|예요|에요|여요|이요|이여|이유|이야|요|이고|고|인데요?|이라고|라고)"
"""Regular expression of the standard copulas, at the end of a sentence and before another clause."""
AFTER_I: Final = r"(?:에요|렌|랜|예요|요|여|유|야|라고?|고요?|구요|지|다|거든|네요)(?![가-힣])"
"""What shows that an 이 before it is the copula's and no two."""


@lru_cache(maxsize=64)
def standard(text: str) -> str:
    """``text`` with the copulas of all dialects in their standard forms, spaces after the shorter ones.

    Every position outside a copula stays. "사오육칠이라카이" becomes "사오육칠이에요  ", "팔이 에요" and
    "팔 이에요" become "팔이에요 ". 구 and 오 after a number stay: they are its digits.
    """
    text = _SPLIT.sub(lambda found: f"{found['copula']}{found['end']} ", text)
    text = _WITH_I.sub(_with_i, text)
    text = _WITHOUT_I.sub(_without_i, text)
    text = _FUSED.sub(lambda found: _padded(f"{_OPENED[found['noun']]}예요", found.group()), text)
    return _APART.sub(lambda found: f"{found['copula']} ", text)


def is_open(char: str) -> bool:
    """Whether a syllable, or a digit as it is said, ends in a vowel."""
    return char in _OPEN_DIGITS if char.isdigit() else coda(char) == 0


def _padded(form: str, said: str) -> str:
    return form + " " * (len(said) - len(form))


def _with_i(found: re.Match[str]) -> str:
    said = found.group()
    before = found.string[found.start() - 1]
    if found["gap"] and before not in _DIGITS + _UNITS:
        return said
    if found["and"] is not None:
        return _padded("이고", said)
    if found["but"] is not None:
        return _padded("인데", said)
    if found["polite"] is not None and len(found["polite"]) > len("임더"):
        return _padded("입니다", said)
    return _padded("이에요" if len(said) - len(found["gap"]) > len("이요") else "이요", said)


def _without_i(found: re.Match[str]) -> str:
    said, before = found.group(), found["before"]
    value = before in _DIGITS or before in _UNITS
    word = re.search(r"[가-힣0-9]*$", found.string[: found.end()])
    if word is not None and word.group() in _NOT_COPULAS:
        return said
    if found["and"] is not None:
        return _padded("고", said) if value and is_open(before) else said
    if found["after"] is not None and (not value or not (is_open(before) or said in ("예", "유"))):
        return said
    if found["anywhere"] is not None and not (is_open(before) or said.startswith("마")):
        return said
    return _padded("예요" if len(said) > 1 else "요", said)
