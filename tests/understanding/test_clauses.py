"""Several sentences in one breath: the one that steers counts, unless another wishes or answers."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.understanding.scene import context, understood

from donghaeng.understanding.acts import ActKind, Context
from donghaeng.understanding.clauses import MOST_CLAUSES, cut

SOFA: dict[str, Any] = {"slots": {"item": "소파", "count": 1}}
DATE = context("bulky_waste", "date", **SOFA)
ADDRESS = context("bulky_waste", "address", **SOFA)
PHONE = context("bulky_waste", "phone", **SOFA)


@pytest.mark.parametrize(
    ("words", "at", "kind"),
    [
        (
            "아이고 마 됐다. 아들이 데리러 온단다, 그만두입시더",
            context("bulky_waste", "date", **SOFA),
            "cancel",
        ),
        (
            "아이고 마 됐다 아들이 데리러 온단다 그만두입시더",
            context("bulky_waste", "date", **SOFA),
            "cancel",
        ),
        ("아들이 와서 버려 준대요. 안 할래요", PHONE, "cancel"),
        ("아이고 그냥 관둘래요, 딸이 해 준다네요", ADDRESS, "cancel"),
        ("토요일이요, 아니 그만둘게요", DATE, "cancel"),
        ("고맙심더, 들어가이소", context(), "goodbye"),
        ("아이고 고마워요. 이만 끊을게요", context(last_service="weather"), "goodbye"),
        ("고맙수다 잘 이십서", context(), "goodbye"),
        (
            "내가 귀가 어두워서 그래요, 다시 한번 말해 줘요",
            context("bulky_waste", "address", **SOFA),
            "repeat",
        ),
        ("아이고 정신없어라. 처음부터 다시 합시더", ADDRESS, "start_over"),
    ],
)
def test_the_sentence_that_steers_counts(words: str, at: Context, kind: str) -> None:
    assert understood(words, at).kind == kind


@pytest.mark.parametrize(
    "words",
    [
        "하던 거 마저 할게요",
        "창문 다 열고 밸브도 잠갔어요, 하던 거 마저 할게요",
        "옆집에 불이 났었는데 껐대요, 하던 거 계속할게요",
        "소파 버리는 거 계속해 줘요",
        "인제 괜찮으니 아까 하던 소파 신청 계속해 주세요",
        "인자 숨이 가라앉았심더 하던 거 합시더",
        "하단 거 마저 헙서",
        "아까 하던 거 이어서 하우",
        "구급차가 와서 데려갔어요",
        "창문 다 열고 밸브도 잠갔어요",
    ],
)
def test_what_waits_is_taken_up(words: str) -> None:
    assert understood(words, context(waits="bulky_waste")).kind is ActKind.CONTINUE


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("불이 다시 붙었어요", ActKind.EMERGENCY),
        ("버스 143번 언제 와요", ActKind.ASK),
        ("이제 됐어요 그만둘게요", ActKind.CANCEL),
        ("하던 거 말고 약국 좀 찾아 주세요", ActKind.ASK),
    ],
)
def test_other_words_do_not_take_it_up(words: str, kind: ActKind) -> None:
    assert understood(words, context(waits="bulky_waste")).kind is kind


@pytest.mark.parametrize(
    ("words", "at", "kind"),
    [
        ("고마워요. 그런데 약국은 어디예요", context(), "ask"),
        ("아이고 고마워요, 버스 143번 언제 와요", context(), "ask"),
        ("공일공 일이삼사 오육칠팔이요, 고맙습니다", PHONE, "fill"),
        ("토요일이요. 네", DATE, "fill"),
        ("옆집이 시끄러워요. 그만하라고 해 주세요", context("complaint", "content"), "fill"),
    ],
)
def test_a_wish_or_an_answer_beside_it_is_believed(words: str, at: Context, kind: str) -> None:
    assert understood(words, at).kind == kind


@pytest.mark.parametrize(
    "words",
    ["아니 두 개라니까", "아니 소파가 아니고 의자", "아니 토요일 말고 일요일", "아니 삼백삼 호요"],
)
def test_a_no_with_another_value_is_a_correction(words: str) -> None:
    slots = {**SOFA["slots"], "address": "서울특별시 마포구 양화로 45, 302호", "date": "2026-11-28"}
    at = context("bulky_waste", slots=slots, expects="confirm")
    assert understood(words, at).kind is ActKind.CORRECT


@pytest.mark.parametrize(
    "words",
    [
        "그건 왜 물어봐요?",
        "어디다 쓰려고요?",
        "주소는 와 묻능교",
        "그걸 뭐 하러 물어봐유",
        "번호는 뭣 땀시 물어본당가",
        "그건 무사 물어봄수과",
        "꼭 말해야 돼요?",
        "전화번호는 왜 필요해요",
    ],
)
def test_what_a_question_is_for_may_be_asked(words: str) -> None:
    act = understood(words, context("bulky_waste", "phone", **SOFA))
    assert (act.kind, act.detail) == (ActKind.HELP, "why")


def test_nothing_is_asked_back_where_nothing_is_in_hand() -> None:
    assert understood("그건 왜 물어봐요?").detail != "why"


@pytest.mark.parametrize(
    ("words", "clauses"),
    [
        ("네, 그만할게요", ["네", "그만할게요"]),
        ("아니 아니 그냥 둬요 그날 가야지", ["아니 아니", "그냥 둬요", "그날 가야지"]),
        ("창문 다 열었어요 하던 거 할게요", ["창문 다 열었어요", "하던 거 할게요"]),
        ("3.5점", ["3.5점"]),
        ("...", []),
    ],
)
def test_sentences_are_cut_where_they_end(words: str, clauses: list[str]) -> None:
    assert cut(words) == clauses


@given(st.text(max_size=300))
def test_any_words_are_cut_into_a_few_sentences(words: str) -> None:
    clauses = cut(words)
    assert len(clauses) <= MOST_CLAUSES
    assert all(any(char.isalnum() for char in clause) for clause in clauses)
