"""Misheard words are put right where Korean leaves little doubt, and nothing else is touched."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.dialogue.harness import CATALOGUE, catalogue

from donghaeng.korean.morphemes import likelihood, placer
from donghaeng.understanding.load import known_texts
from donghaeng.understanding.respelling import LONGEST, Respeller


@cache
def respeller() -> Respeller:
    return Respeller([*known_texts(CATALOGUE), "성산동", "서울역", "혜화동"], likelihood(), placer())


@pytest.mark.parametrize(
    ("heard", "said"),
    [
        ("돠음 주 목요일이 좋겠네요", "다음 주 목요일이 좋겠네요"),
        ("네네, 맞습늬다. 부탁드리겠습니다", "네네, 맞습니다. 부탁드리겠습니다"),
        ("좀 킈게 말해 봐요", "좀 크게 말해 봐요"),
        ("근데 다음 주 화요일에 비까 온대요?", "근데 다음 주 화요일에 비가 온대요?"),
        ("한파 쉼터가 어떠케 되나요", "한파 쉼터가 어떻게 되나요"),
        ("안부 저놔 신청할라고", "안부 전화 신청할라고"),
        ("민 원을 하나 넣을라고", "민원을 하나 넣을라고"),
        ("서울 력 에서 타요", "서울역에서 타요"),
        ("합정동에서혜화동까지 가요", "합정동에서 혜화동까지 가요"),
        ("이옥분이라 고 혀유", "이옥분이라고 혀유"),
        ("기초영금은 누가 받아요?", "기초연금은 누가 받아요?"),
        ("기초 영금은 누가 받아요?", "기초연금은 누가 받아요?"),
        ("궁민영금 받을라면요", "국민연금 받을라면요"),
        ("기초형금은 누가 받아요?", "기초연금은 누가 받아요?"),
        ("어린이짐 보낼 데 찾아요", "어린이집 보낼 데 찾아요"),
    ],
)
def test_what_was_misheard_is_put_right(heard: str, said: str) -> None:
    assert respeller().respelled(heard) == said


@pytest.mark.parametrize(
    "words",
    [
        "",
        "네",
        "김좌진입니다",
        "갑오징어 말고 꼴뚜기요",
        "공일공 일이삼사 오육칠팔이에요",
        "지는 잘 모르것는디유",
        "어디 이신지 골아 줍서",
        "동일로 백이십 번지예",
        "OK 고마워요 \ud800",
        "기초연극 보러 가요",
    ],
)
def test_what_was_heard_right_stays(words: str) -> None:
    assert respeller().respelled(words) == words


def test_the_catalogues_own_words_stay() -> None:
    """All but a few that are written as a recogniser misheard them."""
    examples = [text for service in catalogue().values() for text in service.examples]
    assert len(examples) > 1_000
    changed = [
        text for text in examples if respeller().respelled(text).replace(" ", "") != text.replace(" ", "")
    ]
    assert len(changed) < 0.003 * len(examples), changed


@given(st.lists(st.sampled_from([*"공영일이삼사오육칠팔구십백천12", "33"]), max_size=12))
def test_numbers_stay_as_heard(numbers: list[str]) -> None:
    text = " ".join(numbers)
    assert respeller().respelled(text) == text


@given(st.text(max_size=2 * LONGEST))
def test_any_text_comes_back_as_text(text: str) -> None:
    respelled = respeller().respelled(text)
    assert len(respelled.replace(" ", "")) == len(text.replace(" ", ""))


def test_what_is_too_long_is_left_alone() -> None:
    text = "돠음 주 목요일이 좋겠네요 " * 20
    assert respeller().respelled(text) == text


def test_patterns_are_no_words(tmp_path: Path) -> None:
    (tmp_path / "lexicon").mkdir()
    (tmp_path / "services" / "one").mkdir(parents=True)
    (tmp_path / "lexicon" / "acts.yaml").write_text("패턴", encoding="utf-8")
    (tmp_path / "lexicon" / "words.yaml").write_text("낱말", encoding="utf-8")
    (tmp_path / "services" / "one" / "service.yaml").write_text("일", encoding="utf-8")
    assert known_texts(tmp_path) == ["낱말", "일"]
