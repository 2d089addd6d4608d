"""Times that are not quite said: both of two, the hours of half a day, a day without its hour."""

from __future__ import annotations

from typing import Any

import pytest
from tests.dialogue.harness import catalogue
from tests.understanding.scene import NOW, gazetteer, lexicons, of_type, recognise, recognise_type

from donghaeng.city.services.definition import SlotSpec
from donghaeng.understanding.choosing import chosen
from donghaeng.understanding.slots.base import Scene
from donghaeng.understanding.slots.together import recognise_all

WHEN = SlotSpec.model_validate(
    {"type": "datetime", "name": "때", "prompts": {"first": "언제요?", "again": "언제요?"}}
)


@pytest.mark.parametrize(
    ("words", "candidates"),
    [
        ("두 시나 세 시요", ("14:00", "15:00")),
        ("열한 시 아니면 한 시", ("11:00", "13:00")),
        ("오후에요", ("13:00", "15:00", "17:00")),
        ("점심때", ("11:00", "12:00", "13:00")),
        ("저녁에", ("17:00", "19:00", "20:00")),
        ("아침에", ("07:00", "08:00", "09:00")),
        ("두 시에서 네 시 사이", ("14:00", "15:00")),
    ],
)
def test_a_vague_time_of_day_is_asked_about(words: str, candidates: tuple[str, ...]) -> None:
    fill = recognise_type(words, of_type("time"))
    assert (fill.value, fill.candidates) == (None, candidates)


@pytest.mark.parametrize(
    ("words", "candidates"),
    [
        ("내일 두 시나 세 시에", ("2026-11-24T14:00", "2026-11-24T15:00")),
        ("내일 점심때요", ("2026-11-24T11:00", "2026-11-24T12:00", "2026-11-24T13:00")),
        ("오늘 밤에", ("2026-11-23T20:00", "2026-11-23T22:00", "2026-11-23T23:00")),
    ],
)
def test_a_vague_moment_is_asked_about(words: str, candidates: tuple[str, ...]) -> None:
    for asked in (True, False):
        fill = recognise_type(words, WHEN, asked=asked)
        assert (fill.value, fill.candidates) == (None, candidates)


@pytest.mark.parametrize("words", ["밤길이 무서워요", "저녁밥을 못 해요", "점심 식사가 필요해요"])
def test_words_with_a_part_of_the_day_in_them_tell_no_time(words: str) -> None:
    assert recognise_type(words, WHEN, asked=False) is None
    assert recognise_type(words, of_type("time"), asked=False) is None


@pytest.mark.parametrize("asked", [True, False])
def test_a_day_without_its_hour_is_no_noon(asked: bool) -> None:
    fill = recognise_type("내일이요", WHEN, asked=asked)
    assert (fill.value, fill.candidates, fill.problem) == (None, (), "incomplete")
    assert recognise_type("어제요", WHEN, asked=asked).problem == "past"


@pytest.mark.parametrize(
    ("begun", "words", "value"),
    [
        ("내일", "아침 아홉 시요", "2026-11-24T09:00"),
        ("모레", "세 시", "2026-11-25T15:00"),
        ("내일", "모레 아침 아홉 시요", "2026-11-25T09:00"),
        ("내일", "오후 두 시 반이요", "2026-11-24T14:30"),
    ],
)
def test_the_hour_may_follow_the_day(begun: str, words: str, value: str) -> None:
    scene = Scene(now=NOW, gazetteer=gazetteer(), lexicons=lexicons(), begun={"when": begun})
    found = recognise_all(words, {"when": WHEN}, scene, asked={"when"})
    assert found["when"].value == value


@pytest.mark.parametrize(
    ("before", "words", "value"),
    [
        ("2026-11-24T10:00", "열한 시로 해 주세요", "2026-11-24T11:00"),
        ("2026-11-24T15:00", "네 시요", "2026-11-24T16:00"),
        ("2026-11-24T10:00", "모레요", "2026-11-25T10:00"),
        ("2026-11-24T10:00", "모레 오후 두 시", "2026-11-25T14:00"),
        ("2026-11-23T23:00", "열두 시요", "2026-11-24T00:00"),
        ("2026-11-24T11:00", "열두 시요", "2026-11-24T12:00"),
    ],
)
def test_a_corrected_moment_keeps_what_was_not_said_anew(before: str, words: str, value: str) -> None:
    assert recognise_type(words, WHEN, asked=False, value=before).value == value


