from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from donghaeng.korean.counts import find_counts, find_days_of_month, find_ordinals
from donghaeng.korean.money import Money, find_money
from donghaeng.korean.numbers import find_numbers
from donghaeng.korean.numerals import digits, native, native_attributive, parse, parse_digits, sino
from donghaeng.korean.phones import PartialPhone, Phone, classify, find_phones, join


@given(st.integers(min_value=0, max_value=10**20 - 1))
def test_sino_words_are_worth_their_number(number: int) -> None:
    assert parse(sino(number)) == number


@given(st.integers(min_value=1, max_value=99))
def test_native_words_are_worth_their_number(number: int) -> None:
    assert parse(native(number)) == parse(native_attributive(number)) == number


@given(st.text("0123456789", min_size=1, max_size=20))
def test_digits_survive_being_said(text: str) -> None:
    assert parse_digits(digits(text)) == text


@given(st.integers(min_value=10, max_value=10**12))
def test_numbers_are_found_in_a_sentence(number: int) -> None:
    assert find_counts(f"모두 {sino(number)} 원이에요")[0].value.value == number
    assert [match.value for match in find_numbers(f"답은 {number:,}입니다")] == [number]


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("삼백 이", 302),
        ("육사일일", 6411),
        ("공팔", 8),
        ("2십일", 21),
        ("3만 5천", 35_000),
        ("4천3백21", 4321),
        ("1,234", 1234),
        ("백스물다섯", 125),
        ("두세", 2),
        ("여덜", 8),
        ("삼백삼백", None),
        ("만억", None),
        ("가나", None),
    ],
)
def test_parse(words: str, value: int | None) -> None:
    assert parse(words) == value


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("육사일일 번 버스 합정역에 언제 와요", [6411]),
        ("칠삼칠 언제 와유", [737]),
        ("아니 삼백삼 호", [303]),
        ("오이 세 개 주세요", [3]),
        ("세탁기 한 대랑 의자 네 개", [1, 4]),
        ("소파를 하나 버려야 하는데요", [1]),
        ("백삼과 삼분의 이", [103 + 2 / 3]),
        ("마이너스 오점 오", [-5.5]),
        ("-4/5", [-0.8]),
        ("열두 명", [12]),
    ],
)
def test_numbers_in_sentences(text: str, values: list[float]) -> None:
    assert [match.value for match in find_numbers(text)] == pytest.approx(values)


ORDINARY = (
    "이 근처 화장실|사람하고 얘기할래요|일요일에 가요|오늘 비 와요|구청에 전화|사이에 있어요|이사 가는데|네|"
    "네 그래요|"
    "하나도 안 와요|열이 나요|이 분 좀 바꿔 주세요|일이 많아요|한강 공원|"
    "백화점|만나요|천천히|이만|영등포구|공영주차장|"
    "십이월 일 일|조금만요|사거리 지나서|일등석|180ml"
)


@pytest.mark.parametrize("text", ORDINARY.split("|"))
def test_ordinary_words_are_no_numbers(text: str) -> None:
    assert find_numbers(text) == ()


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("소파 두 개", [(2, "개")]),
        ("세 명이요", [(3, "명")]),
        ("삼백이 호", [(302, "호")]),
        ("스물 두 살", [(22, "살")]),
        ("이 분이 다섯 분 오셨어요", [(5, "분")]),
        ("한번 더요", []),
    ],
)
def test_counts(text: str, counts: list[tuple[int, str]]) -> None:
    assert [(m.value.value, m.value.counter) for m in find_counts(text)] == counts


def test_neighbouring_numbers_are_vague() -> None:
    (match,) = find_counts("두세 개요")
    assert (match.value.value, match.vague, [o.value for o in match.alternatives]) == (2, True, [3])


def test_a_count_keeps_the_words_of_its_number() -> None:
    assert find_counts("마포 공팔 번")[0].value.words == "공팔"


@pytest.mark.parametrize(
    ("text", "ranks"),
    [("두 번째 거요", [2]), ("첫째", [1]), ("이등", [2]), ("마지막이요", [-1]), ("네 번째", [4])],
)
def test_ordinals(text: str, ranks: list[int]) -> None:
    assert [match.value for match in find_ordinals(text)] == ranks


