"""The words by which passages are found: content morphemes, and syllable pairs of compounds.

Endings and particles are left out, and so are words that stand in every question ("어디", "받다", "알리다").
Compounds are written with and without spaces ("장애수당", "장애 수당") and cut differently by the analyser
each time, so runs of nouns longer than two syllables also count by their syllable pairs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from donghaeng.korean.morphemes import Analyse

PAIR_WEIGHT: Final = 0.5
"""What a syllable pair weighs beside a morpheme of the same rarity."""
PAIR_MARK: Final = "~"
"""Keeps pairs apart from morphemes of two syllables."""

_CONTENT: Final = frozenset({"NNG", "NNP", "VV", "VA", "XR", "SL", "SH", "SN", "MAG"})
_RUN: Final = frozenset({"NNG", "NNP", "NR", "XPN", "XSN", "XR", "SL", "SN"})
_LISTED_QUESTION_WORDS: Final = """
하 되 있 없 받 알 알리 싶 주 보 가 오 말 말씀 것 수 때 경우 같 좀 더 어떻
어떻게 어찌 어떤 어디 언제 무엇 무슨 뭐 얼마 얼마나 왜 누구 몇 이렇 그렇 저 그 위하
대하 관하 통하 따르 궁금 모르 가르치 묻 여쭈 필요 안 못 잘 혹시 그냥 지금 사람 나
우리 내 제 이거 그거 거 다 또
"""
_QUESTION_WORDS: Final = frozenset(_LISTED_QUESTION_WORDS.split())


def terms(text: str, analyse: Analyse) -> dict[str, float]:
    """Each term of a text with its weight (1 for a morpheme), in order of first occurrence."""
    return dict(all_terms(text, analyse))


def all_terms(text: str, analyse: Analyse) -> Iterator[tuple[str, float]]:
    """Every occurrence of a term in a text, with its weight."""
    run = ""
    for morpheme in analyse(text):
        tag = morpheme.tag.partition("-")[0]
        if tag in _CONTENT and morpheme.form not in _QUESTION_WORDS:
            yield morpheme.form, 1.0
        if tag in _RUN:
            run += morpheme.form
        else:
            yield from _pairs(run)
            run = ""
    yield from _pairs(run)


def _pairs(run: str) -> Iterator[tuple[str, float]]:
    if len(run) > 2:
        for index in range(len(run) - 1):
            yield PAIR_MARK + run[index : index + 2], PAIR_WEIGHT
