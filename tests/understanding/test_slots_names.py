"""Names that stand between other things, are parted by a space, or are none."""

from __future__ import annotations

import pytest
from tests.understanding.scene import of_type, recognise_type


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("강순옥이우다.              에 살암수다", "강순옥"),
        ("어머니 성함이 남궁옥분이세요", "남궁옥분"),
        ("조 자, 말 자, 순 자, 조말순이어라", "조말순"),
        ("도금례예요,          이고요", "도금례"),
        ("양가에 이름은 봉자, 양봉자예요", "양봉자"),
        ("김 복순이에요,", "김복순"),
        ("천복 남이에요, ", "천복남"),
        ("맹순희 여유", "맹순희"),
        ("오필순입 니더", "오필순"),
        ("이창섭이라 하오", "이창섭"),
    ],
)
def test_a_name_between_other_things_is_heard(words: str, name: str) -> None:
    fill = recognise_type(words, of_type("person_name"), asked=True)
    assert fill is not None
    assert fill.value == name


def test_a_whole_name_that_nobody_asked_for_is_taken_as_a_clause_of_its_own() -> None:
    words = "치매 검사를 내일 예약해 줘요. 석정애고, 전화는"
    assert recognise_type(words, of_type("person_name"), asked=False).value == "석정애"


@pytest.mark.parametrize(
    "words",
    ["그런데 오늘 미세먼지가 심한가요", "아니 그러니까 저 그거 있잖아 그거", "보건소고", "모시고 가는 거요"],
)
def test_other_words_are_no_names_where_nobody_asked(words: str) -> None:
    assert recognise_type(words, of_type("person_name"), asked=False) is None
