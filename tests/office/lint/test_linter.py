"""Findings have their place in the text, fixes leave the rest of it alone, and no text breaks the linter."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from donghaeng.office.lint.amounts import formal
from donghaeng.office.lint.finding import Found, apart, fixed
from donghaeng.office.lint.linter import Linter


def found(linter: Linter, text: str, *, whole: bool = False) -> list[tuple[str, str]]:
    return [(one.rule, one.text) for one in linter.check(text, whole=whole)]


def test_a_finding_has_line_column_reason_source_and_fix(linter: Linter) -> None:
    text = "첫 줄입니다.\n\n회의는 익일 오후 3시에 합니다.\n"
    first, second = linter.check(text)
    assert (first.line, first.column, first.text, first.fixes[0]) == (3, 5, "익일", "다음 날")
    assert (second.line, second.column, second.text, second.fixes) == (3, 8, "오후 3시", ("15:00",))
    assert "국어기본법" in first.source
    assert first.reason
    assert text[first.start : first.end] == "익일"
    assert fixed(text, [first, second]) == "첫 줄입니다.\n\n회의는 다음 날 15:00에 합니다.\n"


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("자료를 송부하였습니다.", "자료를 보냈습니다."),
        ("예산이 소요될 것으로 보여집니다.", "예산이 걸릴 것으로 보입니다."),
        ("긴급복지지원법에 의거하여 돕습니다.", "긴급복지지원법에 따라 돕습니다."),
        ("홈페이지로 신청하고 바우처를 받습니다.", "누리집으로 신청하고 이용권을 받습니다."),
        ("업무 매뉴얼에 의거하여 합니다.", "업무 지침에 따라 합니다."),
        ("시민에 의해 뽑힙니다.", "시민에 의해 뽑힙니다."),
    ],
)
def test_a_fix_inflects_the_word_and_keeps_the_rest(linter: Linter, text: str, made: str) -> None:
    assert fixed(text, linter.check(text)) == made


@pytest.mark.parametrize(
    "text",
    [
        "```\n2026-11-21 익일\n```\n",
        "`2026-11-21`을 봅니다.",
        "https://example.go.kr/2026-11-21/익일 을 봅니다.",
        "kim.2026-11-21@example.go.kr",
        "파일 보고_2026-11-21.hwpx",
        "2026. 13. 1.은 없습니다.",
        "2026. 11. 21.~2026. 11. 25.",
        "",
        "\n\n",
    ],
)
def test_code_addresses_and_what_is_no_date_are_left_alone(linter: Linter, text: str) -> None:
    assert found(linter, text) == []


def test_only_a_whole_letter_has_to_end(linter: Linter) -> None:
    assert found(linter, "자료를 보냅니다.") == []
    assert found(linter, "자료를 보냅니다.", whole=True) == [("end.missing", "자료를 보냅니다.")]
    assert found(linter, "자료를 보냅니다.  끝.\n\n", whole=True) == []
    assert found(linter, "공사를 끝", whole=True) == [("end.form", "끝")]


def test_a_list_of_its_own_may_begin_again(linter: Linter) -> None:
    assert found(linter, "1. 목적\n가. 배경\n나. 현황\n\n1. 대상\n가. 시민\n") == []
    assert found(linter, "1. 목적\n가. 배경\n다. 현황\n") == [("numbering.order", "다.")]
    assert found(linter, "1. 목적\n1) 배경\n2) 현황\n") == [("numbering.order", "1)")]


def test_a_long_sentence_is_told_whole_and_hides_nothing_in_it(linter: Linter) -> None:
    long = "우리 시는 익일부터 " + "시민이 편한 서비스를 만들고 " * 8 + "알리겠습니다."
    assert [rule for rule, _ in found(linter, f"짧습니다. {long}")] == ["sentence.long", "word.hard"]


def test_of_two_findings_over_each_other_the_first_told_stays() -> None:
    one, two = Found("a", 0, 5, ("x",)), Found("b", 3, 8, ("y",))
    assert apart([one, two, Found("c", 8, 9)], 9) == [one, Found("c", 8, 9)]


def test_a_line_of_many_findings_and_one_without_a_space_are_judged_to_their_end(linter: Linter) -> None:
    # Twice as much may cost twice as much, and no more: with pairs compared, 30,000 findings took minutes.
    spent = []
    for times in (3_000, 12_000):
        begun = process_time()
        assert len(linter.check("가 :" * times)) == times
        spent.append(process_time() - begun)
    assert spent[1] < 12 * max(spent[0], 0.05)
    assert found(linter, f"{'가' * 3_000} 익일")[-1] == ("word.hard", "익일")


def test_amounts_in_words() -> None:
    told = [formal(amount) for amount in (113_560, 10_000, 204_000, 100_000_001, 0)]
    assert told == ["일십일만삼천오백육십", "일만", "이십만사천", "일억일", "영"]


PIECES = st.sampled_from(
    (
        *("2026년 11월 21일", "오후 3시", "익일", "1. ", "가. ", "\n", " ", "금 5000원", "삼백 명", "끝"),
        *("붙임 : ", "●", "을", "에 위치한", "되어지", "제고하", "```", "\x00", "\ud83d", "👵", "１", "ㄱ"),
    )
)


@settings(max_examples=60, deadline=None)
@given(st.lists(PIECES | st.text(max_size=8), max_size=14).map("".join), st.booleans())
def test_no_text_breaks_it_and_findings_lie_in_the_text(linter: Linter, text: str, whole: bool) -> None:
    findings = linter.check(text, whole=whole)
    last = 0
    for one in findings:
        assert 0 <= one.start < one.end <= len(text)
        assert one.text == text[one.start : one.end]
        if one.rule != "sentence.long":
            assert one.start >= last
            last = one.end
    assert isinstance(fixed(text, findings), str)
