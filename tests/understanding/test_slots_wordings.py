"""Needs, titles and topics in the words of a whole sentence."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.dialogue.harness import catalogue
from tests.understanding.scene import NOW, gazetteer, lexicons

from donghaeng.understanding.slots.base import Scene
from donghaeng.understanding.slots.titles import title_before
from donghaeng.understanding.slots.together import recognise_all


def _value(service: str, slot: str, words: str, *, asked: bool = False) -> Any:
    scene = Scene(now=NOW, gazetteer=gazetteer(), lexicons=lexicons())
    found = recognise_all(words, catalogue()[service].slots, scene, asked={slot} if asked else set())
    return found[slot].value if slot in found else None


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("그럼 춘향전은 있나", "춘향전"),
        ("심청전 빌릴 수 있는가", "심청전"),
        ("심청전이라는 거 있제", "심청전"),
        ("바람의 화원 빌릴 수 있어요?", "바람의 화원"),
        ("종로도서관에 한중록 있습니까", "한중록"),
        ("우리 손녀가 숙제로 읽어야 된다는데 소나기 있나요", "소나기"),
        ("구운몽 책이 도서관에 있어요?", "구운몽"),
        ("토지요, 토지", "토지"),
        ("책 좀 빌리고 싶은데요", None),
        ("재미있는 책 빌릴 수 있나요", None),
        ("손주 읽힐 동화책 있나요", None),
        ("이 책 있나요", None),
        ("도서관에 책이 있는지 알고 싶은데요", None),
    ],
)
def test_a_title_stands_before_the_words_that_ask_for_it(words: str, title: str | None) -> None:
    assert _value("library_book", "title", words) == title


@pytest.mark.parametrize(
    ("words", "course"),
    [
        ("서대문 형무소 코스 걷고 싶어요", "서대문 형무소"),
        ("경복궁 도보 해설 예약이요", "경복궁"),
        ("도보 해설 관광 예약하고 싶어요", None),
        ("해설사하고 걷는 도보 코스 예약해 주세요", None),
        ("해설 들으면서 걷는 코스를 예약하고 싶습니다", None),
        ("문화 관광 해설사 코스 신청할게요", None),
    ],
)
def test_a_walk_is_a_place_and_no_word_for_walking(words: str, course: str | None) -> None:
    assert _value("walking_tour", "course", words) == course
    if course is None:
        assert _value("walking_tour", "course", "도보 해설요", asked=True) is None


@pytest.mark.parametrize(
    ("service", "slot", "words", "value"),
    [
        ("culture_event", "free", "돈 안 내고 공짜로 보는 공연 있나요", "yes"),
        ("culture_event", "free", "돈 내야 되는 거 말고 그냥 볼 수 있는 음악회", "yes"),
        ("culture_event", "free", "입장료 없는 전시", "yes"),
        ("culture_event", "free", "돈 내도 괜찮으니 좋은 연극", "no"),
        ("culture_event", "free", "공짜는 아니어도 되는 공연", "no"),
        ("culture_event", "free", "이번 주말 공연 알려 줘요", None),
        ("digital_class", "topic", "카톡으로 사진 보내는 거 배우고 싶어요", "messenger"),
        ("digital_class", "topic", "휴대폰으로 사진 보내는 거", "smartphone"),
        ("digital_class", "topic", "햄버거집 주문 기계", "kiosk"),
        ("digital_class", "topic", "손녀하고 얼굴 보고 통화하는 거", "smartphone"),
        ("care_request", "need", "며칠 가 있을 데가 있으면 좋겠어요", "short_stay"),
        ("care_request", "need", "방문이 안 닫혀서 고쳐야 돼요", "home_repair"),
        ("meter_freeze", "symptom", "계량기 언 것 신고하려고요", "frozen"),
        ("meter_freeze", "symptom", "얼기만 했네", "frozen"),
        ("meter_freeze", "symptom", "얼기만 했고 터지지는 않았어요", "frozen"),
        ("meter_freeze", "symptom", "계량기가 동파됐어요", "burst"),
        ("meter_freeze", "symptom", "수도계량기 동파 신고요", None),
        ("welfare_search", "need", "겨울만 되면 보일러 기름값이 무서워라", "난방비"),
        ("welfare_search", "need", "방값이 밀려서 쫓겨나게 생겼어요", "월세"),
        ("welfare_search", "need", "영감 병수발 드느라 허리가 휘어요", "간병비"),
    ],
)
def test_a_choice_is_heard_in_a_telling(service: str, slot: str, words: str, value: str | None) -> None:
    assert _value(service, slot, words) == value


def test_what_is_needed_is_heard_among_name_and_address() -> None:
    words = "병원에 갈 때 같이 가 주시는 분 신청하려고요 이름은 김복순이고요 주소는 마포구 양화로 45 302호요"
    assert _value("care_request", "need", words) == "hospital_escort"
    assert _value("care_request", "person_name", words) == "김복순"


@given(st.text(alphabet="책 있나가나다는이을수", max_size=40))
def test_a_title_is_part_of_what_was_said(words: str) -> None:
    title = title_before(words, "있나")
    assert title is None or title.replace(" ", "") in words.replace(" ", "")
