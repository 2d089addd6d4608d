"""Naming the time of a call-back by keys and words."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donghaeng.conversation.callback_time import CallTimes, TimeBooking, TimeStep
from donghaeng.people.hours import DAYS, Hours, Span

NOW = datetime.fromisoformat("2026-11-23T16:00:00+09:00")
"""A Monday."""
HOURS = Hours(dict.fromkeys(DAYS[:5], Span(time(9), time(18))))
TIMES = CallTimes(HOURS, lambda: NOW)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+09:00")


@pytest.mark.parametrize(
    ("words", "at", "unfit"),
    [
        ("내일 오전 열 시쯤이요", "2026-11-24T10:00", None),
        ("화요일 두 시 반", "2026-11-24T14:30", None),
        ("다섯 시요", "2026-11-23T17:00", None),
        ("저녁 여덟 시에 해 주세요", "2026-11-23T17:45", "hours"),
        ("일요일 오후 두 시", "2026-11-30T09:00", "hours"),
        ("내일 두 시나 세 시", "2026-11-24T14:00", None),
        ("낼 오전에요", "2026-11-24T09:00", None),
        ("내일이요", "2026-11-24T09:00", None),
        ("오늘요", "2026-11-23T16:00", None),
        ("일요일이요", "2026-11-30T09:00", "hours"),
        ("모레 아무 때나 두 시", "2026-11-25T14:00", None),
    ],
)
def test_words_are_read_and_held_against_the_hours(words: str, at: str, unfit: str | None) -> None:
    promise = TIMES.read(words)
    assert promise is not None
    assert (promise.at, promise.unfit) == (moment(at), unfit)


@pytest.mark.parametrize("words", ["", "글쎄요", "아무 때나요", "네", "어제 열 시", "010-1234-5678"])
def test_words_without_a_time_to_come_are_none(words: str) -> None:
    assert TIMES.read(words) is None


@pytest.mark.parametrize(
    "words", ["아무 때나요", "아무때나 괜찮아", "언제든지요", "언제나 집에 있어", "상관없어요", "암때나 해"]
)
def test_any_time_will_do(words: str) -> None:
    assert TimeBooking(TIMES).words(words) == TimeStep("any")


def test_a_time_is_agreed_to_only_after_it_was_read_back() -> None:
    booking = TimeBooking(TIMES)
    assert booking.words("네") == TimeStep("when_again")
    step = booking.words("내일 열 시")
    assert (step.told, step.promise and step.promise.written) == ("time", "11월 24일 화요일 오전 10시")
    assert booking.words("뭐라고요") == step
    assert booking.words("아니 세 시").promise != step.promise
    assert booking.key("2") == TimeStep("when")
    again = booking.words("내일 세 시")
    assert booking.words("네 그때요") == TimeStep("book", again.promise)


@pytest.mark.parametrize(
    "words", ["네", "네, 수요일 열 시 맞아요", "네 열 시 좋아요", "좋습니다", "그때 괜찮아요", "1번"]
)
def test_a_yes_books_the_time_that_was_read_back(words: str) -> None:
    booking = TimeBooking(TIMES)
    read_back = booking.words("수요일 열 시")
    assert booking.words(words) == TimeStep("book", read_back.promise)


@pytest.mark.parametrize(
    "words",
    [
        "그때는 안 돼요",
        "맞지 않아요",
        "어려워요",
        "응 아니야",
        "좋지 않은데",
        "내일은 안 돼요",
        "예전에요",
        "못 받아요",
    ],
)
def test_no_sign_of_a_no_books(words: str) -> None:
    booking = TimeBooking(TIMES)
    booking.words("내일 열 시")
    assert booking.words(words).told in ("when", "time")
    assert booking.words("아무 말") != TimeStep("book", booking.promise)


def test_another_time_takes_the_place_of_what_does_not_suit() -> None:
    booking = TimeBooking(TIMES)
    booking.words("내일 열 시")
    step = booking.words("내일은 안 되고 수요일 두 시요")
    assert step.promise is not None
    assert step.promise.at == moment("2026-11-25T14:00")
    step = booking.words("네 목요일 두 시요")
    assert step.told == "time"
    assert step.promise is not None
    assert step.promise.at == moment("2026-11-26T14:00")


def test_keys_alone_are_enough() -> None:
    assert TimeBooking(TIMES).key("1") == TimeStep("any")
    assert TimeBooking(TIMES).key("5") is None
    booking = TimeBooking(TIMES)
    booking.words("내일 열 시")
    assert booking.key("5") is None
    assert booking.key("1") is not None
    booking.words("내일 열 시")
    assert booking.key("*") == TimeStep("any")


def test_silence_ends_with_any_time() -> None:
    booking = TimeBooking(TIMES)
    assert [booking.silence().told for _ in range(3)] == ["when", "when", "any"]
    asked = TimeBooking(TIMES)
    asked.words("내일 열 시")
    assert [asked.silence().told for _ in range(3)] == ["time", "time", "any"]


SAID = st.one_of(
    st.sampled_from("0123456789*#").map(lambda key: ("key", key)),
    st.sampled_from(
        [
            "네",
            "아니요",
            "내일 열 시",
            "일요일 밤 열 시",
            "아무 때나",
            "뭐라고요",
            "12월 25일 두 시",
            "두 시나 세 시",
        ]
    ).map(lambda words: ("words", words)),
    st.just(("silence", "")),
)


@given(st.lists(SAID, max_size=30), st.integers(0, 14 * 24 * 60))
def test_only_a_time_that_was_read_back_last_and_can_be_kept_is_booked(said, minutes: int) -> None:
    now = NOW + timedelta(minutes=minutes)
    booking = TimeBooking(CallTimes(HOURS, lambda: now))
    told: TimeStep | None = None
    for kind, what in said:
        step = (
            booking.key(what)
            if kind == "key"
            else booking.words(what)
            if kind == "words"
            else booking.silence()
        )
        if step is None:
            continue
        if step.told == "book":
            assert told is not None
            assert (told.told, told.promise) == ("time", step.promise)
        if step.promise is not None:
            assert HOURS.takes_call(step.promise.at, now)
        if step.told in ("book", "any"):
            return
        told = step