def test_days_of_month_as_ranks() -> None:
    assert [match.value for match in find_days_of_month("오월 십일일")] == [11]


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("삼만 오천 원", [Money(35_000)]),
        ("3만5천원이에요", [Money(35_000)]),
        ("만원", [Money(10_000)]),
        ("1달러 20센트", [Money(1.2, "USD")]),
        ("300만 캐나다 달러", [Money(3_000_000, "CAD")]),
        ("20$", [Money(20, "USD")]),
        ("병원 가는 공원", []),
    ],
)
def test_money(text: str, amounts: list[Money]) -> None:
    assert [match.value for match in find_money(text)] == amounts


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("공일공 일이삼사에 오육칠팔", "010-1234-5678"),
        ("공일공 일이삼사에 오육칠팔이요", "010-1234-5678"),
        ("공일공에 일이삼사에 오육칠이요", "010-1234-5672"),
        ("010-1234-5678", "010-1234-5678"),
        ("01012345678번이요", "010-1234-5678"),
        ("공1공 1234 오육칠팔", "010-1234-5678"),
        ("일공 일이삼사 오육칠팔", "010-1234-5678"),
        ("공일공 하나둘셋넷 다섯여섯일곱여덟", "010-1234-5678"),
        ("공이에 삼사오국에 육칠팔구", "02-345-6789"),
        ("공이 일이공", "02-120"),
        ("1588-1234", "1588-1234"),
        ("031-123-4567", "031-123-4567"),
        ("+82 10-1234-5678", "010-1234-5678"),
    ],
)
def test_phones(text: str, number: str) -> None:
    assert [str(match.value) for match in find_phones(text)] == [number]


def test_what_is_missing_is_told_and_can_be_added() -> None:
    (match,) = find_phones("공일공 일이삼사", expected=True)
    assert match.value == PartialPhone("0101234", 4)
    assert join(PartialPhone("0101234", 4), "5678") == Phone("01012345678")


def test_digits_are_only_a_phone_number_when_one_is_expected() -> None:
    assert find_phones("오육칠팔이에요") == ()
    assert find_phones("육사일일 번 버스") == ()
    assert find_phones("+86 138-2010-2015") == ()


@pytest.mark.parametrize("text", ["1000-10, 1000호", "성산동 180-10, 100호", "일팔공 다시 일공 일공공"])
def test_numbers_of_an_address_are_no_phone_number(text: str) -> None:
    assert find_phones(text) == ()
    assert not any(isinstance(match.value, Phone) for match in find_phones(text, expected=True))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("10 1234 5678", "010-1234-5678"),
        ("1012345678", "010-1234-5678"),
        ("1 5 8 8 1 2 3 4", "1588-1234"),
        ("일오팔팔 일이삼사", "1588-1234"),
    ],
)
def test_groups_of_its_own_make_a_phone_number(text: str, number: str) -> None:
    assert [str(match.value) for match in find_phones(text)] == [number]


def test_an_expected_number_may_come_in_smaller_groups() -> None:
    assert find_phones("15 88 12 34") == ()
    assert [str(match.value) for match in find_phones("15 88 12 34", expected=True)] == ["1588-1234"]


@given(st.from_regex(r"010[0-9]{8}|02[0-9]{7,8}|0(3[1-3]|51|64)[0-9]{7,8}|1588[0-9]{4}", fullmatch=True))
def test_phone_numbers_survive_being_said(number: str) -> None:
    written = str(Phone(number))
    for text in (written, number, digits(number), " ".join(digits(part) for part in written.split("-"))):
        assert [match.value for match in find_phones(text)] == [classify(number)]


FINDERS = (find_numbers, find_counts, find_ordinals, find_days_of_month, find_money, find_phones)


@settings(deadline=None)
@given(st.text(max_size=300) | st.text("일이삼십백천만억조공영원번째등분의점-., 0123456789", max_size=300))
def test_total_on_any_text(text: str) -> None:
    for finder in FINDERS:
        for match in finder(text):
            assert 0 <= match.start < match.end


@pytest.mark.parametrize(
    "unit", ["일", "십", "만", "1", "1,", "1 ", "하나 ", "이일", "공", "1/", "일분의", "만 ", "가", "점일"]
)
def test_time_grows_with_length_and_not_faster(unit: str) -> None:
    text = (unit * 10_000)[:10_000]
    for finder in FINDERS:
        begun = time.process_time()
        finder(text)
        assert time.process_time() - begun < 2, finder.__name__
