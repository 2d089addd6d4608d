"""The matching of conversation tests (CONTRACT 7)."""

from __future__ import annotations

from typing import Any

import pytest

from donghaeng.conversation.matching import mismatch, words_mismatch


@pytest.mark.parametrize(
    ("expected", "actual", "fits"),
    [
        ({"a": 1}, {"a": 1, "b": 2}, True),
        ({"a": 1}, {"b": 2}, False),
        ({"a": None}, {}, True),
        ({"a": None}, {"a": 1}, False),
        ({"a": {"b": "x y"}}, {"a": {"b": "xy"}}, True),
        ({"a": {"b": 1}}, {"a": 1}, False),
        ([], [], True),
        ([], [1], False),
        ([{"a": 1}, {"b": 2}], [{"b": 2}, {"a": 1}, {"c": 3}], True),
        ([{"a": 1}, {"a": 1}], [{"a": 1}], False),
        ([1], {"a": 1}, False),
        # The first expected element fits both; it must leave the only one that fits the second.
        ([{"a": 1}, {"a": 1, "b": 2}], [{"a": 1, "b": 2}, {"a": 1}], True),
        ([{"a": 1}, {"b": 2}, {"b": 2}], [{"a": 1, "b": 2}, {"a": 1}, {"b": 3}], False),
        ([{"slots": {"a": 1}}], [{"slots": {"a": "1", "b": 2}}], True),
        ({"slots": {}}, {"slots": {"a": 1}}, True),
        ({"slots": {}}, {"slots": None}, False),
        ({"calls": []}, {"calls": None}, False),
        ({"stop": {"name": "합정 역"}}, {"stop": {"ars_id": "14011", "name": "합정역"}}, True),
        ({"item": "소파를"}, {"item": "소파"}, True),
        ({"content": "가로등이 고장 났어요"}, {"content": "가로등 고장 났어요"}, True),
        ({"content": "골목길의 가로등 고장"}, {"content": "골목길 가로등이 고장"}, True),
        ({"person_name": "김복순이요"}, {"person_name": "김복순"}, True),
        ({"item": "소파"}, {"item": None}, False),
        ({"date": "2026-12-01"}, {"date": "2026-12-1"}, False),
        ({"say": "네"}, {"say": "네, 알겠어요."}, True),
        ({"address": "소파를"}, {"address": "소파"}, False),
        ({"count": 1}, {"count": "1"}, True),
        ({"ended": True}, {"ended": True}, True),
        ({"ended": True}, {"ended": 1}, False),
        ({"ended": False}, {"ended": None}, False),
        (None, None, True),
    ],
)
def test_a_subset_matches(expected: Any, actual: Any, fits: bool) -> None:
    assert (mismatch(expected, actual) is None) == fits


def test_the_reason_names_the_place() -> None:
    why = mismatch({"slots": {"date": "2026-12-01"}}, {"slots": {"date": "2026-12-02"}})
    assert why is not None
    assert why.startswith("slots.date: ")
    assert len(mismatch({"a": "b"}, {"a": "x" * 10_000}) or "") < 500


@pytest.mark.parametrize(
    ("words", "said", "fits"),
    [
        (["접수번호"], "접수 번호는 일", False),
        (["접수번호"], "접수번호는 일", True),
        ([], "무엇이든", True),
        (["/십이월 일 일|화요일/"], "화요일이에요", True),
        (["/수요일/"], "화요일이에요", False),
        (["!수요일"], "화요일이에요", True),
        (["!화요일"], "화요일이에요", False),
        (["!/화|수/"], "목요일", True),
        (["/"], "a / b", True),
    ],
)
def test_words_occur_match_or_are_forbidden(words: list[str], said: str, fits: bool) -> None:
    assert (words_mismatch(words, said) is None) == fits
    assert (mismatch({"say": words}, {"say": said}) is None) == fits
