"""Corrections across slots and after the answer, options told by their value, words beside the question."""

from __future__ import annotations

from typing import Any

import pytest
from tests.dialogue.harness import VALUES
from tests.understanding.scene import context, understood, values

from donghaeng.understanding.acts import ActKind
from donghaeng.understanding.several import asks, questions

NAMED = {"need": "home_repair", "person_name": "박순덕", "address": VALUES["address"]}
DATED = {"item": "소파", "count": 1, "address": VALUES["address"], "date": "2026-12-03"}


def test_a_slot_that_is_named_is_corrected_while_another_one_is_asked_for() -> None:
    act = understood("이름이 박순덕이 아니라 박순득이에요", context("care_request", "phone", slots=NAMED))
    assert (act.kind, values(act)) == (ActKind.CORRECT, {"person_name": "박순득"})


def test_a_slot_is_known_by_the_value_that_is_taken_back() -> None:
    at = context("bulky_waste", "phone", slots=DATED)
    act = understood("삼 일 말고 사 일이요", at)
    assert (act.kind, values(act)) == (ActKind.CORRECT, {"date": "2026-12-04"})


@pytest.mark.parametrize(
    ("last", "slots", "words", "expected"),
    [
        ("open_app", {"app": "정부24"}, "아니 그거 말고 서울톡이요", {"app": "서울톡"}),
        ("weather", {"district": "마포구"}, "아니 마포구 말고 강서구요", {"district": "강서구"}),
        ("subway_arrival", {"station": "강남"}, "강남역이 아니고 사당역이요", {"station": "사당"}),
    ],
)
def test_what_was_answered_is_asked_anew_with_the_correction(
    last: str, slots: dict[str, Any], words: str, expected: dict[str, Any]
) -> None:
    act = understood(words, context(last_service=last, last_slots=slots))
    assert (act.kind, act.service, act.detail) == (ActKind.ASK, last, "follow_up")
    assert values(act) == expected


def test_a_finished_request_is_not_sent_anew_by_a_correction() -> None:
    at = context(last_service="bulky_waste", last_slots={**DATED, "phone": VALUES["phone"]})
    assert understood("삼 일이 아니고 사 일이요", at).service != "bulky_waste"


HOURS = {
    "expects": "choice",
    "options": ["23일 오후 2시", "23일 오후 3시"],
    "option_values": ["2026-11-23T14:00", "2026-11-23T15:00"],
}


@pytest.mark.parametrize(("words", "index"), [("그러면 오후 두 시로 하지요", "0"), ("세 시요", "1")])
def test_an_hour_that_is_offered_is_chosen_by_its_value(words: str, index: str) -> None:
    act = understood(words, context("safe_return", "when", **HOURS))
    assert (act.kind, act.detail) == (ActKind.CHOOSE, index)


def test_another_hour_than_those_offered_is_a_value_of_its_own() -> None:
    act = understood("네 시 반이요", context("safe_return", "when", **HOURS))
    assert act.kind in (ActKind.FILL, ActKind.CORRECT)
    assert values(act)["when"] == "2026-11-23T16:30"


def test_a_question_is_no_answer_though_a_date_stands_in_it() -> None:
    at = context("bulky_waste", "date", slots={"item": "소파", "count": 1})
    act = understood("근데 다음 주 화요일에 비가 온대요?", at)
    assert (act.kind, act.service) == (ActKind.ASK, "weather")
    assert understood("다음 주 화요일이요", at).kind is ActKind.FILL


def test_a_place_told_in_words_of_another_service_stays_an_answer() -> None:
    at = context("complaint", "where", slots={"category": "streetlight", "content": "불이 안 들어와요"})
    act = understood("미아동 주민센터 뒷골목이에요", at)
    assert (act.kind, act.service) == (ActKind.FILL, "complaint")


def test_a_new_day_may_come_with_a_new_hour() -> None:
    at = context("dementia_check", "date", slots={"district": "마포구", "time": "15:00"})
    assert values(understood("십이월 삼 일 오후 네 시요", at)) == {"date": "2026-12-03", "time": "16:00"}


@pytest.mark.parametrize(
    "words", ["비가 온대요?", "지금 몇 시예요", "날씨 좀 알려 줘", "얼마예요", "거기 문 열었나요"]
)
def test_questions_are_told_from_answers(words: str) -> None:
    assert asks(words)


@pytest.mark.parametrize(
    "words", ["파란 대문 집이에요", "골목 끝 집", "다음 주 화요일이요", "공일공 일이삼사 오육칠팔이에요"]
)
def test_answers_ask_nothing(words: str) -> None:
    assert not questions(words)
    assert not asks(words)


@pytest.mark.parametrize("words", ["아까 그 번호로 해 주세요", "그 번호 그대로요", "같은 번호요"])
def test_what_was_said_before_is_not_asked_for_twice(words: str) -> None:
    at = context("meter_freeze", "phone", slots={"symptom": "leak"}, said={"phone": VALUES["phone"]})
    assert values(understood(words, at)) == {"phone": VALUES["phone"]}


def test_nothing_is_told_as_before_where_nothing_was_said() -> None:
    at = context("meter_freeze", "phone", slots={"symptom": "leak"})
    assert "phone" not in values(understood("아까 그 번호로 해 주세요", at))


def test_a_word_that_steers_elsewhere_may_be_part_of_an_answer() -> None:
    at = context("reserve_facility", "people", slots={"facility": "배드민턴장"})
    assert values(understood("네 사람이요", at)) == {"people": 4}


def test_a_day_that_is_taken_back_may_be_replaced_together_with_its_hour() -> None:
    slots = {"dong": "합정동", "date": "2026-12-01", "time": "10:00"}
    act = understood("화요일 말고 목요일 열한 시로 해 줘요", context("visit_consult", "phone", slots=slots))
    assert values(act) == {"date": "2026-12-03", "time": "11:00"}


def test_a_slot_that_is_named_takes_its_new_value_while_another_one_is_asked_for() -> None:
    slots = {"district": "도봉구", "date": "2026-11-26", "time": "10:00", "person_name": "최말순"}
    act = understood("시간을 네 시로 바꿔 주세요", context("dementia_check", "phone", slots=slots))
    assert (act.kind, act.detail) == (ActKind.CORRECT, None)
    assert list(values(act)) == ["time"]
