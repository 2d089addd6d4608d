"""Values with the copulas of all dialects after them: the same values as in the standard language."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.understanding.scene import gazetteer, recognise

from donghaeng.city.places.model import Kind
from donghaeng.korean.endings import is_open, standard
from donghaeng.korean.numerals import digits, sino

AFTER_CONSONANT = [
    "이요 이에요 이여 이여라 이라예 이래요 이드래요 이우다 이마씸 이구먼유 이시더 임더 입니더",
    "이당께요 이랑께 이고요 이고 인데요 인디 이라카이 이라니까요 이거든요 이라는데요",
    "이구만요 이유 이네요 이올시다 이라고요",
]
AFTER_VOWEL = [
    "요 예요 여라 라예 래요 드래요 우다 마씸 구먼유 시더 당께요 랑께 고요 고 인데요 인디 라카이 여유",
    "라는데요 구먼 네유",
]
CLOSED = " ".join(AFTER_CONSONANT).split()
OPENED = " ".join(AFTER_VOWEL).split()


def value(fill: Any) -> Any:
    return None if fill is None else (fill.problem or fill.value or fill.candidates)


def endings(words: str) -> list[str]:
    """The copulas that may follow words."""
    return OPENED if is_open(words[-1]) else CLOSED


@pytest.mark.parametrize(
    ("words", "written"),
    [
        ("공일공 사오사오 육칠육칠이래요", "010-4545-6767"),
        ("공일공 이이칠칠 삼사육이이라예", "010-2277-3462"),
        ("공일공 구구일일 팔칠육이구유", None),
        ("공일공 구구일일 팔칠육오이구유", "010-9911-8765"),
        ("공일공 구구일일 팔칠이오", "010-9911-8725"),
        ("공일공 구구일일 팔칠육사 이우다", "010-9911-8764"),
    ],
)
def test_telephone_numbers(words: str, written: str | None) -> None:
    fill = recognise(words, "bulky_waste", "phone")
    assert fill is not None
    assert fill.value == written


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("칠공이삼 사오육칠팔이 에요", "702345678"),
        ("칠공이삼 사오육칠이에요", "702345672"),
        ("칠공이삼 사오육이에요", "incomplete"),
        ("칠공이삼 사오육칠팔래요", "702345678"),
        ("칠공이삼 사오육팔구래요", "702345689"),
        ("칠공이 삼사오 육칠팔이구유", "702345678"),
        ("칠공이삼사오육칠이이여", "702345672"),
        ("칠공이삼사오육칠팔구삼", "impossible"),
    ],
)
def test_numbers_that_have_their_length(words: str, number: str) -> None:
    assert value(recognise(words, "water_bill", "customer_number")) == number


@pytest.mark.parametrize(
    ("words", "slot", "found"),
    [
        ("마포구 양화로 사십오 사백이 호여라", ("bulky_waste", "address"), "양화로 45, 402호"),
        ("마포구 양화로 사십오 칠백삼 호우다", ("bulky_waste", "address"), "양화로 45, 703호"),
        ("마포구 양화로 사십오, 삼 층이고 전화는 나중에", ("bulky_waste", "address"), "양화로 45, 3층"),
        ("성산동 백삼십 번지래요", ("bulky_waste", "address"), "성산동 130"),
        ("칠일일이라카이", ("bus_arrival", "route"), "711"),
        ("마포 공구래요", ("bus_arrival", "route"), "마포09"),
        ("마포 공칠이여라", ("bus_arrival", "route"), "마포07"),
        ("군자역이여라", ("subway_arrival", "station"), "군자(능동)"),
        ("은평구래요", ("weather", "district"), "은평구"),
        ("망원동입니더", ("visit_consult", "dong"), "망원동"),
        ("세 대구먼유", ("bulky_waste", "count"), 3),
    ],
)
def test_other_values(words: str, slot: tuple[str, str], found: Any) -> None:
    said = value(recognise(words, *slot, home_district="마포구"))
    assert said == found if not isinstance(found, str) else str(said).endswith(found)


@pytest.mark.parametrize(
    ("words", "years"),
    [
        ("세 살배기", 3),
        ("여든두 살인디", 82),
        ("일흔다섯이여", 75),
        ("쉰아홉", 59),
        ("팔십둘 먹었어요", 82),
        ("칠십셋이구먼유", 73),
        ("일흔 넷이여라", 74),
        ("육십일이요", 61),
        ("나이가 팔십이 넘었어요", 80),
        ("두 분이요", None),
    ],
)
def test_ages(words: str, years: int | None) -> None:
    assert value(recognise(words, "welfare_search", "age")) == years


@pytest.mark.parametrize(
    ("words", "years"),
    [
        ("예순일곱 먹은 노인인데요", 67),
        ("나이가 일흔둘이라 그러는데", 72),
        ("나이 팔십이 다 됐는데", 80),
        ("밥을 먹었는데요", None),
        ("약 두 알 먹고", None),
        ("내가 올해 일흔아홉인디 할멈하고 살어유", 79),
        ("일흔다섯, 아니지 생일이 지났으니까 일흔여섯이지", 76),
        ("일흔 개요", None),
    ],
)
def test_ages_that_nobody_asked_for(words: str, years: int | None) -> None:
    assert value(recognise(words, "welfare_search", "age", asked=False)) == years


PHONE = st.from_regex(r"010[2-9][0-9]{7}", fullmatch=True)


@given(PHONE, st.data())
def test_a_telephone_number_before_any_copula(number: str, data: st.DataObject) -> None:
    written = f"{number[:3]}-{number[3:7]}-{number[7:]}"
    said = " ".join(digits(group) for group in written.split("-"))
    copula = data.draw(st.sampled_from(endings(said)))
    assert value(recognise(said + copula, "bulky_waste", "phone")) == written


@given(st.from_regex(r"[1-9][0-9]{8}", fullmatch=True), st.data())
def test_a_customer_number_before_any_copula(number: str, data: st.DataObject) -> None:
    said = digits(number)
    copula = data.draw(st.sampled_from(endings(said)))
    assert value(recognise(said + copula, "water_bill", "customer_number")) == number


@given(st.integers(101, 999), st.data())
def test_a_flat_before_any_copula(flat: int, data: st.DataObject) -> None:
    words = f"마포구 양화로 사십오, {sino(flat)} 호" + data.draw(st.sampled_from(OPENED))
    assert value(recognise(words, "bulky_waste", "address")) == f"서울특별시 마포구 양화로 45, {flat}호"


@given(st.sampled_from([place.name for place in gazetteer().table.places(Kind.DISTRICT)]), st.data())
def test_a_district_before_any_copula(name: str, data: st.DataObject) -> None:
    copula = data.draw(st.sampled_from(OPENED))
    assert value(recognise(name + copula, "weather", "district")) == name


@given(
    st.text(alphabet="공일이삼구오호동이여라예래요우다마씸구먼유시더 임입니당께고인디카0189,", max_size=30)
)
def test_standard_copulas_keep_all_positions(words: str) -> None:
    written = standard(words)
    assert len(written) == len(words)
    assert standard(written).replace(" ", "") == standard(standard(written)).replace(" ", "")


def test_names_of_places_are_no_copulas() -> None:
    for kind in Kind:
        for place in gazetteer().table.places(kind):
            assert standard(place.name) == place.name


@pytest.mark.parametrize("words", ["그래요", "노래요", "왜 그래요", "사공이구", "할래요", "이제 됐어요"])
def test_what_is_no_copula(words: str) -> None:
    assert standard(words) == words


@pytest.mark.parametrize(
    "words",
    [
        "은평구 통일로 사백팔십, 육백삼 호여라",
        "은평구 통일로 사백팔십 육백삼호맞아요",
        "은평구 통일로 사백팔십, 육백삼 호가 우리 집이에요",
        "은평구 통일로 사백팔십 육백삼 호맨키로 적어 주소",
    ],
)
def test_a_flat_that_was_said_is_no_question(words: str) -> None:
    assert value(recognise(words, "bulky_waste", "address")) == "서울특별시 은평구 통일로 480, 603호"


def test_a_number_that_may_be_a_flat_is_asked_about() -> None:
    fill = recognise("은평구 통일로 사백팔십 육백삼", "bulky_waste", "address")
    assert fill is not None
    assert len(fill.candidates) == 2
