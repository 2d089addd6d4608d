"""Leaving a number by keys and words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donghaeng.conversation.callback_booking import Booking, Stage, Step, callable_number


def keyed(booking: Booking, keys: str) -> list[Step]:
    return [step for key in keys if (step := booking.key(key)) is not None]


def test_a_number_is_keyed_in_read_back_and_booked() -> None:
    booking = Booking()
    assert booking.key("1") == Step("number")
    assert keyed(booking, "01012345678") == [Step("check", "010-1234-5678")]
    assert booking.key("1") == Step("book", "010-1234-5678")


def test_a_number_of_another_length_ends_with_the_hash_key() -> None:
    booking = Booking()
    assert keyed(booking, "1021234567#") == [Step("number"), Step("check", "02-123-4567")]
    assert booking.key("2") == Step("number")
    assert keyed(booking, "119#") == [Step("again")]
    assert keyed(booking, "0101*01087654321") == [Step("number"), Step("check", "010-8765-4321")]
    assert booking.key("*") == Step("left")
    assert booking.stage is Stage.WAITING


def test_the_own_number_of_a_telephone_is_offered_first() -> None:
    booking = Booking("01012345678")
    assert booking.key("1") == Step("own", "010-1234-5678")
    assert booking.key("1") == Step("book", "010-1234-5678")
    other = Booking("+821012345678")
    assert keyed(other, "12") == [Step("own", "010-1234-5678"), Step("number")]
    hidden = Booking("anonymous")
    assert hidden.key("1") == Step("number")


@pytest.mark.parametrize(
    "words",
    ["전화해 주세요", "전화 좀 해줘", "끊을 테니 전화 주세요", "다시 걸어 주세요", "연락 부탁해요", "일 번"],
)
def test_the_wish_may_be_said(words: str) -> None:
    assert Booking().words(words) == Step("number")


@pytest.mark.parametrize("words", ["여보세요", "아직 멀었어요", "네", "버스 언제 와요", ""])
def test_other_words_are_no_wish(words: str) -> None:
    booking = Booking()
    assert booking.words(words) is None
    assert booking.stage is Stage.WAITING


def test_a_number_and_its_check_may_be_said() -> None:
    booking = Booking()
    booking.words("전화해 주세요")
    assert booking.words("글쎄요") == Step("again")
    assert booking.words("공일공 일이삼사에 오육칠팔이요") == Step("check", "010-1234-5678")
    assert booking.words("잠깐만") is None
    assert booking.words("아니요") == Step("number")
    assert booking.words("010-8765-4321") == Step("check", "010-8765-4321")
    assert booking.words("네 맞아요") == Step("book", "010-8765-4321")


def test_silence_repeats_the_question_and_then_lets_the_caller_wait() -> None:
    booking = Booking("010-1234-5678")
    assert booking.silence() is None
    booking.key("1")
    told = [step.told for _ in range(3) if (step := booking.silence()) is not None]
    assert told == ["own", "own", "left"]
    assert booking.stage is Stage.WAITING
    booking.key("1")
    booking.key("2")
    assert [step.told for _ in range(2) if (step := booking.silence()) is not None] == ["number", "number"]


@pytest.mark.parametrize("text", ["119", "120", "1588-0000", "080-123-4567", "010-1234", "", "9" * 15])
def test_nobody_is_called_back_there(text: str) -> None:
    assert callable_number(text) is None


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("key"), st.sampled_from("0123456789*#")),
        st.tuples(st.just("key"), st.sampled_from(["01012345678", "0212345678#"])),
        st.tuples(
            st.just("words"), st.sampled_from(["전화해 주세요", "네", "아니요", "010-1234-5678", "뭐라고요"])
        ),
        st.tuples(st.just("silence"), st.just("")),
    ),
    max_size=30,
)


@given(st.sampled_from([None, "010-9999-8888", "anonymous"]), STEPS)
def test_only_a_number_that_was_told_and_confirmed_is_booked(own: str | None, steps) -> None:
    booking = Booking(own)
    told: str | None = None
    for kind, what in steps:
        stage = booking.stage
        if kind == "key":
            found = keyed(booking, what)
        else:
            one = booking.words(what) if kind == "words" else booking.silence()
            found = [one] if one is not None else []
        for step in found:
            if step.told == "book":
                assert len(what) > 1 or stage in (Stage.OWN, Stage.CHECK)
                assert step.phone == told
                assert callable_number(told or "") == told
            elif step.told in ("own", "check"):
                told = step.phone


@pytest.mark.parametrize(
    "words", ["예전 번호예요", "맞지 않아요", "어려워요", "아니 그 번호 말고요", "응 아니야"]
)
def test_nothing_but_a_yes_books_a_number(words: str) -> None:
    booking = Booking("010-1234-5678")
    booking.words("전화 주세요")
    step = booking.words(words)
    assert step is None or step.told != "book"
