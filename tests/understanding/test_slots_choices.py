"""Choices in any ending, denials of other things, and words that only point at a thing."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.understanding.scene import catalogue, recognise


def value(fill: Any) -> Any:
    return None if fill is None else fill.value


@pytest.mark.parametrize(
    ("words", "mode"),
    [
        ("지하철 말고 버스로", "bus"),
        ("버스 말고 전철로요", "subway"),
        ("버스로 가고 싶은데 지하철은 싫어요", "bus"),
    ],
)
def test_what_is_taken_back_is_not_chosen(words: str, mode: str) -> None:
    assert value(recognise(words, "route_guide", "mode", asked=False)) == mode


@pytest.mark.parametrize(
    ("words", "free"),
    [
        ("돈 안 내고 거저 보는 거요", "yes"),
        ("공짜인데 사람 안 많은 데요", "yes"),
        ("무료인데 재미없지 않은 거", "yes"),
        ("무료 아니어도 괜찮아요", "no"),
        ("공짜 말고 돈 내는 걸로", "no"),
    ],
)
def test_denials_beside_the_word(words: str, free: str) -> None:
    assert value(recognise(words, "culture_event", "free", asked=False)) == free


@pytest.mark.parametrize(
    ("words", "wheelchair"),
    [
        ("휠체어를 타는 노인인데요 딸 하나 같이 가요", "yes"),
        ("보호자는 없고 휠체어는 타요", "yes"),
        ("휠체어 타고요 같이 가는 사람은 없어요", "yes"),
        ("휠체어로 가는데 짐은 없어요", "yes"),
        ("휠체어는 있는데 오늘은 안 타요", "no"),
        ("휠체어는 필요 없어요", "no"),
        ("저는 안 타요", "no"),
        ("그런 거 없어요", "no"),
        ("따라오는 사람은 없어요", None),
        ("보호자는 안 가요", None),
        ("같이 갈 사람이 있어요", None),
        ("걸음을 못 걸어서요", None),
    ],
)
def test_a_yes_or_no_is_about_its_own_noun(words: str, wheelchair: str | None) -> None:
    assert value(recognise(words, "call_taxi", "wheelchair")) == wheelchair


@pytest.mark.parametrize(
    ("words", "symptom"),
    [
        ("얼기만 했네예", "frozen"),
        ("터진 기 아이고 얼기만 했심더", "frozen"),
        ("수도가 언 모양이라", "frozen"),
        ("깨진 거 같은디", "burst"),
        ("터질라 캅니더", "burst"),
        ("얼굴이 시려요", None),
    ],
)
def test_verbs_of_a_choice_in_other_endings(words: str, symptom: str | None) -> None:
    assert value(recognise(words, "meter_freeze", "symptom")) == symptom


@pytest.mark.parametrize(
    "words",
    [
        "이거요",
        "그거",
        "거시기 좀 내놓을라고",
        "이건 버려야지",
        "큰 거 하나 버릴라는데",
        "짐이요",
        "안 쓰는 거 버리려고",
    ],
)
@pytest.mark.parametrize("asked", [True, False])
def test_words_that_point_are_no_thing(words: str, asked: bool) -> None:
    assert recognise(words, "bulky_waste", "item", asked=asked) is None


@pytest.mark.parametrize(
    ("words", "item"),
    [
        ("소파 쪼까 버려 주쇼", "소파"),
        ("장롱을 쪼매 치워 주이소", "장롱"),
        ("그 책장 좀 그냥 버려 줘요", "책장"),
    ],
)
def test_what_is_said_in_passing_is_left_out(words: str, item: str) -> None:
    assert value(recognise(words, "bulky_waste", "item", asked=False)) == item


CHOICES = [
    (service.id, name, choice, said)
    for service in catalogue().values()
    for name, spec in service.slots.items()
    for choice, meaning in (spec.values or {}).items()
    for said in (meaning.name,)
]


@given(st.sampled_from(CHOICES), st.sampled_from(["", "요", "예", "로 해 주세요", "이우다", "여라"]))
def test_the_name_of_a_choice_chooses_it(one: tuple[str, str, str, str], ending: str) -> None:
    service, slot, choice, said = one
    assert value(recognise(said + ending, service, slot)) == choice