def test_an_optional_moment_takes_the_noon_of_a_day() -> None:
    assert recognise_type("내일 문 여는 데", of_type("datetime"), asked=False).value == "2026-11-24T12:00"


@pytest.mark.parametrize(
    ("before", "value"), [("10:00", "12:00"), ("15:00", "12:00"), ("19:00", "00:00"), (None, "12:00")]
)
def test_twelve_is_noon_but_in_the_evening(before: str | None, value: str) -> None:
    assert recognise_type("열두 시요", of_type("time"), value=before).value == value


HOURS = ("오후 5시", "오후 7시", "오후 8시")
SAME_DAY = ("24일 11:00", "24일 12:00", "24일 13:00")


@pytest.mark.parametrize(
    ("words", "options", "index"),
    [
        ("일곱 시요", HOURS, 1),
        ("7시로 해 주세요", HOURS, 1),
        ("여섯 시요", HOURS, None),
        ("두 번째요", HOURS, 1),
        ("열두 시요", SAME_DAY, 1),
        ("한 시에요", SAME_DAY, 2),
        ("마지막 거요", SAME_DAY, 2),
        ("네", HOURS, None),
    ],
)
def test_an_hour_among_the_hours_offered(words: str, options: tuple[str, ...], index: int | None) -> None:
    assert chosen(words, options) == index


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("네", "yes"),
        ("예, 타요", "yes"),
        ("전동이에요", "yes"),
        ("아니요, 걸을 수 있어요", "no"),
        ("안 타요", "no"),
        ("걸어서 타요", "no"),
        ("못 걸어요", None),
        ("걷지를 못해요", None),
        ("모르겠어요", None),
    ],
)
def test_a_wheelchair_asked_about(words: str, value: str | None) -> None:
    fill = recognise(words, "call_taxi", "wheelchair")
    assert (fill.value if fill is not None else None) == value


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("두 명이요", 2),
        ("동행인 둘이고", 2),
        ("보호자 한 명이랑 휠체어 타고 가요", 1),
        ("딸하고 같이 가요", 1),
        ("아들이 같이 타요", 1),
        ("혼자 가요", None),
        ("딸네 집에 가요", None),
    ],
)
def test_who_comes_along(words: str, number: int | None) -> None:
    fill = recognise(words, "call_taxi", "companions", asked=False)
    assert (fill.value if fill is not None else None) == number


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("이름은 김복순이고 전화는 공일공", "김복순"),
        ("제 이름은 이순자고 주소는 마포구예요", "이순자"),
        ("제 이름은 김보라고 전화는요", "김보라"),
        ("우리 어머니 이름은 박순례인데 여든이세요", "박순례"),
        ("관악구 사는 박말순인데 식사 배달 좀 신청해 주세요", "박말순"),
        ("은평구 사는 김순자예요 병원 동행이요", "김순자"),
        ("합정동 사는 할머니인데 상담 좀 해 주세요", None),
        ("혼자 사는 노인인데 밥을 못 해요", None),
    ],
)
def test_a_name_among_other_words(words: str, name: str | None) -> None:
    fill = recognise(words, "care_request", "person_name", asked=False)
    assert (fill.value if fill is not None else None) == name


MINE, THEIRS = "010-1234-5678", "010-8765-4321"


@pytest.mark.parametrize(
    ("words", "phone", "guardian"),
    [
        ("공일공 일이삼사 오육칠팔이고 보호자는 공일공 팔칠육오 사삼이일", MINE, THEIRS),
        ("보호자 번호는 공일공 팔칠육오 사삼이일이고 저는 공일공 일이삼사 오육칠팔", MINE, THEIRS),
        ("딸 전화번호는 공일공 팔칠육오 사삼이일이에요", None, THEIRS),
        ("공일공 일이삼사 오육칠팔이요", MINE, None),
    ],
)
def test_whose_number_it_is(words: str, phone: str | None, guardian: str | None) -> None:
    specs = catalogue()["check_in_call"].slots
    scene = Scene(now=NOW, gazetteer=gazetteer(), lexicons=lexicons())
    found: dict[str, Any] = recognise_all(words, specs, scene, asked={"phone"})
    got = tuple(found[name].value if name in found else None for name in ("phone", "guardian_phone"))
    assert got == (phone, guardian)
