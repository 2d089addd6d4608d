from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donghaeng.speech.synthesise.clauses import (
    BREATH_MS,
    LONGEST_SYLLABLES,
    PHRASE_PAUSE_MS,
    SENTENCE_PAUSE_MS,
    Clause,
    pause_factor,
    split_clauses,
    syllables,
    voice_speed,
)


def test_clauses_end_at_marks_with_their_pauses() -> None:
    assert split_clauses("네, 찾아볼게요. 어디세요?") == (
        Clause("네,", PHRASE_PAUSE_MS),
        Clause("찾아볼게요.", SENTENCE_PAUSE_MS),
        Clause("어디세요?", SENTENCE_PAUSE_MS),
    )


def test_a_long_clause_is_cut_at_a_particle() -> None:
    _, first, second = split_clauses("네, 합정역 정류장에는 육사일일 번 버스가 지금부터 삼 분 뒤에 와요.")
    assert first.text.endswith("버스가")
    assert first.pause_ms == BREATH_MS
    assert second.pause_ms == SENTENCE_PAUSE_MS


def test_a_reply_begins_with_a_short_clause() -> None:
    first, second = split_clauses("망원역 공영주차장에 지금 백사십일 자리 비었어요.")
    assert first == Clause("망원역 공영주차장에", BREATH_MS)
    assert second == Clause("지금 백사십일 자리 비었어요.", SENTENCE_PAUSE_MS)
    assert [clause.text for clause in split_clauses("네. 망원역 공영주차장에 자리가 비었어요.")] == [
        "네.",
        "망원역 공영주차장에 자리가 비었어요.",
    ]


@pytest.mark.parametrize(
    ("spoken", "together"),
    [
        ("사직동 한영자 님 댁으로 상담하러 가는 거죠.", "한영자 님"),
        ("십이월 십칠 일 목요일에 오시면 돼요.", "십칠 일"),
        ("네, 날짜는 십이월 이십이 일 화요일 오전 열 시이고 두 분이에요.", "오전 열 시"),
    ],
)
def test_words_that_belong_together_are_not_parted(spoken: str, together: str) -> None:
    assert any(together in clause.text for clause in split_clauses(spoken))


def test_slow_speech_has_more_pauses_and_nearly_the_same_syllables() -> None:
    spoken = "네, 망원역 공영주차장에 지금 백사십일 자리 비었어요."
    usual, slow = split_clauses(spoken), split_clauses(spoken, speed=0.75)
    assert len(slow) > len(usual)
    assert [clause.pause_ms for clause in slow][:2] == [PHRASE_PAUSE_MS * 1.5] * 2
    assert voice_speed(1.2) == 1.2
    assert voice_speed(0.9) == 0.9
    assert 0.75 < voice_speed(0.75) < 0.9
    assert voice_speed(0.6) < voice_speed(0.75)


def test_one_long_word_is_not_cut() -> None:
    assert [clause.text for clause in split_clauses("가" * 40)] == ["가" * 40]


def test_nothing_to_say_is_no_clause() -> None:
    assert split_clauses("") == ()
    assert split_clauses(" ,. ") == ()


@pytest.mark.parametrize(("speed", "factor"), [(0.9, 1.0), (0.75, 1.5), (0.6, 2.0), (1.5, 0.6), (1.2, 0.75)])
def test_pauses_follow_the_pace(speed: float, factor: float) -> None:
    assert pause_factor(speed) == pytest.approx(factor)
    clauses = split_clauses("네. 네.", speed=speed)
    assert clauses[0].pause_ms == round(SENTENCE_PAUSE_MS * factor)


WORD = st.text(alphabet="가나다라마버스은에서고요", min_size=1, max_size=6)
TEXT = st.lists(st.tuples(WORD, st.sampled_from([" ", " ", ", ", ". ", "? "])), max_size=20).map(
    lambda pairs: "".join(word + mark for word, mark in pairs).strip()
)


@given(TEXT, st.floats(0.6, 1.5))
def test_nothing_is_lost_and_clauses_are_short(spoken: str, speed: float) -> None:
    clauses = split_clauses(spoken, speed=speed)
    assert " ".join(clause.text for clause in clauses) == spoken
    for clause in clauses:
        assert syllables(clause.text) <= LONGEST_SYLLABLES or " " in clause.text or len(clause.text) < 9
